import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ntpToMs, ReceptionStatistics, roundTripMs } from '../../../server/src/media/rtp/reception.js';
import {
  NTP_UNIX_OFFSET_S,
  readRtcp,
  writeReceiverReport,
  writeSenderReport,
} from '../../../server/src/media/rtp/rtcp.js';
import { SequenceUnwrapper } from '../../../server/src/media/rtp/sequence.js';

const START = 1_750_000_000_000;

/** Feeds 16-bit sequence numbers of a stream with 20 ms per packet, each arriving exactly on time. */
function stream(sequences: number[], statistics = new ReceptionStatistics(7, 48_000)): ReceptionStatistics {
  const unwrapper = new SequenceUnwrapper();
  for (const sequence16 of sequences) {
    const sequence = unwrapper.unwrap(sequence16);
    const offset = sequence - 65_536 - sequences[0]!;
    statistics.packet(sequence, (offset * 960) >>> 0, START + offset * 20);
  }
  return statistics;
}

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => (from + index) & 0xffff);

test('before the first packet everything is zero', () => {
  assert.deepEqual(new ReceptionStatistics(7, 90_000).report(START), {
    ssrc: 7,
    fractionLost: 0,
    cumulativeLost: 0,
    highestSequence: 0,
    jitter: 0,
    lastSr: 0,
    delaySinceLastSr: 0,
  });
});

test('an undisturbed stream has neither loss nor jitter', () => {
  const report = stream(range(100, 1_000)).report(START);
  assert.equal(report.fractionLost, 0);
  assert.equal(report.cumulativeLost, 0);
  assert.equal(report.jitter, 0);
  assert.equal(report.highestSequence, 1_099);
});

test('a quarter lost is a fraction of 64', () => {
  const report = stream(range(0, 401).filter((sequence) => sequence % 4 !== 1)).report(START);
  assert.equal(report.cumulativeLost, 100);
  assert.equal(report.fractionLost, Math.floor((100 * 256) / 401));
});

test('the fraction is about the time since the last report, the count about all time', () => {
  const statistics = new ReceptionStatistics(7, 48_000);
  const unwrapped = (from: number, count: number) => range(from, count).map((sequence) => sequence + 65_536);
  for (const sequence of unwrapped(0, 101)) if (sequence % 2 === 0) statistics.packet(sequence, 0, START);
  const first = statistics.report(START);
  assert.equal(first.fractionLost, Math.floor((50 * 256) / 101));
  assert.equal(first.cumulativeLost, 50);
  for (const sequence of unwrapped(101, 100)) statistics.packet(sequence, 0, START);
  const second = statistics.report(START);
  assert.equal(second.fractionLost, 0);
  assert.equal(second.cumulativeLost, 50);
  for (const sequence of unwrapped(201, 100)) if (sequence % 4 !== 0) statistics.packet(sequence, 0, START);
  const third = statistics.report(START);
  // The last one, 300, is among the lost ones and not yet expected.
  assert.equal(third.fractionLost, Math.floor((24 * 256) / 99));
  assert.equal(third.cumulativeLost, 74);
});

test('everything lost but one packet is a fraction below 256', () => {
  const report = stream([0, 20_000]).report(START);
  assert.equal(report.fractionLost, 255);
  assert.equal(report.cumulativeLost, 19_999);
});

test('without new packets the fraction is 0', () => {
  const statistics = stream([0, 10]);
  statistics.report(START);
  assert.equal(statistics.report(START).fractionLost, 0);
});

test('duplicates make the count negative, the fraction stays 0', () => {
  const statistics = stream([5, 6, 6, 6, 7]);
  const report = statistics.report(START);
  assert.equal(report.cumulativeLost, -2);
  assert.equal(report.fractionLost, 0);
});

test('a packet out of order is not a loss', () => {
  const report = stream([1, 2, 4, 3, 5]).report(START);
  assert.equal(report.cumulativeLost, 0);
  assert.equal(report.highestSequence, 5);
});

test('the cumulative count is clamped to 24 bits', () => {
  const statistics = new ReceptionStatistics(7, 48_000);
  statistics.packet(65_536, 0, START);
  statistics.packet(65_536 + 0x900000, 0, START);
  assert.equal(statistics.report(START).cumulativeLost, 0x7fffff);
});

test('the extended sequence number counts wraps in its upper half, from 0 (RFC 3550 §6.4.1)', () => {
  assert.equal(stream(range(65_000, 500)).report(START).highestSequence, 65_499);
  assert.equal(stream(range(65_000, 1_000)).report(START).highestSequence, 0x10000 + 65_999 - 65_536);
  const twice = stream(range(65_000, 70_000)).report(START);
  assert.equal(twice.highestSequence, 2 * 0x10000 + ((65_000 + 69_999) & 0xffff));
  assert.equal(twice.cumulativeLost, 0);
});

