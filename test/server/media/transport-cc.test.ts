import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransportFeedback } from '../../../server/src/media/rtp/transport-cc.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

interface Decoded {
  base: number;
  count: number;
  feedbackCount: number;
  /** 16-bit sequence → arrival in µs relative to the origin of the reference time; `undefined` = not received. */
  arrivals: Map<number, number | undefined>;
}

/** A decoder of its own, for all chunk kinds of draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1. */
function decode(packet: Buffer): Decoded {
  assert.equal(packet[0], 0x8f, 'version 2, no padding, format 15');
  assert.equal(packet[1], 205);
  assert.equal((packet.readUInt16BE(2) + 1) * 4, packet.length, 'length field');
  const base = packet.readUInt16BE(12);
  const count = packet.readUInt16BE(14);
  const symbols: number[] = [];
  let at = 20;
  while (symbols.length < count) {
    const chunk = packet.readUInt16BE(at);
    at += 2;
    if (chunk < 0x8000) {
      for (let run = chunk & 0x1fff; run > 0; run--) symbols.push(chunk >> 13);
    } else if (chunk < 0xc000) {
      for (let bit = 13; bit >= 0; bit--) symbols.push((chunk >> bit) & 1);
    } else {
      for (let shift = 12; shift >= 0; shift -= 2) symbols.push((chunk >> shift) & 3);
    }
  }
  assert.ok(
    symbols.slice(count).every((symbol) => symbol === 0),
    'symbols behind the last packet',
  );
  const arrivals = new Map<number, number | undefined>();
  let time = packet.readIntBE(16, 3) * 64_000;
  symbols.slice(0, count).forEach((symbol, index) => {
    const sequence = (base + index) & 0xffff;
    if (symbol === 0) return void arrivals.set(sequence, undefined);
    assert.ok(symbol === 1 || symbol === 2, `symbol ${symbol}`);
    time += (symbol === 1 ? packet.readUInt8(at) : packet.readInt16BE(at)) * 250;
    at += symbol;
    arrivals.set(sequence, time);
  });
  assert.ok(packet.length - at < 4, 'no more than padding to 32 bits is left');
  assert.ok(packet.subarray(at).every((byte) => byte === 0));
  return { base, count, feedbackCount: packet[19]!, arrivals };
}

/** The reference time has 24 bits of 64 ms. */
const PERIOD_US = 2 ** 24 * 64_000;

function assertArrival(decoded: Decoded, sequence: number, arrivalUs: number): void {
  const got = decoded.arrivals.get(sequence & 0xffff);
  assert.notEqual(got, undefined, `${sequence} is reported as lost`);
  let error = (got! - arrivalUs) % PERIOD_US;
  if (error > PERIOD_US / 2) error -= PERIOD_US;
  if (error < -PERIOD_US / 2) error += PERIOD_US;
  assert.ok(Math.abs(error) <= 250, `${sequence} is ${error} µs off`);
}

function feedback(packets: [sequence: number, arrivalUs: number][], into = new TransportFeedback()): Decoded {
  for (const [sequence, arrivalUs] of packets) into.received(sequence & 0xffff, arrivalUs);
  const packet = into.write(1, 2);
  assert.ok(packet);
  return decode(packet);
}

const T0 = 123_456_789_000;

test('without packets there is no report, nor a second one about the same packets', () => {
  const reports = new TransportFeedback();
  assert.equal(reports.write(1, 2), undefined);
  feedback([[1, T0]], reports);
  assert.equal(reports.write(1, 2), undefined);
});

test('the report names sender and media', () => {
  const reports = new TransportFeedback();
  reports.received(7, T0);
  const packet = reports.write(0x01020304, 0xfffefdfc)!;
  assert.equal(packet.readUInt32BE(4), 0x01020304);
  assert.equal(packet.readUInt32BE(8), 0xfffefdfc);
});

test('the arrival of a single packet is right', () => {
  for (const offset of [0, 1, 124, 126, 63_800, 63_874, 63_876, 63_999]) {
    const decoded = feedback([[5, 64_000 * 1_000 + offset]]);
    assert.equal(decoded.count, 1);
    assertArrival(decoded, 5, 64_000 * 1_000 + offset);
  }
});

test('rounding does not add up over many packets', () => {
  const packets = Array.from({ length: 400 }, (_, index): [number, number] => [index, T0 + index * 130.4]);
  const decoded = feedback(packets);
  for (const [sequence, arrival] of packets) assertArrival(decoded, sequence, arrival);
});

