/**
 * Every message of a client that the server reads, as a guard and the type it yields (protocol §3–§11). Strict and
 * `lenient` as in `server-messages.ts`; browsers never fetch any of it.
 */
import {
  anything,
  array,
  boolean,
  dictionary,
  either,
  type Guard,
  type Guarded,
  integer,
  lenient,
  literal,
  number,
  object,
  oneOf,
  optional,
  text,
} from './guards.js';
import { flag, id, privately, roles, sdp, streamId } from './message-parts.js';

/** Proof of having held another token before, of the same person (ours: capability `resume`). */
const previousTokenGuard = object({ tokenId: text(256, 1), signature: text(256, 1) });
export type PreviousToken = Guarded<typeof previousTokenGuard>;

/** `token`: the token's own fields echoed, plus what the client says of itself (protocol §3.2). */
export const tokenMessageGuard = object({
  tokenId: lenient(text(256), ''),
  signature: lenient(text(256), ''),
  version: lenient(optional(text(64)), undefined),
  hostType: lenient(optional(text(64)), undefined),
  hostDeviceType: lenient(optional(text(64)), undefined),
  dataChannel: lenient(boolean, true),
  maxActiveTalkers: lenient(optional(integer(0, 100)), undefined),
  advancedOptions: lenient(array(dictionary, 50), []),
  isReconnecting: flag,
  reconnectAttempt: lenient(optional(integer(0)), undefined),
  oldClientIdForReconnect: lenient(optional(id), undefined),
  // Ours, for servers that announce `resume`; the README says what they mean.
  resume: lenient(boolean, false),
  received: lenient(
    optional(object({ socket: lenient(number(0), 0), data: lenient(number(0), 0) })),
    undefined,
  ),
  previousToken: lenient(optional(previousTokenGuard), undefined),
});
export type TokenMessage = Guarded<typeof tokenMessageGuard>;

const mutes = object({ audio: lenient(boolean, false), video: lenient(boolean, false) });

/** `publish` (protocol §4.2). */
export const publishGuard = object({
  state: lenient(text(64), 'media_engine'),
  audio: lenient(either(boolean, dictionary), false),
  video: lenient(either(boolean, dictionary), false),
  data: lenient(boolean, false),
  screen: flag,
  canvas: flag,
  canvasType: lenient(optional(text(64)), undefined),
  attributes: lenient(optional(dictionary), undefined),
  muteStream: lenient(mutes, { audio: false, video: false }),
  minVideoBW: lenient(optional(number(0)), undefined),
  maxVideoBW: lenient(optional(number(0)), undefined),
  shareMetadata: lenient(optional(dictionary), undefined),
});
export type Publish = Guarded<typeof publishGuard>;

/** `subscribe` (protocol §4.3). */
export const subscribeGuard = object({
  streamId,
  audio: lenient(anything, true),
  video: lenient(anything, true),
});

const outgoingCandidate = object({
  sdpMLineIndex: lenient(optional(integer()), undefined),
  sdpMid: lenient(optional(text(64)), undefined),
  candidate: text(2048),
});
const offerMessage = object({ type: literal('offer'), sdp });
const candidateMessage = object({ type: literal('candidate'), candidate: outgoingCandidate });
const updateMessage = object({
  type: literal('updatestream'),
  config: lenient(optional(dictionary), undefined),
  sdp: lenient(optional(sdp), undefined),
});
const controlMessage = object({ type: literal('control'), action: lenient(optional(dictionary), undefined) });
const clientMediaMessages = {
  offer: offerMessage,
  candidate: candidateMessage,
  updatestream: updateMessage,
  control: controlMessage,
};
export type ClientMediaMessage = {
  [K in keyof typeof clientMediaMessages]: Guarded<(typeof clientMediaMessages)[K]>;
}[keyof typeof clientMediaMessages];

/** `signaling_message` (protocol §4.1). */
export const signalingMessageGuard = object({
  streamId,
  msg: (value, path = ''): ClientMediaMessage => {
    const { type } = object({ type: oneOf('offer', 'candidate', 'updatestream', 'control') })(value, path);
    return clientMediaMessages[type](value, path);
  },
});

