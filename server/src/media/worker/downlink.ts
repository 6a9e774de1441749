/**
 * How much a receiver's downlink carries, from what the receiver says of it: its own estimate (REMB) and the packets
 * it lost. Pure: reports and time come from outside.
 *
 * An estimate of a receiver cannot grow far beyond what it is sent, and it grows slowly, so a small one proves nothing
 * by itself. Only one that *falls* below what is being sent, or stops growing although it is below, means congestion,
 * and so does loss. The budget then follows the estimate down, rests, and grows again little by little; what is sent
 * with it tries the link. Every trial that fails makes the next rest longer.
 */
export class Downlink {
  /** Before anything is known: a few good pictures. */
  static readonly START_BPS = 3_000_000;
  static readonly #LEAST_BPS = 30_000;
  static readonly #GROWTH_PER_S = 1.08;
  /** Below this share of what is sent an estimate counts as too low; smaller differences are noise. */
  static readonly #SHORT = 0.95;
  /** A change of an estimate that counts as one. */
  static readonly #STEP = 1.03;
  /** An estimate may dip for this long without meaning it: the receiver's machine was busy. */
  static readonly #DIP_MS = 2000;
  /** One that is short and has not risen for this long will not. */
  static readonly #STUCK_MS = 3500;
  static readonly #STUCK_SHARE = 0.7;
  static readonly #LOSS = 0.1;
  static readonly #LOSS_WINDOW_MS = 1000;
  /** What was changed must show before it is judged. */
  static readonly #SETTLE_MS = 2500;
  static readonly #REST_MS = 5000;
  static readonly #LONGEST_REST_MS = 60_000;
  /** Signs closer together than this belong to one congestion. */
  static readonly #EPISODE_MS = 10_000;

  #budgetBps = Downlink.START_BPS;
  #sentBps = 0;
  #estimateBps = 0;
  /** When the estimate fell, of late. */
  #fallsMs: number[] = [];
  /** Highest estimate since it is too low, and when it came. */
  #highest = { bps: 0, atMs: 0 };
  #loss = { lost: 0, packets: 0, sinceMs: -Infinity };
  #tickMs: number | undefined;
  #congested: { firstMs: number; lastMs: number } | undefined;
  #restMs = Downlink.#REST_MS;

  /** What may be sent, audio included, bit/s. */
  get budgetBps(): number {
    return this.#budgetBps;
  }

  /** The receiver's last estimate, bit/s; 0 before the first. */
  get estimateBps(): number {
    return this.#estimateBps;
  }

  /** The budget was found out, not only assumed. */
  get isKnown(): boolean {
    return this.#congested !== undefined;
  }

  /** Congestion went on although less was sent: now whole pictures may have to go. */
  get isSevere(): boolean {
    return this.#congested !== undefined && this.#congested.lastMs > this.#congested.firstMs;
  }

  /** The receiver's estimate (REMB). */
  estimated(bps: number, nowMs: number): void {
    if (bps * Downlink.#STEP < this.#estimateBps) this.#fallsMs.push(nowMs);
    this.#estimateBps = bps;
    if (bps > this.#highest.bps * Downlink.#STEP) this.#highest = { bps, atMs: nowMs };
  }

  /** A receiver report. @param fraction 0…1 of `packets` were lost. */
  lost(fraction: number, packets: number): void {
    this.#loss.lost += fraction * packets;
    this.#loss.packets += packets;
  }

  /**
   * To be called a few times a second.
   * @param sentBps what is being sent @param neededBps what all wanted pictures would take
   */
  tick(sentBps: number, neededBps: number, nowMs: number): void {
    const elapsedMs = this.#tickMs === undefined ? 0 : nowMs - this.#tickMs;
    this.#tickMs = nowMs;
    this.#sentBps = sentBps;
    const limit = Math.min(this.#limitByEstimate(nowMs), this.#limitByLoss(nowMs));
    const lastMs = this.#congested?.lastMs ?? -Infinity;
    if (limit < Infinity) {
      this.#budgetBps = Math.max(Downlink.#LEAST_BPS, Math.min(this.#budgetBps, limit));
      if (nowMs - lastMs >= Downlink.#SETTLE_MS) this.#congestion(nowMs);
    } else if (nowMs - lastMs >= this.#restMs) {
      const most = Math.max(Downlink.START_BPS, neededBps * 1.5, this.estimateBps);
      const grown = this.#budgetBps * Downlink.#GROWTH_PER_S ** (elapsedMs / 1000);
      this.#budgetBps = Math.max(
        this.#budgetBps,
        Math.min(grown, most),
        this.#isShort ? 0 : this.#estimateBps,
      );
      // Carried all that was wanted for a while: whatever it was is over.
      const isOver = nowMs - lastMs > Downlink.#EPISODE_MS && this.#budgetBps > neededBps * 1.2;
      if (isOver && nowMs - lastMs > this.#restMs * 2) {
        this.#congested = undefined;
        this.#restMs = Downlink.#REST_MS;
      }
    }
  }

  get #isShort(): boolean {
    return this.#estimateBps > 0 && this.#estimateBps < this.#sentBps * Downlink.#SHORT;
  }

  #limitByEstimate(nowMs: number): number {
    this.#fallsMs = this.#fallsMs.filter((atMs) => nowMs - atMs < Downlink.#STUCK_MS);
    if (!this.#isShort) {
      this.#highest = { bps: this.#estimateBps, atMs: nowMs };
      return Infinity;
    }
    const [firstMs] = this.#fallsMs;
    const hasFallen =
      this.#fallsMs.length > 1 || (firstMs !== undefined && nowMs - firstMs >= Downlink.#DIP_MS);
    if (hasFallen) return this.#estimateBps;
    // Where it is stuck says nothing of where the limit is: somewhere below what is sent.
    const isStuck = nowMs - this.#highest.atMs >= Downlink.#STUCK_MS;
    return isStuck ? Math.max(this.#estimateBps, this.#sentBps * Downlink.#STUCK_SHARE) : Infinity;
  }

  #limitByLoss(nowMs: number): number {
    const { lost, packets, sinceMs } = this.#loss;
    if (nowMs - sinceMs < Downlink.#LOSS_WINDOW_MS) return Infinity;
    this.#loss = { lost: 0, packets: 0, sinceMs: nowMs };
    const fraction = packets > 0 ? lost / packets : 0;
    return fraction > Downlink.#LOSS ? this.#sentBps * (1 - fraction) : Infinity;
  }

  #congestion(nowMs: number): void {
    const congested = this.#congested;
    const isSameEpisode =
      congested !== undefined && nowMs - congested.lastMs < Math.max(Downlink.#EPISODE_MS, this.#restMs * 2);
    this.#restMs = isSameEpisode ? Math.min(this.#restMs * 2, Downlink.#LONGEST_REST_MS) : Downlink.#REST_MS;
    this.#congested = { firstMs: isSameEpisode ? congested.firstMs : nowMs, lastMs: nowMs };
    this.#fallsMs = [];
    this.#highest = { bps: this.#estimateBps, atMs: nowMs };
  }
}
