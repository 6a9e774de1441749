import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ntpToMs, type ReportBlock } from '../../../server/src/media/rtp/reception.js';
import {
  readRtcp,
  writeNack,
  writePli,
  writeReceiverReport,
  writeRemb,
  writeSenderReport,
} from '../../../server/src/media/rtp/rtcp.js';
import { pick, randomBytes, seededRandom } from '../../helpers/rtp.js';

type Event =
  | { kind: 'sr'; ssrc: number; seconds: number; fraction: number; timestamp: number }
  | { kind: 'rr'; ssrc: number; fractionLost: number; jitter: number }
  | { kind: 'nack'; ssrc: number; sequences: number[] }
  | { kind: 'key'; ssrc: number }
  | { kind: 'remb'; bps: number };

function read(buffer: Buffer): Event[] {
  const events: Event[] = [];
  readRtcp(buffer, {
    senderReport: (ssrc, seconds, fraction, timestamp) =>
      events.push({ kind: 'sr', ssrc, seconds, fraction, timestamp }),
    receiverReport: (ssrc, fractionLost, jitter) => events.push({ kind: 'rr', ssrc, fractionLost, jitter }),
    nack: (ssrc, sequences) => events.push({ kind: 'nack', ssrc, sequences }),
    keyFrameRequest: (ssrc) => events.push({ kind: 'key', ssrc }),
    remb: (bps) => events.push({ kind: 'remb', bps }),
  });
  return events;
}

/** The packets of a compound, by their length fields, which must add up. */
function split(compound: Buffer): { type: number; count: number; body: Buffer }[] {
  const packets = [];
  let at = 0;
  while (at < compound.length) {
    assert.ok(at + 4 <= compound.length, 'half a header at the end');
    assert.equal(compound[at]! >> 5, 0b100, 'version 2, no padding');
    const length = (compound.readUInt16BE(at + 2) + 1) * 4;
    assert.ok(at + length <= compound.length, 'length field beyond the end');
    packets.push({
      type: compound[at + 1]!,
      count: compound[at]! & 0x1f,
      body: compound.subarray(at + 4, at + length),
    });
    at += length;
  }
  return packets;
}

const block = (fields: Partial<ReportBlock> = {}): ReportBlock => ({
  ssrc: 1,
  fractionLost: 0,
  cumulativeLost: 0,
  highestSequence: 0,
  jitter: 0,
  lastSr: 0,
  delaySinceLastSr: 0,
  ...fields,
});

const raw = (first: number, type: number, body: Buffer): Buffer => {
  const head = Buffer.from([first, type, 0, 0]);
  head.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([head, body]);
};

describe('receiver reports', () => {
  test('what is written is read', () => {
    const blocks = [
      block({ ssrc: 0xfffffffe, fractionLost: 255, jitter: 123_456 }),
      block({ ssrc: 2, fractionLost: 64, jitter: 1 }),
    ];
    assert.deepEqual(read(writeReceiverReport(9, blocks)), [
      { kind: 'rr', ssrc: 0xfffffffe, fractionLost: 255, jitter: 123_456 },
      { kind: 'rr', ssrc: 2, fractionLost: 64, jitter: 1 },
    ]);
  });

  test('every field lies where RFC 3550 §6.4.2 wants it', () => {
    const report = writeReceiverReport(0x01020304, [
      block({
        ssrc: 0x11121314,
        fractionLost: 0x15,
        cumulativeLost: -2,
        highestSequence: 0x21222324,
        jitter: 0x31323334,
        lastSr: 0xf1424344,
        delaySinceLastSr: 0x51525354,
      }),
    ]);
    assert.equal(
      report.toString('hex'),
      '81c90007' + '01020304' + '11121314' + '15fffffe' + '21222324' + '31323334' + 'f1424344' + '51525354',
    );
  });

  test('without blocks it is 8 bytes and reports nothing', () => {
    const report = writeReceiverReport(1, []);
    assert.equal(report.length, 8);
    assert.deepEqual(read(report), []);
  });

  test('no more than 31 blocks are written', () => {
    const report = writeReceiverReport(
      1,
      Array.from({ length: 40 }, (_, ssrc) => block({ ssrc })),
    );
    assert.equal(report[0]! & 0x1f, 31);
    assert.equal(report.length, 8 + 31 * 24);
    assert.equal(read(report).length, 31);
  });

  test('the extremes of the cumulative count fit', () => {
    for (const cumulativeLost of [-0x800000, 0x7fffff]) {
      assert.equal(writeReceiverReport(1, [block({ cumulativeLost })]).readIntBE(13, 3), cumulativeLost);
    }
  });
});

