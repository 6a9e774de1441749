import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NackTracker } from '../../../server/src/media/rtp/nack-tracker.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

/** Sequences here are unwrapped and start high enough for the wrap at 131,072 to be near. */
const START = 131_060;
const low = (sequence: number): number => sequence & 0xffff;

function receive(tracker: NackTracker, sequences: number[], nowMs = 0): void {
  for (const sequence of sequences) tracker.received(sequence, nowMs);
}

test('a stream without gaps asks for nothing', () => {
  const tracker = new NackTracker();
  for (let index = 0; index < 1_000; index++) tracker.received(START + index, index);
  assert.deepEqual(tracker.due(10_000), { sequences: [], gaveUp: false });
});

test('nothing is missing before the first packet', () => {
  const tracker = new NackTracker();
  tracker.received(START + 500, 0);
  assert.equal(tracker.missingCount, 0);
});

test('a gap is asked for after a little while, with 16-bit numbers across the wrap', () => {
  const tracker = new NackTracker();
  receive(tracker, [131_070, 131_074]);
  assert.deepEqual(tracker.due(5).sequences, [], 'they may still be under way');
  assert.deepEqual(tracker.due(10).sequences, [65_535, 0, 1]);
});

test('a packet that was only out of order is never asked for', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 2]);
  tracker.received(START + 1, 8);
  assert.deepEqual(tracker.due(1_000).sequences, []);
  assert.equal(tracker.missingCount, 0);
});

test('a packet that arrives upon request is not asked for again', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 3]);
  assert.deepEqual(tracker.due(10).sequences, [low(START + 1), low(START + 2)]);
  tracker.received(START + 1, 40);
  assert.deepEqual(tracker.due(100).sequences, [low(START + 2)]);
});

test('it asks again after 60 ms, not at every tick', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 2]);
  const askedAt = [];
  for (let nowMs = 0; nowMs < 200; nowMs += 20)
    if (tracker.due(nowMs).sequences.length > 0) askedAt.push(nowMs);
  assert.deepEqual(askedAt, [20, 80, 140]);
});

test('after eight requests it gives up, once', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 2]);
  let asked = 0;
  let gaveUp = 0;
  for (let nowMs = 0; nowMs < 2_000; nowMs += 20) {
    const due = tracker.due(nowMs);
    asked += due.sequences.length;
    gaveUp += Number(due.gaveUp);
  }
  assert.equal(asked, 8);
  assert.equal(gaveUp, 1);
  assert.equal(tracker.missingCount, 0);
});

test('the last request has as long to be answered as the others', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 2]);
  let nowMs = 10;
  for (let asked = 0; asked < 8; nowMs += 60) asked += tracker.due(nowMs).sequences.length;
  const lastAskedMs = nowMs - 60;
  assert.equal(tracker.due(lastAskedMs + 20).gaveUp, false);
  tracker.received(START + 1, lastAskedMs + 45);
  assert.deepEqual(tracker.due(lastAskedMs + 200), { sequences: [], gaveUp: false });
});

test('a jump of more than 500 packets is a restart: not the gap is asked for, but a key frame', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 2, START + 503]);
  assert.equal(tracker.missingCount, 0);
  tracker.received(START + 505, 0);
  assert.deepEqual(tracker.due(50), { sequences: [low(START + 504)], gaveUp: true });
  assert.equal(tracker.due(60).gaveUp, false, 'only once');
});

test('a jump that lands on a key frame needs no other', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 1_000]);
  tracker.forgetBefore(START + 1_000);
  assert.deepEqual(tracker.due(50), { sequences: [], gaveUp: false });
});

test('a gap of just 499 packets is asked for, over several requests that fit a datagram', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 500]);
  const asked = new Set<number>();
  for (let nowMs = 20; nowMs <= 200; nowMs += 20) {
    const { sequences } = tracker.due(nowMs);
    assert.ok(sequences.length <= 250, `${sequences.length} at once`);
    for (const sequence of sequences) asked.add(sequence);
  }
  assert.equal(asked.size, 499);
});

test('a stream of nothing but gaps does not pile up requests without end', () => {
  const tracker = new NackTracker();
  let gaveUp = false;
  for (let index = 0; index < 3_000; index++) {
    tracker.received(START + index * 500, index / 100);
    assert.ok(tracker.missingCount < 500, `${tracker.missingCount} missing`);
    if (index % 100 === 99) gaveUp = tracker.due(index / 100).gaveUp || gaveUp;
  }
  assert.ok(gaveUp, 'what was dropped is made up for by a key frame');
});

test('packets from before the first one, and duplicates, change nothing', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START - 5, START, START + 1, START + 1]);
  assert.equal(tracker.missingCount, 0);
});

test('a key frame makes earlier gaps irrelevant, later ones stay', () => {
  const tracker = new NackTracker();
  receive(tracker, [START, START + 3, START + 6]);
  tracker.forgetBefore(START + 4);
  assert.deepEqual(tracker.due(50), { sequences: [low(START + 4), low(START + 5)], gaveUp: false });
});

test('random loss and reordering: in the end exactly the lost packets were asked for', () => {
  const random = seededRandom(20);
  const tracker = new NackTracker();
  tracker.received(START, 0);
  const asked = new Set<number>();
  const lost = new Set<number>();
  const arrivals: { sequence: number; atMs: number }[] = [];
  for (let index = 1; index <= 5_000; index++) {
    if (random() < 0.1 && index < 5_000) lost.add(START + index);
    else arrivals.push({ sequence: START + index, atMs: index * 2 + pick(random, 0, 7) });
  }
  arrivals.sort((a, b) => a.atMs - b.atMs);
  let tick = 0;
  for (const { sequence, atMs } of arrivals) {
    for (; tick <= atMs; tick += 20) for (const found of tracker.due(tick).sequences) asked.add(found);
    tracker.received(sequence, atMs);
  }
  for (const end = tick + 60; tick < end; tick += 20)
    for (const found of tracker.due(tick).sequences) asked.add(found);
  assert.deepEqual(
    [...asked].sort((a, b) => a - b),
    [...lost].map(low).sort((a, b) => a - b),
  );
});
