/** A browser, the built element and the independent server, for one test file. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { wait } from '../patience.js';
import type { RoomPage } from '../room-page.js';
import { roomPages } from '../room-pages.js';
import { type ProtocolServer, startProtocolServer } from './protocol-server.js';

type Attributes = Record<string, string> & {
  role?: 'moderator' | 'participant';
  /** The token names this host, and the server as its gateway. */
  host?: string;
};

export interface WithElements {
  readonly server: ProtocolServer;
  /** Opens a page with an element that joins. @param from another server than the one that all tests share */
  join(room: string, name: string, attributes?: Attributes, from?: ProtocolServer): Promise<RoomPage>;
}

/** Starts everything before the tests of a file, closes it after them, and looks for errors after each. */
export function withElements(): WithElements {
  // The browser itself complains of a server that is gone.
  const pages = roomPages((error) => error.includes('ERR_CONNECTION_REFUSED'));
  let server: ProtocolServer;

  before(async () => {
    server = await startProtocolServer();
  });
  after(() => server?.close());
  beforeEach(() => {
    server.frames.length = server.acked.length = server.handshakes.length = 0;
  });
  afterEach(() => {
    const failed = server.frames.filter(({ name }) => name === 'FAILED');
    assert.deepEqual(failed, [], 'the server understood everything');
  });
  return {
    get server() {
      return server;
    },
    join: async (room, name, { role, host, ...attributes } = {}, from = server) => {
      const token = from.token(room, name, role, host);
      return pages.open({ token, ...attributes });
    },
  };
}

/** Says something and waits until the other has it. */
export async function chat(from: RoomPage, to: RoomPage, text: string, recipients?: string[]): Promise<void> {
  await from.page.evaluate(([said, ids]) => window.enx.sendMessage(said, ids), [text, recipients] as const);
  await to.page.waitForFunction(
    (said) => window.enx.room.state.messages.some((message) => message.text === said && !message.isSelf),
    text,
    wait,
  );
}

/** Sends JSON to other programs and waits until the other page has it. */
export async function sendData(from: RoomPage, to: RoomPage, data: Record<string, unknown>): Promise<void> {
  const arrived = to.page.evaluate(
    () =>
      new Promise((resolve) => {
        window.enx.addEventListener('user-data-received', ({ detail }) => resolve(detail.data), {
          once: true,
        });
      }),
  );
  // The listener has to be there first.
  await to.page.evaluate(() => undefined);
  await from.page.evaluate((value) => window.enx.sendUserData(value), data);
  assert.deepEqual(await arrived, data);
}
