/** Firefox and Chromium in one room: real server, real browsers, real media. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, type PageServer } from '../helpers/browser.js';
import { launchFirefox, noFirefox } from '../helpers/firefox.js';
import { openRoomPage, type RoomPage, serveRoomPage } from '../helpers/room-page.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';

describe('Firefox and Chromium in one room', { skip: noFirefox }, () => {
  let firefox: Browser;
  let chromium: Browser;
  let pages: PageServer;
  let server: TestRoomServer;
  let open: RoomPage[] = [];

  before(async () => {
    [firefox, chromium, pages, server] = await Promise.all([
      launchFirefox(),
      launchBrowser(),
      serveRoomPage(),
      startRoomServer(),
    ]);
  });
  after(async () => {
    await Promise.all([firefox?.close(), chromium?.close()]);
    await pages?.close();
    await server?.close();
  });
  afterEach(async () => {
    const errors = open.flatMap((page) => page.errors);
    await Promise.all(open.map(({ page }) => page.close()));
    open = [];
    assert.deepEqual(errors, [], 'no page reported an error');
  });

  async function join(
    browser: Browser,
    roomId: string,
    name: string,
    attributes: Record<string, string> = {},
  ): Promise<RoomPage> {
    const token = await server.createToken(roomId, { name });
    const page = await openRoomPage(browser, pages.origin, { token, ...attributes });
    open.push(page);
    return page;
  }

  for (const first of ['Firefox', 'Chromium'] as const) {
    test(`they see and hear each other when ${first} comes first`, async () => {
      const roomId = await server.createRoom({ quality: 'LD' });
      const people = first === 'Firefox' ? (['Fay', 'Cal'] as const) : (['Cal', 'Fay'] as const);
      const joined: Partial<Record<'Fay' | 'Cal', RoomPage>> = {};
      for (const name of people) joined[name] = await join(name === 'Fay' ? firefox : chromium, roomId, name);
      const { Fay: fay, Cal: cal } = joined as Record<'Fay' | 'Cal', RoomPage>;
      await Promise.all([fay.talkers(['Cal']), cal.talkers(['Fay'])]);
      await Promise.all([fay.seesMovingPictures(1), cal.seesMovingPictures(1)]);
      await Promise.all([fay.hears('Cal'), cal.hears('Fay')]);
    });
  }

  test('they chat both ways and learn of each other’s mutes', async () => {
    const roomId = await server.createRoom({ quality: 'LD' });
    const fay = await join(firefox, roomId, 'Fay');
    const cal = await join(chromium, roomId, 'Cal');
    await Promise.all([fay.seesMovingPictures(1), cal.seesMovingPictures(1)]);
    await fay.page.evaluate(() => window.enx.sendMessage('bonjour <b>là</b> 😀'));
    await cal.page.evaluate(() => window.enx.sendMessage('hello'));
    const toCal = await cal.event<{ from: string; message: string }>('message-received');
    assert.deepEqual([toCal.from, toCal.message], ['Fay', 'bonjour <b>là</b> 😀']);
    const toFay = await fay.event<{ from: string; message: string }>('message-received');
    assert.deepEqual([toFay.from, toFay.message], ['Cal', 'hello']);
    for (const [speaker, listener] of [
      [fay, cal],
      [cal, fay],
    ] as const) {
      await speaker.page.evaluate(() => Promise.all([window.enx.muteAudio(), window.enx.muteVideo()]));
      await Promise.all([listener.event('user-audio-muted'), listener.event('user-video-muted')]);
      await listener.page.waitForFunction(() => {
        const [talker] = window.enx.room.state.talkers;
        return talker && !talker.audio && !talker.video;
      });
      await speaker.page.evaluate(() => Promise.all([window.enx.unmuteAudio(), window.enx.unmuteVideo()]));
      await Promise.all([listener.event('user-audio-unmuted'), listener.event('user-video-unmuted')]);
      await listener.seesMovingPictures(1);
    }
    await Promise.all([fay.hears('Cal'), cal.hears('Fay')]);
  });

  test('Firefox leaves: everything is released, and Chromium is told', async () => {
    const roomId = await server.createRoom({ quality: 'LD' });
    const fay = await join(firefox, roomId, 'Fay');
    const cal = await join(chromium, roomId, 'Cal');
    await Promise.all([fay.event('stream-published'), cal.talkers(['Fay'])]);
    const live = await fay.page.evaluate(async () => {
      const tracks = window.enx.room.state.localStream!.getTracks();
      await window.enx.disconnect();
      return tracks.filter(({ readyState }) => readyState === 'live').length;
    });
    assert.equal(live, 0);
    assert.deepEqual((await fay.eventNames()).slice(-2), ['room-disconnected', 'exit-room']);
    assert.equal((await cal.event<{ name: string }>('user-disconnected')).name, 'Fay');
    await cal.talkers([]);
  });
});
