/** What the server does and answers for every message of a client. */
import { CANVAS_SLOT, SHARE_SLOT, slotStreams, userList, userOf } from './dialect.js';
import type { Person } from './person.js';
import type { ProtocolRoom } from './protocol-room.js';
import { onSignallingMessage } from './signalling.js';

export interface Context {
  person: Person;
  room: ProtocolRoom;
  /** Arguments of the message, without the acknowledgement. */
  args: unknown[];
  /** Lets somebody who waits come in. */
  admit(person: Person): void;
  /** Sends what has to be acknowledged, and notes the answer. */
  command(person: Person, name: string, payload: unknown): void;
}

/** Arguments of the acknowledgement. */
type Answer = unknown[] | Promise<unknown[]>;
type Handler = (context: Context) => Answer;

const OK = { result: 0, msg: 'success' };
const ok: Answer = [OK];
const MODERATORS_ONLY = { result: 4101, error: 'moderators only', desc: 'moderators only' };

const onlyModerators =
  (handler: Handler): Handler =>
  (context) =>
    context.person.role === 'moderator' ? handler(context) : [MODERATORS_ONLY];

let streamCounter = 0;

const mute =
  (kind: 'audio' | 'video', muted: boolean, name: string): Handler =>
  ({ person, room }) => {
    person.muted = { ...person.muted, [kind]: muted };
    room.tell(name, { clientId: person.clientId, user: userOf(person) }, person);
    room.updateTalkers();
    return [];
  };

const hardMute = (name: string): Handler =>
  onlyModerators(({ room, args, command }) => {
    const { clientId } = args[0] as { clientId: string };
    const target = room.people.get(clientId);
    if (!target) return [{ result: 1159, msg: 'no such user' }];
    command(target, name, { clientId, moderator: true });
    return ok;
  });

const hardMuteRoom = (name: string, muted: boolean): Handler =>
  onlyModerators(({ person, room, command }) => {
    room.muted = muted;
    for (const other of room.people.values()) if (other !== person) command(other, name, { status: muted });
    return ok;
  });

const manage = (change: (room: ProtocolRoom, on: boolean) => string): Handler =>
  onlyModerators(({ room, args, person }) => {
    const id = change(room, args[0] === true);
    room.tell('roomManagementEvents', { id, msg: { moderatorId: person.clientId } });
    return ok;
  });

const knockAnswer = (allowed: boolean): Handler =>
  onlyModerators(({ room, args, admit }) => {
    const guest = room.knocking.get(args[0] as string);
    if (!guest) return [{ result: 1707, msg: 'nobody knocks under this id' }];
    room.knocking.delete(guest.clientId);
    if (allowed) admit(guest);
    else {
      guest.socket.emit('room-disconnected', { cause: { cause: 3001, msg: 'entry-denied' } });
      room.remove(guest);
    }
    return ok;
  });

const floorActions: Record<string, (context: Context, target: Person) => void> = {
  requestFloor: ({ room, person }) => {
    person.hand = 'raised';
    room.tellModerators('floorManagementEvents', floorEvent('floorRequested', person));
  },
  cancelFloor: ({ room, person }) => {
    person.hand = 'down';
    room.tellModerators('floorManagementEvents', floorEvent('floorCancelled', person));
  },
  finishFloor: ({ room, person }) => {
    person.hand = 'down';
    room.tellModerators('floorManagementEvents', floorEvent('floorFinished', person));
  },
  grantFloor: ({ person }, target) => {
    target.hand = 'floor';
    target.socket.emit('floorManagementEvents', floorEvent('floorGranted', target, person));
  },
  denyFloor: ({ person }, target) => {
    target.hand = 'down';
    target.socket.emit('floorManagementEvents', floorEvent('floorDenied', target, person));
  },
  releaseFloor: ({ person }, target) => {
    target.hand = 'down';
    target.socket.emit('floorManagementEvents', floorEvent('floorReleased', target, person));
  },
};

