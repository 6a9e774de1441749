/**
 * 16-bit RTP sequence numbers as ever-growing integers (RFC 3550 appendix A.1).
 *
 * Comparing numbers modulo 2^16 goes wrong once a stream is more than 32,768 packets past the number it is compared
 * with; unwrapped numbers never do.
 */
export class SequenceUnwrapper {
  #highest: number | undefined;

  /** Highest unwrapped number so far; `undefined` before the first packet. */
  get highest(): number | undefined {
    return this.#highest;
  }

  /** Unwraps relative to the highest number seen. The first one starts at 65,536 so that older ones stay positive. */
  unwrap(sequence: number): number {
    if (this.#highest === undefined) return (this.#highest = sequence + 0x10000);
    const unwrapped = nearest(sequence, this.#highest);
    if (unwrapped > this.#highest) this.#highest = unwrapped;
    return unwrapped;
  }
}

/** The unwrapped number with the low 16 bits of `sequence` that lies nearest to `reference`. */
export function nearest(sequence: number, reference: number): number {
  const delta = (sequence - reference) & 0xffff;
  return reference + (delta < 0x8000 ? delta : delta - 0x10000);
}
