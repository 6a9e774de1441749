/**
 * A link with a queue, and a receiver behind it that estimates as libwebrtc's receivers do (remote bitrate estimation
 * by send times, AIMD): a model in steps of simulated time, for tests of what the server makes of it.
 */
import type { Downlink } from '../../server/src/media/worker/downlink.js';

/** A queue longer than this drops what comes. */
const LONGEST_QUEUE_MS = 300;
const THROUGHPUT_MS = 1000;
/** The way there and back without any queue. */
const ROUND_TRIP_MS = 20;
const PACKET_BITS = 8800;

export class ReceiverModel {
  /** What the link carries, bit/s. */
  capacityBps: number;
  /** Steps of simulated time with more under way than the link carries, and steps at all. */
  readonly overfull = { ms: 0, ofMs: 0 };
  #nowMs: number;
  #queueBits = 0;
  #delayMs = 0;
  #arrivals: { atMs: number; bits: number; ms: number }[] = [];
  #estimateBps = 300_000;
  /** What the link seemed to carry when it was overfull, and how well that is known (libwebrtc's link capacity). */
  #linkBps: number | undefined;
  #state: 'increase' | 'hold' | 'decrease' = 'increase';
  #changedMs = 0;
  #told = { bps: 0, atMs: 0 };
  #reportedMs: number;
  #packets = 0;
  #lost = 0;
  #stalledUntilMs = -Infinity;
  #held = 0;

  constructor(capacityBps: number, nowMs: number) {
    this.capacityBps = capacityBps;
    this.#nowMs = nowMs;
    this.#reportedMs = nowMs;
  }

  /** Its machine is busy: what arrives meanwhile arrives at once afterwards, and nothing is reported. */
  stall(ms: number): void {
    this.#stalledUntilMs = this.#nowMs + ms;
  }

  /** `ms` with `sentBps` under way. */
  step(sentBps: number, ms: number, downlink: Downlink): void {
    this.#nowMs += ms;
    this.overfull.ofMs += ms;
    if (sentBps > this.capacityBps) this.overfull.ms += ms;
    const before = this.#delayMs;
    const arrived = this.#carry(sentBps, ms);
    this.#held += arrived;
    if (this.#nowMs < this.#stalledUntilMs) return;
    const wasStalled = this.#held > arrived * 3;
    this.#arrivals.push({ atMs: this.#nowMs, bits: this.#held, ms });
    this.#held = 0;
    while (this.#arrivals[0] && this.#nowMs - this.#arrivals[0].atMs >= THROUGHPUT_MS) this.#arrivals.shift();
    this.#estimate(this.#delayMs - before, wasStalled, ms);
    this.#tell(downlink);
  }

  #carry(sentBps: number, ms: number): number {
    const sent = (sentBps * ms) / 1000;
    const most = (this.capacityBps * ms) / 1000;
    const room = (this.capacityBps * LONGEST_QUEUE_MS) / 1000;
    const queued = this.#queueBits + sent;
    const arrived = Math.min(queued, most);
    const left = Math.min(queued - arrived, room);
    this.#packets += sent / PACKET_BITS;
    this.#lost += (queued - arrived - left) / PACKET_BITS;
    this.#queueBits = left;
    this.#delayMs = (left / this.capacityBps) * 1000;
    return arrived;
  }

  #estimate(growthMs: number, wasStalled: boolean, ms: number): void {
    const bits = this.#arrivals.reduce((sum, arrival) => sum + arrival.bits, 0);
    const throughput = (bits * 1000) / THROUGHPUT_MS;
    const isOverused = wasStalled || (growthMs > ms * 0.01 && this.#delayMs > 12);
    if (isOverused) this.#state = 'decrease';
    else if (growthMs < -ms * 0.01) this.#state = 'hold';
    else if (this.#state !== 'increase') this.#state = this.#state === 'decrease' ? 'hold' : 'increase';
    if (this.#linkBps !== undefined && throughput > this.#linkBps + deviation(this.#linkBps)) {
      this.#linkBps = undefined;
    }
    if (this.#state === 'increase') {
      const most = throughput * 1.5 + 10_000;
      if (this.#estimateBps < most) {
        const perSecond =
          this.#linkBps === undefined ? this.#estimateBps * 0.08 : additiveBps(this.#estimateBps);
        this.#estimateBps = Math.min(most, this.#estimateBps + (perSecond * ms) / 1000);
      }
    } else if (this.#state === 'decrease' && this.#nowMs - this.#changedMs >= 200) {
      this.#changedMs = this.#nowMs;
      let decreased = throughput * 0.85;
      if (decreased > this.#estimateBps && this.#linkBps !== undefined) decreased = this.#linkBps * 0.85;
      this.#estimateBps = Math.max(5000, Math.min(this.#estimateBps, decreased));
      if (this.#linkBps !== undefined && throughput < this.#linkBps - deviation(this.#linkBps)) {
        this.#linkBps = undefined;
      }
      this.#linkBps = this.#linkBps === undefined ? throughput : this.#linkBps * 0.95 + throughput * 0.05;
    }
  }

  #tell(downlink: Downlink): void {
    if (this.#estimateBps < this.#told.bps * 0.97 || this.#nowMs - this.#told.atMs >= 1000) {
      this.#told = { bps: this.#estimateBps, atMs: this.#nowMs };
      downlink.estimated(this.#estimateBps, this.#nowMs);
    }
    if (this.#nowMs - this.#reportedMs < 1000) return;
    if (this.#packets > 0) downlink.lost(this.#lost / this.#packets, this.#packets, this.#reportedMs);
    this.#reportedMs = this.#nowMs;
    this.#packets = this.#lost = 0;
    downlink.roundTrip(ROUND_TRIP_MS + this.#delayMs, this.#nowMs);
  }
}

const deviation = (bps: number): number => 3 * Math.sqrt(0.4 * (bps / 1000)) * 1000;

/** About half a packet more each response time. */
function additiveBps(bps: number): number {
  const frameBits = bps / 30;
  const packets = Math.ceil(frameBits / (1200 * 8));
  return Math.max(4000, frameBits / packets / 0.3);
}
