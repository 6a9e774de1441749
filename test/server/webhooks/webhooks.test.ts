/** Webhooks against a real receiver, without rooms. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import type { RoomEvent } from '../../../server/src/rooms/attendance.js';
import { MAX_ATTEMPTS, retryDelayMs } from '../../../server/src/webhooks/retry-policy.js';
import { Webhooks } from '../../../server/src/webhooks/webhooks.js';
import { isGenuine, receiveWebhooks, status, type WebhookReceiver } from '../../helpers/webhook-receiver.js';

const SECRET = 'shared-secret-0123456789';
const START = 1_750_000_000_000;

let receiver: WebhookReceiver;
let webhooks: Webhooks;
let log: string[];

beforeEach(async () => {
  receiver = await receiveWebhooks();
  log = [];
  webhooks = deliver(receiver.url);
});

afterEach(async () => {
  await webhooks.close();
  await receiver.close();
});

function deliver(url: string): Webhooks {
  const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
  return new Webhooks({ url, secret: SECRET, appId: 'app-1', logger });
}

let count = 0;
const joined = (roomId: string, name = `person ${count++}`): RoomEvent => ({
  kind: 'joined',
  roomId,
  sessionId: 'session-1',
  at: START,
  user: { clientId: name, name, role: 'participant', user_ref: `${name}-ref` },
});
const names = (roomId?: string) =>
  receiver.requests
    .filter(({ event }) => !roomId || event.room_id === roomId)
    .map(({ event }) => event.user.name);

describe('an event', () => {
  test('has the published fields and says whom it is about', async () => {
    webhooks.send(joined('room-1', 'Zoë ✓'));
    webhooks.send({ kind: 'started', roomId: 'room-2', sessionId: 's', at: START });
    webhooks.send({
      kind: 'ended',
      roomId: 'room-3',
      sessionId: 's',
      at: START,
      reason: 'dismissed',
      durationMs: 61_400,
    });
    const requests = await receiver.until(3);
    const of = (room: string) => requests.find(({ event }) => event.room_id === room)!;
    const { event_id: id, ...event } = of('room-1').event;
    assert.match(id, /./);
    assert.deepEqual(event, {
      type: 'participant-joined',
      trans_date: 1_750_000_000,
      app_id: 'app-1',
      room_id: 'room-1',
      conf_num: 'room-1',
      session_id: 'session-1',
      user: { clientId: 'Zoë ✓', name: 'Zoë ✓', role: 'participant', user_ref: 'Zoë ✓-ref' },
    });
    assert.equal(of('room-1').headers['content-type'], 'application/json');
    assert.equal(of('room-2').event.type, 'session-started');
    const { type, reason, duration } = of('room-3').event;
    assert.deepEqual([type, reason, duration], ['roomdrop', 'dismissed', 61]);
  });

  test('is signed, and the signature holds for nothing else', async () => {
    webhooks.send(joined('room-1', 'Zoë ✓'));
    const [{ headers, body }] = (await receiver.until(1)) as [WebhookReceiver['requests'][0]];
    assert.ok(isGenuine(SECRET, headers, body));
    assert.ok(!isGenuine(`${SECRET}x`, headers, body));
    assert.ok(!isGenuine(SECRET, headers, body.replace('joined', 'left')));
    const later = String(Number(headers['x-enx-timestamp']) + 1);
    assert.ok(!isGenuine(SECRET, { ...headers, 'x-enx-timestamp': later }, body));
    assert.ok(!isGenuine(SECRET, {}, body));
    assert.ok(!isGenuine(SECRET, headers, body, Date.now() / 1000 + 600), 'replayed');
  });

  test('carries user and password of the address as HTTP Basic', async () => {
    const other = deliver(receiver.url.replace('//', '//app:p%40ss@'));
    other.send(joined('room-1'));
    const [{ headers }] = (await receiver.until(1)) as [WebhookReceiver['requests'][0]];
    assert.equal(headers.authorization, `Basic ${Buffer.from('app:p@ss').toString('base64')}`);
    await other.close();
  });
});

describe('delivery', () => {
  test('is in order for a room, however the receiver stumbles', async () => {
    receiver.next.push(status(500), (response) => response.destroy(), status(301));
    for (const name of ['one', 'two', 'three']) webhooks.send(joined('room-1', name));
    await receiver.until(6);
    assert.deepEqual(names(), ['one', 'one', 'one', 'one', 'two', 'three']);
    const ids = new Set(receiver.requests.map(({ event }) => event.event_id));
    assert.equal(ids.size, 3, 'an attempt more is the same event');
    await webhooks.close();
    assert.deepEqual(webhooks.counts, { delivered: 3, failed: 0, dropped: 0 });
  });

  test('of one room does not wait for another', async () => {
    let release: (() => void) | undefined;
    receiver.next.push((response) => (release = () => response.end()));
    webhooks.send(joined('slow'));
    await receiver.until(1);
    webhooks.send(joined('quick'));
    webhooks.send(joined('quick'));
    await receiver.until(3);
    assert.deepEqual([names('quick').length, names('slow').length], [2, 1]);
    release!();
  });

  test('asks for a few at a time only', async () => {
    const held: (() => void)[] = [];
    for (let index = 0; index < 8; index++) receiver.next.push((response) => held.push(() => response.end()));
    for (let index = 0; index < 12; index++) webhooks.send(joined(`room-${index}`));
    await receiver.until(8);
    assert.equal(webhooks.waiting, 12);
    held.shift()!();
    await receiver.until(9);
    for (const release of held) release();
    await receiver.until(12);
  });

  test('takes no more than it can hold, and says so in the log', async () => {
    receiver.next.push(() => {});
    for (let index = 0; index < 10_500; index++) webhooks.send(joined('room-1', 'x'));
    assert.equal(webhooks.waiting, 10_000);
    assert.equal(webhooks.counts.dropped, 500);
    assert.equal(log.filter((line) => line.includes('dropped')).length, 1);
    await receiver.close();
    await webhooks.close();
  });

  test('nothing secret is logged', async () => {
    const other = deliver(receiver.url.replace('//', '//app:password@'));
    receiver.next.push(status(503));
    other.send(joined('room-1', 'Private Name'));
    await receiver.until(2);
    await other.close();
    const text = log.join('');
    assert.match(text, /status 503/);
    for (const secret of [SECRET, 'password', 'Private Name', '/hook'])
      assert.ok(!text.includes(secret), secret);
  });
});

describe('closing', () => {
  test('delivers what is left, also what was waiting for another attempt', async () => {
    receiver.next.push(status(500));
    webhooks.send(joined('room-1', 'one'));
    webhooks.send(joined('room-1', 'two'));
    await receiver.until(1);
    await webhooks.close();
    assert.deepEqual(names(), ['one', 'one', 'two']);
    assert.equal(webhooks.waiting, 0);
    webhooks.send(joined('room-1', 'late'));
    assert.equal(webhooks.waiting, 0);
  });

  test('does not wait for ever for a receiver that never answers', async () => {
    receiver.next.push(() => {});
    webhooks.send(joined('room-1'));
    await receiver.until(1);
    await webhooks.close();
    assert.equal(webhooks.waiting, 1);
    assert.ok(log.some((line) => line.includes('not delivered')));
  });

  test('is quick when nobody is there', async () => {
    const nobody = deliver('http://127.0.0.1:9/');
    for (let index = 0; index < 5; index++) nobody.send(joined(`room-${index}`));
    await nobody.close();
    assert.deepEqual([nobody.waiting, nobody.counts.failed], [0, 5]);
  });
});

test('attempts are further and further apart, with some chance, and end', () => {
  const delays = (random: number) =>
    Array.from({ length: MAX_ATTEMPTS }, (_, index) => retryDelayMs(index + 1, random));
  assert.equal(delays(0).at(-1), undefined);
  for (const random of [0, 0.5, 1]) {
    const known = delays(random).slice(0, -1) as number[];
    known.reduce((before, now) => (assert.ok(now > before), now));
    assert.ok(known.every((delay) => delay >= 300 && delay <= 60_000));
  }
  assert.ok(delays(0)[0]! < delays(1)[0]!);
});
