import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BandwidthAlert } from '../../../server/src/media/worker/bandwidth-alert.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

const options = { fallMs: 2000, riseMs: 4000, margin: 1.1 };

/** Observes the same every 250 ms. @returns what was said, with the time it took */
function observe(alert: BandwidthAlert, available: number, fromMs: number, toMs: number): string[] {
  const said: string[] = [];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 250) {
    const word = alert.observe(available, 1000, nowMs);
    if (word) said.push(`${word} ${nowMs - fromMs}`);
  }
  return said;
}

test('enough from the beginning is nothing to speak of', () => {
  assert.deepEqual(observe(new BandwidthAlert(options), 1000, 0, 60_000), []);
});

test('shortage is told once, after it has lasted', () => {
  const alert = new BandwidthAlert(options);
  assert.deepEqual(observe(alert, 999, 0, 60_000), ['low 2000']);
  assert.equal(alert.isLow, true);
});

test('enough again is told once, after it has lasted longer', () => {
  const alert = new BandwidthAlert(options);
  observe(alert, 500, 0, 3000);
  assert.deepEqual(observe(alert, 1100, 10_000, 60_000), ['restored 4000']);
  assert.equal(alert.isLow, false);
});

test('just enough is not enough to be called restored', () => {
  const alert = new BandwidthAlert(options);
  observe(alert, 500, 0, 3000);
  assert.deepEqual(observe(alert, 1050, 10_000, 60_000), []);
});

test('an interruption of either begins anew', () => {
  const alert = new BandwidthAlert(options);
  observe(alert, 500, 0, 1750);
  assert.equal(alert.observe(2000, 1000, 1800), undefined);
  assert.deepEqual(observe(alert, 500, 2000, 10_000), ['low 2000']);
  observe(alert, 2000, 20_000, 23_750);
  assert.equal(alert.observe(1000, 1000, 23_800), undefined);
  assert.deepEqual(observe(alert, 2000, 24_000, 30_000), ['restored 4000']);
});

test('without any need there is no shortage, and one that was is over', () => {
  const alert = new BandwidthAlert(options);
  observe(alert, 500, 0, 3000);
  assert.equal(alert.observe(0, 0, 4000), undefined);
  assert.equal(alert.observe(0, 0, 8000), 'restored');
});

test('whatever comes, the two words alternate and begin with shortage', () => {
  const random = seededRandom(70);
  const alert = new BandwidthAlert(options);
  let expected = 'low';
  for (let nowMs = 0, level = 1000, count = 0; count < 50; nowMs += 250) {
    if (random() < 0.05) level = pick(random, 500, 1500);
    const word = alert.observe(level, 1000, nowMs);
    if (!word) continue;
    assert.equal(word, expected);
    expected = word === 'low' ? 'restored' : 'low';
    count += 1;
  }
});
