import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { absSendTime, isRtcp, RtpPacket, writeRtp } from '../../../server/src/media/rtp/packet.js';
import {
  oneByteExtension,
  pick,
  randomBytes,
  readRtp,
  rtpPacket,
  seededRandom,
  twoByteExtension,
} from '../../helpers/rtp.js';

function parsed(buffer: Buffer): RtpPacket {
  const packet = new RtpPacket();
  assert.ok(packet.parse(buffer), 'not accepted');
  return packet;
}

const payloadOf = (packet: RtpPacket): Buffer =>
  packet.buffer.subarray(packet.payloadOffset, packet.payloadEnd);

/** Data of an extension up to the end of the packet, as a caller would start to read it. */
function extension(packet: RtpPacket, id: number, length: number): Buffer | undefined {
  const at = packet.extensionOffset(id);
  return at < 0 ? undefined : packet.buffer.subarray(at, at + length);
}

describe('reading RTP', () => {
  test('a bare header gives its fields and an empty payload', () => {
    const packet = parsed(
      rtpPacket({
        marker: true,
        payloadType: 111,
        sequence: 65_535,
        timestamp: 0xfffffffe,
        ssrc: 0xdeadbeef,
        payload: Buffer.alloc(0),
      }),
    );
    assert.equal(packet.marker, true);
    assert.equal(packet.payloadType, 111);
    assert.equal(packet.sequence, 65_535);
    assert.equal(packet.timestamp, 0xfffffffe);
    assert.equal(packet.ssrc, 0xdeadbeef);
    assert.equal(payloadOf(packet).length, 0);
  });

  test('without the marker bit the payload type is the same', () => {
    const packet = parsed(rtpPacket({ payloadType: 127 }));
    assert.equal(packet.marker, false);
    assert.equal(packet.payloadType, 127);
  });

  test('the payload begins after all 15 possible CSRCs', () => {
    const csrcs = Array.from({ length: 15 }, (_, index) => index);
    const packet = parsed(rtpPacket({ csrcs, payload: Buffer.from('hello') }));
    assert.equal(payloadOf(packet).toString(), 'hello');
  });

  test('CSRCs, extension and padding together leave exactly the payload', () => {
    const packet = parsed(
      rtpPacket({
        csrcs: [1, 2, 3],
        extension: oneByteExtension([5, [9, 8, 7]]),
        payload: Buffer.from('hello'),
        padding: 7,
      }),
    );
    assert.equal(payloadOf(packet).toString(), 'hello');
    assert.deepEqual(extension(packet, 5, 3), Buffer.from([9, 8, 7]));
  });

  test('a packet of nothing but padding has an empty payload', () => {
    const packet = parsed(rtpPacket({ payload: Buffer.alloc(0), padding: 255 }));
    assert.equal(packet.payloadEnd, packet.payloadOffset);
  });

  test('padding that claims more than the payload is refused', () => {
    const buffer = rtpPacket({ payload: Buffer.alloc(3), padding: 5 });
    buffer[buffer.length - 1] = 9;
    assert.equal(new RtpPacket().parse(buffer), false);
  });

  test('padding may not reach into the header extension', () => {
    const buffer = rtpPacket({
      extension: oneByteExtension([1, [1, 2, 3]]),
      payload: Buffer.alloc(0),
      padding: 4,
    });
    buffer[buffer.length - 1] = 5;
    assert.equal(new RtpPacket().parse(buffer), false);
  });

  test('a length of the extension beyond the end is refused', () => {
    const buffer = rtpPacket({ extension: oneByteExtension([1, [1]]), payload: Buffer.alloc(0) });
    buffer.writeUInt16BE(2, 14);
    assert.equal(new RtpPacket().parse(buffer), false);
  });

  test('versions other than 2 are refused', () => {
    for (const version of [0, 1, 3]) {
      const buffer = rtpPacket();
      buffer[0] = (buffer[0]! & 0x3f) | (version << 6);
      assert.equal(new RtpPacket().parse(buffer), false, `version ${version}`);
    }
  });

  test('cut off anywhere in its header, a packet is refused', () => {
    const whole = rtpPacket({
      csrcs: [1, 2],
      extension: oneByteExtension([1, [1, 2, 3, 4]]),
      payload: Buffer.from([0]),
    });
    for (let length = 0; length < whole.length - 1; length++) {
      assert.equal(new RtpPacket().parse(whole.subarray(0, length)), false, `${length} bytes`);
    }
    assert.equal(new RtpPacket().parse(whole), true);
  });

  test('one instance read again forgets the extensions of the packet before', () => {
    const packet = parsed(rtpPacket({ extension: oneByteExtension([1, [42]]) }));
    assert.ok(packet.parse(rtpPacket({ payload: Buffer.alloc(50, 0x10) })));
    assert.equal(packet.extensionOffset(1), -1);
  });

  test('RTCP is told from RTP by its second byte', () => {
    assert.equal(isRtcp(Buffer.from([0x80, 200])), true);
    assert.equal(isRtcp(Buffer.from([0x80, 192])), true);
    assert.equal(isRtcp(Buffer.from([0x80, 223])), true);
    assert.equal(isRtcp(Buffer.from([0x80, 224])), false);
    assert.equal(isRtcp(Buffer.from([0x80, 0x80 | 63])), false);
    assert.equal(isRtcp(rtpPacket({ payloadType: 96, marker: true })), false);
    assert.equal(isRtcp(Buffer.from([0x80])), false);
    assert.equal(isRtcp(Buffer.alloc(0)), false);
  });
});

