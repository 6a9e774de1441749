/** The room server as an operator runs it: a process, its demo pages, its end and its return. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, type PageServer } from '../helpers/browser.js';
import { wait } from '../helpers/patience.js';
import { openRoomPage, serveRoomPage } from '../helpers/room-page.js';
import { freeUdpPort } from '../helpers/room-server.js';
import { freeTcpPort, type ServerProcess, startServerProcess } from '../helpers/server-process.js';

let browser: Browser;
let roomPages: PageServer;
let dataDir: string;
let running: ServerProcess[] = [];

before(async () => {
  [browser, roomPages, dataDir] = await Promise.all([
    launchBrowser(),
    serveRoomPage(),
    mkdtemp(join(tmpdir(), 'enx-room-process-')),
  ]);
});
after(async () => {
  await browser.close();
  await roomPages.close();
  await rm(dataDir, { recursive: true, force: true });
});
afterEach(async () => {
  await Promise.all(browser.contexts().flatMap((context) => context.pages().map((page) => page.close())));
  await Promise.all(running.map((server) => server.stop('SIGKILL')));
  running = [];
});

async function start(port: number, mediaPort: number, ...more: string[]): Promise<ServerProcess> {
  const server = await startServerProcess({ port, mediaPort, dataDir }, ...more);
  running.push(server);
  return server;
}

async function joinDemo(url: string, name: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${url}/?room=demo`);
  await page.fill('[name=name]', name);
  await page.click('button.primary');
  await page.waitForFunction(
    () => document.querySelector('enx-room')?.state === 'connected',
    undefined,
    wait,
  );
  return page;
}

const seesOne = (page: Page) =>
  page.waitForFunction(
    () =>
      document
        .querySelector('enx-room')
        ?.shadowRoot?.querySelector('enx-stage')
        ?.shadowRoot?.querySelector('enx-player:not([self])[data-playing]'),
    undefined,
    wait,
  );

test('the demo: two tabs of the start page, the static page and the engine page meet in one room', async () => {
  const server = await start(await freeTcpPort(), await freeUdpPort(), '--demo');
  assert.match(server.output(), /Demo:\s+http:\/\/localhost:\d+\//);
  const ann = await joinDemo(server.url, 'Ann');
  const bob = await joinDemo(server.url, 'Bob');
  await Promise.all([seesOne(ann), seesOne(bob)]);

  const still = await browser.newPage();
  await still.goto(`${server.url}/static.html?room=demo`);
  await seesOne(still);
  await still.waitForFunction(() =>
    document.querySelector('output')?.textContent.includes('You are in "demo"'),
  );

  const engine = await browser.newPage();
  await engine.goto(`${server.url}/engine.html`);
  await engine.fill('[name=room]', 'demo');
  await engine.click('button.primary');
  await engine.waitForFunction(
    () => [...document.querySelectorAll('video')].filter((video) => video.currentTime > 0.5).length >= 3,
    undefined,
    wait,
  );

  // Leaving brings the start page back.
  await bob.evaluate(() =>
    document
      .querySelector('enx-room')!
      .shadowRoot!.querySelector('enx-toolbar')!
      .shadowRoot!.querySelector<HTMLElement>('button.leave')!
      .click(),
  );
  await bob.waitForSelector('#start:not([hidden])');
  assert.equal(await bob.locator('enx-room').count(), 0);
});

test('credentials are made once, shown once, and open the REST API; rooms survive a restart', async () => {
  const port = await freeTcpPort();
  const mediaPort = await freeUdpPort();
  const fresh = await mkdtemp(join(tmpdir(), 'enx-room-fresh-'));
  const first = await start(port, mediaPort, '--data-dir', fresh);
  const id = /app id (\S+)\)/.exec(first.output())?.[1];
  const key = /App key:\s+(\S+)/.exec(first.output())?.[1];
  assert.ok(id && key, first.output());
  const call = (path: string, method = 'GET', body?: unknown) =>
    fetch(`${first.url}/video/v2${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).then((response) => response.json() as Promise<{ result: number; rooms?: unknown[] }>);
  assert.equal((await call('/rooms', 'POST', { name: 'Kept', owner_ref: 'me', settings: {} })).result, 0);
  assert.deepEqual(await first.stop('SIGTERM'), [0, null]);
  const second = await start(port, mediaPort, '--data-dir', fresh);
  assert.ok(!second.output().includes(key), 'the key is not shown again');
  assert.equal((await call('/rooms')).rooms?.length, 1);
  assert.deepEqual(await second.stop('SIGINT'), [0, null]);
  await rm(fresh, { recursive: true, force: true });
});

for (const [how, signal] of [
  ['killed', 'SIGKILL'],
  ['stopped in good order', 'SIGTERM'],
] as const) {
  test(
    `a server that is ${how} and comes back finds everybody again, in the same call`,
    { timeout: 90_000 },
    async () => {
      const port = await freeTcpPort();
      const mediaPort = await freeUdpPort();
      const server = await start(port, mediaPort, '--demo');
      const tokenUrl = async (name: string) =>
        ((await (await fetch(`${server.url}/demo/token?room=r&name=${name}`)).json()) as { token: string })
          .token;
      const open = async (name: string) =>
        openRoomPage(browser, roomPages.origin, { token: await tokenUrl(name), 'number-of-attempts': '20' });
      const ann = await open('Ann');
      const bob = await open('Bob');
      await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
      await bob.page.evaluate(() => window.enx.muteAudio());
      await server.stop(signal);
      await ann.event('connection-lost');
      assert.equal(await ann.state(), 'reconnecting');
      await ann.page.waitForFunction(() =>
        window.enx.shadowRoot!.querySelector('.notice')?.textContent.includes('Connection lost'),
      );
      await ann.event('reconnect');
      await start(port, mediaPort, '--demo');
      await Promise.all([ann.event('user-reconnect-success'), bob.event('user-reconnect-success')]);
      await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
      await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
      await bob.hears('Ann');
      // What was muted is muted still.
      assert.equal(await ann.page.evaluate(() => window.enx.room.state.talkers[0]!.audio), false);
      const names = await ann.eventNames();
      assert.ok(!names.includes('room-disconnected') && !names.includes('exit-room'), names.join());
    },
  );
}

test(
  'a server that never comes back is given up once, after the attempts that were asked for',
  { timeout: 60_000 },
  async () => {
    const port = await freeTcpPort();
    const server = await start(port, await freeUdpPort(), '--demo');
    const { token } = (await (await fetch(`${server.url}/demo/token?room=r2&name=Ann`)).json()) as {
      token: string;
    };
    const ann = await openRoomPage(browser, roomPages.origin, {
      token,
      'number-of-attempts': '2',
      'timeout-interval': '1',
    });
    await ann.event('stream-published');
    await server.stop('SIGKILL');
    const end = await ann.event<{ reason: string; code: number }>('room-disconnected');
    assert.deepEqual([end.reason, end.code], ['reconnect-failed', 5074]);
    await ann.event('exit-room');
    const names = await ann.eventNames();
    const tail = names.slice(names.indexOf('connection-lost'));
    // Media that was up is hoped to go on, and given up when it breaks; media still being built goes at once.
    assert.equal(tail.filter((name) => name === 'stream-unpublished').length, 1);
    assert.deepEqual(
      tail.filter((name) => name !== 'stream-unpublished'),
      ['connection-lost', 'reconnect', 'reconnect', 'room-disconnected', 'exit-room'],
    );
    assert.equal(await ann.page.evaluate(() => window.enx.room.state.localStream), undefined);
  },
);
