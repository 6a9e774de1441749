/** Calls whose signalling breaks, tried for real: how they recover or end, and that nothing is left of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FAULT_TEST, faultTests, openConnections, see } from '../helpers/fault-room.js';
import { until } from '../helpers/patience.js';
import { startRoomServer } from '../helpers/room-server.js';

const { faultTest, inRoom } = faultTests();

describe('when signalling breaks', () => {
  faultTest('a cut is repaired; media never stops, and nobody else notices', async (room) => {
    const [ann, bob] = await room.pair();
    ann.proxy.cut();
    await ann.afterMark('user-reconnect-success');
    assert.deepEqual(await ann.eventsSinceMark(), ['connection-lost', 'reconnect', 'user-reconnect-success']);
    await see(ann, bob);
    assert.equal(await openConnections(ann), 3);
    assert.equal(await ann.page.evaluate(() => window.enxConnections.length), 3, 'the same ones as before');
    assert.deepEqual(await bob.eventsSinceMark(), []);
    assert.deepEqual(await room.people(), ['Ann', 'Bob']);
  });

  faultTest('cut again and again, it comes back each time as who it was', async (room) => {
    const [ann, bob] = await room.pair();
    const id = await ann.page.evaluate(() => window.enx.room.state.clientId);
    for (let time = 0; time < 4; time++) {
      await ann.mark();
      ann.proxy.cut();
      await ann.afterMark('user-reconnect-success');
    }
    assert.equal(await ann.page.evaluate(() => window.enx.room.state.clientId), id);
    await see(ann, bob);
    assert.deepEqual(await bob.eventsSinceMark(), []);
  });

  faultTest('a server that cannot be reached for a while is tried again until it can', async (room) => {
    const [ann, bob] = await room.pair();
    ann.proxy.refusing = true;
    ann.proxy.cut();
    await ann.page.waitForFunction(
      () => window.enxEvents.filter(({ name }) => name === 'reconnect').length >= 3,
    );
    ann.proxy.refusing = false;
    await ann.afterMark('user-reconnect-success');
    const events = await ann.eventsSinceMark();
    assert.equal(events[0], 'connection-lost');
    assert.deepEqual(new Set(events.slice(1, -1)), new Set(['reconnect']));
    assert.equal(events.at(-1), 'user-reconnect-success');
    const attempts = await ann.page.evaluate(() =>
      window.enxEvents
        .filter(({ name }) => name === 'reconnect')
        .map(({ detail }) => (detail as { attempt: number }).attempt),
    );
    assert.deepEqual(
      attempts,
      attempts.map((_, index) => index + 1),
    );
    await see(ann, bob);
    assert.deepEqual(await bob.eventsSinceMark(), []);
  });

  faultTest('a server that stays away is given up once, with everything released', async (room) => {
    const [ann, bob] = await room.pair({ 'number-of-attempts': '2' });
    ann.proxy.refusing = true;
    ann.proxy.cut();
    await ann.afterMark('exit-room');
    assert.deepEqual(
      (await ann.eventsSinceMark()).filter((name) => name !== 'stream-unpublished'),
      ['connection-lost', 'reconnect', 'reconnect', 'room-disconnected', 'exit-room'],
    );
    const end = await ann.event<{ reason: string; code: number }>('room-disconnected');
    assert.deepEqual([end.reason, end.code], ['reconnect-failed', 5074]);
    assert.equal(await ann.state(), 'disconnected');
    await ann.page.evaluate(() => window.enx.disconnect().catch(() => {}));
    // The others see her leave, once.
    await bob.afterMark('user-disconnected');
    assert.deepEqual(await bob.eventsSinceMark(), ['user-disconnected']);
  });

  faultTest(
    'what is frozen for a moment arrives late and in order, and nothing else happens',
    async (room) => {
      const [ann, bob] = await room.pair();
      ann.proxy.freeze();
      for (const verb of ['muteAudio', 'unmuteAudio', 'muteVideo'] as const) {
        // Not awaited: what it does at home is done at once, what it tells waits.
        await ann.page.evaluate((name) => void window.enx[name](), verb);
      }
      await delay(3000);
      assert.deepEqual(await bob.eventsSinceMark(), []);
      ann.proxy.thaw();
      await bob.afterMark('user-video-muted');
      assert.deepEqual(await bob.eventsSinceMark(), [
        'user-audio-muted',
        'user-audio-unmuted',
        'user-video-muted',
      ]);
      assert.deepEqual(await ann.eventsSinceMark(), []);
      assert.equal(await ann.state(), 'connected');
    },
  );

  faultTest('a connection that went dead is noticed when the network tells of a change', async (room) => {
    const [ann, bob] = await room.pair();
    // The old connection stays silent for ever, as after a change of network.
    ann.proxy.strand();
    await ann.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await ann.afterMark('user-reconnect-success');
    assert.deepEqual(await ann.eventsSinceMark(), [
      'connection-interrupted',
      'connection-lost',
      'reconnect',
      'user-reconnect-success',
    ]);
    await see(ann, bob);
    assert.deepEqual(await bob.eventsSinceMark(), []);
  });

  faultTest('slow signalling is only slow', async (room) => {
    const ann = await room.join('Ann', {}, (proxy) => (proxy.latencyMs = 400));
    const bob = await room.join('Bob');
    await see(ann, bob);
    await ann.event('stream-published');
    const names = await ann.eventNames();
    assert.equal(names.filter((name) => name === 'room-connected').length, 1);
    assert.ok(!names.includes('connection-lost') && !names.includes('event-error'), names.join());
  });

  faultTest('a browser that goes offline comes back by itself', async (room) => {
    const [ann, bob] = await room.pair();
    await ann.page.context().setOffline(true);
    await ann.afterMark('connection-lost');
    await ann.afterMark('reconnect');
    await ann.page.context().setOffline(false);
    await ann.afterMark('user-reconnect-success');
    const events = (await ann.eventsSinceMark()).filter((name) => name !== 'connection-interrupted');
    assert.equal(events[0], 'connection-lost');
    assert.deepEqual(new Set(events.slice(1, -1)), new Set(['reconnect']));
    assert.equal(events.at(-1), 'user-reconnect-success');
    await see(ann, bob);
    assert.deepEqual(await bob.eventsSinceMark(), []);
  });

  test('a page that stands still for 30 seconds goes on afterwards', FAULT_TEST, async () => {
    // The server takes up to 18 s to notice, and waits for the person after that.
    const patient = await startRoomServer({ graceSeconds: 60 });
    try {
      await inRoom(patient, async (room) => {
        const [ann, bob] = await room.pair();
        await ann.page.evaluate(() => {
          const end = performance.now() + 30_000;
          while (performance.now() < end);
        });
        await ann.page.waitForFunction(() => window.enx.state === 'connected');
        await see(ann, bob);
        const events = (await ann.eventsSinceMark()).filter((name) => name !== 'connection-interrupted');
        assert.deepEqual(events.slice(0, 1), ['connection-lost']);
        assert.ok(events.includes('user-reconnect-success'), events.join());
        for (const never of ['room-disconnected', 'exit-room', 'room-error'])
          assert.ok(!events.includes(never), events.join());
        assert.deepEqual(await bob.eventsSinceMark(), []);
      });
    } finally {
      await patient.close();
    }
  });

  faultTest('a tab that is closed while it joins leaves nobody behind', async (room) => {
    const bob = await room.join('Bob');
    await bob.event('stream-published');
    await bob.mark();
    for (const afterMs of [0, 30, 80, 200, 400]) {
      const ann = await room.join('Ann');
      await delay(afterMs);
      await ann.page.close();
    }
    const alone = await until(
      'nobody but one to be there',
      () => room.people(),
      (names) => names.length <= 1,
      40_000,
    );
    assert.deepEqual(alone, ['Bob']);
    assert.equal(await bob.state(), 'connected');
    const came = (await bob.eventsSinceMark()).filter((name) => name === 'user-connected').length;
    await bob.page.waitForFunction(
      (count) => window.enxEvents.filter(({ name }) => name === 'user-disconnected').length === count,
      came,
    );
    await bob.talkers([]);
  });
});
