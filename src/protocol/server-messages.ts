/**
 * The messages of the server without which there is no call, as guards and the types they yield (protocol §3–§11); those
 * that most calls never hear of are in seldom-messages.ts.
 *
 * Messages *we* must understand strictly are strict. Fields that other implementations are known to leave out or to
 * spell differently are `lenient`: an odd value falls back instead of costing a session.
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
  passing,
  text,
} from './guards.js';
import { flag, id, privately, roles, sdp, slotId, streamId } from './message-parts.js';

const note = lenient(optional(text(2048)), undefined);
const role = lenient(oneOf(...roles), 'participant');

/** One person in a room (protocol §3.3 `User`). */
export const userGuard = object({
  clientId: id,
  name: lenient(text(256), ''),
  role,
  user_ref: lenient(optional(text(256)), undefined),
  permissions: lenient(optional(dictionary), undefined),
  audioMuted: flag,
  videoMuted: flag,
  audioEnabled: flag,
  videoEnabled: flag,
  data: lenient(optional(anything), undefined),
});
export type User = Guarded<typeof userGuard>;

/** Somebody who is gone; `reason` is ours, optional: 0 left, 1 timed out, 2 removed. */
export const userLeftGuard = object({
  clientId: id,
  name: lenient(text(256), ''),
  role,
  user_ref: lenient(optional(text(256)), undefined),
  reason: lenient(optional(integer(0, 2)), undefined),
});

/** A fixed receiving slot (protocol §5.1). */
export const slotGuard = object({
  id: slotId,
  audio: lenient(boolean, true),
  video: lenient(boolean, true),
  data: lenient(boolean, false),
  screen: lenient(boolean, false),
  canvas: lenient(boolean, false),
});
export type Slot = Guarded<typeof slotGuard>;

/** `RTCIceServer` without the DOM types. */
export const iceServerGuard = object({
  urls: either(text(1024), array(text(1024), 20)),
  username: lenient(optional(text(1024)), undefined),
  credential: lenient(optional(text(1024)), undefined),
});
export type IceServer = Guarded<typeof iceServerGuard>;

/** Ack of `token` (protocol §3.2). `result` 0 = accepted, which is not yet admitted. */
export const tokenAckGuard = object({
  result: integer(),
  clientId: optional(id),
  connectedIP: lenient(optional(text(128)), undefined),
  msg: note,
  error: note,
});
export type TokenAck = Guarded<typeof tokenAckGuard>;

/** Somebody in a list: knocking, raised hand, floor (protocol §3.3, §11). */
export const personGuard = object({ clientId: id, name: lenient(text(256), '') });
export type Person = Guarded<typeof personGuard>;
const people = lenient(passing(personGuard), []);

/** A request for another role (protocol §11.5). */
export const roleRequestGuard = object({
  clientId: id,
  name: lenient(text(256), ''),
  role: lenient(text(64), ''),
});
const roleRequests = lenient(passing(roleRequestGuard), []);