const floorEvent = (id: string, { clientId, name }: Person, moderator?: Person): object => ({
  id,
  clientId,
  name,
  ...(moderator ? { moderatorId: moderator.clientId } : {}),
});

export const handlers: Record<string, Handler> = {
  addDataChannel: ({ person, args }) => {
    person.dataStreamId = (args[0] as { streamId: number | string }).streamId;
    return ['callback'];
  },
  getMaxNumberOfTalker: ({ room }) => [{ result: 0, maxTalkers: room.dialect.talkers }],
  getNumberOfTalker: ({ room }) => [{ result: 0, numTalkers: room.dialect.talkers }],
  setNumberOfTalker: ({ args }) => [{ result: 0, ...(args[0] as object) }],
  setAdvancedOptions: () => ok,
  getAdvancedOptions: () => [{ result: 0, options: [] }],

  publish: ({ person, room, args }) => {
    const options = args[0] as {
      screen?: true;
      canvas?: true;
      muteStream?: { audio: boolean; video: boolean };
    };
    const speaks = room.mode === 'group' || person.role === 'moderator' || person.hand === 'floor';
    if (!speaks) return [{ result: 1173, error: 'the floor is not yours' }];
    const number = 9_000_001 + ++streamCounter;
    const id = room.dialect.ids === 'string' ? `stream-${number}` : number;
    const screen = options.screen === true || options.canvas === true;
    person.publications.set(String(id), { id, screen, payloads: {} });
    return [{ result: 0, id }];
  },
  unpublish: ({ person, room, args }) => {
    const publication = person.unpublish(args[0]);
    if (publication?.screen) room.stopShare();
    else room.updateTalkers();
    return publication ? [true] : [null];
  },
  subscribe: ({ room, args }) => {
    const { streamId } = args[0] as { streamId: number };
    const known = streamId === SHARE_SLOT || streamId === CANVAS_SLOT || streamId <= room.dialect.talkers;
    return known ? [true] : [null, 'no such stream'];
  },
  unsubscribe: () => [true],
  signaling_message: async ({ person, room, args }) => {
    await onSignallingMessage(person, room, args[0] as never);
    return ['callback'];
  },

  'user-audio-muted': mute('audio', true, 'user-audio-muted'),
  'user-audio-unmuted': mute('audio', false, 'user-audio-unmuted'),
  'user-video-muted': mute('video', true, 'user-video-muted'),
  'user-video-unmuted': mute('video', false, 'user-video-unmuted'),
  'hardmute-user-audio': hardMute('hardmute-user-audio'),
  'hardunmute-user-audio': hardMute('hardunmute-user-audio'),
  'hardmute-user-video': hardMute('hardmute-user-video'),
  'hardunmute-user-video': hardMute('hardunmute-user-video'),
  'room-muted': hardMuteRoom('room-muted', true),
  'room-unmuted': hardMuteRoom('room-unmuted', false),

  lockRoom: manage((room, on) => {
    room.locked = on;
    return on ? 'room-locked' : 'room-unlocked';
  }),
  enableKnock: manage((room, on) => {
    room.knock = on;
    return on ? 'knock-enabled' : 'knock-disabled';
  }),
  openFloor: manage((_room, on) => (on ? 'floor-opened' : 'floor-closed')),
  'user-allowed': knockAnswer(true),
  'user-denied': knockAnswer(false),

  processFloorRequest: (context) => {
    const [clientId, action] = context.args as [string, string];
    const target = context.room.people.get(clientId);
    const act = floorActions[action];
    if (!target || !act) return [null, { result: 1707, msg: 'no such request' }];
    act(context, target);
    return ok;
  },
  inviteToFloor: onlyModerators(({ room, args, person }) => {
    const target = room.people.get((args[0] as { clientId: string }).clientId);
    target?.socket.emit('floorManagementEvents', floorEvent('inviteToFloor', target, person));
    return ok;
  }),
  switchRoomMode: onlyModerators(({ room, args, person }) => {
    room.mode = args[0] === 'lecture' ? 'lecture' : 'group';
    room.tell('roomSwitched', { moderator: person.clientId });
    return ok;
  }),
  /** The published swap: moderator and target change places. */
  switchUserRole: onlyModerators(({ person, room, args }) => {
    const target = room.people.get(args[0] as string);
    if (!target) return [{ result: 1159, msg: 'no such user' }];
    person.role = 'participant';
    target.role = 'moderator';
    room.tell('userRoleChanged', {
      moderator: { old: person.clientId, new: target.clientId },
      userList: userList(room, room.dialect),
      awaitedParticipants: room.awaitedParticipants(),
      raisedHands: room.hands(),
      approvedHands: room.holders(),
    });
    return ok;
  }),

  auxilaryPublishRequests: ({ room, person, args }) => {
    const { req } = args[0] as { req: string };
    const taken = req === 'start' && room.sharer !== undefined && room.sharer !== person;
    return taken ? [{ result: 4108, msg: 'another share is running' }] : ok;
  },
  stopAllSharing: ({ room, person }) => {
    room.tell('stopSharing', { clientId: person.clientId });
    return [{ result: 0, msg: 'stopped' }];
  },

  sendDataStreamToRoom: ({ person, room, args }) => {
    const sent = args[0] as { msg: unknown; broadcast: boolean; clients?: string[]; type: string };
    const envelope = {
      type: sent.type,
      message: sent.msg,
      broadcast: sent.broadcast,
      clients: sent.clients ?? [],
      sender: person.name,
      senderId: person.clientId,
      timestamp: 1_700_000_000_000,
    };
    for (const other of room.people.values())
      if (other !== person && (sent.broadcast || envelope.clients.includes(other.clientId)))
        other.socket.emit('onDataStreamToRoom', envelope);
    return ok;
  },

  drop: ({ person, room, args }) => {
    const { self, all, clientIds } = args[0] as { self?: true; all?: boolean; clientIds?: string[] };
    if (self) {
      queueMicrotask(() => room.remove(person));
      return ok;
    }
    if (person.role !== 'moderator') return [MODERATORS_ONLY];
    const others = [...room.people.values()].filter((other) => other !== person);
    const targets = all
      ? [...others, person]
      : others.filter(({ clientId }) => clientIds?.includes(clientId));
    for (const target of targets) {
      target.socket.emit('room-disconnected', { cause: { cause: 3002, msg: 'disconnected-by-moderator' } });
      // The message has to leave before the socket goes.
      setImmediate(() => room.remove(target));
    }
    return ok;
  },
};

/** What everybody else gets whose moderator has come at last. */
export const waitRoomDisabled = (room: ProtocolRoom, dataStream: number | string | undefined): object => ({
  id: 'wait-room-disabled',
  roomData: {
    streams: slotStreams(room.dialect),
    userList: userList(room, room.dialect),
    ...(dataStream === undefined ? {} : { dataChannelStream: { id: dataStream } }),
    videoMutedUsers: {},
  },
});

/** The forms whose answer may be `("success", value)`. */
const SEND_MESSAGE = new Set([
  'unpublish',
  'unsubscribe',
  'hardmute-user-audio',
  'hardunmute-user-audio',
  'hardmute-user-video',
  'hardunmute-user-video',
  'inviteToFloor',
  'startRecord',
  'stopRecord',
  'getStreamStats',
  'muteRoom',
  'unMuteRoom',
]);

/** Answers one message in the dialect of the room. Unknown ones get `{result: 0}`. */
export async function answer(name: string, context: Context): Promise<unknown[]> {
  const values = await (handlers[name]?.(context) ?? ok);
  const success = context.room.dialect.acks === 'success' && SEND_MESSAGE.has(name) && values[0] !== null;
  return success ? ['success', ...values] : values;
}
