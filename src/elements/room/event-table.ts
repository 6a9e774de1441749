import type { Talkers, User } from '../../protocol/index.js';
import { exitReason } from '../../engine/endings.js';
import type { RoomError } from '../../engine/errors.js';
import type { RoomEvents } from '../../engine/events.js';
import type { EndingReason, RoomState } from '../../engine/room-state.js';

/** An error as DOM events carry it. */
export interface ErrorDetail {
  /** Published number. */
  code: number;
  /** Stable kebab-case word. */
  name: string;
  /** A sentence for people. */
  message: string;
  retryable: boolean;
  error: RoomError;
}

/** Every event that `<enx-room>` fires: name → `detail`. All bubble and are composed. */
export interface EnxRoomEventMap {
  /** Admitted; `state` is `connected`. */
  'room-connected': { room: { id: string; name: string }; me: User; users: User[] };
  /** Joining failed, or the session broke. */
  'room-error': ErrorDetail;
  /** The session is over. Never without a `room-connected` before it. */
  'room-disconnected': { reason: EndingReason; code: number; message: string };
  /** One has to wait before one is in. */
  'room-awaited': { event_type: 'knock' | 'wait_for_moderator' };
  /** Somebody knocks; only moderators hear it. */
  'user-awaited': { clientId: string; name: string };
  'user-allowed': { message: unknown };
  'user-denied': { message: unknown };
  'room-locked': { message: unknown };
  'room-unlocked': { message: unknown };
  'knock-enabled': { message: unknown };
  'knock-disabled': { message: unknown };
  'conference-remaining-duration': { message: unknown };
  'pinned-users': { message: unknown };
  'spotlight-users': { message: unknown };
  'share-started': { clientId: string; name: string; streamId: number };
  'share-stopped': { clientId: string; name: string; streamId: number };
  /** A moderator muted everybody's microphone, or released them. */
  'hard-mute-room': { muted: true };
  'hard-unmute-room': { muted: false };
  /** A moderator muted a device of ours, or released it. */
  'hardmute-user-audio': { muted: true };
  'hardunmute-user-audio': { muted: false };
  'hardmute-user-video': { muted: true };
  'hardunmute-user-video': { muted: false };
  'user-connected': User;
  'user-disconnected': User;
  /** Own stream is in the room. */
  'stream-published': { streamId: number | string };
  'stream-unpublished': { streamId: number | string };
  /** Remote talkers, most recent first; entries carry the slot they are in and the `user_ref` of the person. */
  'active-talkers-updated': {
    active: boolean;
    activeList: (Talkers['activeList'][number] & { user_ref?: string })[];
  };
  /** Chat of somebody else. `recipients` is empty for messages to everybody. */
  'message-received': {
    from: string;
    senderId: string;
    message: string;
    broadcast: boolean;
    recipients: string[];
    timestamp: number;
    raw: unknown;
  };
  'user-data-received': { from: string; senderId: string; data: unknown; timestamp: number; raw: unknown };
  'user-audio-muted': { clientId: string; user: User | undefined };
  'user-audio-unmuted': { clientId: string; user: User | undefined };
  'user-video-muted': { clientId: string; user: User | undefined };
  'user-video-unmuted': { clientId: string; user: User | undefined };
  /** The browser gave microphone, camera or both. */
  'media-access-allowed': { type: 'audio' | 'video' | 'audiovideo'; stream: MediaStream | undefined };
  /** The browser refused one device; one event per device. */
  'media-access-denied': { type: 'audio' | 'video'; msg: string; code: number; name: string };
  /** One operation failed that nobody waited for, or an attribute could not be understood. */
  'event-error': ErrorDetail;
  'connection-lost': { message: string };
  /** One attempt to return. */
  reconnect: { attempt: number; maxAttempts: number; message: string };
  'user-reconnect-success': { room: { id: string; name: string } };
  /** Everything is released. The last event of a session. `reason` 0 left, 1 removed, 2 room dismissed. */
  'exit-room': { reason: 0 | 1 | 2; cause: EndingReason; code: number };
}

export type EnxRoomEventName = keyof EnxRoomEventMap;

