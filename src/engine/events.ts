import type { FloorManagement, ShareNotice, StreamId, Talkers, User } from '../protocol/index.js';
import type { AdvancedOptionUpdate } from './advanced-options.js';
import type { RoomError } from './errors.js';
import type { Notice } from './notices.js';
import type { ChatMessage, Ending, RoomState } from './room-state.js';

/**
 * Facts of a room, in the past tense: when one fires, {@link RoomState} already shows it.
 * Nothing fires after `exited` until the next join.
 */
export interface RoomEvents {
  /** Any change of the state. Not a fact of its own; fires before the facts that caused it. */
  stateChanged: RoomState;
  /** Admitted for the first time of this session. Not fired after a reconnect. */
  connected: { room: { id: string; name: string }; me: User; users: User[] };
  /** Joining failed, and nobody was told to wait. Not fired for failures of single operations. */
  failed: RoomError;
  /** The session is over, whatever the reason. Not fired if it never was connected or waited to be. */
  disconnected: Ending;
  /** Devices and sockets are released; the last event of a session. */
  exited: Ending;
  /** The server lets us wait: for a moderator's answer to our knock, or for the first moderator. */
  awaited: { event_type: 'knock' | 'wait_for_moderator' };
  /** Somebody knocks. Only moderators hear it. */
  guestAwaited: { clientId: string; name: string };
  /** A screen share began; one's own too. */
  shareStarted: ShareNotice;
  shareStopped: ShareNotice;
  /** A moderator muted a device of ours, or released it. `room` = everybody's microphone. */
  hardMuteChanged: { kind: 'audio' | 'video'; muted: boolean; scope: 'user' | 'room' };
  /** Something about the room that the protocol hands on by name: `room-locked`, `knock-enabled` … */
  roomManaged: { id: string; message: unknown };
  participantJoined: User;
  /** `reason`, where the server tells it: 0 left, 1 timed out, 2 removed. */
  participantLeft: User & { reason?: number };
  /** Own stream is in the room: others can receive it. */
  streamPublished: { streamId: number | string };
  streamUnpublished: { streamId: number | string };
  /** Entries carry the `user_ref` of the person, where the server told it. */
  talkersChanged: { active: boolean; activeList: (Talkers['activeList'][number] & { user_ref?: string })[] };
  /** `recipients` are the client ids a private message names; empty for everybody. */
  messageReceived: ChatMessage & { recipients: string[]; raw: unknown };
  userDataReceived: { senderId: string; from: string; data: unknown; timestamp: number; raw: unknown };
  /** Somebody else muted or unmuted a device of theirs. */
  muteChanged: { clientId: string; kind: 'audio' | 'video'; muted: boolean; user: User | undefined };
  /** The browser gave us the device. */
  mediaAllowed: { kinds: ('audio' | 'video')[] };
  /** The browser did not. One event per device. */
  mediaDenied: { kind: 'audio' | 'video'; error: RoomError };
  /** One operation failed and nobody awaited it. */
  operationFailed: RoomError;
  /** The socket is gone; attempts to return begin. */
  connectionLost: { message: string };
  /** One attempt to return begins. */
  reconnecting: { attempt: number; maxAttempts: number };
  /** The path may be another one now; nothing is lost yet. */
  connectionInterrupted: { code: 5073; message: string };
  /** Somebody lost or got a role; `changes` names everybody. */
  rolesChanged: { changes: { clientId: string; old: string | undefined; new: string }[]; raw: unknown };
  /** Somebody asks for another role, or is answered. */
  roleRequest: {
    what: 'requested' | 'cancelled' | 'accepted' | 'denied';
    clientId: string;
    name: string;
    role: string;
  };
  modeSwitched: { mode: 'group' | 'lecture'; moderator: unknown };
  /** Something happened to the floor of a lecture (protocol §11.4). */
  floorChanged: FloorManagement;
  recordingChanged: { on: boolean; raw: unknown };
  /** What we can receive fell below what others send, or rose above it; kbit/s (protocol §12). */
  bandwidthAlert: { bandwidth: number; stream_bandwidth: number; number_of_videos: number; raw: unknown };
  /** Bandwidth of single streams. */
  streamBandwidth: { streamId: StreamId; bw: string; type?: string; name?: string }[];
  /** Somebody's picture was left out because the path to us is too narrow. */
  mutedForBandwidth: { clientId: string; streamId: number };
  streamRemoved: { streamId: StreamId };
  /** Somebody is heard, or makes noise (protocol §7 `speaker_notification`). */
  talkersHeard: { speech: unknown; noise: unknown };
  /** Battery or picture size, as the page asked with `advanceOptions`. */
  advancedOption: AdvancedOptionUpdate | { id: string; data: unknown };
  reactionReceived: { clientId: string; emoji: string };
  handChanged: { clientId: string; raised: boolean };
  deviceAdded: MediaDeviceInfo;
  deviceRemoved: MediaDeviceInfo;
  /** Sound comes out elsewhere now, or a microphone or camera in use was replaced or lost. */
  deviceUpdated: { device: string; kind: 'audiooutput' | 'audio' | 'video'; lost: boolean };
  /** A verb was answered; `result` 0 = done. */
  acknowledged: { event: string; result: number; message: string; answer: Record<string, unknown> };
  /** For the page alone; see `notices.ts`. */
  notice: Notice;
  /** Back in the same room. */
  reconnected: { room: { id: string; name: string } };
}

export type Emit = <K extends keyof RoomEvents>(name: K, payload: RoomEvents[K]) => void;
