/** Calls whose signalling messages are doubled, overtake each other or get lost, tried for real. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Fate, ProxiedMessage } from '../helpers/fault-proxy.js';
import { type FaultPage, type FaultRoom, faultTests, openConnections, see } from '../helpers/fault-room.js';
import { SeededRandom } from '../helpers/seeded-random.js';

const { faultTest } = faultTests();

/** A whole call with everything in it, in which Ann's messages fare like this. */
async function call(room: FaultRoom, fate: (message: ProxiedMessage) => Fate): Promise<void> {
  const bob = await room.join('Bob');
  await bob.event('stream-published');
  const ann = await room.join('Ann', {}, (proxy) => (proxy.onMessage = fate));
  await see(ann, bob);
  await ann.event('stream-published');
  for (const text of ['one', 'two', 'three'])
    await ann.page.evaluate((said) => window.enx.sendMessage(said), text);
  await bob.page.waitForFunction(() => window.enx.room.state.messages.length >= 3);
  assert.deepEqual(await bob.page.evaluate(() => window.enx.room.state.messages.map(({ text }) => text)), [
    'one',
    'two',
    'three',
  ]);
  await ann.page.evaluate(() => window.enx.muteAudio());
  await bob.page.waitForFunction(() => window.enx.room.state.talkers[0]?.audio === false);
  await ann.page.evaluate(() => window.enx.unmuteAudio());
  await see(ann, bob);
  assert.deepEqual(await room.people(), ['Ann', 'Bob']);
  const names = await ann.eventNames();
  for (const [name, count] of [
    ['room-connected', 1],
    ['stream-published', 1],
    ['stream-unpublished', 0],
    ['connection-lost', 0],
    ['room-error', 0],
    ['event-error', 0],
  ] as const)
    assert.equal(names.filter((other) => other === name).length, count, `${name}: ${names.join()}`);
  assert.equal(await openConnections(ann), 3);
  const bobs = await bob.eventNames();
  assert.equal(bobs.filter((name) => name === 'user-connected').length, 1, bobs.join());
  assert.ok(!bobs.includes('user-disconnected') && !bobs.includes('event-error'), bobs.join());
}

/** Loses the first message that this is true of. */
const loseFirst = (is: (message: ProxiedMessage) => boolean): ((message: ProxiedMessage) => Fate) => {
  let isLost = false;
  return (message) => {
    if (isLost || !is(message)) return 'pass';
    isLost = true;
    return 'drop';
  };
};

describe('when messages', () => {
  faultTest('of the server come twice, once is enough', (room) =>
    call(room, ({ from }) => (from === 'server' ? 'double' : 'pass')),
  );

  faultTest('of the page come twice, once is enough', (room) =>
    // All but what asks for something new each time by the protocol: another stream, another connection.
    call(room, ({ from, text, name }) =>
      from === 'page' && text.startsWith('42') && name !== 'publish' && !text.includes('"type":"offer"')
        ? 'double'
        : 'pass',
    ),
  );

  faultTest('overtake each other, the call comes about all the same', async (room) => {
    const random = new SeededRandom(7);
    await call(room, ({ text }) => (/^4[23]/.test(text) && random.chance(0.25) ? 'late' : 'pass'));
  });

  faultTest('get lost on the way, it is tried again or said once', async (room) => {
    const bob = await room.join('Bob');
    await bob.event('stream-published');
    const join = (name: string, is: (message: ProxiedMessage) => boolean): Promise<FaultPage> =>
      room.join(name, {}, (proxy) => (proxy.onMessage = loseFirst(is)));
    // Acknowledgements are numbered from 0: the token's is the first.
    const tokenless = await join(
      'Tokenless',
      ({ from, text }) => from === 'server' && text.startsWith('430'),
    );
    const uninvited = await join('Uninvited', ({ name }) => name === 'room-connected');
    const unanswered = await join(
      'Unanswered',
      ({ name, text }) => name === 'media_engine_connecting' && text.includes('peerId'),
    );
    const unheard = await join('Unheard', ({ from, name }) => from === 'page' && name === 'subscribe');

    await uninvited.page.waitForFunction(
      () => window.enxEvents.some(({ name }) => name === 'room-error'),
      undefined,
      { timeout: 40_000 },
    );
    assert.equal(await uninvited.state(), 'disconnected');
    const names = (await uninvited.eventNames()).filter((name) => !name.startsWith('media-access'));
    assert.deepEqual(names, ['room-error']);
    // Who is let in has been accepted, whether or not that was heard.
    for (const page of [tokenless, unanswered, unheard]) {
      await page.page.waitForFunction(
        () => window.enx.room.state.talkers.some(({ name, stream }) => name === 'Bob' && stream),
        undefined,
        { timeout: 40_000 },
      );
      await page.page.waitForFunction(
        () =>
          window.enxConnections.filter(({ connectionState }) => connectionState === 'connected').length === 3,
        undefined,
        { timeout: 40_000 },
      );
      await page.seesMovingPictures(1);
      await page.hears('Bob');
      assert.equal(await page.state(), 'connected');
    }
    assert.equal(await bob.state(), 'connected');
  });
});
