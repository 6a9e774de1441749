/** Calls whose media or server breaks, tried for real: how they recover, and that nothing is left of it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  FAULT_TEST,
  type FaultPage,
  type FaultRoom,
  type FaultServer,
  faultTests,
  openConnections,
  see,
} from '../helpers/fault-room.js';
import { freeUdpPort } from '../helpers/room-server.js';
import { freeTcpPort, startServerProcess } from '../helpers/server-process.js';
import { UdpProxy } from '../helpers/udp-proxy.js';

const mediaPort = await freeUdpPort();
const faults = faultTests({ mediaPort, publicAddress: '127.0.0.1' });
const { faultTest } = faults;

/** Ann's media goes through a UDP proxy, Bob's does not. */
async function overUdpProxy(
  room: FaultRoom,
  run: (ann: FaultPage, bob: FaultPage, udp: UdpProxy) => Promise<void>,
): Promise<void> {
  const udp = await UdpProxy.open(mediaPort);
  try {
    const ann = await room.join('Ann', {}, (proxy) => {
      proxy.onMessage = ({ name, text }) =>
        name === 'media_engine_connecting' ? { text: udp.rewrite(text) } : 'pass';
    });
    const bob = await room.join('Bob');
    await see(ann, bob);
    await Promise.all([ann.event('stream-published'), bob.event('stream-published')]);
    assert.ok(udp.passed > 50, 'media goes through the proxy');
    await Promise.all([ann.mark(), bob.mark()]);
    await run(ann, bob, udp);
  } finally {
    udp.close();
  }
}

describe('when media breaks', () => {
  faultTest('a loss of 10 % costs neither sound nor pictures nor the connection', (room) =>
    overUdpProxy(room, async (ann, bob, udp) => {
      udp.loss = 0.1;
      const before = { ...udp };
      for (let time = 0; time < 3; time++) {
        await see(ann, bob);
        await delay(1000);
      }
      assert.ok(udp.lost > before.lost + 20, 'packets were lost');
      assert.deepEqual(await ann.eventsSinceMark(), []);
      assert.deepEqual(await bob.eventsSinceMark(), []);
      assert.equal(await openConnections(ann), 3);
      udp.loss = 0;
    }),
  );

  faultTest('a blackout of several seconds is over when it is over', (room) =>
    overUdpProxy(room, async (ann, bob, udp) => {
      udp.blackout = true;
      await delay(6000);
      // What was said meanwhile is not lost.
      await ann.page.evaluate(() => window.enx.sendMessage('said in the dark'));
      udp.blackout = false;
      await see(ann, bob);
      assert.equal((await bob.event<{ message: string }>('message-received')).message, 'said in the dark');
      assert.equal(await ann.state(), 'connected');
      assert.deepEqual(await ann.eventsSinceMark(), []);
      assert.deepEqual(await bob.eventsSinceMark(), ['message-received']);
      assert.equal(await openConnections(ann), 3);
    }),
  );

  faultTest('a dead media worker is replaced; everybody publishes anew and nobody leaves', async (room) => {
    const [ann, bob] = await room.pair();
    const [worker] = faults.server.server.workerPids;
    process.kill(worker!, 'SIGKILL');
    await Promise.all([ann, bob].map((page) => page.afterMark('stream-unpublished')));
    await Promise.all([ann, bob].map((page) => page.afterMark('stream-published')));
    await see(ann, bob);
    for (const page of [ann, bob]) {
      assert.deepEqual(await page.eventsSinceMark(), ['stream-unpublished', 'stream-published']);
      assert.equal(await openConnections(page), 3);
    }
    await ann.page.evaluate(() => window.enx.sendMessage('still here'));
    assert.equal((await bob.event<{ message: string }>('message-received')).message, 'still here');
  });

  faultTest('a connection that the browser closes by itself is rebuilt alone', async (room) => {
    const [ann, bob] = await room.pair();
    // As when a browser loses its network process: the transport fails without a word from the server.
    await ann.page.evaluate(() => {
      for (const pc of [...window.enxConnections]) {
        Object.defineProperty(pc, 'connectionState', { value: 'failed', configurable: true });
        pc.dispatchEvent(new Event('connectionstatechange'));
      }
    });
    await ann.afterMark('stream-published');
    await see(ann, bob);
    assert.deepEqual(await ann.eventsSinceMark(), ['stream-unpublished', 'stream-published']);
    assert.deepEqual(await bob.eventsSinceMark(), []);
    assert.equal(await openConnections(ann), 3);
  });
});

describe('when the server dies', () => {
  test('killed and started again, it finds everybody back in the same call', FAULT_TEST, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'enx-room-fault-'));
    const port = await freeTcpPort();
    const place = { port, mediaPort: await freeUdpPort(), dataDir };
    let running = await startServerProcess(place, '--demo');
    const url = `http://127.0.0.1:${port}`;
    const demo: FaultServer = {
      url,
      createRoom: () => Promise.resolve('restarted'),
      createToken: async (room, { name }, via = url) =>
        ((await (await fetch(`${via}/demo/token?room=${room}&name=${name}`)).json()) as { token: string })
          .token,
      people: () => Promise.reject(new Error('the demo has no lists')),
    };
    try {
      await faults.inRoom(demo, async (room) => {
        const [ann, bob] = await room.pair({ 'number-of-attempts': '30' });
        await ann.page.evaluate(() => window.enx.muteAudio());
        await running.stop('SIGKILL');
        await ann.afterMark('reconnect');
        running = await startServerProcess(place, '--demo');
        await Promise.all([ann, bob].map((page) => page.afterMark('user-reconnect-success')));
        await Promise.all([ann, bob].map((page) => page.afterMark('stream-published')));
        await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
        await bob.page.waitForFunction(() => window.enx.room.state.talkers[0]?.audio === false);
        await ann.page.evaluate(() => window.enx.unmuteAudio());
        await see(ann, bob);
        for (const page of [ann, bob]) {
          const events = await page.eventsSinceMark();
          const own = events.filter((name) => !/^user-(dis)?connected$|^user-(audio|video)-/.test(name));
          assert.deepEqual(
            own.filter((name) => name !== 'reconnect'),
            ['connection-lost', 'stream-unpublished', 'user-reconnect-success', 'stream-published'],
          );
          assert.equal(await openConnections(page), 3);
        }
      });
    } finally {
      await running.stop('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
