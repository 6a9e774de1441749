import type { Talkers, User } from '../../protocol/index.js';
import type { AdvancedOptionUpdate } from '../../engine/advanced-options.js';
import type { RoomError } from '../../engine/errors.js';
import type { EndingReason } from '../../engine/room-state.js';
import type { CapturedView } from '../player/capture.js';

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

/** What a verb came to. `result` 0 = done, else the published number; further fields are the server's own. */
export interface AckDetail {
  result: number;
  msg: string;
  [field: string]: unknown;
}

/** A message of the server, handed on as it came. */
export interface MessageDetail {
  message: unknown;
}

/** Something about the floor of a lecture; `clientId` is whom it concerns. */
export interface FloorDetail {
  clientId: string;
  name: string;
  moderatorId: string | undefined;
}

/** Answers of verbs, one event each (api-facts Annex A). */
export const ackEvents = [
  'approve-awaited-user-ack',
  'deny-awaited-user-ack',
  'lock-room-ack',
  'unlock-room-ack',
  'drop-user-ack',
  'destroy-ack',
  'switch-user-role-ack',
  'switch-room-mode-ack',
  'conference-extended',
  'hard-mute-room-ack',
  'hard-unmute-room-ack',
  'hardmute-user-audio-ack',
  'hardunmute-user-audio-ack',
  'hardmute-user-video-ack',
  'hardunmute-user-video-ack',
  'mute-room-ack',
  'unmute-room-ack',
  'set-talker-count-ack',
  'talker-count',
  'max-talkers',
  'advanced-options',
  'pin-users-ack',
  'unpin-users-ack',
  'add-spotlight-users-ack',
  'remove-spotlight-users-ack',
  'subscribe-talker-notification-ack',
  'unsubscribe-talker-notification-ack',
  'request-floor-ack',
  'cancel-floor-ack',
  'finish-floor-ack',
  'process-floor-ack',
  'invite-to-floor-ack',
  'request-share-permission-ack',
  'cancel-share-permission-ack',
  'grant-share-permission-ack',
  'deny-share-permission-ack',
  'release-share-permission-ack',
  'set-share-permission-mode-ack',
  'stop-all-sharing-ack',
  'screen-share-start-ack',
  'screen-share-stop-ack',
  'send-message-ack',
  'send-data-ack',
] as const;

/** Messages of the server that reach pages as they are; `detail.message` is what the server sent. */
export const messageEvents = [
  'user-allowed',
  'user-denied',
  'room-locked',
  'room-unlocked',
  'knock-enabled',
  'knock-disabled',
  'floor-opened',
  'floor-closed',
  'conference-remaining-duration',
  'pinned-users',
  'spotlight-users',
  'privacy-mode-updated',
  'user-paused',
  'user-resumed',
  'share-state-events',
  'canvas-state-events',
  'room-record-on',
  'room-record-off',
  'layout-updated',
  'talker-notification',
  'share-permission-mode-changed',
  'share-permission-requested',
  'share-permission-granted',
  'share-permission-denied',
  'share-permission-released',
  'share-permission-cancelled',
  'room-live-recording-on',
  'room-live-recording-off',
  'room-live-recording-failed',
  'room-live-recording-updated',
  'live-recording-notification',
  'streaming-started',
  'streaming-stopped',
  'streaming-failed',
  'streaming-updated',
  'hls-started',
  'hls-waiting',
  'hls-failed',
  'hls-stopped',
  'transcription-events',
  'meeting-summary-events',
  'meeting-summary-subscription',
  'custom-data-saved',
  'custom-data-updated',
  'join-breakout-room',
  'breakout-room-joining',
  'user-joined-breakout-room',
  'user-disconnected-breakout-room',
  'breakout-room-destroyed',
  'file-upload-started',
  'file-available',
  'file-upload-cancelled',
] as const;

type Acks = Record<(typeof ackEvents)[number], AckDetail>;
type Messages = Record<(typeof messageEvents)[number], MessageDetail>;

