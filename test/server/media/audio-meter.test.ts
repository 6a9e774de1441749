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
  assert.ok(meter.levelDbov(START) < -100);
});

test('after 300 ms of normal speech it shows more than −50 dBov', () => {
  const meter = new AudioMeter();
  const now = play(meter, START, 15, 30);
  assert.ok(meter.levelDbov(now) > -50);
});

test('loudness fades when packets say silence', () => {
  const meter = new AudioMeter();
  let now = play(meter, START, 50, 20);
  now = play(meter, now + 20, 50, 127);
  assert.ok(meter.levelDbov(now) < -120);
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
