import { NTP_UNIX_OFFSET_S } from './rtcp.js';

/** What a receiver report says about one source (RFC 3550 §6.4.1 and appendix A.3, A.8). */
export interface ReportBlock {
  ssrc: number;
  /** 0–255: share of packets lost since the last report, times 256. */
  fractionLost: number;
  /** Since the beginning, signed 24 bit. */
  cumulativeLost: number;
  /** Lower 16 bits: the highest number received; upper 16: how often the numbers started over. */
  highestSequence: number;
  /** In units of the RTP clock. */
  jitter: number;
  lastSr: number;
  delaySinceLastSr: number;
}

/** Counts what arrived of one source. Sequence numbers are unwrapped. */
export class ReceptionStatistics {
  #base: number | undefined;
  #highest = 0;
  #received = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #jitter = 0;
  #transit: number | undefined;
  #lastSr = 0;
  #lastSrMs = 0;

  constructor(
    readonly ssrc: number,
    readonly clockRate: number,
  ) {}

  packet(sequence: number, timestamp: number, nowMs: number): void {
    if (this.#base === undefined) this.#base = this.#highest = sequence;
    if (sequence > this.#highest) this.#highest = sequence;
    this.#received += 1;
    const transit = ((nowMs * this.clockRate) / 1000 - timestamp) | 0;
    if (this.#transit !== undefined) {
      const difference = Math.abs((transit - this.#transit) | 0);
      this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  /** @param ntpSeconds, ntpFraction as in the sender report. */
  senderReport(ntpSeconds: number, ntpFraction: number, nowMs: number): void {
    this.#lastSr = ((ntpSeconds & 0xffff) * 0x10000 + (ntpFraction >>> 16)) >>> 0;
    this.#lastSrMs = nowMs;
  }

  report(nowMs: number): ReportBlock {
    const expected = this.#base === undefined ? 0 : this.#highest - this.#base + 1;
    // Unwrapped numbers do not begin in round 0.
    const firstRound = this.#base === undefined ? 0 : this.#base - (this.#base % 0x10000);
    const expectedNow = expected - this.#expectedPrior;
    const lostNow = expectedNow - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    return {
      ssrc: this.ssrc,
      fractionLost:
        expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0,
      cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received)),
      highestSequence: (this.#highest - firstRound) >>> 0,
      jitter: Math.floor(this.#jitter) >>> 0,
      lastSr: this.#lastSr,
      delaySinceLastSr: this.#lastSr === 0 ? 0 : Math.floor(((nowMs - this.#lastSrMs) * 65_536) / 1000) >>> 0,
    };
  }
}

/** Milliseconds since the Unix epoch of an NTP timestamp. */
export const ntpToMs = (seconds: number, fraction: number): number =>
  (seconds - NTP_UNIX_OFFSET_S) * 1000 + (fraction / 2 ** 32) * 1000;

/**
 * How long a sender report and the answer to it were under way (RFC 3550 §6.4.1), milliseconds.
 * @param lastSr, delaySinceLastSr as in the receiver report @param nowMs on the clock of the sender report
 * @returns `undefined` if the receiver knows of no report, or of an impossible one.
 */
export function roundTripMs(lastSr: number, delaySinceLastSr: number, nowMs: number): number | undefined {
  if (lastSr === 0) return undefined;
  const now = Math.floor((nowMs / 1000 + NTP_UNIX_OFFSET_S) * 0x10000) % 2 ** 32;
  // Both ends count in steps, so that a very short one may come out as slightly less than none.
  const steps = (now - lastSr - delaySinceLastSr) | 0;
  const ms = (steps * 1000) / 0x10000;
  return ms > -5 && ms < 30_000 ? Math.max(0, ms) : undefined;
}
