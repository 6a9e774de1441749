import type { Preferences } from './preferences.js';

/**
 * What the controls ask of the room. Each request is a DOM event that fires before anything happens; a page that
 * calls `preventDefault()` takes it over.
 */
export interface EnxRequestMap {
  /** Join now (prejoin, or again after an ending or a failure). */
  'enx-join-request': { name?: string };
  'enx-leave-request': Record<string, never>;
  /** End the call for everyone; moderators only. */
  'enx-end-request': Record<string, never>;
  'enx-mute-request': { kind: 'audio' | 'video'; muted: boolean };
  /** Ask the browser again for a device that could not be had. */
  'enx-device-retry-request': Record<string, never>;
  /** Begin or end one's own screen share. */
  'enx-share-request': { on: boolean };
  /** Answer somebody who knocks; moderators only. */
  'enx-admit-request': { clientId: string; admit: boolean };
  /** Say something to everyone, or to the client ids in `recipients`. */
  'enx-message-request': { text: string; recipients?: string[] };
  /** Open or close a panel or the list of keyboard shortcuts. */
  'enx-chat-request': { open: boolean };
  'enx-people-request': { open: boolean };
  'enx-settings-request': { open: boolean };
  'enx-shortcuts-request': { open: boolean };
  /** A person chose something for themselves: layout, language, mirror … */
  'enx-preference-request': PreferenceChange;
}

/** One preference and its new value. */
export type PreferenceChange = {
  [K in keyof Preferences]: { name: K; value: Preferences[K] };
}[keyof Preferences];

export type EnxRequestName = keyof EnxRequestMap;

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
