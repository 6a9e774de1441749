/**
 * Notices gaps in a received stream and says when to ask for the missing packets again (RFC 4585 §6.2.1).
 * Sequence numbers are unwrapped.
 */
export class NackTracker {
  /** A packet merely out of order usually arrives within this time. */
  static readonly #REORDER_MS = 10;
  static readonly #RETRY_MS = 60;
  static readonly #MAX_TRIES = 8;
  /** More missing than this is a restart of the stream or beyond repair packet by packet. */
  static readonly #MAX_MISSING = 500;
  /** As many fit one datagram, however scattered they are. */
  static readonly #MAX_AT_ONCE = 250;

  readonly #missing = new Map<number, { since: number; askedAt: number; tries: number }>();
  #highest: number | undefined;
  #gaveUp = false;

  get missingCount(): number {
    return this.#missing.size;
  }

  received(sequence: number, nowMs: number): void {
    const highest = this.#highest;
    if (highest === undefined) {
      this.#highest = sequence;
      return;
    }
    if (sequence <= highest) {
      this.#missing.delete(sequence);
      return;
    }
    if (this.#missing.size + sequence - highest > NackTracker.#MAX_MISSING) {
      this.#missing.clear();
      this.#gaveUp = true;
    } else
      for (let s = highest + 1; s < sequence; s++)
        this.#missing.set(s, { since: nowMs, askedAt: 0, tries: 0 });
    this.#highest = sequence;
  }

  /**
   * @returns sequences to ask for now (low 16 bits), and whether some packet was given up,
   * which for video means that only a key frame helps.
   */
  due(nowMs: number): { sequences: number[]; gaveUp: boolean } {
    const sequences: number[] = [];
    let gaveUp = this.#gaveUp;
    this.#gaveUp = false;
    for (const [sequence, entry] of this.#missing) {
      const isDue =
        entry.tries === 0
          ? nowMs - entry.since >= NackTracker.#REORDER_MS
          : nowMs - entry.askedAt >= NackTracker.#RETRY_MS;
      if (!isDue) continue;
      if (entry.tries >= NackTracker.#MAX_TRIES) {
        this.#missing.delete(sequence);
        gaveUp = true;
      } else if (sequences.length < NackTracker.#MAX_AT_ONCE) {
        entry.tries += 1;
        entry.askedAt = nowMs;
        sequences.push(sequence & 0xffff);
      }
    }
    return { sequences, gaveUp };
  }

  /** A key frame makes everything before it irrelevant. */
  forgetBefore(sequence: number): void {
    this.#gaveUp = false;
    for (const missing of this.#missing.keys()) if (missing < sequence) this.#missing.delete(missing);
  }
}