test('lost packets between others are reported as lost', () => {
  const packets: [number, number][] = [3, 4, 6, 9, 10].map((sequence) => [sequence, T0 + sequence * 900]);
  const decoded = feedback(packets);
  assert.equal(decoded.base, 3);
  assert.equal(decoded.count, 8);
  for (const [sequence, arrival] of packets) assertArrival(decoded, sequence, arrival);
  for (const lost of [5, 7, 8]) assert.equal(decoded.arrivals.get(lost), undefined);
});

test('the next report goes on where the last one ended, losses in between included', () => {
  const reports = new TransportFeedback();
  feedback(
    [
      [10, T0],
      [11, T0 + 1_000],
    ],
    reports,
  );
  const decoded = feedback([[14, T0 + 60_000]], reports);
  assert.equal(decoded.base, 12);
  assert.equal(decoded.count, 3);
  assertArrival(decoded, 14, T0 + 60_000);
});

test('reports are counted, modulo 256', () => {
  const reports = new TransportFeedback();
  for (let index = 0; index < 600; index++) {
    assert.equal(feedback([[index, T0 + index * 60_000]], reports).feedbackCount, index & 0xff);
  }
});

test('a report across the wrap of the sequence number', () => {
  const packets: [number, number][] = [65_533, 65_534, 65_536, 65_538].map((sequence, index) => [
    sequence,
    T0 + index * 2_000,
  ]);
  const decoded = feedback(packets);
  assert.equal(decoded.base, 65_533);
  assert.equal(decoded.count, 6);
  for (const [sequence, arrival] of packets) assertArrival(decoded, sequence, arrival);
  assert.equal(decoded.arrivals.get(65_535), undefined);
  assert.equal(decoded.arrivals.get(1), undefined);
});

test('packets out of order have negative deltas', () => {
  const decoded = feedback([
    [1, T0],
    [3, T0 + 500],
    [4, T0 + 700],
    [2, T0 + 90_000],
  ]);
  assertArrival(decoded, 1, T0);
  assertArrival(decoded, 2, T0 + 90_000);
  assertArrival(decoded, 3, T0 + 500);
  assertArrival(decoded, 4, T0 + 700);
});

test('the first packet of a report may have arrived last', () => {
  const decoded = feedback([
    [2, T0],
    [3, T0 + 100],
    [1, T0 + 200_000],
  ]);
  for (const [sequence, arrival] of [
    [1, T0 + 200_000],
    [2, T0],
    [3, T0 + 100],
  ] as const) {
    assertArrival(decoded, sequence, arrival);
  }
});

test('a packet that comes after its report is told of in the next one, with all that was known after it', () => {
  const reports = new TransportFeedback();
  const packets: [number, number][] = [
    [1, T0],
    [3, T0 + 100],
  ];
  assert.equal(feedback(packets, reports).arrivals.get(2), undefined);
  const decoded = feedback(
    [
      [2, T0 + 60_000],
      [5, T0 + 60_200],
    ],
    reports,
  );
  assert.equal(decoded.base, 2);
  assert.equal(decoded.count, 4);
  assertArrival(decoded, 2, T0 + 60_000);
  assertArrival(decoded, 3, T0 + 100);
  assertArrival(decoded, 5, T0 + 60_200);
  assert.equal(decoded.arrivals.get(4), undefined);
});

test('one that comes twice, or far too late, is no news', () => {
  const reports = new TransportFeedback();
  const first = Array.from({ length: 10 }, (_, index): [number, number] => [index * 2, T0 + index * 100]);
  feedback(first, reports);
  reports.received(4, T0 + 5000);
  assert.equal(reports.write(1, 2), undefined);
  feedback([[1000, T0 + 6000]], reports);
  reports.received(3, T0 + 7000);
  assert.equal(reports.write(1, 2), undefined);
});

test('deltas just within and beyond one byte are right', () => {
  let now = T0;
  const packets: [number, number][] = [63_500, 63_750, 64_000, 64_250, 255 * 250, 256 * 250].map(
    (delta, index) => [index, (now += delta)],
  );
  const decoded = feedback(packets);
  for (const [sequence, arrival] of packets) assertArrival(decoded, sequence, arrival);
});