describe('header extensions', () => {
  test('one-byte elements are found by id, whatever stands before them', () => {
    const packet = parsed(
      rtpPacket({
        extension: oneByteExtension([3, [1]], [1, [5, 6, 7]], [14, Array.from({ length: 16 }, (_, i) => i)]),
      }),
    );
    assert.deepEqual(extension(packet, 3, 1), Buffer.from([1]));
    assert.deepEqual(extension(packet, 1, 3), Buffer.from([5, 6, 7]));
    assert.equal(extension(packet, 14, 16)!.at(-1), 15);
    assert.equal(packet.extensionOffset(2), -1);
  });

  test('padding between one-byte elements is skipped', () => {
    const data = Buffer.from([0, 0, 0x20, 77, 0, 0x30, 78, 0]);
    const packet = parsed(rtpPacket({ extension: { profile: 0xbede, data } }));
    assert.deepEqual(extension(packet, 2, 1), Buffer.from([77]));
    assert.deepEqual(extension(packet, 3, 1), Buffer.from([78]));
  });

  test('id 15 ends the list of one-byte elements (RFC 8285 §4.2)', () => {
    const data = Buffer.from([0x10, 1, 0xf0, 0, 0x20, 2, 0, 0]);
    const packet = parsed(rtpPacket({ extension: { profile: 0xbede, data } }));
    assert.ok(packet.extensionOffset(1) > 0);
    assert.equal(packet.extensionOffset(2), -1);
    assert.equal(packet.extensionOffset(15), -1);
  });

  test('two-byte elements are found, also with ids above 14, long data and any appbits', () => {
    const long = Array.from({ length: 200 }, (_, i) => i);
    const { data } = twoByteExtension([20, []], [1, [5]], [200, long]);
    for (const appbits of [0, 7, 15]) {
      const packet = parsed(rtpPacket({ extension: { profile: 0x1000 | appbits, data } }));
      assert.deepEqual(extension(packet, 1, 1), Buffer.from([5]));
      assert.deepEqual(extension(packet, 200, 200), Buffer.from(long));
      assert.equal(packet.extensionOffset(20), -1, 'an element without data');
    }
  });

  test('padding between two-byte elements is skipped', () => {
    const data = Buffer.from([0, 1, 1, 99, 0, 0, 2, 1, 98]);
    const packet = parsed(rtpPacket({ extension: { profile: 0x1000, data } }));
    assert.deepEqual(extension(packet, 1, 1), Buffer.from([99]));
    assert.deepEqual(extension(packet, 2, 1), Buffer.from([98]));
  });

  test('extensions of a kind that RFC 8285 does not know are skipped, the payload is found', () => {
    const packet = parsed(
      rtpPacket({ extension: { profile: 0x1234, data: Buffer.alloc(8, 0x11) }, payload: Buffer.from('x') }),
    );
    assert.equal(packet.extensionOffset(1), -1);
    assert.equal(payloadOf(packet).toString(), 'x');
  });

  test('an element that reaches beyond the block is not found, even if the packet goes on', () => {
    const cut = { profile: 0xbede, data: Buffer.from([0, 0, 0x13, 1]) };
    assert.equal(parsed(rtpPacket({ extension: cut, payload: Buffer.alloc(99) })).extensionOffset(1), -1);
    const cutTwo = { profile: 0x1000, data: Buffer.from([0, 0, 0, 1]) };
    assert.equal(
      parsed(rtpPacket({ extension: cutTwo, payload: Buffer.alloc(99, 1) })).extensionOffset(1),
      -1,
    );
  });

  test('an element with less data than the caller is going to read is not found', () => {
    // Two bytes are read of transport-cc; a one-byte element at the very end of a packet must not lead beyond it.
    const packet = parsed(
      rtpPacket({
        extension: { profile: 0xbede, data: Buffer.from([0, 0, 0x30, 1]) },
        payload: Buffer.alloc(0),
      }),
    );
    assert.equal(packet.extensionOffset(3), packet.buffer.length - 1);
    assert.equal(packet.extensionOffset(3, 2), -1);
    const fits = parsed(rtpPacket({ extension: oneByteExtension([3, [1, 2]]), payload: Buffer.alloc(0) }));
    assert.ok(fits.extensionOffset(3, 2) > 0);
  });
});

