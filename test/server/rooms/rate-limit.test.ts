import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimit } from '../../../server/src/signalling/rate-limit.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

const START = 1_750_000_000_000;

/** How many of so many attempts at the same moment get through. */
function take(limit: RateLimit, attempts: number, nowMs: number): number {
  let taken = 0;
  for (; attempts > 0; attempts--) taken += Number(limit.take(nowMs));
  return taken;
}

test('the burst goes through at once, the next one is too many', () => {
  const limit = new RateLimit(10, 5, START);
  assert.equal(take(limit, 5, START), 5);
  assert.equal(limit.take(START), false);
});

test('after a while one more goes through, and only one', () => {
  const limit = new RateLimit(10, 5, START);
  take(limit, 5, START);
  assert.equal(limit.take(START + 99), false);
  assert.equal(take(limit, 3, START + 101), 1);
});

test('parts of a token add up over many refused attempts', () => {
  const limit = new RateLimit(10, 1, START);
  limit.take(START);
  let taken = 0;
  for (let ms = 1; ms <= 1_005; ms++) taken += Number(limit.take(START + ms));
  assert.equal(taken, 10);
});

test('a long rest fills the bucket up to the burst and no further', () => {
  const limit = new RateLimit(10, 5, START);
  take(limit, 5, START);
  assert.equal(take(limit, 100, START + 3_600_000), 5);
});

test('refused attempts cost nothing', () => {
  const limit = new RateLimit(10, 5, START);
  take(limit, 1_000, START);
  assert.equal(take(limit, 100, START + 1_000), 5);
});

test('a sender that keeps to the rate is never refused', () => {
  const limit = new RateLimit(50, 5, START);
  for (let index = 0; index < 10_000; index++) assert.equal(limit.take(START + index * 20), true);
});

test('in the long run no more goes through than rate and burst allow, and no less', () => {
  const random = seededRandom(80);
  const limit = new RateLimit(20, 30, START);
  let nowMs = START;
  let taken = 0;
  while (nowMs < START + 60_000) {
    nowMs += pick(random, 0, 20);
    taken += Number(limit.take(nowMs));
  }
  const most = 30 + (20 * (nowMs - START)) / 1_000;
  assert.ok(taken <= most && taken > most - 2, `${taken} of ${most}`);
});
