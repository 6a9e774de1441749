import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AppCredentials, isAuthorised } from '../auth/credentials.js';
import type { TokenService } from '../auth/tokens.js';
import type { RoomRegistry } from '../rooms/room-registry.js';
import type { RoomRecord, Store } from '../store/store.js';
import { RestError } from './errors.js';
import { createRoomBody, createTokenBody, patchRoomBody, type RoomSettings } from './room-settings.js';

export interface RoomsApiOptions {
  store: Store;
  tokens: TokenService;
  rooms: RoomRegistry;
  credentials: AppCredentials;
  /** Where clients reach the signalling; `undefined` = where the request came in. */
  publicUrl: string | undefined;
}

interface RoomParams {
  Params: { roomId: string };
}

/** The published server API (api-facts §6): rooms, tokens and who is in a room. */
export function roomsApi(app: FastifyInstance, options: RoomsApiOptions): void {
  const { store, tokens, rooms, credentials } = options;

  app.addHook('onRequest', async (request, reply) => {
    if (isAuthorised(request.headers.authorization, credentials)) return;
    void reply.header('WWW-Authenticate', 'Basic realm="enx-room"');
    throw new RestError(401, 'App id or app key is wrong or missing.');
  });

  const roomOf = (roomId: string): RoomRecord => {
    const room = store.getRoom(roomId);
    if (!room) throw new RestError(404, `There is no room ${roomId.slice(0, 64)}.`);
    return room;
  };

  app.post('/rooms', async (request) => {
    const room = newRoom(createRoomBody.parse(request.body ?? {}));
    await store.putRoom(room);
    return { result: 0, room: describe(room) };
  });

  app.get('/rooms', () => ({ result: 0, rooms: store.listRooms().map(describe) }));

  app.get<RoomParams>('/rooms/:roomId', (request) => ({
    result: 0,
    room: describe(roomOf(request.params.roomId)),
  }));

  app.patch<RoomParams>('/rooms/:roomId', async (request) => {
    const room = roomOf(request.params.roomId);
    const { owner_ref: ownerRef, settings, ...rest } = patchRoomBody.parse(request.body ?? {});
    const changed: RoomRecord = {
      ...room,
      ...definedOnly(rest),
      ...(ownerRef === undefined ? {} : { ownerRef }),
      settings: { ...room.settings, ...(definedOnly(settings ?? {}) as Partial<RoomSettings>) },
    };
    // Those inside go on with the settings they came in with.
    await store.putRoom(changed);
    return { result: 0, room: describe(changed) };
  });

  app.delete<RoomParams>('/rooms/:roomId', async (request) => {
    const { roomId } = roomOf(request.params.roomId);
    if (rooms.get(roomId)) throw new RestError(409, 'The room has people in it.');
    await store.deleteRoom(roomId);
    return { result: 0 };
  });

  app.post<RoomParams>('/rooms/:roomId/tokens', (request) => {
    const room = roomOf(request.params.roomId);
    const { name, role, user_ref: userRef, data } = createTokenBody.parse(request.body ?? {});
    const token = tokens.issue(
      room,
      { name, role, userRef, ...(data ? { data } : {}) },
      endpointOf(request, options.publicUrl),
    );
    return { result: 0, token };
  });

  // Ours, in the manner of the published routes: an application server may remove people and end sessions.
  app.delete<RoomParams & { Params: { clientId: string } }>('/rooms/:roomId/users/:clientId', (request) => {
    const { roomId } = roomOf(request.params.roomId);
    const session = rooms.get(roomId);
    const participant = session?.participants.get(request.params.clientId);
    if (!session || !participant) throw new RestError(404, 'There is nobody of this id in the room.');
    session.remove(participant, 'removed');
    return { result: 0 };
  });

  app.delete<RoomParams>('/rooms/:roomId/session', (request) => {
    const { roomId } = roomOf(request.params.roomId);
    const session = rooms.get(roomId);
    if (!session) throw new RestError(404, 'The room has nobody in it.');
    session.close('room-dismissed');
    return { result: 0 };
  });

  app.get<RoomParams>('/rooms/:roomId/users', (request) => {
    const { roomId } = roomOf(request.params.roomId);
    const session = rooms.get(roomId);
    if (!session) return { result: 0, total: 0, users: null };
    const users = [...session.participants.values()].map(({ user }) => user);
    return { result: 0, total: users.length, users };
  });
}

export function newRoom(body: {
  name: string;
  owner_ref: string;
  settings: RoomSettings;
  data?: Record<string, unknown> | undefined;
  sip?: Record<string, unknown> | undefined;
}): RoomRecord {
  return {
    roomId: randomBytes(12).toString('hex'),
    name: body.name,
    ownerRef: body.owner_ref,
    settings: body.settings,
    created: new Date().toISOString(),
    ...(body.data ? { data: body.data } : {}),
    ...(body.sip ? { sip: body.sip } : {}),
  };
}

/** `host` and scheme for a token: the configured public address, else the one this request used. */
export function endpointOf(
  request: FastifyRequest,
  publicUrl: string | undefined,
): { host: string; secure: boolean } {
  if (publicUrl) {
    const url = new URL(publicUrl);
    return { host: url.host, secure: url.protocol === 'https:' };
  }
  const { host } = request.headers;
  if (!host || !/^[\w.:[\]-]{1,255}$/.test(host))
    throw new RestError(400, 'The request has no usable Host header.');
  return { host, secure: request.protocol === 'https' };
}

function describe(room: RoomRecord): Record<string, unknown> {
  return {
    room_id: room.roomId,
    name: room.name,
    owner_ref: room.ownerRef,
    settings: room.settings,
    sip: room.sip ?? { enabled: false },
    data: room.data ?? {},
    created: room.created,
  };
}

function definedOnly(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
