import { nearest } from './sequence.js';
import type { PacketRing } from './packet-ring.js';

/**
 * One outgoing stream that is fed from changing sources and still looks like one unbroken stream to the receiver:
 * sequence numbers without holes at a switch, timestamps that go on with the clock, VP8 picture ids that follow on.
 *
 * Everything after a switch is the source's own numbering plus constants, so losses and reordering in the source
 * stay visible to the receiver, who asks for them with NACK; {@link OutgoingNumbering.locate} finds the way back.
 */
export class OutgoingNumbering {
  /** Switches remembered for retransmission; older packets are gone from every ring anyway. */
  static readonly #SEGMENTS = 4;

  readonly #clockRate: number;
  readonly #segments: Segment[] = [];
  #highestSequence: number;
  #lastTimestamp: number;
  #lastSentMs: number | undefined;
  #lastPictureId: number;
  #lastTl0: number;

  /** @param random yields [0, 1); starts of sequence, timestamp and picture id are random (RFC 3550 §5.1). */
  constructor(clockRate: number, random: () => number = Math.random) {
    this.#clockRate = clockRate;
    this.#highestSequence = 0x10000 + Math.floor(random() * 0x8000);
    this.#lastTimestamp = Math.floor(random() * 0xffffffff);
    this.#lastPictureId = Math.floor(random() * 0x7fff);
    this.#lastTl0 = Math.floor(random() * 0xff);
  }

  /** The segment in force; `undefined` before the first switch. */
  get current(): Segment | undefined {
    return this.#segments.at(-1);
  }

  /**
   * From this packet on, the stream is fed by another source (or by the same one after a pause).
   * @param first the first packet that will be sent: its unwrapped sequence, timestamp and VP8 ids.
   */
  switchTo(first: SourceNumbers, ring: PacketRing, nowMs: number): Segment {
    const elapsedMs = this.#lastSentMs === undefined ? 0 : Math.max(1, nowMs - this.#lastSentMs);
    const nextTimestamp = this.#lastTimestamp + Math.round((elapsedMs * this.#clockRate) / 1000);
    const segment: Segment = {
      firstIn: first.sequence,
      firstOut: this.#highestSequence + 1,
      sequenceDelta: this.#highestSequence + 1 - first.sequence,
      timestampDelta: (nextTimestamp - first.timestamp) >>> 0,
      pictureIdDelta: (this.#lastPictureId + 1 - first.pictureId) & 0x7fff,
      tl0Delta: (this.#lastTl0 + 1 - first.tl0) & 0xff,
      ring,
    };
    this.#segments.push(segment);
    if (this.#segments.length > OutgoingNumbering.#SEGMENTS) this.#segments.shift();
    return segment;
  }

  /** Outgoing sequence (unwrapped) of a packet of the current source, or −1 for one from before the switch. */
  map(segment: Segment, sequence: number): number {
    return sequence < segment.firstIn ? -1 : sequence + segment.sequenceDelta;
  }

  /** Remembers what went out, so that the next switch follows on. Retransmissions and late packets change nothing. */
  sent(outSequence: number, timestamp: number, pictureId: number, tl0: number, nowMs: number): void {
    if (outSequence <= this.#highestSequence) return;
    this.#highestSequence = outSequence;
    this.#lastTimestamp = timestamp;
    this.#lastSentMs = nowMs;
    if (pictureId >= 0) this.#lastPictureId = pictureId;
    if (tl0 >= 0) this.#lastTl0 = tl0;
  }

  /** Where a packet that the receiver misses came from. `undefined` if it was never sent or is too old. */
  locate(sequence16: number): { segment: Segment; sequence: number } | undefined {
    const out = nearest(sequence16, this.#highestSequence);
    if (out > this.#highestSequence) return undefined;
    for (let index = this.#segments.length - 1; index >= 0; index--) {
      const segment = this.#segments[index]!;
      if (out >= segment.firstOut) return { segment, sequence: out - segment.sequenceDelta };
    }
    return undefined;
  }
}

/** Numbers of a packet as its source counts them. VP8 ids are 0 where the source has none. */
export interface SourceNumbers {
  sequence: number;
  timestamp: number;
  pictureId: number;
  tl0: number;
}

/** A run of outgoing packets fed by one source; deltas are added to the source's numbers. */
export interface Segment {
  readonly firstIn: number;
  readonly firstOut: number;
  readonly sequenceDelta: number;
  readonly timestampDelta: number;
  readonly pictureIdDelta: number;
  readonly tl0Delta: number;
  readonly ring: PacketRing;
}
