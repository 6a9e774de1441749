import type { ShareNotice, Talkers, User } from '../protocol/index.js';
import type { RoomError } from './errors.js';
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
  /** Joining failed, or the session broke. Not fired for failures of single operations. */
  failed: RoomError;
  /** The session is over, whatever the reason. Not fired if it never was connected. */
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
  participantLeft: User;
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
  /** Back in the same room. */
  reconnected: { room: { id: string; name: string } };
}
