import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { TokenService } from '../auth/tokens.js';
import { endpointOf, newRoom } from '../rest/rooms-api.js';
import { roomSettings } from '../rest/room-settings.js';
import type { RoomRegistry } from '../rooms/room-registry.js';
import type { RoomRecord, Store } from '../store/store.js';

export interface DemoOptions {
  store: Store;
  rooms: RoomRegistry;
  tokens: TokenService;
  publicUrl: string | undefined;
  /** Folder of the demo pages. */
  pages: string;
  /** Folder of the built element. */
  dist: string;
}

const OWNER = 'demo';
const query = z.object({
  room: z.string().trim().min(1).max(64),
  name: z.string().trim().min(1).max(64).default('Guest'),
  role: z.enum(['participant', 'moderator']).catch('participant'),
});

/** The demo pages and a token for anyone who asks: for trying out, never for real rooms. */
export async function demoRoutes(app: FastifyInstance, options: DemoOptions): Promise<void> {
  const { store, rooms, tokens, publicUrl } = options;
  await app.register(fastifyStatic, {
    root: options.pages,
    prefix: '/',
    index: ['index.html'],
    globIgnore: ['static.html'],
    wildcard: false,
  });
  await app.register(fastifyStatic, { root: options.dist, prefix: '/dist/', decorateReply: false });

  // What a page made by any back end looks like: the token stands in the markup.
  app.get('/static.html', async (request, reply) => {
    const { room, name } = query.parse({ room: 'lobby', name: 'Static page', ...(request.query as object) });
    const token = tokens.issue(
      await roomNamed(store, room),
      { name, role: 'participant', userRef: OWNER },
      endpointOf(request, publicUrl),
    );
    const page = await readFile(join(options.pages, 'static.html'), 'utf8');
    return reply.type('text/html').header('Cache-Control', 'no-store').send(page.replace('%TOKEN%', token));
  });

  app.get('/demo/token', async (request, reply) => {
    const { room: roomName, name, role } = query.parse(request.query);
    const token = tokens.issue(
      await roomNamed(store, roomName),
      { name, role, userRef: OWNER },
      endpointOf(request, publicUrl),
    );
    return reply.header('Cache-Control', 'no-store').send({ token });
  });

  // What `status-url` asks for: how the room is, for whoever is about to join it.
  app.get('/demo/status', async (request, reply) => {
    const record = existing(store, query.parse(request.query).room);
    const session = record && rooms.get(record.roomId);
    return reply.header('Cache-Control', 'no-store').send({
      participants: session?.people.all.size ?? 0,
      locked: session?.entry.locked ?? false,
      waiting: session?.entry.waitsForModerator ?? record?.settings.wait_for_moderator ?? false,
      knock: session?.entry.knock ?? record?.settings.knock ?? false,
    });
  });
}

const existing = (store: Store, name: string): RoomRecord | undefined =>
  store.listRooms().find((room) => room.ownerRef === OWNER && room.name === name);

async function roomNamed(store: Store, name: string): Promise<RoomRecord> {
  const room = existing(store, name);
  if (room) return room;
  const created = newRoom({
    name,
    owner_ref: OWNER,
    settings: roomSettings.parse({ quality: 'HD', participants: 50, moderators: 5, chat_history: true }),
  });
  await store.putRoom(created);
  return created;
}