describe('sender reports', () => {
  const nowMs = 1_750_000_000_123.5;

  test('what is written is read, and the time is right to the microsecond', () => {
    const [event] = read(writeSenderReport(0xdeadbeef, nowMs, 0x1ffffffff, 10, 1_000, 'name'));
    assert.equal(event!.kind, 'sr');
    const report = event as Extract<Event, { kind: 'sr' }>;
    assert.equal(report.ssrc, 0xdeadbeef);
    assert.equal(report.timestamp, 0xffffffff);
    assert.ok(Math.abs(ntpToMs(report.seconds, report.fraction) - nowMs) < 0.001);
  });

  test('counters wrap at 32 bits', () => {
    const report = writeSenderReport(1, nowMs, 0, 2 ** 32 + 5, 2 ** 33 + 6, 'x');
    assert.equal(report.readUInt32BE(20), 5);
    assert.equal(report.readUInt32BE(24), 6);
  });

  test('report and CNAME have well-formed lengths, for every length of the name', () => {
    for (let length = 0; length <= 300; length++) {
      const compound = writeSenderReport(0x0a0b0c0d, nowMs, 1, 2, 3, 'n'.repeat(length));
      const [report, description, ...more] = split(compound);
      assert.equal(more.length, 0);
      assert.equal(report!.type, 200);
      assert.equal(report!.count, 0);
      assert.equal(report!.body.length, 24);
      assert.equal(description!.type, 202);
      assert.equal(description!.count, 1);
      const { body } = description!;
      assert.equal(body.readUInt32BE(0), 0x0a0b0c0d);
      assert.equal(body[4], 1, 'item type CNAME');
      const written = Math.min(length, 255);
      assert.equal(body[5], written);
      assert.equal(body.toString('utf8', 6, 6 + written), 'n'.repeat(written));
      const rest = body.subarray(6 + written);
      assert.ok(rest.length >= 1 && rest.length <= 4, 'the list ends with 1 to 4 zeros');
      assert.ok(rest.every((byte) => byte === 0));
    }
  });

  test('report blocks within a sender report are read', () => {
    const report = writeSenderReport(5, nowMs, 0, 0, 0, 'x').subarray(4, 28);
    const blocks = writeReceiverReport(1, [block({ ssrc: 77, fractionLost: 3, jitter: 4 })]).subarray(8);
    const events = read(raw(0x81, 200, Buffer.concat([report, blocks])));
    assert.equal(events.length, 2);
    assert.deepEqual(events[1], { kind: 'rr', ssrc: 77, fractionLost: 3, jitter: 4 });
  });
});

