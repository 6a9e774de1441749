import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstAttemptDelay, spread } from '../../src/engine/reconnect-policy.js';
import { SeededRandom } from '../helpers/seeded-random.js';

test('the first attempt follows almost at once', () => {
  assert.equal(firstAttemptDelay(10_000, 0.5), 300);
});

test('an interval shorter than that bounds the first wait too', () => {
  assert.equal(firstAttemptDelay(200, 0.5), 200);
});

test('the spread stays within a tenth of the delay either way', () => {
  const random = new SeededRandom(7);
  let least = Infinity;
  let most = 0;
  for (let index = 0; index < 2000; index++) {
    const delay = spread(4000, random.next());
    assert.ok(delay >= 3600 && delay <= 4400, `${delay} ms`);
    assert.ok(Number.isInteger(delay));
    least = Math.min(least, delay);
    most = Math.max(most, delay);
  }
  assert.ok(least < 3650 && most > 4350, `spread from ${least} to ${most}`);
});