test('jitter follows RFC 3550 appendix A.8', () => {
  const statistics = new ReceptionStatistics(7, 90_000);
  let jitter = 0;
  let previous: number | undefined;
  for (let index = 0; index < 200; index++) {
    const lateMs = (index * index) % 29;
    statistics.packet(65_536 + index, index * 3_000, START + (index * 100) / 3 + lateMs);
    if (previous !== undefined) jitter += (Math.abs(lateMs - previous) * 90 - jitter) / 16;
    previous = lateMs;
    const reported = statistics.report(START).jitter;
    assert.ok(Math.abs(reported - jitter) <= 3, `${reported} instead of ${jitter} at packet ${index}`);
  }
  assert.ok(jitter > 300, String(jitter));
});

test('jitter stays small where the difference of the clocks crosses 2^31', () => {
  const statistics = new ReceptionStatistics(7, 90_000);
  for (let index = 0; index < 100; index++) {
    const arrivalMs = START + index * 20;
    const transit = 2 ** 31 + (index % 2 === 0 ? 90 : -90);
    statistics.packet(65_536 + index, (((arrivalMs * 90) % 2 ** 32) - transit) >>> 0, arrivalMs);
  }
  const { jitter } = statistics.report(START);
  assert.ok(jitter > 150 && jitter <= 180, String(jitter));
});

test('the wrap of the RTP timestamp is not jitter', () => {
  const statistics = new ReceptionStatistics(7, 90_000);
  for (let index = 0; index < 100; index++) {
    statistics.packet(65_536 + index, (0xffffffff - 50 * 900 + index * 900) >>> 0, START + index * 10);
  }
  assert.ok(statistics.report(START).jitter <= 1);
});

test('the last sender report comes back as the middle of its NTP time, with its age', () => {
  const statistics = new ReceptionStatistics(7, 90_000);
  statistics.senderReport(0x11112222, 0x33334444, START);
  const report = statistics.report(START + 1_500);
  assert.equal(report.lastSr, 0x22223333);
  assert.equal(report.delaySinceLastSr, 1.5 * 65_536);
});

test('the middle of the NTP time may have its highest bit set', () => {
  const statistics = new ReceptionStatistics(7, 90_000);
  statistics.senderReport(0xeabc_f00d, 0xffff_0000, START);
  assert.equal(statistics.report(START).lastSr, 0xf00dffff);
});

test('NTP time is read as Unix time', () => {
  assert.equal(ntpToMs(NTP_UNIX_OFFSET_S, 0), 0);
  assert.equal(ntpToMs(NTP_UNIX_OFFSET_S + 1_750_000_000, 2 ** 31), 1_750_000_000_500);
});

test('the round trip of a sender report is what the receiver did not keep it for', () => {
  const receiver = new ReceptionStatistics(1, 90_000);
  const roundTrip = (leftMs: number, thereMs: number, keptMs: number, backMs: number): number | undefined => {
    readRtcp(writeSenderReport(1, leftMs, 0, 0, 0, 'a'), {
      senderReport: (_ssrc, seconds, fraction) => receiver.senderReport(seconds, fraction, leftMs + thereMs),
    });
    let found: number | undefined;
    readRtcp(writeReceiverReport(2, [receiver.report(leftMs + thereMs + keptMs)]), {
      receiverReport: (_ssrc, _lost, _jitter, lastSr, delay) =>
        (found = roundTripMs(lastSr, delay, leftMs + thereMs + keptMs + backMs)),
    });
    return found;
  };
  for (const [there, kept, back] of [
    [10, 0, 10],
    [250, 700, 50],
    [0, 1000, 0],
    [4000, 5000, 300],
  ] as const) {
    const found = roundTrip(START, there, kept, back)!;
    assert.ok(Math.abs(found - there - back) < 1, `${found} ms instead of ${there + back}`);
  }
  // The seconds of NTP's middle bits start over every 18 hours.
  const turn = (Math.ceil((START / 1000 + NTP_UNIX_OFFSET_S) / 0x10000) * 0x10000 - NTP_UNIX_OFFSET_S) * 1000;
  const found = roundTrip(turn - 100, 150, 20, 30)!;
  assert.ok(Math.abs(found - 180) < 1, `${found} ms`);
});

test('a receiver that has no sender report, or makes one up, has no round trip', () => {
  assert.equal(roundTripMs(0, 0, START), undefined);
  const now = Math.floor((START / 1000 + NTP_UNIX_OFFSET_S) * 0x10000) % 2 ** 32;
  assert.equal(roundTripMs(now, 0x10000 * 60, START), undefined, 'from the future');
  assert.equal(roundTripMs((now - 0x10000 * 600) >>> 0, 0, START), undefined, 'from long ago');
});
