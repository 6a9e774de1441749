/** A call in which something breaks: one person behind a bad network, one who should not notice, and what to check. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ServerOptions } from '../../server/src/index.js';
import { FaultProxy } from './fault-proxy.js';
import { watchPage } from './page-watch.js';
import { PATIENCE_MS } from './patience.js';
import { roomCalls } from './room-calls.js';
import { openRoomPage, type RoomPage, seeAndHear } from './room-page.js';
import type { RoomPages } from './room-pages.js';
import type { TestRoomServer } from './room-server.js';

/** What a server has to be able to do. */
export type FaultServer = Pick<TestRoomServer, 'createToken' | 'createRoom' | 'people' | 'url'>;

export interface FaultTests {
  /** The server that the tests of the file share. */
  readonly server: TestRoomServer;
  /** A test with a room of its own, which is checked for leaks in the end. */
  faultTest(name: string, run: (room: FaultRoom) => Promise<void>): void;
  /** The room alone, as a part of a test, and on any server. */
  inRoom(server: FaultServer, run: (room: FaultRoom) => Promise<void>): Promise<void>;
}

export const FAULT_TEST = { timeout: 120_000 };

/** Starts browser and server before the tests of a file, and closes them after. */
export function faultTests(serverOptions?: ServerOptions): FaultTests {
  const calls = roomCalls(serverOptions);
  const inRoom: FaultTests['inRoom'] = (server, run) => FaultRoom.use(calls.pages, server, run);
  return {
    get server() {
      return calls.server;
    },
    faultTest: (name, run) => void test(name, FAULT_TEST, () => inRoom(calls.server, run)),
    inRoom,
  };
}

/** Comes and goes with voices and frames; says nothing about faults. */
const NOISE = new Set(['active-talkers-updated']);

export interface FaultPage extends RoomPage {
  readonly proxy: FaultProxy;
  /** From here on {@link eventsSinceMark} counts. */
  mark(): Promise<void>;
  eventsSinceMark(): Promise<string[]>;
  /** Waits until an event of this name has come after the mark. */
  afterMark(name: string): Promise<void>;
}

export class FaultRoom {
  readonly #pages: FaultPage[] = [];
  readonly #proxies: FaultProxy[] = [];

  private constructor(
    private readonly pages: RoomPages,
    private readonly server: FaultServer,
    readonly roomId: string,
  ) {}

  /** Runs with a room of its own, which is checked for leaks in the end. */
  static async use(
    pages: RoomPages,
    server: FaultServer,
    run: (room: FaultRoom) => Promise<void>,
  ): Promise<void> {
    const room = new FaultRoom(pages, server, await server.createRoom({ quality: 'LD' }));
    let failed = true;
    try {
      await run(room);
      failed = false;
    } finally {
      // What is left of a test that failed is not what it failed of.
      await room.end().catch((error: unknown) => {
        if (!failed) throw error;
      });
    }
  }

  /** @param setUp what the network does from the first byte on */
  async join(
    name: string,
    attributes: Record<string, string> = {},
    setUp: (proxy: FaultProxy) => unknown = () => {},
  ): Promise<FaultPage> {
    const proxy = await FaultProxy.open(this.server.url);
    this.#proxies.push(proxy);
    const token = await this.server.createToken(this.roomId, { name }, proxy.url);
    await setUp(proxy);
    const options = { 'number-of-attempts': '10', 'timeout-interval': '1', ...attributes };
    const page = await openRoomPage(
      this.pages.browser,
      this.pages.origin,
      { token, ...options },
      { before: watchPage },
    );
    const faultPage = extend(page, proxy);
    this.#pages.push(faultPage);
    return faultPage;
  }

  /** Two people who see each other. */
  async pair(attributes?: Record<string, string>): Promise<[FaultPage, FaultPage]> {
    const ann = await this.join('Ann', attributes);
    const bob = await this.join('Bob');
    await see(ann, bob);
    await Promise.all([ann.event('stream-published'), bob.event('stream-published')]);
    await Promise.all([ann.mark(), bob.mark()]);
    return [ann, bob];
  }

  /** What the server's own list says. */
  people(): Promise<string[]> {
    return this.server.people(this.roomId);
  }

  /** Everybody leaves; nothing may be left of it in any page, and no page may have complained. */
  async end(): Promise<void> {
    try {
      await Promise.all(this.#pages.filter(({ page }) => !page.isClosed()).map(leavesNothing));
      assert.deepEqual(
        this.#pages.flatMap(({ errors }) => errors).filter((error) => !isOfTheNetwork(error)),
        [],
        'no page reported an error',
      );
    } finally {
      await Promise.all(this.#pages.map(({ page }) => page.close()));
      await Promise.all(this.#proxies.map((proxy) => proxy.close()));
    }
  }
}

/** The browser's own words about a connection that broke; nobody can keep it from saying them. */
const isOfTheNetwork = (error: string): boolean =>
  /WebSocket connection to|net::ERR_|Failed to load resource|blocked by CORS/.test(error);

function extend(page: RoomPage, proxy: FaultProxy): FaultPage {
  let from = 0;
  const names = async (): Promise<string[]> => (await page.eventNames()).slice(from);
  return {
    ...page,
    proxy,
    mark: async () => {
      from = (await page.eventNames()).length;
    },
    eventsSinceMark: async () => (await names()).filter((name) => !NOISE.has(name)),
    afterMark: async (name) => {
      await page.page.waitForFunction(
        ([wanted, start]) => window.enxEvents.slice(start).some((event) => event.name === wanted),
        [name, from] as const,
        { timeout: 2 * PATIENCE_MS },
      );
    },
  };
}

/** Both see and hear each other, from now on. */
export async function see(ann: RoomPage, bob: RoomPage): Promise<void> {
  await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
  await Promise.all([ann, bob].map(({ page }) => forgetFrames(page)));
  await seeAndHear(ann, bob);
}

const forgetFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const stage = window.enx.shadowRoot?.querySelector('enx-stage');
    for (const player of stage?.shadowRoot?.querySelectorAll('enx-player') ?? []) {
      delete (player.shadowRoot!.querySelector('video') as { firstFrames?: number } | null)?.firstFrames;
    }
  });

/** Peer connections that are not closed. */
export const openConnections = (page: RoomPage): Promise<number> =>
  page.page.evaluate(
    () => window.enxConnections.filter(({ signalingState }) => signalingState !== 'closed').length,
  );

async function leavesNothing(page: FaultPage): Promise<void> {
  page.proxy.thaw();
  const held = await page.page.evaluate(async () => {
    await window.enx.disconnect().catch(() => {});
    return window.enxHeldAtExit;
  });
  assert.deepEqual(held ?? [], [], 'released before exit-room');
  await page.page.evaluate(() => window.enx.remove());
  await page.page
    .waitForFunction(() => window.enxHeld().length === 0, undefined, { timeout: 10_000 })
    .catch(async () =>
      assert.deepEqual(await page.page.evaluate(() => window.enxHeld()), [], 'released in the end'),
    );
}
