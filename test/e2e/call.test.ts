/** Calls between `<enx-room>` elements: real server, real Chromium, real media. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PATIENCE_MS, until } from '../helpers/patience.js';
import { roomCalls } from '../helpers/room-calls.js';
import { seeAndHear } from '../helpers/room-page.js';
import { startRoomServer } from '../helpers/room-server.js';

const calls = roomCalls();
const { join, pages, room } = calls;

describe('a call', () => {
  test('two people see and hear each other', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await seeAndHear(ann, bob);
  });

  test('each event tells what the state already shows, in causal order', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const connected = await ann.event<{ room: { id: string }; me: { name: string }; users: unknown[] }>(
      'room-connected',
    );
    assert.equal(connected.room.id, roomId);
    assert.equal(connected.me.name, 'Ann');
    assert.equal(connected.users.length, 1);
    await ann.event('stream-published');
    const bob = await join(roomId, 'Bob');
    assert.equal((await ann.event<{ name: string }>('user-connected')).name, 'Bob');
    await bob.event('stream-published');
    await ann.talkers(['Bob']);
    const names = await ann.eventNames();
    const order = ['room-connected', 'stream-published', 'user-connected'].map((name) => names.indexOf(name));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
      `in order: ${names.join()}`,
    );
    const states = await ann.page.evaluate(() =>
      window.enxEvents.map(({ name, state }) => `${name} ${state}`),
    );
    assert.ok(states.includes('room-connected connected'));
  });

  test('three people all see each other, and a late joiner sees who is there', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
    const cid = await join(roomId, 'Cid');
    await cid.talkers(['Ann', 'Bob']);
    await Promise.all([ann.seesMovingPictures(2), bob.seesMovingPictures(2), cid.seesMovingPictures(2)]);
  });

  test('with more people than slots, the one who speaks gets the slot', async () => {
    const roomId = await room({ max_active_talkers: 1 });
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob', { 'audio-muted': '' });
    const cid = await join(roomId, 'Cid', { 'audio-muted': '' });
    await Promise.all([bob.event('stream-published'), cid.event('stream-published')]);
    await Promise.all([bob.talkers(['Ann']), cid.talkers(['Ann'])]);
    await cid.seesMovingPictures(1);
    // Ann falls silent and Bob begins to speak.
    await ann.page.evaluate(() => window.enx.muteAudio());
    await bob.page.evaluate(() => window.enx.unmuteAudio());
    await Promise.all([cid.talkers(['Bob']), ann.talkers(['Bob'])]);
    await Promise.all([cid.seesMovingPictures(1), ann.seesMovingPictures(1)]);
    await cid.hears('Bob');
  });

  test('muting is seen by the others and sends nothing more', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await Promise.all([ann.seesMovingPictures(1), bob.talkers(['Ann'])]);
    await bob.page.evaluate(() => Promise.all([window.enx.muteVideo(), window.enx.muteAudio()]));
    assert.ok((await ann.event<{ clientId: string }>('user-video-muted')).clientId);
    await ann.event('user-audio-muted');
    await ann.page.waitForFunction(() => {
      const [bob] = window.enx.room.state.talkers;
      return bob && !bob.audio && !bob.video;
    });
    await bob.page.evaluate(() => Promise.all([window.enx.unmuteVideo(), window.enx.unmuteAudio()]));
    await ann.event('user-video-unmuted');
    await ann.event('user-audio-unmuted');
    await ann.seesMovingPictures(1);
    await ann.hears('Bob');
  });

  test('chat goes both ways, in order, as text', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await Promise.all([ann.event('user-connected'), bob.event('room-connected')]);
    const texts = ['one', '<b>two</b>', 'three 😀 ünï', '4'.repeat(3000)];
    for (const text of texts) await bob.page.evaluate((said) => window.enx.sendMessage(said), text);
    await ann.page.waitForFunction((count) => window.enx.room.state.messages.length === count, texts.length);
    assert.deepEqual(
      await ann.page.evaluate(() => window.enx.room.state.messages.map(({ text }) => text)),
      texts,
    );
    const received = await ann.event<{ from: string; message: string; broadcast: boolean }>(
      'message-received',
    );
    assert.deepEqual([received.from, received.message, received.broadcast], ['Bob', 'one', true]);
    // Nobody gets an echo of their own words.
    assert.ok(!(await bob.eventNames()).includes('message-received'));
  });

  test('leaving releases everything, tells the others, and ends with exit-room', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await ann.talkers(['Bob']);
    const ended = await bob.page.evaluate(async () => {
      const tracks = window.enx.room.state.localStream!.getTracks();
      const first = window.enx.disconnect();
      const second = await window.enx.disconnect().catch((error: { code: number }) => error.code);
      await first;
      const third = await window.enx.disconnect().catch((error: { code: number }) => error.code);
      return { second, third, live: tracks.filter(({ readyState }) => readyState === 'live').length };
    });
    assert.deepEqual(ended, { second: 5031, third: 5032, live: 0 });
    const names = await bob.eventNames();
    assert.deepEqual(names.slice(-2), ['room-disconnected', 'exit-room']);
    assert.equal((await bob.event<{ reason: string }>('room-disconnected')).reason, 'left');
    assert.equal((await bob.event<{ reason: number }>('exit-room')).reason, 0);
    assert.equal((await ann.event<{ name: string }>('user-disconnected')).name, 'Bob');
    await ann.talkers([]);
    assert.deepEqual(await calls.server.people(roomId), ['Ann']);
  });

  test('closing the tab ends the session at the server within a second', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await Promise.all([ann.event('user-connected'), bob.event('stream-published')]);
    await bob.page.close();
    await until(
      'Bob to be gone',
      () => calls.server.people(roomId),
      (names) => !names.includes('Bob'),
      1000,
    );
  });

  test('removing the element ends the session at the server within a second and stops every track', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    await ann.event('stream-published');
    await ann.page.evaluate(() => {
      Object.assign(window, { tracks: window.enx.room.state.localStream!.getTracks() });
      window.enx.remove();
    });
    await until(
      'Ann to be gone',
      () => calls.server.people(roomId),
      (names) => names.length === 0,
      1000,
    );
    await ann.page.waitForFunction(() =>
      (window as unknown as { tracks: MediaStreamTrack[] }).tracks.every(
        ({ readyState }) => readyState === 'ended',
      ),
    );
  });

  test('moving the element in the page changes nothing for anybody', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
    await bob.page.evaluate(() => {
      const elsewhere = document.createElement('section');
      document.body.append(elsewhere);
      window.enx.remove();
      elsewhere.append(window.enx);
    });
    await bob.seesMovingPictures(1);
    assert.equal(await bob.state(), 'connected');
    assert.ok(!(await ann.eventNames()).includes('user-disconnected'));
  });

  test('an element that is removed while it joins leaves nobody behind', async () => {
    const roomId = await room();
    for (const delayMs of [0, 20, 60, 120, 250]) {
      const page = await join(roomId, `Ann ${delayMs}`);
      await page.page.evaluate(async (ms) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        window.enx.remove();
      }, delayMs);
      await page.page.waitForFunction(() => ['idle', 'disconnected'].includes(window.enx.state));
      await until(
        'nobody to be left',
        () => calls.server.people(roomId),
        (names) => names.length === 0,
        2000,
      );
      await page.page.waitForFunction(() => window.enx.room.state.localStream === undefined);
    }
  });

  test('people without camera or microphone join with what there is, and are told', async () => {
    const roomId = await room();
    const ann = await join(
      roomId,
      'Ann',
      {},
      {
        before: (page) =>
          page.addInitScript(() => {
            const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = (constraints) =>
              constraints?.video
                ? Promise.reject(new DOMException('in use', 'NotReadableError'))
                : original(constraints);
          }),
      },
    );
    const denied = await ann.event<{ type: string; name: string; msg: string }>('media-access-denied');
    assert.deepEqual([denied.type, denied.name], ['video', 'device-in-use']);
    assert.match(denied.msg, /camera is used by another app/);
    await ann.event('stream-published');
    const bob = await join(roomId, 'Bob');
    await bob.talkers(['Ann']);
    await bob.hears('Ann');
    await ann.page.waitForFunction(() =>
      window.enx.shadowRoot!.querySelector('.notice')?.textContent.includes('camera'),
    );
  });

  test('a token works once', async () => {
    const roomId = await room();
    const token = await calls.server.createToken(roomId, { name: 'Ann' });
    const first = await pages.open({ token });
    await first.event('room-connected');
    const second = await pages.open({ token });
    assert.equal((await second.event<{ name: string }>('room-error')).name, 'token-used');
    assert.equal(await first.state(), 'connected');
  });

  test('a strict content policy is kept', async () => {
    const roomId = await room();
    const violations: string[] = [];
    const ann = await join(
      roomId,
      'Ann',
      {},
      {
        path: '/strict',
        before: async (page) => {
          page.on('console', (message) => {
            if (message.text().includes('Content Security Policy')) violations.push(message.text());
          });
        },
      },
    );
    const bob = await join(roomId, 'Bob');
    await bob.event('stream-published');
    await ann.seesMovingPictures(1);
    await ann.page.evaluate(() =>
      window.enx
        .shadowRoot!.querySelector('enx-toolbar')!
        .shadowRoot!.querySelector<HTMLElement>('button.chat')!
        .click(),
    );
    await ann.page.waitForFunction(() => window.enx.shadowRoot!.querySelector('enx-chat'));
    assert.deepEqual(violations, []);
  });
});

describe('when something ends or breaks', () => {
  test('a server that stops is the end for who does not want to come back, and nothing is left running', async () => {
    const own = await startRoomServer();
    const roomId = await own.createRoom({ quality: 'LD' });
    const page = await pages.open({
      token: await own.createToken(roomId, { name: 'Ann' }),
      'allow-reconnect': 'false',
    });
    await page.event('stream-published');
    await own.close();
    const { reason, code } = await page.event<{ reason: string; code: number }>('room-disconnected');
    assert.deepEqual([reason, code], ['network', 1163]);
    assert.deepEqual((await page.eventNames()).slice(-2), ['room-disconnected', 'exit-room']);
    assert.equal(await page.state(), 'disconnected');
  });

  test(
    'a media worker that dies is replaced, and the call goes on',
    { timeout: 4 * PATIENCE_MS },
    async () => {
      const roomId = await room();
      const ann = await join(roomId, 'Ann');
      const bob = await join(roomId, 'Bob');
      await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
      const [worker] = calls.server.server.workerPids;
      process.kill(worker!, 'SIGKILL');
      await until(
        'another worker',
        () => calls.server.server.workerPids,
        (pids) => !pids.includes(worker!),
        5000,
      );
      // Gone first, so that what is seen afterwards is new.
      await Promise.all([ann.event('stream-unpublished'), bob.event('stream-unpublished')]);
      await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
      await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
      await ann.hears('Bob');
      await ann.page.evaluate(() => window.enx.sendMessage('still here'));
      assert.equal((await bob.event<{ message: string }>('message-received')).message, 'still here');
      assert.equal(await ann.state(), 'connected');
    },
  );
});
