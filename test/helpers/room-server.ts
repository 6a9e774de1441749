/** The built room server on free ports and a fresh data folder, for one test file. */
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as RoomServerPackage from '../../server/src/index.js';

type RunningServer = RoomServerPackage.RoomServer;
type ServerOptions = RoomServerPackage.ServerOptions;

const APP_ID = 'test-app';
const APP_KEY = 'test-key-0123456789abcdef';
const authorization = `Basic ${Buffer.from(`${APP_ID}:${APP_KEY}`).toString('base64')}`;

export interface TestRoomServer {
  readonly url: string;
  readonly server: RunningServer;
  /** @returns the id of a new room */
  createRoom(settings?: Record<string, unknown>, name?: string): Promise<string>;
  createToken(
    roomId: string,
    person: { name: string; role?: 'moderator' | 'participant' | 'viewer'; userRef?: string },
    /** Where the client is to find the server, when something stands in between. */
    via?: string,
  ): Promise<string>;
  /** Names of those who are in a room, sorted, as the server's own list says. */
  people(roomId: string): Promise<string[]>;
  /** Reads a REST resource, such as `/rooms/{id}/users`. */
  get<T>(path: string): Promise<T>;
  /** Deletes a REST resource, such as `/rooms/{id}/session`. */
  delete<T>(path: string): Promise<T>;
  /** Sends any text as JSON to any path. @returns the status */
  send(method: string, path: string, text?: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts the server that `npm run build:server` made.
 * @param options of the server; ports, credentials and folder are already chosen
 */
export async function startRoomServer(options: ServerOptions = {}): Promise<TestRoomServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'enx-room-test-'));
  // The bundle, as an operator runs it; its types are those of the source.
  const { createServer } = (await import(
    new URL('../../server/dist/index.js', import.meta.url).href
  )) as typeof RoomServerPackage;
  const server = await createServer({
    port: 0,
    workers: 1,
    mediaPort: await freeUdpPort(),
    dataDir,
    appId: APP_ID,
    appKey: APP_KEY,
    logLevel: 'silent',
    ...options,
  });

  const post = async (path: string, body: unknown, base = server.url): Promise<Record<string, unknown>> => {
    const response = await fetch(`${base}/video/v2${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (answer.result !== 0) throw new Error(`POST ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };

  const ask = async <T>(method: string, path: string): Promise<T> => {
    const response = await fetch(`${server.url}/video/v2${path}`, { method, headers: { authorization } });
    return (await response.json()) as T;
  };

  let closing: Promise<void> | undefined;
  return {
    url: server.url,
    server,
    createRoom: async (settings = {}, name = 'A room for tests') => {
      const { room } = await post('/rooms', {
        name,
        owner_ref: 'tests',
        settings: {
          mode: 'group',
          scheduled: false,
          adhoc: false,
          moderators: 1,
          participants: 10,
          quality: 'SD',
          ...settings,
        },
      });
      return (room as { room_id: string }).room_id;
    },
    createToken: async (roomId, { name, role = 'participant', userRef = name }, via) => {
      const { token } = await post(`/rooms/${roomId}/tokens`, { name, role, user_ref: userRef }, via);
      return token as string;
    },
    people: async (roomId) => {
      const { users } = await ask<{ users: { name: string }[] | null }>('GET', `/rooms/${roomId}/users`);
      return (users ?? []).map(({ name }) => name).sort();
    },
    get: (path) => ask('GET', path),
    delete: (path) => ask('DELETE', path),
    send: async (method, path, text) => {
      const response = await fetch(`${server.url}/video/v2${path}`, {
        method,
        headers: {
          authorization,
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(text === undefined ? {} : { body: text }),
      });
      await response.arrayBuffer();
      return response.status;
    },
    close: () =>
      (closing ??= (async () => {
        await server.close();
        await rm(dataDir, { recursive: true, force: true });
      })()),
  };
}

/** A UDP port nobody uses at the moment of asking. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(0, '0.0.0.0', resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