test('a pause of eight seconds within a report fits two bytes', () => {
  const decoded = feedback([
    [1, T0],
    [2, T0 + 8_000_000],
    [3, T0 + 8_000_300],
  ]);
  assertArrival(decoded, 2, T0 + 8_000_000);
  assertArrival(decoded, 3, T0 + 8_000_300);
});

test('a pause that does not fit is cut short, what comes after is caught up with', () => {
  const decoded = feedback([
    [1, T0],
    [2, T0 + 10_000_000],
    [3, T0 + 10_000_300],
    [4, T0 + 10_000_600],
  ]);
  assert.ok(decoded.arrivals.get(2)! - decoded.arrivals.get(1)! > 8_000_000);
  assertArrival(decoded, 3, T0 + 10_000_300);
  assertArrival(decoded, 4, T0 + 10_000_600);
});

test('after a gap of thousands the report is about the last packets and fits a datagram', () => {
  const reports = new TransportFeedback();
  feedback([[1, T0]], reports);
  for (let sequence = 9_000; sequence < 9_010; sequence++) reports.received(sequence, T0 + sequence);
  const packet = reports.write(1, 2)!;
  assert.ok(packet.length < 1_200, `${packet.length} bytes`);
  const decoded = decode(packet);
  for (let sequence = 9_000; sequence < 9_010; sequence++) assertArrival(decoded, sequence, T0 + sequence);
  assert.equal((decoded.base + decoded.count) & 0xffff, 9_010);
});

test('even with two-byte deltas for every packet a report fits a datagram', () => {
  const reports = new TransportFeedback();
  for (let sequence = 0; sequence < 1_000; sequence++) reports.received(sequence, T0 + sequence * 100_000);
  const packet = reports.write(1, 2)!;
  assert.ok(packet.length < 1_200, `${packet.length} bytes`);
  const decoded = decode(packet);
  for (let sequence = 1_000 - decoded.count; sequence < 1_000; sequence++) {
    assertArrival(decoded, sequence, T0 + sequence * 100_000);
  }
});

test('the reference time wraps with the clock', () => {
  const packets: [number, number][] = [0, 1, 2, 3].map((index) => [index, PERIOD_US - 1_000 + index * 900]);
  const decoded = feedback(packets);
  for (const [sequence, arrival] of packets) assertArrival(decoded, sequence, arrival);
  assertArrival(feedback([[1, PERIOD_US * 3 + 5_000]]), 1, 5_000);
});

test('random streams with loss, reordering and jitter: every report is right', () => {
  const random = seededRandom(40);
  for (let round = 0; round < 30; round++) {
    const reports = new TransportFeedback();
    const start = pick(random, 0, 0xffff);
    let now = pick(random, 0, 1e12);
    const packets: { sequence: number; arrival: number }[] = [];
    for (let index = 0; index < 3_000; index++) {
      now += pick(random, 0, 3_000);
      if (random() < 0.1) continue;
      packets.push({
        sequence: start + index,
        arrival: now + (random() < 0.1 ? pick(random, 0, 20_000) : 0),
      });
    }
    packets.sort((a, b) => a.arrival - b.arrival);
    const reported = new Map<number, number>();
    const arrived = new Map<number, number>();
    packets.forEach((packet, index) => {
      arrived.set(packet.sequence & 0xffff, packet.arrival);
      reports.received(packet.sequence & 0xffff, packet.arrival);
      if (index % 40 !== 39) return;
      const decoded = decode(reports.write(1, 2)!);
      for (const [sequence, arrival] of decoded.arrivals) {
        assert.equal(arrival !== undefined, arrived.has(sequence), `received or not: ${sequence}`);
        if (arrival === undefined) continue;
        assertArrival(decoded, sequence, arrived.get(sequence)!);
        reported.set(sequence, arrival);
      }
      assert.equal(reported.size, arrived.size, 'every packet is reported, late ones too');
    });
    assert.ok(reported.size > 2_500);
  }
});

test('random sequence numbers and times never throw', () => {
  const random = seededRandom(41);
  const reports = new TransportFeedback();
  for (let round = 0; round < 20_000; round++) {
    reports.received(pick(random, 0, 0xffff), pick(random, 0, 1e13));
    if (random() < 0.05) {
      const packet = reports.write(1, 2);
      if (packet) assert.ok(packet.length < 1_200 && packet.length % 4 === 0);
    }
  }
});
