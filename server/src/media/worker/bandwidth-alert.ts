export interface BandwidthAlertOptions {
  /** How long too little must last. */
  fallMs: number;
  /** How long enough must last, which is after shortage: */
  riseMs: number;
  /** so many times what is needed. */
  margin: number;
}

/**
 * Says once when bandwidth falls below what is needed, and once when it is well above again. Pure: numbers and time
 * come from outside; the unit does not matter.
 */
export class BandwidthAlert {
  #isLow = false;
  /** Since when the opposite has been the case. */
  #sinceMs: number | undefined;

  constructor(private readonly options: BandwidthAlertOptions) {}

  get isLow(): boolean {
    return this.#isLow;
  }

  /** @returns what has changed with this observation, if anything. */
  observe(available: number, needed: number, nowMs: number): 'low' | 'restored' | undefined {
    const { fallMs, riseMs, margin } = this.options;
    const isOpposite = this.#isLow ? available >= needed * margin : available < needed;
    if (!isOpposite) {
      this.#sinceMs = undefined;
      return undefined;
    }
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs < (this.#isLow ? riseMs : fallMs)) return undefined;
    this.#isLow = !this.#isLow;
    this.#sinceMs = undefined;
    return this.#isLow ? 'low' : 'restored';
  }
}
