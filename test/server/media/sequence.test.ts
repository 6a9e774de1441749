import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest, SequenceUnwrapper } from '../../../server/src/media/rtp/sequence.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

test('a stream in order grows by one per packet, also over many wraps', () => {
  const unwrapper = new SequenceUnwrapper();
  const first = unwrapper.unwrap(65_000);
  for (let step = 1; step <= 250_000; step++) {
    assert.equal(unwrapper.unwrap((65_000 + step) & 0xffff), first + step);
  }
  assert.equal(unwrapper.highest, first + 250_000);
});

test('there is no highest number before the first packet', () => {
  assert.equal(new SequenceUnwrapper().highest, undefined);
});

test('the low 16 bits of an unwrapped number are the number in the packet', () => {
  const random = seededRandom(1);
  const unwrapper = new SequenceUnwrapper();
  for (let step = 0; step < 2_000; step++) {
    const sequence = pick(random, 0, 0xffff);
    assert.equal(unwrapper.unwrap(sequence) & 0xffff, sequence);
  }
});

test('a late packet from before the wrap lies below, and does not move the highest number', () => {
  const unwrapper = new SequenceUnwrapper();
  const before = unwrapper.unwrap(65_534);
  const after = unwrapper.unwrap(2);
  assert.equal(after - before, 4);
  assert.equal(unwrapper.unwrap(65_535), before + 1);
  assert.equal(unwrapper.highest, after);
});

test('packets older than the very first one stay positive', () => {
  const unwrapper = new SequenceUnwrapper();
  const first = unwrapper.unwrap(0);
  assert.equal(unwrapper.unwrap(65_535), first - 1);
  assert.ok(unwrapper.unwrap(32_768) > 0);
});

test('every order in which neighbouring packets arrive unwraps to the same numbers', () => {
  const random = seededRandom(2);
  const unwrapper = new SequenceUnwrapper();
  const first = unwrapper.unwrap(60_000);
  for (let block = 0; block < 500; block++) {
    const steps = Array.from({ length: 50 }, (_, index) => block * 50 + index + 1).sort(() => random() - 0.5);
    for (const step of steps) assert.equal(unwrapper.unwrap((60_000 + step) & 0xffff), first + step);
  }
});

test('a jump of less than half the number space goes forward, a larger one back', () => {
  assert.equal(nearest(32_767, 0x10000), 0x10000 + 32_767);
  assert.equal(nearest(32_769, 0x10000), 0x10000 - 32_767);
});

test('nearest works with references beyond 2^31', () => {
  const reference = 2 ** 40 + 65_530;
  assert.equal(nearest(65_531, reference), reference + 1);
  assert.equal(nearest(3, reference), reference + 9);
  assert.equal(nearest(65_520, reference), reference - 10);
});