/** Admission (protocol §3.3). Strict where nothing works without it: `clientId`-less users and slot-less streams. */
export const roomConnectedGuard = object({
  id: lenient(text(128), ''),
  clientId: lenient(optional(id), undefined),
  user: lenient(optional(userGuard), undefined),
  userList: lenient(passing(userGuard), []),
  streams: lenient(passing(slotGuard, 64), []),
  iceServers: lenient(passing(iceServerGuard, 20), []),
  dataChannelStream: lenient(optional(object({ id: streamId })), undefined),
  room: object({
    name: lenient(text(256), ''),
    settings: object({
      mode: lenient(oneOf('group', 'lecture'), 'group'),
      quality: lenient(oneOf('FD', 'HD', 'SD', 'LD'), 'SD'),
      adhoc: lenient(boolean, false),
    }),
    mute: lenient(boolean, false),
    share: lenient(boolean, true),
    shareOn: lenient(boolean, false),
    locked: lenient(boolean, false),
    knockEnabled: lenient(boolean, false),
    waitRoom: lenient(boolean, false),
    remainingDuration: lenient(optional(number(0)), undefined),
  }),
  defaultVideoBW: lenient(number(0), 1200),
  maxVideoBW: lenient(number(0), 1200),
  maxVideoFps: lenient(optional(number(1, 120)), undefined),
  maxVideoLayers: lenient(optional(integer(1, 3)), undefined),
  videoMutedUsers: lenient(dictionary, {}),
  numVideoTalkers: lenient(optional(integer(0, 100)), undefined),
  initialNumATs: lenient(optional(integer(0, 100)), undefined),
  awaitedParticipants: people,
  raisedHands: people,
  approvedHands: people,
  floorInvites: people,
  userRoleChangeRequests: roleRequests,
  mediaRecord: lenient(boolean, false),
  internetDetectionUrl: lenient(optional(text(2048)), undefined),
  /** Optional abilities of our own server, by name; see README.md of this folder. */
  capabilities: lenient(passing(text(64), 64), []),
  /** The session goes on where it was; media connections stay as they are. */
  resumed: lenient(boolean, false),
  /** What a moderator muted of ours; servers that do not say send the notices of protocol §7 instead. */
  hardMuted: lenient(
    optional(object({ audio: lenient(boolean, false), video: lenient(boolean, false) })),
    undefined,
  ),
  /** How we stand with the floor; for servers that say so. */
  floor: lenient(optional(oneOf('granted', 'invited', 'requested', 'none')), undefined),
});
export type RoomConnected = Guarded<typeof roomConnectedGuard>;

/** The server ended the session; the payload is the server's free choice (protocol §9.2). */
export const roomDisconnectedGuard = lenient(
  object({
    cause: lenient(
      optional(object({ cause: lenient(optional(integer()), undefined), msg: note })),
      undefined,
    ),
    result: lenient(optional(integer()), undefined),
    msg: note,
  }),
  {},
);
export type RoomDisconnected = Guarded<typeof roomDisconnectedGuard>;

export const mediaTypes = ['audiovideo', 'audio', 'audioOnly', 'video', 'none'] as const;
/** The protocol's text writes `audioOnly`, the documents of its SDKs `audioonly`. */
const mediaType: Guard<(typeof mediaTypes)[number]> = (value, path) =>
  oneOf(...mediaTypes)(value === 'audioonly' ? 'audioOnly' : value, path);
/** One entry of the talker list (protocol §5.2). */
export const talkerGuard = object({
  /** Slot the talker is in. */
  streamId: slotId,
  clientId: id,
  name: lenient(text(256), ''),
  mediatype: lenient(mediaType, 'none'),
  reason: lenient(optional(text(64)), undefined),
  videomuted: flag,
  videoaspectratio: lenient(optional(text(16)), undefined),
  muteDueToBw: flag,
  pinned: flag,
  spotlighted: flag,
});
export type Talker = Guarded<typeof talkerGuard>;

/** Full list for one receiver, most recent talker first, without the receiver. */
export const talkersGuard = object({
  /** Is the receiver one of the talkers that others see? */
  active: lenient(boolean, false),
  activeList: passing(talkerGuard, 64),
});
export type Talkers = Guarded<typeof talkersGuard>;

const codecList = object({
  media: oneOf('audio', 'video'),
  codecs: lenient(array(object({ name: text(64), payload: integer(0, 127) }), 64), []),
});

const trickledCandidate = object({
  candidate: text(2048),
  sdpMid: lenient(optional(text(64)), undefined),
  sdpMLineIndex: lenient(optional(integer()), undefined),
});
export type TrickledCandidate = Guarded<typeof trickledCandidate>;

