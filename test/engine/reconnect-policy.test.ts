import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconnectDelay } from '../../src/engine/reconnect-policy.js';
import { SeededRandom } from '../helpers/seeded-random.js';

/** The delays of every attempt, without spread (`random` 0.5). */
const delays = (maxAttempts: number, intervalMs: number, random = 0.5): (number | undefined)[] =>
  Array.from({ length: maxAttempts + 1 }, (_, index) =>
    reconnectDelay({ attempt: index + 1, maxAttempts, intervalMs, random }),
  );

test('the first attempt follows almost at once, later ones back off up to the interval', () => {
  assert.deepEqual(delays(7, 10_000), [300, 1000, 2000, 4000, 8000, 10_000, 10_000, undefined]);
});

test('as many attempts are made as configured, and not one more', () => {
  assert.deepEqual(delays(1, 10_000), [300, undefined]);
  for (const maxAttempts of [1, 2, 3, 50]) {
    const all = delays(maxAttempts, 10_000);
    assert.equal(all.indexOf(undefined), maxAttempts);
  }
});

test('an interval shorter than the backoff bounds every wait, the first included', () => {
  assert.deepEqual(delays(4, 200), [200, 200, 200, 200, undefined]);
});

test('the spread stays within a fifth of the delay either way', () => {
  const random = new SeededRandom(7);
  let least = Infinity;
  let most = 0;
  for (let index = 0; index < 2000; index++) {
    const delay = reconnectDelay({ attempt: 4, maxAttempts: 9, intervalMs: 60_000, random: random.next() })!;
    assert.ok(delay >= 3200 && delay <= 4800, `${delay} ms`);
    assert.ok(Number.isInteger(delay));
    least = Math.min(least, delay);
    most = Math.max(most, delay);
  }
  assert.ok(least < 3300 && most > 4700, `spread from ${least} to ${most}`);
});

test('attempt numbers far beyond any counter still give a finite wait', () => {
  assert.equal(
    reconnectDelay({ attempt: 5000, maxAttempts: Number.MAX_SAFE_INTEGER, intervalMs: 20_000, random: 0.5 }),
    20_000,
  );
});
