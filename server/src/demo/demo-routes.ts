import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { TokenService } from '../auth/tokens.js';
import { endpointOf, newRoom } from '../rest/rooms-api.js';
import { roomSettings } from '../rest/room-settings.js';
import type { RoomRecord, Store } from '../store/store.js';

export interface DemoOptions {
  store: Store;
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
});

/** The demo pages and a token for anyone who asks: for trying out, never for real rooms. */
export async function demoRoutes(app: FastifyInstance, options: DemoOptions): Promise<void> {
  const { store, tokens, publicUrl } = options;
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
    const { room: roomName, name } = query.parse(request.query);
    const token = tokens.issue(
      await roomNamed(store, roomName),
      { name, role: 'participant', userRef: OWNER },
      endpointOf(request, publicUrl),
    );
    return reply.header('Cache-Control', 'no-store').send({ token });
  });
}

async function roomNamed(store: Store, name: string): Promise<RoomRecord> {
  const existing = store.listRooms().find((room) => room.ownerRef === OWNER && room.name === name);
  if (existing) return existing;
  const room = newRoom({
    name,
    owner_ref: OWNER,
    settings: roomSettings.parse({ quality: 'HD', participants: 50, chat_history: true }),
  });
  await store.putRoom(room);
  return room;
}
