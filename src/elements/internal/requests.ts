/**
 * What the controls ask of the room. Each request is a DOM event that fires before anything happens; a page that
 * calls `preventDefault()` takes it over.
 */
export interface EnxRequestMap {
  /** Join now (prejoin, or again after an ending or a failure). */
  'enx-join-request': { name?: string };
  'enx-leave-request': Record<string, never>;
  'enx-mute-request': { kind: 'audio' | 'video'; muted: boolean };
  /** Ask the browser again for a device that could not be had. */
  'enx-device-retry-request': Record<string, never>;
  /** Begin or end one's own screen share. */
  'enx-share-request': { on: boolean };
  /** Answer somebody who knocks; moderators only. */
  'enx-admit-request': { clientId: string; admit: boolean };
  'enx-message-request': { text: string };
  'enx-chat-request': { open: boolean };
}

export type EnxRequestName = keyof EnxRequestMap;

export const requestNames: readonly EnxRequestName[] = [
  'enx-join-request',
  'enx-leave-request',
  'enx-mute-request',
  'enx-device-retry-request',
  'enx-share-request',
  'enx-admit-request',
  'enx-message-request',
  'enx-chat-request',
];

/** Fires a request. @returns false when somebody cancelled it. */
export function request<K extends EnxRequestName>(
  from: EventTarget,
  name: K,
  detail: EnxRequestMap[K],
): boolean {
  return from.dispatchEvent(
    new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
  );
}
