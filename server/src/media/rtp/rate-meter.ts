/** Bits per second over the last two seconds. Pure: time comes from outside. */
export class RateMeter {
  static readonly #BUCKET_MS = 100;
  static readonly #BUCKETS = 20;
  /** A rate of the first moments would be anything. */
  static readonly #LEAST_MS = 300;

  readonly #bytes = new Float64Array(RateMeter.#BUCKETS);
  /** Number of the bucket that is being filled. */
  #current = -1;
  #firstMs = 0;

  add(bytes: number, nowMs: number): void {
    this.#forget(nowMs);
    this.#bytes[this.#current % RateMeter.#BUCKETS]! += bytes;
  }

  bps(nowMs: number): number {
    if (this.#current < 0) return 0;
    this.#forget(nowMs);
    const spanMs = Math.min(
      (RateMeter.#BUCKETS - 1) * RateMeter.#BUCKET_MS + (nowMs % RateMeter.#BUCKET_MS),
      Math.max(RateMeter.#LEAST_MS, nowMs - this.#firstMs),
    );
    return (this.#bytes.reduce((sum, bytes) => sum + bytes, 0) * 8000) / spanMs;
  }

  #forget(nowMs: number): void {
    const bucket = Math.floor(nowMs / RateMeter.#BUCKET_MS);
    if (this.#current < 0) {
      this.#current = bucket;
      this.#firstMs = nowMs;
      return;
    }
    const passed = Math.min(bucket - this.#current, RateMeter.#BUCKETS);
    for (let index = 1; index <= passed; index++) {
      this.#bytes[(bucket - passed + index) % RateMeter.#BUCKETS] = 0;
    }
    if (bucket > this.#current) this.#current = bucket;
  }
}
