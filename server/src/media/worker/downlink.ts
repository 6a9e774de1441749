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
  /** While the estimate is too low. */
  #short: { highestBps: number; roseMs: number; fellMs: number | undefined; falls: number } | undefined;
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
    const beforeBps = this.#estimateBps;
    this.#estimateBps = bps;
    if (bps >= this.#sentBps * Downlink.#SHORT) {
      this.#short = undefined;
      // What the receiver says that it can take is true even while the budget rests.
      this.#budgetBps = Math.max(this.#budgetBps, bps);
      return;
    }
    const short = (this.#short ??= { highestBps: bps, roseMs: nowMs, fellMs: undefined, falls: 0 });
    if (bps > short.highestBps * Downlink.#STEP) {
      short.highestBps = bps;
      short.roseMs = nowMs;
    }
    if (bps * Downlink.#STEP < beforeBps) {
      short.fellMs ??= nowMs;
      short.falls += 1;
    }
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
    if (this.#estimateBps >= sentBps * Downlink.#SHORT) this.#short = undefined;
    if (limit < Infinity) {
      if (nowMs - lastMs >= Downlink.#SETTLE_MS) this.#shrink(limit, nowMs);
    } else if (nowMs - lastMs >= this.#restMs) {
      const most = Math.max(Downlink.START_BPS, neededBps * 1.5, this.estimateBps);
      const grown = this.#budgetBps * Downlink.#GROWTH_PER_S ** (elapsedMs / 1000);
      this.#budgetBps = Math.max(this.#budgetBps, Math.min(grown, most));
      // Carried all that was wanted for a while: whatever it was is over.
      const isOver = nowMs - lastMs > Downlink.#EPISODE_MS && this.#budgetBps > neededBps * 1.2;
      if (isOver && nowMs - lastMs > this.#restMs * 2) {
        this.#congested = undefined;
        this.#restMs = Downlink.#REST_MS;
      }
    }
  }

  #limitByEstimate(nowMs: number): number {
    if (!this.#short) return Infinity;
    const { fellMs = Infinity, roseMs, falls } = this.#short;
    const isMeant = falls > 1 || nowMs - fellMs >= Downlink.#DIP_MS || nowMs - roseMs >= Downlink.#STUCK_MS;
    return isMeant ? this.#estimateBps : Infinity;
  }

  #limitByLoss(nowMs: number): number {
    const { lost, packets, sinceMs } = this.#loss;
    if (nowMs - sinceMs < Downlink.#LOSS_WINDOW_MS) return Infinity;
    this.#loss = { lost: 0, packets: 0, sinceMs: nowMs };
    const fraction = packets > 0 ? lost / packets : 0;
    return fraction > Downlink.#LOSS ? this.#sentBps * (1 - fraction / 2) : Infinity;
  }

  #shrink(limit: number, nowMs: number): void {
    const congested = this.#congested;
    const isSameEpisode =
      congested !== undefined && nowMs - congested.lastMs < Math.max(Downlink.#EPISODE_MS, this.#restMs * 2);
    this.#restMs = isSameEpisode ? Math.min(this.#restMs * 2, Downlink.#LONGEST_REST_MS) : Downlink.#REST_MS;
    this.#congested = { firstMs: isSameEpisode ? congested.firstMs : nowMs, lastMs: nowMs };
    this.#budgetBps = Math.max(Downlink.#LEAST_BPS, Math.min(this.#budgetBps, limit));
    this.#short = undefined;
  }
}