type DomEvent = { [K in EnxRoomEventName]: [name: K, detail: EnxRoomEventMap[K]] }[EnxRoomEventName];

const errorDetail = (error: RoomError): ErrorDetail => ({
  code: error.code,
  name: error.name,
  message: error.message,
  retryable: error.retryable,
  error,
});

/** Room events that the protocol hands on by name → the name pages know them by. Others are not for pages. */
const managedEvents = {
  'room-locked': 'room-locked',
  'room-unlocked': 'room-unlocked',
  'knock-enabled': 'knock-enabled',
  'knock-disabled': 'knock-disabled',
  'user-allowed': 'user-allowed',
  'user-denied': 'user-denied',
  'conference-remaining-duration': 'conference-remaining-duration',
  'update-pin-users': 'pinned-users',
  'spotlight-users': 'spotlight-users',
} as const;

function hardMuteEvent(kind: 'audio' | 'video', muted: boolean, scope: 'user' | 'room'): DomEvent {
  if (scope === 'room') return muted ? ['hard-mute-room', { muted }] : ['hard-unmute-room', { muted }];
  return muted ? [`hardmute-user-${kind}`, { muted }] : [`hardunmute-user-${kind}`, { muted }];
}

/** Engine event → DOM event; the only place where the two meet. `undefined` = not for pages. */
export const eventTable: {
  [K in keyof RoomEvents]: (payload: RoomEvents[K], state: RoomState) => DomEvent | undefined;
} = {
  stateChanged: () => undefined,
  connected: (detail) => ['room-connected', detail],
  failed: (error) => ['room-error', errorDetail(error)],
  disconnected: ({ reason, code, message }) => ['room-disconnected', { reason, code, message }],
  exited: ({ reason, code }) => ['exit-room', { reason: exitReason(reason), cause: reason, code }],
  awaited: (detail) => ['room-awaited', detail],
  guestAwaited: (detail) => ['user-awaited', detail],
  shareStarted: ({ clientId, name, streamId }) => ['share-started', { clientId, name, streamId }],
  shareStopped: ({ clientId, name, streamId }) => ['share-stopped', { clientId, name, streamId }],
  hardMuteChanged: ({ kind, muted, scope }) => hardMuteEvent(kind, muted, scope),
  roomManaged: ({ id, message }) =>
    Object.hasOwn(managedEvents, id)
      ? [managedEvents[id as keyof typeof managedEvents], { message }]
      : undefined,
  participantJoined: (user) => ['user-connected', user],
  participantLeft: (user) => ['user-disconnected', user],
  streamPublished: (detail) => ['stream-published', detail],
  streamUnpublished: (detail) => ['stream-unpublished', detail],
  talkersChanged: (talkers) => ['active-talkers-updated', talkers],
  messageReceived: ({ from, senderId, text, broadcast, recipients, timestamp, raw }) => [
    'message-received',
    { from, senderId, message: text, broadcast, recipients, timestamp, raw },
  ],
  userDataReceived: (detail) => ['user-data-received', detail],
  muteChanged: ({ clientId, kind, muted, user }) => [
    `user-${kind}-${muted ? 'muted' : 'unmuted'}`,
    { clientId, user },
  ],
  mediaAllowed: ({ kinds }, { localStream }) => [
    'media-access-allowed',
    { type: kinds.length === 2 ? 'audiovideo' : kinds[0]!, stream: localStream },
  ],
  mediaDenied: ({ kind, error }) => [
    'media-access-denied',
    { type: kind, msg: error.message, code: error.code, name: error.name },
  ],
  operationFailed: (error) => ['event-error', errorDetail(error)],
  connectionLost: (detail) => ['connection-lost', detail],
  reconnecting: ({ attempt, maxAttempts }) => [
    'reconnect',
    { attempt, maxAttempts, message: `Attempt ${attempt} of ${maxAttempts} to come back` },
  ],
  reconnected: (detail) => ['user-reconnect-success', detail],
};

type EnxRoomCustomEvents = { [K in EnxRoomEventName]: CustomEvent<EnxRoomEventMap[K]> };

declare global {
  // An interface, because only interfaces merge into the DOM's own map.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface HTMLElementEventMap extends EnxRoomCustomEvents {}
}
