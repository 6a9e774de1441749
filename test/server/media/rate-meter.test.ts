import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateMeter } from '../../../server/src/media/rtp/rate-meter.js';

/** @returns the time after it */
function send(meter: RateMeter, bps: number, fromMs: number, ms: number, stepMs = 20): number {
  for (let nowMs = fromMs; nowMs < fromMs + ms; nowMs += stepMs) meter.add((bps * stepMs) / 8000, nowMs);
  return fromMs + ms;
}

test('before anything came the rate is nothing', () => {
  assert.equal(new RateMeter().bps(1_000_000), 0);
});

test('a steady rate is measured from the first half second on', () => {
  const meter = new RateMeter();
  let nowMs = 1_750_000_000_017;
  for (let step = 0; step < 20; step++) {
    nowMs = send(meter, 1_000_000, nowMs, 500);
    const bps = meter.bps(nowMs);
    assert.ok(Math.abs(bps - 1_000_000) < 80_000, `${bps} after ${(step + 1) / 2} s`);
  }
});

test('a change shows after two seconds, an end as well', () => {
  const meter = new RateMeter();
  let nowMs = send(meter, 1_000_000, 5000, 5000);
  nowMs = send(meter, 200_000, nowMs, 2100);
  assert.ok(Math.abs(meter.bps(nowMs) - 200_000) < 20_000);
  assert.equal(meter.bps(nowMs + 2100), 0);
});

test('a long pause leaves nothing behind', () => {
  const meter = new RateMeter();
  const nowMs = send(meter, 1_000_000, 5000, 5000);
  meter.add(100, nowMs + 60_000);
  assert.ok(meter.bps(nowMs + 60_000) < 1000);
});