describe('hostile RTP', () => {
  test('random bytes never throw and never point outside the packet', () => {
    const random = seededRandom(3);
    const packet = new RtpPacket();
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const buffer = randomBytes(random, pick(random, 0, 90));
      // Without some help hardly any would get past the first checks.
      if (buffer.length > 0 && random() < 0.9) buffer[0] = 0x80 | (buffer[0]! & 0x3f);
      if (buffer.length > 16 && random() < 0.7) {
        buffer[0] = 0x90 | (buffer[0]! & 0x20);
        buffer.writeUInt16BE(random() < 0.5 ? 0xbede : 0x1000, 12);
        buffer.writeUInt16BE(pick(random, 0, (buffer.length - 16) >> 2), 14);
      }
      if (!packet.parse(buffer)) continue;
      accepted += 1;
      assert.ok(packet.payloadOffset >= 12 && packet.payloadOffset <= packet.payloadEnd);
      assert.ok(packet.payloadEnd <= buffer.length);
      for (let id = 0; id <= 255; id += id < 16 ? 1 : 30) {
        const at = packet.extensionOffset(id);
        assert.ok(at === -1 || (at >= 16 && at < packet.payloadOffset), `id ${id} at ${at}`);
      }
    }
    assert.ok(accepted > 5_000, `only ${accepted} packets were looked into`);
  });

  test('a valid packet with any one byte changed never throws', () => {
    const whole = rtpPacket({
      csrcs: [1],
      extension: oneByteExtension([1, [1, 2, 3]], [2, [4]]),
      payload: Buffer.from([1, 2, 3, 4]),
      padding: 4,
    });
    const packet = new RtpPacket();
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 1, 15, 16, 127, 128, 240, 255]) {
        const buffer = Buffer.from(whole);
        buffer[at] = value;
        if (packet.parse(buffer)) {
          for (const id of [1, 2, 3]) assert.ok(packet.extensionOffset(id) < packet.payloadOffset);
          assert.ok(packet.payloadEnd <= buffer.length);
        }
      }
    }
  });
});

