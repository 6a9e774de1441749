import { SequenceUnwrapper } from './sequence.js';

/**
 * Records when packets arrived and writes transport-wide feedback, from which the *sender* estimates its uplink
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
 */
export class TransportFeedback {
  /** More packets than this in one report would not fit a datagram. */
  static readonly #MAX_SPAN = 400;

  readonly #unwrapper = new SequenceUnwrapper();
  /** What arrived of late, reported or not. */
  readonly #arrivals = new Map<number, number>();
  /** First packet of the next report; everything before it was reported. */
  #base: number | undefined;
  #hasNews = false;
  #count = 0;

  /** @param arrivalUs any monotonic clock in microseconds. */
  received(sequence16: number, arrivalUs: number): void {
    const sequence = this.#unwrapper.unwrap(sequence16);
    if (sequence <= this.#oldest) return;
    if (sequence < (this.#base ?? sequence)) {
      // It was reported as lost: the next report says it all again from there on, as libwebrtc's does.
      if (this.#arrivals.has(sequence)) return;
      this.#base = sequence;
    }
    this.#hasNews = true;
    this.#arrivals.set(sequence, arrivalUs);
    // Where nobody asks for reports; the highest is among the last ones.
    const [eldest] = this.#arrivals.keys();
    if (this.#arrivals.size > 3 * TransportFeedback.#MAX_SPAN) this.#arrivals.delete(eldest!);
  }

  /** The next report, or `undefined` when nothing arrived since the last one. */
  write(senderSsrc: number, mediaSsrc: number): Buffer | undefined {
    if (!this.#hasNews) return undefined;
    this.#hasNews = false;
    const last = this.#unwrapper.highest!;
    let first = Math.max(this.#base ?? Math.min(...this.#arrivals.keys()), this.#oldest + 1);
    while (!this.#arrivals.has(first) && this.#base === undefined) first += 1;
    let firstArrived = first;
    while (!this.#arrivals.has(firstArrived)) firstArrived += 1;
    const start = this.#arrivals.get(firstArrived)!;
    const referenceTime = Math.floor(start / 64_000);

    const symbols: number[] = [];
    const deltas: number[] = [];
    let previous = referenceTime * 64_000;
    for (let sequence = first; sequence <= last; sequence++) {
      const arrival = this.#arrivals.get(sequence);
      if (arrival === undefined) {
        symbols.push(0);
        continue;
      }
      const ticks = Math.max(-32_768, Math.min(32_767, Math.round((arrival - previous) / 250)));
      previous += ticks * 250;
      if (ticks >= 0 && ticks <= 255) {
        symbols.push(1);
        deltas.push(ticks);
      } else {
        symbols.push(2);
        deltas.push((ticks >> 8) & 0xff, ticks & 0xff);
      }
    }
    this.#base = last + 1;
    for (const sequence of this.#arrivals.keys())
      if (sequence <= this.#oldest) this.#arrivals.delete(sequence);

    const chunks = Math.ceil(symbols.length / 7);
    const length = Math.ceil((20 + chunks * 2 + deltas.length) / 4) * 4;
    const buffer = Buffer.alloc(length);
    buffer[0] = 0x80 | 15;
    buffer[1] = 205;
    buffer.writeUInt16BE(length / 4 - 1, 2);
    buffer.writeUInt32BE(senderSsrc, 4);
    buffer.writeUInt32BE(mediaSsrc, 8);
    buffer.writeUInt16BE(first & 0xffff, 12);
    buffer.writeUInt16BE(symbols.length, 14);
    buffer.writeUIntBE(referenceTime & 0xffffff, 16, 3);
    buffer[19] = this.#count++ & 0xff;
    let offset = 20;
    for (let index = 0; index < symbols.length; index += 7) {
      let chunk = 0xc000;
      for (let bit = 0; bit < 7; bit++) chunk |= (symbols[index + bit] ?? 0) << (12 - bit * 2);
      buffer.writeUInt16BE(chunk, offset);
      offset += 2;
    }
    for (const delta of deltas) buffer[offset++] = delta;
    return buffer;
  }

  /** Too old to be reported. */
  get #oldest(): number {
    return (this.#unwrapper.highest ?? 0) - TransportFeedback.#MAX_SPAN;
  }
}
