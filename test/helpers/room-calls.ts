/** Calls between elements on the real server, for the tests of one file. */
import { after, before } from 'node:test';
import type { ServerOptions } from '../../server/src/index.js';
import type { RoomPage } from './room-page.js';
import { type RoomPages, roomPages } from './room-pages.js';
import { startRoomServer, type TestRoomServer } from './room-server.js';

export interface RoomCalls {
  readonly server: TestRoomServer;
  readonly pages: RoomPages;
  /** @returns the id of a new room, whose pictures are small */
  room(settings?: Record<string, unknown>): Promise<string>;
  /** Opens a page whose element joins. @param attributes of `<enx-room>`, and the role that the token gives */
  join(
    roomId: string,
    name: string,
    attributes?: Record<string, string> & { role?: 'moderator' | 'participant' },
    options?: Parameters<RoomPages['open']>[1],
  ): Promise<RoomPage>;
}

/** Starts the server, and all that {@link roomPages} has, before the tests, and closes them after. */
export function roomCalls(serverOptions?: ServerOptions): RoomCalls {
  const pages = roomPages();
  let server: TestRoomServer;
  before(async () => {
    server = await startRoomServer(serverOptions);
  });
  after(() => server?.close());

  return {
    get server() {
      return server;
    },
    pages,
    room: (settings) => server.createRoom({ quality: 'LD', ...settings }),
    join: async (roomId, name, { role, ...attributes } = {}, options) => {
      const token = await server.createToken(roomId, { name, role });
      return pages.open({ token, ...attributes }, options);
    },
  };
}