describe('negative acknowledgements', () => {
  test('what is written is read, for random sets of sequence numbers across the wrap', () => {
    const random = seededRandom(30);
    for (let round = 0; round < 500; round++) {
      const sequences: number[] = [];
      let at = pick(random, 0, 0xffff);
      for (let count = pick(random, 1, 80); count > 0; count--) {
        sequences.push(at);
        at = (at + pick(random, 1, random() < 0.8 ? 5 : 40)) & 0xffff;
      }
      const packet = writeNack(1, 0x99887766, sequences);
      assert.equal(split(packet).length, 1);
      assert.deepEqual(read(packet), [{ kind: 'nack', ssrc: 0x99887766, sequences }]);
    }
  });

  test('17 in a row are one item, the 18th begins another', () => {
    const run = (count: number): number[] =>
      Array.from({ length: count }, (_, index) => (65_530 + index) & 0xffff);
    assert.equal(writeNack(1, 2, run(17)).toString('hex', 12), 'fffa' + 'ffff');
    assert.equal(writeNack(1, 2, run(18)).toString('hex', 12), 'fffa' + 'ffff' + '000b' + '0000');
  });

  test('bit n of the mask is the n+1-th packet after the first (RFC 4585 §6.2.1)', () => {
    assert.equal(writeNack(1, 2, [100, 101]).readUInt16BE(14), 1);
    assert.equal(writeNack(1, 2, [100, 116]).readUInt16BE(14), 0x8000);
    assert.deepEqual(read(raw(0x81, 205, Buffer.from('000000010000000200648001', 'hex'))), [
      { kind: 'nack', ssrc: 2, sequences: [100, 101, 116] },
    ]);
  });

  test('the mask goes on with 0 after 65,535', () => {
    assert.deepEqual(read(raw(0x81, 205, Buffer.from('0000000100000002fffe000f', 'hex'))), [
      { kind: 'nack', ssrc: 2, sequences: [65_534, 65_535, 0, 1, 2] },
    ]);
  });

  test('transport-wide feedback, which shares the packet type, is not a NACK', () => {
    assert.deepEqual(read(raw(0x80 | 15, 205, Buffer.alloc(20))), []);
  });
});

describe('key-frame requests', () => {
  test('PLI is read as written', () => {
    const packet = writePli(1, 0xcafebabe);
    assert.equal(packet.toString('hex'), '81ce0002' + '00000001' + 'cafebabe');
    assert.deepEqual(read(packet), [{ kind: 'key', ssrc: 0xcafebabe }]);
  });

  test('each entry of a FIR is a request for the SSRC within it', () => {
    const body = Buffer.alloc(24);
    body.writeUInt32BE(11, 8);
    body.writeUInt32BE(22, 16);
    assert.deepEqual(read(raw(0x84, 206, body)), [
      { kind: 'key', ssrc: 11 },
      { kind: 'key', ssrc: 22 },
    ]);
  });
});

describe('REMB', () => {
  test('bitrates are read as written, to 18 bits of precision and never more', () => {
    for (const bps of [0, 1, 1_000, 0x3ffff, 0x40000, 500_000, 1_234_567, 2_500_000, 1e9, 1e12, 2 ** 50]) {
      const [event] = read(writeRemb(1, [2], bps));
      const { bps: got } = event as Extract<Event, { kind: 'remb' }>;
      assert.ok(got <= bps && got >= bps * (1 - 2 ** -17), `${got} instead of ${bps}`);
    }
  });

  test('values that fit in 18 bits after halving are exact', () => {
    assert.deepEqual(read(writeRemb(1, [2], 0x30000 * 16)), [{ kind: 'remb', bps: 0x30000 * 16 }]);
  });

  test('the largest exponent is read', () => {
    const body = Buffer.from('0000000100000000' + '52454d42' + '01ffffff' + '00000002', 'hex');
    assert.deepEqual(read(raw(0x8f, 206, body)), [{ kind: 'remb', bps: 0x3ffff * 2 ** 63 }]);
  });

  test('it names its SSRCs', () => {
    const packet = writeRemb(1, [0xfffffff0, 3], 1_000);
    assert.equal(split(packet).length, 1);
    assert.equal(packet.readUInt32BE(8), 0, 'media SSRC is always 0');
    assert.equal(packet[16], 2);
    assert.equal(packet.readUInt32BE(20), 0xfffffff0);
    assert.equal(packet.readUInt32BE(24), 3);
  });

  test('application feedback with another name is not REMB', () => {
    const packet = writeRemb(1, [2], 1_000);
    packet.write('BMER', 12, 'latin1');
    assert.deepEqual(read(packet), []);
  });
});

