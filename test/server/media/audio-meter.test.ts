import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AudioMeter } from '../../../server/src/media/rtp/audio-meter.js';

const START = 1_750_000_000_000;

/** One packet every 20 ms with this attenuation; returns the time of the last one. */
function play(meter: AudioMeter, fromMs: number, packets: number, attenuation: number): number {
  for (let index = 0; index < packets; index++) meter.packet(attenuation, fromMs + index * 20);
  return fromMs + (packets - 1) * 20;
}

test('before the first packet there is silence', () => {
  assert.equal(new AudioMeter().levelDbov(START), AudioMeter.SILENCE_DBOV);
});

test('a steady level is what the meter shows after a second', () => {
  const meter = new AudioMeter();
  const now = play(meter, START, 50, 30);
  assert.ok(Math.abs(meter.levelDbov(now) + 30) < 1, String(meter.levelDbov(now)));
});

test('the voice-activity bit is not part of the level', () => {
  const [plain, flagged] = [new AudioMeter(), new AudioMeter()];
  const now = play(plain, START, 20, 30);
  play(flagged, START, 20, 0x80 | 30);
  assert.equal(flagged.levelDbov(now), plain.levelDbov(now));
});

test('one loud packet is not speech yet', () => {
  const meter = new AudioMeter();
  meter.packet(0, START);
  assert.ok(meter.levelDbov(START) < -90);
});

test('a first word of 120 ms shows as speech', () => {
  const meter = new AudioMeter();
  const now = play(meter, START, 6, 30);
  assert.ok(meter.levelDbov(now) > -50, String(meter.levelDbov(now)));
});

test('a gap of 100 ms between words does not show', () => {
  const meter = new AudioMeter();
  let now = play(meter, START, 50, 30);
  now = play(meter, now + 20, 5, 127);
  assert.ok(meter.levelDbov(now) > -50, String(meter.levelDbov(now)));
});

test('half a second after the end of a speech the level is no longer speech', () => {
  const meter = new AudioMeter();
  let now = play(meter, START, 50, 10);
  now = play(meter, now + 20, 25, 127);
  assert.ok(meter.levelDbov(now) < -60, String(meter.levelDbov(now)));
});

test('it rises faster than it falls', () => {
  const meter = new AudioMeter();
  let now = play(meter, START, 200, 100);
  now = play(meter, now + 20, 5, 20);
  const rise = meter.levelDbov(now) + 100;
  now = play(meter, now + 20, 200, 20);
  now = play(meter, now + 20, 5, 100);
  const fall = -20 - meter.levelDbov(now);
  assert.ok(rise > 2 * fall, `${rise} up, ${fall} down`);
});

test('without packets the level holds for 400 ms and is silence afterwards', () => {
  const meter = new AudioMeter();
  const now = play(meter, START, 50, 20);
  assert.ok(meter.levelDbov(now + 400) > -25);
  assert.equal(meter.levelDbov(now + 401), AudioMeter.SILENCE_DBOV);
});

test('after a pause the meter starts from silence, not from the old level', () => {
  const meter = new AudioMeter();
  const now = play(meter, START, 50, 10);
  meter.packet(127, now + 1_000);
  assert.equal(meter.levelDbov(now + 1_000), AudioMeter.SILENCE_DBOV);
});

test('the level stays within 0 and −127 whatever the packets say', () => {
  const meter = new AudioMeter();
  for (let byte = 0; byte < 256; byte++) {
    meter.packet((byte * 97) & 0xff, START + byte * 20);
    const level = meter.levelDbov(START + byte * 20);
    assert.ok(level <= 0 && level >= -127);
  }
});
