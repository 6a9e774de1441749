/** A browser, the built element and the independent server, for one test file. */
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, type PageServer } from '../browser.js';
import { openRoomPage, PATIENCE_MS, type RoomPage, serveRoomPage } from '../room-page.js';
import { type ProtocolServer, startProtocolServer } from './protocol-server.js';

export const wait = { timeout: PATIENCE_MS };

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
  let browser: Browser;
  let pages: PageServer;
  let server: ProtocolServer;
  let open: RoomPage[] = [];

  before(async () => {
    [browser, pages, server] = await Promise.all([launchBrowser(), serveRoomPage(), startProtocolServer()]);
  });
  after(async () => {
    await browser.close();
    await pages.close();
    await server.close();
  });
  afterEach(async () => {
    // The browser itself complains of a server that is gone.
    const errors = open
      .flatMap((page) => page.errors)
      .filter((text) => !text.includes('ERR_CONNECTION_REFUSED'));
    await Promise.all(open.map(({ page }) => page.close()));
    open = [];
    const failed = server.frames.filter(({ name }) => name === 'FAILED');
    server.frames.length = server.acked.length = server.handshakes.length = 0;
    assert.deepEqual(errors, [], 'no page reported an error');
    assert.deepEqual(failed, [], 'the server understood everything');
  });
  return {
    get server() {
      return server;
    },
    join: async (room, name, { role, host, ...attributes } = {}, from = server) => {
      const token = from.token(room, name, role, host);
      const page = await openRoomPage(browser, pages.origin, { token, ...attributes });
      open.push(page);
      return page;
    },
  };
}

/** Two who are alone with each other see and hear each other. */
export async function seeAndHear(ann: RoomPage, bob: RoomPage): Promise<void> {
  await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
  await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
  await Promise.all([ann.hears('Bob'), bob.hears('Ann')]);
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
