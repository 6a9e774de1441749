/**
 * Which packets may be sent again. Receivers ask for a packet over and over until it is there: where it waits in a
 * queue, every further copy would make the queue longer. Pure: sizes and time come from outside.
 */
export class ResendLimit {
  /** Sent again at once, whatever was sent before: about a key frame. */
  static readonly #BURST_BYTES = 60_000;
  /** Of what is new. */
  static readonly #SHARE = 0.5;
  /** Requests on loopback still come in bursts. */
  static readonly #LEAST_MS = 20;
  static readonly #REMEMBERED = 512;

  #bytes = ResendLimit.#BURST_BYTES;
  /** When a packet was sent again, by its number. */
  readonly #sentMs = new Map<number, number>();

  /** Something new was sent. */
  sent(bytes: number): void {
    this.#bytes = Math.min(ResendLimit.#BURST_BYTES, this.#bytes + bytes * ResendLimit.#SHARE);
  }

  /** @param roundTripMs before it has passed, nobody can know whether the last copy came. */
  allows(sequence: number, bytes: number, roundTripMs: number, nowMs: number): boolean {
    const lastMs = this.#sentMs.get(sequence) ?? -Infinity;
    if (nowMs - lastMs < Math.max(ResendLimit.#LEAST_MS, roundTripMs) || bytes > this.#bytes) return false;
    this.#bytes -= bytes;
    this.#sentMs.delete(sequence);
    this.#sentMs.set(sequence, nowMs);
    if (this.#sentMs.size > ResendLimit.#REMEMBERED) {
      const [oldest] = this.#sentMs.keys();
      this.#sentMs.delete(oldest!);
    }
    return true;
  }
}