/** `media_engine_connecting` (protocol §4.1): `streamId` for publisher and data, `peerId` for the subscriber. */
export const mediaEngineConnectingGuard = object({
  streamId: optional(streamId),
  peerId: optional(streamId),
  msg: (value, path = ''): MediaAnswer | MediaCandidate | MediaStarted | MediaReady => {
    const { type } = object({ type: oneOf('answer', 'candidate', 'started', 'ready') })(value, path);
    return mediaMessages[type](value, path);
  },
});
const mediaAnswer = object({ type: literal('answer'), sdp, media: lenient(array(codecList, 64), []) });
const mediaCandidate = object({
  type: literal('candidate'),
  candidate: either(trickledCandidate, text(4096)),
});
const mediaStarted = object({ type: literal('started') });
const mediaReady = object({ type: literal('ready') });
const mediaMessages = {
  answer: mediaAnswer,
  candidate: mediaCandidate,
  started: mediaStarted,
  ready: mediaReady,
};
export type MediaAnswer = Guarded<typeof mediaAnswer>;
export type MediaCandidate = Guarded<typeof mediaCandidate>;
export type MediaStarted = Guarded<typeof mediaStarted>;
export type MediaReady = Guarded<typeof mediaReady>;
export type MediaEngineConnecting = Guarded<typeof mediaEngineConnectingGuard>;

/** Mute notice about a participant (protocol §7). */
export const muteNoticeGuard = object({ clientId: id, user: lenient(optional(userGuard), undefined) });
export type MuteNotice = Guarded<typeof muteNoticeGuard>;

/** Chat and custom data, on the data channel and in `onDataStreamToRoom` alike (protocol §10). */
export const dataMessageGuard = privately(
  object({
    type: text(64, 1),
    message: anything,
    broadcast: lenient(optional(boolean), undefined),
    clients: lenient(array(id, 1000), []),
    sender: lenient(text(256), ''),
    senderId: lenient(text(128), ''),
    timestamp: lenient(number(0), 0),
    /** The sender's own id of the message, by which a repetition is known; ours, optional. */
    id: lenient(optional(text(64, 1)), undefined),
  }),
);
export type DataMessage = Guarded<typeof dataMessageGuard>;

/** Why the server lets us wait; servers that do not say mean a knock (protocol §11.1). */
export const roomAwaitedGuard: Guard<{ event_type: 'knock' | 'wait_for_moderator' }> = lenient(
  object({ event_type: lenient(oneOf('knock', 'wait_for_moderator'), 'knock') }),
  { event_type: 'knock' },
);

/** A guest who knocked, told to moderators (protocol §11.1). */
export const userAwaitedGuard = object({ clientId: id, name: lenient(text(256), '') });

/** Start and end of a screen share (protocol §5.5). */
export const shareNoticeGuard = object({
  clientId: id,
  name: lenient(text(256), ''),
  streamId: lenient(slotId, 101),
  layout: lenient(optional(text(64)), undefined),
});
export type ShareNotice = Guarded<typeof shareNoticeGuard>;

/** An event that goes to the page under the name in `id` (protocol §7); `roomData` ends a wait (§11.2). */
export const roomManagementGuard = object({
  id: text(128, 1),
  msg: lenient(optional(anything), undefined),
  roomData: lenient(
    optional(
      object({
        streams: lenient(passing(slotGuard, 64), []),
        userList: lenient(passing(userGuard), []),
        dataChannelStream: lenient(optional(object({ id: streamId })), undefined),
      }),
    ),
    undefined,
  ),
});

/** What every call may hear of: event name → guard of its one argument. */
export const callMessages = {
  'room-connected': roomConnectedGuard,
  'room-awaited': roomAwaitedGuard,
  'room-disconnected': roomDisconnectedGuard,
  'user-connected': userGuard,
  'user-disconnected': userLeftGuard,
  'active-talkers-updated': talkersGuard,
  media_engine_connecting: mediaEngineConnectingGuard,
  'user-audio-muted': muteNoticeGuard,
  'user-audio-unmuted': muteNoticeGuard,
  'user-video-muted': muteNoticeGuard,
  'user-video-unmuted': muteNoticeGuard,
  onDataStreamToRoom: dataMessageGuard,
  'user-awaited': userAwaitedGuard,
  roomManagementEvents: roomManagementGuard,
  shareStarted: shareNoticeGuard,
  shareStopped: shareNoticeGuard,
  shareOverride: anything,
  stopSharing: anything,
  'hardmute-user-audio': anything,
  'hardunmute-user-audio': anything,
  'hardmute-user-video': anything,
  'hardunmute-user-video': anything,
  'room-muted': anything,
  'room-unmuted': anything,
  onRemoveStream: object({ id: streamId }),
} as const;
