import { exitReason } from '../../engine/endings.js';
import type { RoomError } from '../../engine/errors.js';
import type { RoomEvents } from '../../engine/events.js';
import type { RoomState } from '../../engine/room-state.js';
import type { EnxRoomEventMap, EnxRoomEventName, ErrorDetail } from './event-map.js';

type DomEvent = { [K in EnxRoomEventName]: [name: K, detail: EnxRoomEventMap[K]] }[EnxRoomEventName];

export const errorDetail = (error: RoomError): ErrorDetail => ({
  code: error.code,
  name: error.name,
  message: error.message,
  retryable: error.retryable,
  error,
});

/** What the protocol hands on by name reaches pages under the same name, and some under another. */
const managedNames = new Set([
  ...['user-allowed', 'user-denied', 'room-locked', 'room-unlocked', 'knock-enabled', 'knock-disabled'],
  ...['floor-opened', 'floor-closed', 'conference-remaining-duration', 'spotlight-users'],
  ...['share-state-events', 'canvas-state-events', 'user-paused', 'user-resumed'],
]);
const otherNames: Record<string, EnxRoomEventName> = {
  'update-pin-users': 'pinned-users',
  'privacy-modes-updated': 'privacy-mode-updated',
};

/** `floorGranted` → `floor-granted`; the only one that does not begin so is an invitation taken back. */
function floorName(id: string): EnxRoomEventName | undefined {
  const [, what] =
    /^floor(Requested|Cancelled|Finished|Rejected|Accepted|Granted|Denied|Released)$/.exec(id) ?? [];
  if (what) return `floor-${what.toLowerCase()}` as EnxRoomEventName;
  return id === 'cancelFloorInvite' ? 'floor-invite-cancelled' : undefined;
}

const lookUp = <T>(table: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

function hardMuteEvent(kind: 'audio' | 'video', muted: boolean, scope: 'user' | 'room'): DomEvent {
  if (scope === 'room') return muted ? ['hard-mute-room', { muted }] : ['hard-unmute-room', { muted }];
  return muted ? [`hardmute-user-${kind}`, { muted }] : [`hardunmute-user-${kind}`, { muted }];
}

/** Events that other parties name: only names in our own lists reach pages. */
function named(name: string, message: unknown): DomEvent[] {
  const known = lookUp(otherNames, name) ?? (managedNames.has(name) ? name : undefined);
  return known ? [[known, { message }] as DomEvent] : [];
}

/** Engine event → DOM events; the only place where the two meet. Empty = not for pages. */
export const eventTable: {
  [K in keyof RoomEvents]: (payload: RoomEvents[K], state: RoomState) => DomEvent[];
} = {
  stateChanged: () => [],
  connected: (detail) => [['room-connected', detail]],
  failed: (error) => [['room-error', errorDetail(error)]],
  disconnected: ({ reason, code, message }) => [['room-disconnected', { reason, code, message }]],
  exited: ({ reason, code }) => [['exit-room', { reason: exitReason(reason), cause: reason, code }]],
  awaited: (detail) => [['room-awaited', detail]],
  guestAwaited: (detail) => [['user-awaited', detail]],
  shareStarted: ({ clientId, name, streamId }) => [['share-started', { clientId, name, streamId }]],
  shareStopped: ({ clientId, name, streamId }) => [['share-stopped', { clientId, name, streamId }]],
  hardMuteChanged: ({ kind, muted, scope }) => [hardMuteEvent(kind, muted, scope)],
  roomManaged: ({ id, message }) => named(id, message),
  participantJoined: (user) => [['user-connected', user]],
  participantLeft: ({ reason = 0, ...user }) => [
    ['user-disconnected', user],
    ['remote-user-leave-room', { userId: user.clientId, reason: reason as 0 | 1 | 2 }],
  ],
  streamPublished: (detail) => [['stream-published', detail]],
  streamUnpublished: (detail) => [['stream-unpublished', detail]],
  talkersChanged: ({ active, activeList }, { talkers }) => [
    [
      'active-talkers-updated',
      {
        active,
        activeList: activeList.map((talker) => {
          const stream = talkers.find(({ slot }) => slot === talker.streamId)?.stream;
          return stream ? { ...talker, stream } : talker;
        }),
      },
    ],
  ],
  messageReceived: ({ from, senderId, text, broadcast, recipients, timestamp, raw }) => [
    ['message-received', { from, senderId, message: text, broadcast, recipients, timestamp, raw }],
  ],
  userDataReceived: (detail) => [['user-data-received', detail]],
  muteChanged: ({ clientId, kind, muted, user }) => [
    [`user-${kind}-${muted ? 'muted' : 'unmuted'}`, { clientId, user }],
  ],
  mediaAllowed: ({ kinds }, { localStream }) => [
    ['media-access-allowed', { type: kinds.length === 2 ? 'audiovideo' : kinds[0]!, stream: localStream }],
  ],
  mediaDenied: ({ kind, error }) => [
    ['media-access-denied', { type: kind, msg: error.message, code: error.code, name: error.name }],
  ],
  operationFailed: (error) => [['event-error', errorDetail(error)]],
  connectionLost: (detail) => [['connection-lost', detail]],
  connectionInterrupted: (detail) => [['connection-interrupted', detail]],
  reconnecting: ({ attempt, maxAttempts }) => [
    ['reconnect', { attempt, maxAttempts, message: `Attempt ${attempt} of ${maxAttempts} to come back` }],
  ],
  reconnected: (detail) => [['user-reconnect-success', detail]],
  rolesChanged: (detail) => [['user-role-changed', detail]],
  roleRequest: ({ what, clientId, name, role }) => [[`user-role-change-${what}`, { clientId, name, role }]],
  modeSwitched: (detail) => [['room-mode-switched', detail]],
  floorChanged: ({ id, clientId, name, moderatorId }, state) => {
    const isSelf = clientId === '' || clientId === state.clientId;
    const event = id === 'inviteToFloor' ? (isSelf ? 'floor-invited' : 'floor-invite-sent') : floorName(id);
    return event ? [[event, { clientId, name, moderatorId }] as DomEvent] : [];
  },
  recordingChanged: ({ on, raw }) => [[on ? 'room-record-on' : 'room-record-off', { message: raw }]],
  bandwidthAlert: (detail) => [['room-bandwidth-alert', detail]],
  streamBandwidth: (streams) => [
    ['bandwidth-updated', { streams }],
    ...streams
      .filter(({ bw }) => bw !== 'unknown')
      .map(({ streamId, bw }): DomEvent => [bw === 'low' ? 'bw-alert' : 'bw-restored', { streamId, bw }]),
  ],
  mutedForBandwidth: (detail) => [['user-muted-due-to-bw-crunch', detail]],
  streamRemoved: (detail) => [['stream-removed', detail]],
  talkersHeard: (message) => [['talker-notification', { message }]],
  advancedOption: (detail) => [['advanced-options-update', detail]],
  reactionReceived: (detail) => [['reaction-received', detail]],
  handChanged: (detail) => [['hand-changed', detail]],
  deviceAdded: (device) => [['device-added', { device }]],
  deviceRemoved: (device) => [['device-removed', { device }]],
  deviceUpdated: (detail) => [['device-updated', detail]],
  // The names of these two come from tables of ours, never from a server.
  acknowledged: ({ event, result, message, answer }) => [
    [event, { ...answer, result, msg: message }] as unknown as DomEvent,
  ],
  notice: ({ name, detail }) => [[name, detail] as unknown as DomEvent],
};
