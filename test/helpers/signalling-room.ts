/** People on bare sockets in rooms of a real server: what the signalling tests have in common. */
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { ServerOptions } from '../../server/src/index.js';
import { startRoomServer, type TestRoomServer } from './room-server.js';
import { SignallingSocket, type Wire } from './signalling-socket.js';

export type Role = 'moderator' | 'participant' | 'viewer';

/** What `publish` says (4.2). */
export const CAMERA = {
  state: 'media_engine',
  audio: true,
  video: true,
  data: false,
  muteStream: { audio: false, video: false },
  minVideoBW: 150,
  maxVideoBW: 700,
};
export const SCREEN = { ...CAMERA, audio: false, screen: true, shareMetadata: { layout: 'grid' } };
export const START_SHARE = { req: 'start', pubType: 'screen', override: false };

/** Every message of section 6 that the server acts on, meant seriously. */
export const MEANINGFUL = (someone: string): [string, ...unknown[]][] => [
  ['addDataChannel', { streamId: 999, singlePC: 'subs' }, null],
  ['publish', CAMERA, null],
  ['unpublish', 10_000],
  ['subscribe', { streamId: 1, audio: true, video: true, data: false }, null],
  ['unsubscribe', 1],
  ['signaling_message', { streamId: 1, msg: { type: 'offer', sdp: 'v=0\r\n' } }, null],
  ['getMaxNumberOfTalker'],
  ['getNumberOfTalker'],
  ['setNumberOfTalker', { numTalkers: 2, numAudioTalkers: 3, numVideoTalkers: 2 }],
  ['setAdvancedOptions', [{ id: 'battery_updates', enable: true }]],
  ['getAdvancedOptions'],
  ['user-audio-muted'],
  ['user-audio-unmuted'],
  ['user-video-muted'],
  ['user-video-unmuted'],
  ['sendDataStreamToRoom', { msg: 'hello', broadcast: true, clients: [], type: 'chat' }],
  ['drop', { self: true }],
  ['drop', { all: true, clients: null, deleteRoom: false }],
  ['drop', { all: false, clientIds: [someone] }],
  ['lockRoom', true],
  ['enableKnock', true],
  ['user-allowed', someone],
  ['user-denied', someone],
  ['getAwaitedUser', null],
  ['hardmute-user-audio', { clientId: someone }],
  ['hardunmute-user-audio', { clientId: someone }],
  ['hardmute-user-video', { clientId: someone }],
  ['hardunmute-user-video', { clientId: someone }],
  ['room-muted', {}],
  ['room-unmuted', {}],
  ['switchUserRole', someone],
  ['switchUserRole', [{ clientId: someone, role: 'participant' }]],
  ['switchRoomMode', 'lecture'],
  ['processFloorRequest', someone, 'requestFloor'],
  ['inviteToFloor', { clientId: someone }],
  ['extendConferenceDuration', {}],
  ['auxilaryPublishRequests', START_SHARE],
  ['stopAllSharing', someone],
  ['openFloor', false],
  ['changeUserRoleOption', { role: 'moderator' }, 'requestInitiate'],
  ['muteUser', someone],
  ['unMuteUser', someone],
  ['muteRoom', { audio: true, video: true }],
  ['unMuteRoom', { audio: true, video: true }],
  ['setCustomData', { scope: 'room', data: { any: 'thing' } }],
  ['saveCustomData', { scope: 'session', data: [1] }],
  ['getCustomData', { scope: 'room' }],
];

/**
 * A server for all tests of a file; after each of them everybody leaves, and nothing may be left of their rooms.
 * @param options of the server; nobody whose connection broke is waited for unless they say so
 */
