/** Firefox and Chromium in one room: real server, real browsers, real media. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchFirefox, noFirefox } from '../helpers/firefox.js';
import { roomCalls } from '../helpers/room-calls.js';
import type { RoomPage } from '../helpers/room-page.js';

describe('Firefox and Chromium in one room', { skip: noFirefox }, () => {
  let firefox: Browser;
  before(async () => {
    firefox = await launchFirefox();
  });
  after(() => firefox?.close());
  const { join, room } = roomCalls();
  const joinWithFirefox = (roomId: string, name: string) => join(roomId, name, {}, { browser: firefox });

  for (const first of ['Firefox', 'Chromium'] as const) {
    test(`they see and hear each other when ${first} comes first`, async () => {
      const roomId = await room();
      const people = first === 'Firefox' ? (['Fay', 'Cal'] as const) : (['Cal', 'Fay'] as const);
      const joined: Partial<Record<'Fay' | 'Cal', RoomPage>> = {};
      for (const name of people) joined[name] = await (name === 'Fay' ? joinWithFirefox : join)(roomId, name);
      const { Fay: fay, Cal: cal } = joined as Record<'Fay' | 'Cal', RoomPage>;
      await Promise.all([fay.talkers(['Cal']), cal.talkers(['Fay'])]);
      await Promise.all([fay.seesMovingPictures(1), cal.seesMovingPictures(1)]);
      await Promise.all([fay.hears('Cal'), cal.hears('Fay')]);
    });
  }

  test('they chat both ways and learn of each other’s mutes', async () => {
    const roomId = await room();
    const fay = await joinWithFirefox(roomId, 'Fay');
    const cal = await join(roomId, 'Cal');
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
    const roomId = await room();
    const fay = await joinWithFirefox(roomId, 'Fay');
    const cal = await join(roomId, 'Cal');
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