describe('compound packets', () => {
  test('everything in a compound is read in order, what is unknown is skipped', () => {
    const compound = Buffer.concat([
      writeReceiverReport(1, [block({ ssrc: 5 })]),
      raw(0x80, 207, Buffer.alloc(8)),
      writeSenderReport(6, 0, 0, 0, 0, 'abc'),
      writeNack(1, 7, [1, 2]),
      writePli(1, 8),
      raw(0x80, 203, Buffer.alloc(0)),
      writeRemb(1, [9], 1_000),
    ]);
    assert.deepEqual(
      read(compound).map((event) => event.kind),
      ['rr', 'sr', 'nack', 'key', 'remb'],
    );
  });

  test('a length that reaches beyond the end stops the reading there', () => {
    const good = writePli(1, 8);
    const bad = writePli(1, 9);
    bad.writeUInt16BE(3, 2);
    assert.deepEqual(read(Buffer.concat([good, bad])), [{ kind: 'key', ssrc: 8 }]);
  });

  test('another version stops the reading there', () => {
    const bad = writePli(1, 9);
    bad[0] = 0x41;
    assert.deepEqual(read(Buffer.concat([bad, writePli(1, 8)])), []);
  });

  test('more blocks announced than there are: only those that are there are read', () => {
    const report = writeReceiverReport(1, [block({ ssrc: 5 })]);
    report[0] = 0x80 | 31;
    assert.equal(read(Buffer.concat([report, writePli(1, 8)])).length, 2);
  });

  test('padding at the end of a NACK is not a list of packets', () => {
    const nack = writeNack(1, 2, [500]);
    const padded = raw(0xa1, 205, Buffer.concat([nack.subarray(4), Buffer.from([0, 0, 0, 0, 0, 0, 0, 8])]));
    assert.deepEqual(read(padded), [{ kind: 'nack', ssrc: 2, sequences: [500] }]);
  });

  test('padding that claims more than the packet makes the packet worthless, the next one is read', () => {
    const nack = writeNack(1, 2, [500]);
    nack[0] = 0xa1;
    nack[nack.length - 1] = 255;
    assert.deepEqual(read(Buffer.concat([nack, writePli(1, 8)])), [{ kind: 'key', ssrc: 8 }]);
  });

  test('cut off anywhere, a compound is read up to the cut and never throws', () => {
    const compound = Buffer.concat([
      writeSenderReport(6, 0, 0, 0, 0, 'abc'),
      writeReceiverReport(1, [block({ ssrc: 5 }), block({ ssrc: 6 })]),
      writeNack(1, 7, [1, 2, 30]),
      writeRemb(1, [9], 1_000),
      writePli(1, 8),
    ]);
    let last = 0;
    for (let length = 0; length <= compound.length; length++) {
      const { length: count } = read(compound.subarray(0, length));
      assert.ok(count >= last && count <= 6);
      last = count;
    }
    assert.equal(last, 6);
  });

  test('random bytes never throw', () => {
    const random = seededRandom(31);
    const types = [192, 200, 201, 202, 203, 204, 205, 206, 207, 223];
    let events = 0;
    for (let round = 0; round < 20_000; round++) {
      const buffer = randomBytes(random, pick(random, 0, 100));
      if (buffer.length >= 4) {
        buffer[0] = 0x80 | (buffer[0]! & 0x3f);
        buffer[1] = types[pick(random, 0, types.length - 1)]!;
        buffer.writeUInt16BE(pick(random, 0, Math.ceil(buffer.length / 4)), 2);
      }
      events += read(buffer).length;
    }
    assert.ok(events > 1_000, `only ${events} were looked into`);
  });
});