/** Every event that `<enx-room>` fires: name → `detail`. All bubble and are composed. */
export interface EnxRoomEventMap extends Acks, Messages {
  /** Admitted; `state` is `connected`. */
  'room-connected': { room: { id: string; name: string }; me: User; users: User[] };
  /** Joining failed. Whoever was told to wait hears `room-disconnected` instead. */
  'room-error': ErrorDetail;
  /** The session is over. Never without a `room-connected` or a `room-awaited` before it. */
  'room-disconnected': { reason: EndingReason; code: number; message: string };
  /** One has to wait before one is in. */
  'room-awaited': { event_type: 'knock' | 'wait_for_moderator' };
  /** Somebody knocks; only moderators hear it. */
  'user-awaited': { clientId: string; name: string };
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
  /** The same, in the words of another SDK: `reason` 0 left, 1 timed out, 2 removed. */
  'remote-user-leave-room': { userId: string; reason: 0 | 1 | 2 };
  'user-updated': { clientId: unknown; key: unknown; info: unknown };
  'user-subscribed': { name: unknown; role: unknown; user_ref: unknown };
  'user-audio-enabled': { clientId: unknown };
  'user-audio-disabled': { clientId: unknown };
  'user-video-enabled': { clientId: unknown };
  'user-video-disabled': { clientId: unknown };
  /** Somebody lost or got a role. `changes` names everybody; `raw` is the server's message. */
  'user-role-changed': {
    changes: { clientId: string; old: string | undefined; new: string }[];
    raw: unknown;
  };
  'user-role-change-requested': { clientId: string; name: string; role: string };
  'user-role-change-cancelled': { clientId: string; name: string; role: string };
  'user-role-change-accepted': { clientId: string; name: string; role: string };
  'user-role-change-denied': { clientId: string; name: string; role: string };
  'room-mode-switched': { mode: 'group' | 'lecture'; moderator: unknown };
  'floor-requested': FloorDetail;
  'floor-cancelled': FloorDetail;
  'floor-finished': FloorDetail;
  'floor-rejected': FloorDetail;
  'floor-accepted': FloorDetail;
  'floor-granted': FloorDetail;
  'floor-denied': FloorDetail;
  'floor-released': FloorDetail;
  /** We are invited to speak. */
  'floor-invited': FloorDetail;
  /** Another moderator invited somebody. */
  'floor-invite-sent': FloorDetail;
  'floor-invite-cancelled': FloorDetail;
  'hard-mute': { users: unknown };
  'canvas-started': { clientId: unknown; name: unknown; streamId: unknown; canvasType: unknown };
  'canvas-stopped': { clientId: unknown; name: unknown; streamId: unknown; canvasType: unknown };
  'annotation-started': { clientId: unknown; name: unknown; streamId: unknown; canvasType: unknown };
  'annotation-stopped': { clientId: unknown; name: unknown; streamId: unknown; canvasType: unknown };
  /** What we can receive fell below what others send, or rose above it; kbit/s. */
  'room-bandwidth-alert': {
    bandwidth: number;
    stream_bandwidth: number;
    number_of_videos: number;
    raw: unknown;
  };
  /** Bandwidth of single streams: `bw` is `low`, `unknown` or another word for good again. */
  'bandwidth-updated': { streams: { streamId: number | string; bw: string; type?: string; name?: string }[] };
  'bw-alert': { streamId: number | string; bw: string };
  'bw-restored': { streamId: number | string; bw: string };
  /** Somebody's picture was left out because the path to us is too narrow. */
  'user-muted-due-to-bw-crunch': { clientId: string; streamId: number };
  'stream-added': { stream: unknown };
  'stream-removed': { streamId: number | string };
  'stream-data': { id: unknown; msg: unknown };
  'stream-attributes-updated': { id: unknown; attrs: unknown };
  'track-removed': { streamId: unknown };
  'media-stats': { stats: unknown };
  'room-transcription-on': { language: unknown };
  'room-transcription-off': { language: unknown };
  'self-transcription-on': { language: unknown };
  'self-transcription-off': { language: unknown };
  'dial-state-events': { number: unknown; state: unknown; description: unknown };
  'dtmf-collected': { number: unknown; description: unknown };
  /** Battery or picture size, as asked for with `advanceOptions`. */
  'advanced-options-update': AdvancedOptionUpdate | { id: string; data: unknown };
  /** Somebody shows an emoji; oneself too. */
  'reaction-received': { clientId: string; emoji: string };
  /** Somebody else raised or lowered a hand. */
  'hand-changed': { clientId: string; raised: boolean };
  'device-added': { device: MediaDeviceInfo };
  'device-removed': { device: MediaDeviceInfo };
  /**
   * Sound comes out elsewhere (`kind` `audiooutput`; `device` is the route), or a microphone (`audio`) or camera
   * (`video`) in use went away; `device` is the id of what took its place, `lost` = nothing did.
   */
  'device-updated': { device: string; kind: 'audiooutput' | 'audio' | 'video'; lost: boolean };
  /** The picture of somebody was saved by a person or the page; `image` is a PNG. */
  'captured-view': CapturedView;
  /** Own stream is in the room. */
  'stream-published': { streamId: number | string };
  'stream-unpublished': { streamId: number | string };
  /** Remote talkers, most recent first; entries carry the slot they are in and the `user_ref` of the person. */
  'active-talkers-updated': {
    active: boolean;
    activeList: (Talkers['activeList'][number] & { user_ref?: string; stream?: MediaStream })[];
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
  /** The path may be another one now (5073); nothing is lost yet. */
  'connection-interrupted': { code: 5073; message: string };
  /** One attempt to return. */
  reconnect: { attempt: number; maxAttempts: number; message: string };
  'user-reconnect-success': { room: { id: string; name: string } };
  /** Everything is released. The last event of a session. `reason` 0 left, 1 removed, 2 room dismissed. */
  'exit-room': { reason: 0 | 1 | 2; cause: EndingReason; code: number };
}

export type EnxRoomEventName = keyof EnxRoomEventMap;

type EnxRoomCustomEvents = { [K in EnxRoomEventName]: CustomEvent<EnxRoomEventMap[K]> };

declare global {
  // An interface, because only interfaces merge into the DOM's own map.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface HTMLElementEventMap extends EnxRoomCustomEvents {}
}