describe('writing RTP', () => {
  const header = {
    marker: true,
    payloadType: 96,
    sequence: 65_535,
    timestamp: 0xffffffff,
    ssrc: 0xfeedface,
    audioLevel: -1,
  };
  const none = { absSendTimeId: 0, audioLevelId: 0 };

  /** Into a dirty buffer, as the shared scratch buffer is. */
  function write(
    fields: Partial<typeof header>,
    extensions: { absSendTimeId: number; audioLevelId: number },
    payload: Buffer = Buffer.from('payload'),
    nowMs = 0,
  ): Buffer {
    const out = Buffer.alloc(200, 0xa5);
    const length = writeRtp(out, { ...header, ...fields }, extensions, nowMs, payload, 0, payload.length);
    assert.ok(
      out.subarray(length).every((byte) => byte === 0xa5),
      'wrote behind the end',
    );
    return out.subarray(0, length);
  }

  test('without extensions there are 12 bytes of header and the payload', () => {
    const packet = write({}, none);
    assert.equal(packet.length, 12 + 7);
    const read = readRtp(packet);
    assert.deepEqual(
      { ...read, payload: read.payload.toString() },
      {
        marker: true,
        payloadType: 96,
        sequence: 65_535,
        timestamp: 0xffffffff,
        ssrc: 0xfeedface,
        extensions: new Map(),
        payload: 'payload',
      },
    );
  });

  test('only the asked part of the buffer becomes payload', () => {
    const out = Buffer.alloc(100);
    const length = writeRtp(out, header, none, 0, Buffer.from('abcdefgh'), 2, 5);
    assert.equal(out.toString('latin1', 12, length), 'cde');
  });

  test('the marker bit is off when it is not set', () => {
    assert.equal(readRtp(write({ marker: false }, none)).marker, false);
  });

  test('abs-send-time is one 3-byte element of 6.18 fixed-point seconds', () => {
    const packet = write({}, { absSendTimeId: 2, audioLevelId: 0 }, undefined, 1_500);
    assert.equal(packet.subarray(12, 20).toString('hex'), 'bede0001' + '22' + '060000');
    assert.equal(readRtp(packet).payload.toString(), 'payload');
  });

  test('the audio level is one 1-byte element, padded to 32 bits', () => {
    const packet = write({ audioLevel: 0x80 | 30 }, { absSendTimeId: 0, audioLevelId: 14 });
    assert.equal(packet.subarray(12, 20).toString('hex'), 'bede0001' + 'e09e' + '0000');
    assert.equal(readRtp(packet).payload.toString(), 'payload');
  });

  test('both together take two words', () => {
    const packet = write({ audioLevel: 5 }, { absSendTimeId: 1, audioLevelId: 3 }, undefined, 63_999);
    assert.equal(packet.readUInt16BE(14), 2);
    const { extensions } = readRtp(packet);
    assert.deepEqual([...extensions.keys()], [1, 3]);
    assert.deepEqual(extensions.get(3), Buffer.from([5]));
    assert.equal(extensions.get(1)!.readUIntBE(0, 3), Math.floor(63.999 * 2 ** 18));
  });

  test('an audio level that the source did not send is left out', () => {
    const packet = write({ audioLevel: -1 }, { absSendTimeId: 0, audioLevelId: 14 });
    assert.equal(packet[0], 0x80);
    assert.equal(packet.length, 12 + 7);
  });

  test('an audio level of 0 (the loudest) is written', () => {
    const { extensions } = readRtp(write({ audioLevel: 0 }, { absSendTimeId: 0, audioLevelId: 1 }));
    assert.deepEqual(extensions.get(1), Buffer.from([0]));
  });

  test('what is written is what is read, for random headers', () => {
    const random = seededRandom(4);
    const packet = new RtpPacket();
    for (let round = 0; round < 2_000; round++) {
      const fields = {
        marker: random() < 0.5,
        payloadType: pick(random, 0, 127),
        sequence: pick(random, 0, 0xffff),
        timestamp: pick(random, 0, 0xffffffff),
        ssrc: pick(random, 0, 0xffffffff),
        audioLevel: pick(random, -1, 255),
      };
      const ids = {
        absSendTimeId: pick(random, 0, 7),
        audioLevelId: random() < 0.5 ? 0 : pick(random, 8, 14),
      };
      const payload = randomBytes(random, pick(random, 0, 60));
      const nowMs = pick(random, 0, 2e12);
      const buffer = write(fields, ids, payload, nowMs);
      assert.ok(packet.parse(buffer));
      const { marker, payloadType, sequence, timestamp, ssrc } = packet;
      assert.deepEqual(
        { marker, payloadType, sequence, timestamp, ssrc, audioLevel: fields.audioLevel },
        fields,
      );
      assert.deepEqual(payloadOf(packet), payload);
      if (ids.absSendTimeId) {
        assert.equal(extension(packet, ids.absSendTimeId, 3)!.readUIntBE(0, 3), absSendTime(nowMs));
      }
      if (ids.audioLevelId && fields.audioLevel >= 0) {
        assert.equal(extension(packet, ids.audioLevelId, 1)![0], fields.audioLevel);
      }
      assert.equal(readRtp(buffer).payload.length, payload.length);
    }
  });

  test('abs-send-time starts over every 64 seconds and grows in between', () => {
    assert.equal(absSendTime(0), 0);
    assert.equal(absSendTime(64_000), 0);
    assert.equal(absSendTime(32_000), 1 << 23);
    assert.equal(absSendTime(63_999.999), 0xffffff);
    const start = 1_750_000_000_000 - (1_750_000_000_000 % 64_000);
    for (let ms = 1; ms < 64_000; ms += 7) {
      const step = absSendTime(start + ms + 1) - absSendTime(start + ms);
      assert.ok(step >= 262 && step <= 263, `${step} units in a millisecond`);
    }
  });
});

test('an extension can be read as text, in both forms, and is nothing where there is none', () => {
  const packet = new RtpPacket();
  const text = [...Buffer.from('hi-1')];
  for (const extension of [
    oneByteExtension([3, [1, 2]], [10, text], [4, [9]]),
    twoByteExtension([3, [1, 2]], [10, text], [4, [9]]),
  ]) {
    assert.ok(packet.parse(rtpPacket({ extension })));
    assert.equal(packet.extensionText(10), 'hi-1');
    assert.equal(packet.extensionText(11), undefined);
  }
  assert.ok(packet.parse(rtpPacket()));
  assert.equal(packet.extensionText(10), undefined);
});
