import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyVp8, keyFrameSize, parseVp8, type Vp8Descriptor } from '../../../server/src/media/rtp/vp8.js';
import { pick, randomBytes, readVp8, seededRandom, vp8Payload } from '../../helpers/rtp.js';

/** Parses in the middle of a larger buffer, so that offsets and bounds count. */
function parse(payload: Buffer): Vp8Descriptor & { valid: boolean } {
  const buffer = Buffer.concat([Buffer.alloc(20, 0xff), payload, Buffer.alloc(10, 0)]);
  const result = emptyVp8();
  const valid = parseVp8(buffer, 20, 20 + payload.length, result);
  return {
    ...result,
    pictureIdOffset: result.pictureIdOffset < 0 ? -1 : result.pictureIdOffset - 20,
    tl0Offset: result.tl0Offset < 0 ? -1 : result.tl0Offset - 20,
    valid,
  };
}

test('the shortest descriptor has no ids', () => {
  assert.deepEqual(parse(vp8Payload({ keyFrame: true })), { ...emptyVp8(), keyFrame: true, valid: true });
});

test('a 15-bit picture id is read', () => {
  const result = parse(vp8Payload({ pictureId: 0x7abc }));
  assert.equal(result.pictureId, 0x7abc);
  assert.equal(result.pictureIdBits, 15);
  assert.equal(result.pictureIdOffset, 2);
  assert.equal(result.tl0Offset, -1);
});

test('a 7-bit picture id is read', () => {
  const result = parse(vp8Payload({ pictureId: 127, pictureIdBits: 7, tl0: 3 }));
  assert.equal(result.pictureId, 127);
  assert.equal(result.pictureIdBits, 7);
  assert.equal(result.tl0Offset, 3);
  assert.equal(result.tl0, 3);
});

test('TL0PICIDX is found behind a long picture id, with temporal layer and key index behind it', () => {
  const result = parse(vp8Payload({ pictureId: 5, tl0: 250, tid: 1, keyIndex: 31, keyFrame: true }));
  assert.equal(result.tl0Offset, 4);
  assert.equal(result.tl0, 250);
  assert.equal(result.keyFrame, true);
});

test('TL0PICIDX without a picture id is found', () => {
  const result = parse(vp8Payload({ tl0: 9, tid: 0 }));
  assert.equal(result.pictureIdOffset, -1);
  assert.equal(result.tl0Offset, 2);
  assert.equal(result.tl0, 9);
});

test('temporal layer and key index share one byte', () => {
  for (const option of [{ tid: 2 }, { keyIndex: 3 }, { tid: 2, keyIndex: 3 }]) {
    assert.equal(parse(vp8Payload({ ...option, keyFrame: true })).keyFrame, true, JSON.stringify(option));
    assert.equal(parse(vp8Payload({ ...option, keyFrame: false })).keyFrame, false, JSON.stringify(option));
  }
});

test('only the first packet of a key frame says so', () => {
  assert.equal(parse(vp8Payload({ keyFrame: true, pictureId: 1 })).keyFrame, true);
  assert.equal(parse(vp8Payload({ keyFrame: false, pictureId: 1 })).keyFrame, false);
  // The payload of later packets is arbitrary; here it looks like the header of a key frame.
  const lookalike = vp8Payload({ start: false, pictureId: 1 });
  lookalike[lookalike.length - 4] = 0x10;
  assert.equal(parse(lookalike).keyFrame, false);
});

test('the start of a later partition is not the start of a frame', () => {
  const payload = vp8Payload({ keyFrame: true, partition: 1 });
  assert.equal(parse(payload).keyFrame, false);
});

test('what the descriptor before had does not linger', () => {
  const result = emptyVp8();
  const full = vp8Payload({ keyFrame: true, pictureId: 1_000, tl0: 5, tid: 0 });
  assert.ok(parseVp8(full, 0, full.length, result));
  assert.equal(parseVp8(Buffer.alloc(0), 0, 0, result), false);
  assert.deepEqual(result, emptyVp8());
});

test('cut off within the descriptor, a payload is refused and no id lies outside of it', () => {
  const whole = vp8Payload({ keyFrame: true, pictureId: 0x1234, tl0: 1, tid: 1, body: Buffer.alloc(0) });
  for (let length = 0; length < whole.length; length++) {
    const result = parse(whole.subarray(0, length));
    assert.equal(result.valid, false, `${length} bytes`);
    assert.equal(result.keyFrame, false);
    if (result.pictureIdBits)
      assert.ok(result.pictureIdOffset + (result.pictureIdBits === 15 ? 2 : 1) <= length);
    assert.ok(result.tl0Offset < length);
  }
  assert.equal(parse(whole).valid, true);
});

test('random payloads never throw, and valid ones mean the same to an independent reader', () => {
  const random = seededRandom(5);
  let valid = 0;
  for (let round = 0; round < 20_000; round++) {
    const payload = randomBytes(random, pick(random, 0, 12));
    const result = parse(payload);
    if (result.pictureIdBits) {
      assert.ok(result.pictureIdOffset + (result.pictureIdBits === 15 ? 2 : 1) <= payload.length);
    }
    assert.ok(result.tl0Offset < payload.length);
    if (!result.valid) continue;
    valid += 1;
    const read = readVp8(payload);
    assert.equal(result.keyFrame, read.keyFrame);
    assert.equal(result.pictureIdBits === 0 ? undefined : result.pictureId, read.pictureId);
    assert.equal(result.tl0Offset < 0 ? undefined : result.tl0, read.tl0);
  }
  assert.ok(valid > 10_000);
});

test('a key frame tells the size of its picture, whatever ids come before', () => {
  const header = (width: number, height: number): Buffer => {
    const body = Buffer.alloc(9);
    body.writeUIntBE(0x9d012a, 2, 3);
    // The two highest bits are a scale, which nobody uses and which is not part of the size.
    body.writeUInt16LE(width | 0x4000, 5);
    body.writeUInt16LE(height | 0x8000, 7);
    return body;
  };
  for (const ids of [
    {},
    { pictureId: 5, pictureIdBits: 7 },
    { pictureId: 500, tl0: 3 },
    { pictureId: 500, tl0: 3, tid: 1, keyIndex: 2 },
    { tid: 1 },
  ] as const) {
    const payload = vp8Payload({ ...ids, keyFrame: true, body: header(1280, 720) });
    const packet = Buffer.concat([Buffer.alloc(12), payload, Buffer.alloc(3)]);
    const size = keyFrameSize(packet, 12, 12 + payload.length);
    assert.deepEqual(size, { width: 1280, height: 720 }, JSON.stringify(ids));
    assert.equal(keyFrameSize(packet, 12, 11 + payload.length), undefined, 'cut short');
  }
  const wrong = vp8Payload({ keyFrame: true, body: Buffer.alloc(20) });
  assert.equal(keyFrameSize(wrong, 0, wrong.length), undefined);
});
