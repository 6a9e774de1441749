/** Which packets are sent again to a receiver that asks over and over. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { ResendLimit } from '../../../server/src/media/worker/resend-limit.js';

let limit: ResendLimit;

describe('what is sent again', () => {
  beforeEach(() => {
    limit = new ResendLimit();
  });

  test('a packet that was just sent again is on its way: one copy for each round trip', () => {
    const allowed = Array.from({ length: 100 }, (_, index) => index * 20).filter((nowMs) =>
      limit.allows(7, 1000, 300, nowMs),
    );
    assert.deepEqual(allowed, [0, 300, 600, 900, 1200, 1500, 1800]);
  });

  test('other packets are not held up by it', () => {
    assert.ok(limit.allows(1, 1000, 300, 0));
    assert.ok(limit.allows(2, 1000, 300, 0));
  });

  test('a whole key frame can be had at once', () => {
    for (let sequence = 0; sequence < 45; sequence++) assert.ok(limit.allows(sequence, 1200, 100, 0));
  });

  test('in the long run it is at most half of what is new', () => {
    let fresh = 0;
    let again = 0;
    for (let step = 0; step < 10_000; step++) {
      limit.sent(1200);
      fresh += 1200;
      for (let index = 0; index < 3; index++) {
        if (limit.allows((step * 3 + index) % 0x10000, 1200, 100, step * 10)) again += 1200;
      }
    }
    assert.ok(again > fresh * 0.45 && again < fresh * 0.55 + 60_000, `${again} of ${fresh}`);
  });
});
