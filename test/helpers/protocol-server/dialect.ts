/**
 * How one server of the protocol may differ from another without leaving it, and the payloads in those shapes.
 * Shapes, names and minimum are those of the protocol's text; nothing here knows of our own server.
 */
import type { Person } from './person.js';
import type { ProtocolRoom } from './protocol-room.js';

export interface Dialect {
  /** How `streams` and `userList` come. */
  lists: 'array' | 'record';
  /** How published streams and the data stream are numbered. */
  ids: 'number' | 'string';
  /** `room-connected` carries only what a join cannot do without. */
  minimum: boolean;
  /**
   * Where the server's ICE candidates are: in the answer, or sent after it, as objects or as JSON text, or even before
   * it, with lines called `audio` and `video`.
   */
  candidates: 'answer' | 'objects' | 'text' | 'early';
  /** Off the text: slots are written `"1"`. */
  slotsAsText: boolean;
  /** Off the text: neither `started` nor `ready`, and answers without `media`. */
  silent: boolean;
  /** Chat over a data connection; without it, over the socket. */
  dataChannel: boolean;
  /** Talker slots. */
  talkers: number;
  /** Answers are objects, or `"success"` and the object where the form allows that; what may be anything is odd. */
  acks: 'objects' | 'success';
  /** Laid over `room-connected` at last. */
  extra: Record<string, unknown>;
  /** Laid over every entry of a talker list. */
  talkerExtra: Record<string, unknown>;
}

export const plainDialect: Dialect = {
  lists: 'record',
  ids: 'number',
  minimum: false,
  candidates: 'answer',
  slotsAsText: false,
  silent: false,
  dataChannel: true,
  talkers: 4,
  acks: 'objects',
  extra: {},
  talkerExtra: {},
};

export const SHARE_SLOT = 101;
export const CANVAS_SLOT = 102;

const stream = (id: number, kind: object = {}): Record<string, unknown> => ({
  id,
  audio: true,
  video: true,
  data: false,
  screen: false,
  ...kind,
});

/** Talkers 1..N, share, canvas. */
export function slotStreams({ talkers, lists, slotsAsText }: Dialect): unknown {
  const streams = [
    ...Array.from({ length: talkers }, (_, index) => stream(index + 1)),
    stream(SHARE_SLOT, { screen: true }),
    stream(CANVAS_SLOT, { canvas: true }),
  ].map((entry) => (slotsAsText ? { ...entry, id: String(entry.id) } : entry));
  if (lists === 'array') return streams;
  return Object.fromEntries(streams.map((entry) => [String(entry.id), entry]));
}

export const userOf = ({ clientId, name, role, userRef, muted }: Person): Record<string, unknown> => ({
  clientId,
  name,
  role,
  user_ref: userRef,
  permissions: { publish: true, subscribe: true },
  audioMuted: muted.audio,
  videoMuted: muted.video,
});

export function userList(room: ProtocolRoom, { lists }: Dialect): unknown {
  const users = [...room.people.values()].map(userOf);
  return lists === 'array' ? users : Object.fromEntries(users.map((user) => [user.clientId, user]));
}

export function roomConnected(person: Person, room: ProtocolRoom, dialect: Dialect): Record<string, unknown> {
  const waiting = room.waitsForModerator();
  const useful = {
    id: room.id,
    clientId: person.clientId,
    user: userOf(person),
    userList: userList(room, dialect),
    iceServers: [],
    transcription: false,
    ...(waiting
      ? {}
      : {
          streams: slotStreams(dialect),
          ...(dialect.dataChannel ? { dataChannelStream: { id: dataStreamId(dialect) } } : {}),
        }),
  };
  if (dialect.minimum) {
    const settings = room.mode === 'lecture' ? { mode: 'lecture' } : {};
    return {
      ...useful,
      room: { settings, ...(waiting ? { waitRoom: true } : {}) },
      videoBitrateQualityMap: { minBwKbpsToCheck: 0 },
      ...floors(person, room),
      ...dialect.extra,
    };
  }
  return {
    ...useful,
    room: {
      name: room.name,
      conf_num: '77001',
      owner_ref: 'owner',
      created: '2024-05-01T10:00:00.000Z',
      settings: {
        mode: room.mode,
        quality: 'LD',
        active_talker: true,
        moderators: 2,
        participants: 10,
        auto_recording: false,
        canvas: false,
        screen_share_override: false,
      },
      mute: room.muted,
      share: true,
      shareOn: room.sharer !== undefined,
      locked: room.locked,
      knockEnabled: room.knock,
      waitRoom: waiting,
    },
    mediaConfiguration: 'default',
    defaultVideoBW: 400,
    maxVideoBW: 600,
    videoBitrateQualityMap: { minBwKbpsToCheck: 0 },
    videoMutedUsers: {},
    awaitedParticipants: room.awaitedParticipants(),
    ...floors(person, room),
    ...dialect.extra,
  };
}

/** Moderators of a lecture are told who waits for the floor. */
const floors = (person: Person, room: ProtocolRoom): object =>
  room.mode === 'lecture' && person.role === 'moderator'
    ? { raisedHands: room.hands(), approvedHands: room.holders(), floorInvites: [] }
    : {};

/** Must not be a slot's. */
export const dataStreamId = ({ ids }: Dialect): number | string => (ids === 'string' ? 'data-7' : 5000);