/** `sendDataStreamToRoom`: chat of a client without data connection (protocol §10). */
export const sendDataGuard = privately(
  object({
    msg: anything,
    broadcast: lenient(optional(boolean), undefined),
    clients: lenient(array(id, 1000), []),
    type: lenient(text(64, 1), 'chat'),
    /** See `dataMessageGuard`. */
    id: lenient(optional(text(64, 1)), undefined),
  }),
);
export type SendData = Guarded<typeof sendDataGuard>;

/** `drop` (protocol §9). Its lists are strict: one that cannot be read must not become the empty one, which means everybody. */
export const dropGuard = object({
  self: flag,
  all: flag,
  clients: optional(array(id, 1000)),
  clientIds: optional(array(id, 1000)),
  deleteRoom: flag,
});

/** `setNumberOfTalker` (protocol §5.4). */
export const talkerCountGuard = object({
  numTalkers: integer(0, 100),
  numAudioTalkers: lenient(optional(integer(0, 100)), undefined),
  numVideoTalkers: lenient(optional(integer(0, 100)), undefined),
});

/** `setAdvancedOptions` (protocol §6). */
export const advancedOptionsGuard = array(dictionary, 50);

/** Names one other person. */
export const targetGuard = object({ clientId: id });

/** `auxilaryPublishRequests` (protocol §5.5–5.7). */
export const auxiliaryPublishGuard = object({
  req: text(64, 1),
  pubType: oneOf('screen', 'canvas'),
  override: lenient(boolean, false),
  clientId: lenient(optional(id), undefined),
  mode: lenient(optional(text(64)), undefined),
});

/** Custom data (protocol §6); both words for what it is about occur. */
export const customDataGuard: Guard<{ scope: 'room' | 'session'; data?: unknown }> = (value, path) => {
  const { scope, data, options } = object({
    scope: oneOf('room', 'session'),
    data: lenient(optional(anything), undefined),
    options: lenient(optional(anything), undefined),
  })(value, path);
  const given = data ?? options;
  return given === undefined ? { scope } : { scope, data: given };
};

/** Everything a client may send that the server reads: event name → guard of its first argument. */
export const clientMessages = {
  token: tokenMessageGuard,
  addDataChannel: object({ streamId }),
  publish: publishGuard,
  unpublish: streamId,
  subscribe: subscribeGuard,
  unsubscribe: streamId,
  signaling_message: signalingMessageGuard,
  getMaxNumberOfTalker: anything,
  getNumberOfTalker: anything,
  setNumberOfTalker: talkerCountGuard,
  setAdvancedOptions: advancedOptionsGuard,
  getAdvancedOptions: anything,
  'user-audio-muted': anything,
  'user-audio-unmuted': anything,
  'user-video-muted': anything,
  'user-video-unmuted': anything,
  sendDataStreamToRoom: sendDataGuard,
  drop: dropGuard,
  lockRoom: boolean,
  enableKnock: boolean,
  'user-allowed': id,
  'user-denied': id,
  getAwaitedUser: anything,
  'hardmute-user-audio': targetGuard,
  'hardunmute-user-audio': targetGuard,
  'hardmute-user-video': targetGuard,
  'hardunmute-user-video': targetGuard,
  'room-muted': anything,
  'room-unmuted': anything,
  switchUserRole: either(id, array(object({ clientId: id, role: oneOf(...roles) }), 100)),
  switchRoomMode: oneOf('group', 'lecture'),
  processFloorRequest: optional(id),
  inviteToFloor: targetGuard,
  extendConferenceDuration: anything,
  openFloor: boolean,
  changeUserRoleOption: object({
    role: optional(oneOf(...roles)),
    clientId: optional(id),
  }),
  muteUser: id,
  unMuteUser: id,
  muteRoom: mutes,
  unMuteRoom: mutes,
  setCustomData: customDataGuard,
  saveCustomData: customDataGuard,
  getCustomData: customDataGuard,
  auxilaryPublishRequests: auxiliaryPublishGuard,
  stopAllSharing: anything,
} as const;
export type ClientMessages = { [K in keyof typeof clientMessages]: Guarded<(typeof clientMessages)[K]> };