export function signallingRooms(options: ServerOptions = {}) {
  const present: SignallingSocket[] = [];
  const rooms = {
    server: undefined as unknown as TestRoomServer,

    /** What the server counts. */
    async counted(): Promise<{ rooms: number; participants: number; publications: number }> {
      const text = await (await fetch(`${rooms.server.url}/metrics`)).text();
      const of = (name: string) => Number(new RegExp(`^enx_${name} (\\d+)$`, 'm').exec(text)?.[1]);
      return { rooms: of('rooms'), participants: of('participants'), publications: of('publications') };
    },

    /** Their connections break, and the server has noticed. */
    async lose(...sockets: SignallingSocket[]): Promise<void> {
      const away = async () => {
        const text = await (await fetch(`${rooms.server.url}/metrics`)).text();
        return Number(/^enx_participants_away (\d+)$/m.exec(text)?.[1]);
      };
      const expected = (await away()) + sockets.length;
      for (const socket of sockets) socket.vanish();
      while ((await away()) < expected);
    },

    async connect(): Promise<SignallingSocket> {
      const socket = await SignallingSocket.open(rooms.server.url);
      present.push(socket);
      return socket;
    },

    /** Shows a fresh token; everything that follows is still to be read. */
    async knock(room: string, name: string, role: Role = 'participant'): Promise<SignallingSocket> {
      return (await rooms.knockWithToken(room, name, role)).socket;
    },

    async knockWithToken(room: string, name: string, role: Role = 'participant', extra = {}) {
      const [socket, token] = await Promise.all([
        rooms.connect(),
        rooms.server.createToken(room, { name, role }),
      ]);
      const [status, answer] = await socket.token(token, extra);
      assert.deepEqual([status, answer.result], ['success', 0]);
      return { socket, token };
    },

    /** Comes in; what was said on the way is read already, except by those who were there before. */
    async enter(room: string, name: string, role: Role = 'participant'): Promise<SignallingSocket> {
      return (await rooms.enterWithToken(room, name, role)).socket;
    },

    async enterWithToken(room: string, name: string, role: Role = 'participant', extra = {}) {
      const knocked = await rooms.knockWithToken(room, name, role, extra);
      await knocked.socket.next('room-connected');
      await knocked.socket.skip();
      return knocked;
    },

    /** Comes again on the token of an earlier session, as 8.2 describes it. */
    async again(token: string, old: SignallingSocket, extra: Record<string, unknown> = {}) {
      const socket = await rooms.connect();
      const ack = await socket.token(token, {
        isReconnecting: true,
        reconnectAttempt: 1,
        reconnectCount: 1,
        oldClientIdForReconnect: old.clientId,
        ...extra,
      });
      return { socket, ack };
    },

    usersIn: async (room: string): Promise<Record<string, Wire>> => {
      const { users } = await rooms.server.get<{ users: Wire[] | null }>(`/rooms/${room}/users`);
      return Object.fromEntries((users ?? []).map((user) => [user.name, user]));
    },
  };

  before(async () => {
    rooms.server = await startRoomServer({ graceSeconds: 0, ...options });
  });

  after(() => rooms.server?.close());

  afterEach(async () => {
    for (const socket of present.splice(0)) {
      if (socket.raw.connected) await socket.request('drop', { self: true });
      socket.close();
    }
    // Somebody may still be waited for who does not come any more.
    if (options.graceSeconds && (await rooms.counted()).rooms > 0) {
      const { rooms: all } = await rooms.server.get<{ rooms: { room_id: string }[] }>('/rooms');
      for (const { room_id: id } of all) await rooms.server.delete(`/rooms/${id}/session`);
    }
    // A socket that closed without a goodbye is noticed a moment later.
    let now = await rooms.counted();
    for (let tries = 0; tries < 100 && now.rooms > 0; tries++) now = await rooms.counted();
    assert.deepEqual(now, { rooms: 0, participants: 0, publications: 0 });
  });

  return rooms;
}

/** Everybody has heard everything so far. */
export const skip = (...sockets: SignallingSocket[]) => Promise.all(sockets.map((socket) => socket.skip()));

/** An event that clients hand on under the name in `id` (7). */
export const roomEvent = async (socket: SignallingSocket, id: string): Promise<Wire> =>
  (await socket.next('roomManagementEvents', (payload) => payload.id === id)).msg;

export const floorEvent = (socket: SignallingSocket, id: string): Promise<Wire> =>
  socket.next('floorManagementEvents', (payload) => payload.id === id);
