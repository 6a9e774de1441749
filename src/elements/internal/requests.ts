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
  /** Use another device; an empty id leaves the choice to the browser. */
  'enx-device-request': { device: 'microphone' | 'camera' | 'speaker'; id: string };
  /** Begin or end one's own screen share. */
  'enx-share-request': { on: boolean };
  /** Keep somebody in sight, for oneself. */
  'enx-pin-request': { clientId: string; pinned: boolean };
  /** Raise or lower one's hand; in a lecture, ask for the floor or give it back. */
  'enx-hand-request': { raised: boolean };
  /** Answer an invitation to speak in a lecture. */
  'enx-floor-request': { accept: boolean };
  'enx-reaction-request': { emoji: string };
  /** Answer somebody who knocks; moderators only. */
  'enx-admit-request': { clientId: string; admit: boolean };
  /** Say something to everyone, or to the client ids in `recipients`. */
  'enx-message-request': { text: string; recipients?: string[] };
  /** Open or close a panel or the list of keyboard shortcuts. */
  'enx-chat-request': { open: boolean };
  'enx-people-request': { open: boolean };
  'enx-settings-request': { open: boolean };
  'enx-shortcuts-request': { open: boolean };
  /** Do something about one person; moderators only. */
  'enx-moderate-request': { clientId: string; action: ModeratorAction };
  /** Change a rule of the room; moderators only. */
  'enx-rule-request': { rule: 'locked' | 'knock' | 'muted'; on: boolean };
  /** Receive pictures or not, and how good ones. */
  'enx-reception-request': { audioOnly: boolean } | { quality: 'HD' | 'SD' | 'LD' | 'Auto' };
  /** A person chose something for themselves: layout, language, mirror … */
  'enx-preference-request': PreferenceChange;
  /** Hear or see somebody no more, or again; for oneself only. */
  'enx-local-mute-request': { clientId: string; kind: 'audio' | 'video'; muted: boolean };
  /** These receiving slots are on screen; the pictures of others may pause. */
  'enx-seen-request': { slots: number[] };
  /** Save the picture of a player; the player does it itself and fires `captured-view`. */
  'enx-capture-request': { clientId: string; name: string };
  /** Fill the whole screen with a player, or no longer; the player does it itself. */
  'enx-full-screen-request': { clientId: string; on: boolean };
  /** Show a player in a small window over other apps, or no longer; the player does it itself. */
  'enx-picture-in-picture-request': { clientId: string; on: boolean };
}

/** What a moderator can do about one person. */
export type ModeratorAction =
  | 'mute'
  | 'unmute'
  | 'stop-video'
  | 'allow-video'
  | 'spotlight'
  | 'end-spotlight'
  | 'make-moderator'
  | 'remove'
  | 'let-speak'
  | 'end-speaking'
  | 'invite-to-speak'
  | 'refuse-hand';

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
