/**
 * How much a receiver's downlink carries, from what the receiver says of it: its own estimate (REMB), the packets it
 * lost, and how long reports take. Pure: reports and time come from outside.
 *
 * An estimate of a receiver cannot grow far beyond what it is sent, and it grows slowly, so a small one proves nothing
 * by itself. Only one that *falls* below what is being sent, or stops growing although it is below, means congestion,
 * if packets queue up or get lost as well; so does much loss alone. The budget then follows the estimate down, rests,
 * and grows again; what is sent with it tries the link. A trial that fails where the last one failed makes the next
 * rest longer; one that is carried ends all caution.
 */
export class Downlink {
  /** Before anything is known: a few good pictures. */
  static readonly START_BPS = 3_000_000;
  static readonly #LEAST_BPS = 30_000;
  /** The budget grows by this much a second while the last failure is remembered, and by this much without one. */
  static readonly #GROWTH_PER_S = { careful: 1.25, free: 1.6 };
  /** Below this share of what is sent an estimate counts as too low; smaller differences are noise. */
  static readonly #SHORT = 0.95;
  /** A change of an estimate that counts as one. */
  static readonly #STEP = 1.03;
  /** An estimate may dip for this long without meaning it: the receiver's machine was busy. */
  static readonly #DIP_MS = 2000;
  /** One that is short and has not risen for this long will not. */
  static readonly #STUCK_MS = 3500;
  static readonly #STUCK_SHARE = 0.7;
  /** Estimates below this share of what is sent are no measurement: a busy receiver begins anywhere. */
  static readonly #PLAUSIBLE_SHARE = 0.5;
  /** So much longer than the shortest round trip means that packets queue up. */
  static readonly #QUEUE_MS = 60;
  /** Reports on streams that were sent together come together: the shortest round trip of so long counts. */
  static readonly #TOGETHER_MS = 900;
  /** A queue shorter by this much than before is on the way out. */
  static readonly #DRAIN_MS = 5;
  /** Whatever a receiver sends. */
  static readonly #MOST_ROUND_TRIPS = 64;
  static readonly #STALE_MS = 6000;
  /** Loss that means congestion by itself … */
  static readonly #LOSS = 0.1;
  /** … and with a falling estimate. */
  static readonly #SOME_LOSS = 0.02;
  /** A queue that stands for so many seconds means congestion by itself; with some loss, or in a trial, half as many. */
  static readonly #STANDING_S = 6;
  /** Estimates aim at so much of what the link carries; so does what is found out from losses. */
  static readonly #AIM = 0.85;
  /** So long after a change, packets that were sent before it may still be missed. */
  static readonly #STALE_LOSS_MS = 700;
  static readonly #LOSS_WINDOW_MS = 1000;
  /** What was changed must show before it is judged. */
  static readonly #SETTLE_MS = 2500;
  static readonly #REST_MS = 4000;
  static readonly #LONGEST_REST_MS = 16_000;
  /** A trial that finds less than this times what was found before has found the same limit. */
  static readonly #SAME_LIMIT = 1.3;
  /** What failed before and is carried for so long is no limit any more; so long a trial is watched, too. */
  static readonly #CARRIED_MS = 3000;
  /** So much more than before is a trial. */
  static readonly #TRIAL = 1.1;
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
  #lossFraction = 0;
  #standingS = 0;
  #roundTrips: RoundTrip[] = [];
  #shortestRoundTripMs = Infinity;
  #tickMs: number | undefined;
  #congested: { firstMs: number; lastMs: number; sentBps: number } | undefined;
  /** More than what was found to be carried; and since when as much is carried after all. */
  #failed: { bps: number; carriedSinceMs: number | undefined } | undefined;
  /** What was sent before the trial that is under way, and since when. */
  #trial: { fromBps: number; sinceMs: number | undefined } = { fromBps: 0, sinceMs: undefined };
  #restMs = Downlink.#REST_MS;

  /** What may be sent, audio included, bit/s. */
  get budgetBps(): number {
    return this.#budgetBps;
  }

  /** The receiver's last estimate, bit/s; 0 before the first. */
  get estimateBps(): number {
    return this.#estimateBps;
  }

  /** The last round trip, 0 if the receiver says nothing of it. */
  get roundTripMs(): number {
    return this.#roundTrips.at(-1)?.ms ?? 0;
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

  /**
   * A receiver report.
   * @param fraction 0…1 of `packets` were lost @param sinceMs the time of the report before; receivers report on sound
   *   once in five seconds only, so that what they say may be about what was changed long ago
   */
  lost(fraction: number, packets: number, sinceMs = Infinity): void {
    if (sinceMs < (this.#congested?.lastMs ?? -Infinity) + Downlink.#STALE_LOSS_MS) return;
    this.#loss.lost += fraction * packets;
    this.#loss.packets += packets;
  }

  /** The same, if it says so: from our report to theirs, without the time they kept it. */
  roundTrip(ms: number, nowMs: number): void {
    this.#shortestRoundTripMs = Math.min(this.#shortestRoundTripMs, ms);
    const recent = this.#roundTrips.filter(({ atMs }) => nowMs - atMs < 2 * Downlink.#TOGETHER_MS);
    this.#roundTrips = [...recent.slice(1 - Downlink.#MOST_ROUND_TRIPS), { ms, atMs: nowMs }];
  }

  /**
   * To be called a few times a second.
   * @param sentBps what is being sent, without what is sent again @param neededBps what all wanted pictures would take
   */
  tick(sentBps: number, neededBps: number, nowMs: number): void {
    const elapsedMs = this.#tickMs === undefined ? 0 : nowMs - this.#tickMs;
    this.#tickMs = nowMs;
    this.#sentBps = sentBps;
    const limit = Math.min(this.#limitByLoss(nowMs), this.#limitByEstimate(nowMs));
    if (limit < Infinity) {
      // The end of a trial is what was carried before it: what it was measured with is older than the trial itself.
      const carriedBps = this.#trial.sinceMs === undefined ? 0 : this.#trial.fromBps;
      this.#budgetBps = Math.max(Downlink.#LEAST_BPS, Math.min(this.#budgetBps, Math.max(limit, carriedBps)));
      if (!this.#settles(nowMs)) this.#congestion(limit, nowMs);
      return;
    }
    this.#forgive(nowMs);
    if (this.#rests(nowMs)) this.#trial = { fromBps: sentBps, sinceMs: undefined };
    else if (!this.#isWatching(nowMs)) this.#grow(neededBps, elapsedMs);
    // Carried all that was wanted for a while: whatever it was is over.
    const lastMs = this.#congested?.lastMs ?? -Infinity;
    const quietMs = Math.max(Downlink.#EPISODE_MS, this.#restMs * 2);
    if (nowMs - lastMs > quietMs && this.#budgetBps > neededBps * 1.2) {
      this.#congested = undefined;
      this.#relax();
    }
  }

  get #isShort(): boolean {
    return this.#estimateBps > 0 && this.#estimateBps < this.#sentBps * Downlink.#SHORT;
  }

  /** @returns `undefined` if the receiver does not say. */
  #isQueueing(nowMs: number): boolean | undefined {
    const latest = this.#roundTrips.at(-1);
    if (!latest) return undefined;
    if (nowMs - latest.atMs > Downlink.#STALE_MS) return false;
    const isLate = ({ atMs }: RoundTrip): boolean => latest.atMs - atMs < Downlink.#TOGETHER_MS;
    const now = shortest(this.#roundTrips.filter(isLate));
    const before = shortest(this.#roundTrips.filter((roundTrip) => !isLate(roundTrip)));
    // What is left of the last congestion becomes shorter by itself.
    const isDraining = now < before - Downlink.#DRAIN_MS && Number.isFinite(before);
    return now > this.#shortestRoundTripMs + Downlink.#QUEUE_MS && !isDraining;
  }

  #settles(nowMs: number): boolean {
    return this.#congested !== undefined && nowMs - this.#congested.lastMs < Downlink.#SETTLE_MS;
  }

  #rests(nowMs: number): boolean {
    return this.#failed !== undefined && nowMs - this.#congested!.lastMs < this.#restMs;
  }

  /** After a failure every trial is judged before more is tried. */
  #isWatching(nowMs: number): boolean {
    const trial = this.#trial;
    if (!this.#failed || this.#sentBps < trial.fromBps * Downlink.#TRIAL) return false;
    trial.sinceMs ??= nowMs;
    if (nowMs - trial.sinceMs < Downlink.#CARRIED_MS || this.#isQueueing(nowMs)) return true;
    this.#trial = { fromBps: this.#sentBps, sinceMs: undefined };
    return false;
  }

  #grow(neededBps: number, elapsedMs: number): void {
    const most = Math.max(Downlink.START_BPS, neededBps * 1.5, this.#estimateBps);
    const { careful, free } = Downlink.#GROWTH_PER_S;
    const fromBps = Math.max(this.#budgetBps, this.#sentBps);
    const grown = Math.min(most, fromBps * (this.#failed ? careful : free) ** (elapsedMs / 1000));
    const proven = this.#isShort ? 0 : this.#estimateBps;
    this.#budgetBps = Math.max(this.#budgetBps, grown, proven);
  }

  /** A limit that was passed is none. */
  #forgive(nowMs: number): void {
    const failed = this.#failed;
    if (!failed) return;
    if (this.#sentBps < failed.bps || this.#isQueueing(nowMs)) failed.carriedSinceMs = undefined;
    else if (nowMs - (failed.carriedSinceMs ??= nowMs) >= Downlink.#CARRIED_MS) this.#relax();
  }

  #relax(): void {
    this.#failed = undefined;
    this.#restMs = Downlink.#REST_MS;
  }

  #limitByEstimate(nowMs: number): number {
    this.#fallsMs = this.#fallsMs.filter((atMs) => nowMs - atMs < Downlink.#STUCK_MS);
    if (!this.#isShort) {
      this.#highest = { bps: this.#estimateBps, atMs: nowMs };
      return Infinity;
    }
    const isQueueing = this.#isQueueing(nowMs);
    if (isQueueing === false && this.#lossFraction < Downlink.#SOME_LOSS) return Infinity;
    const [firstMs] = this.#fallsMs;
    const hasFallen =
      this.#fallsMs.length > 1 ||
      (firstMs !== undefined && (isQueueing || nowMs - firstMs >= Downlink.#DIP_MS));
    // What is sent becomes less only little by little: as long as it does, the floor stays.
    const sentBps = this.#settles(nowMs) ? this.#congested!.sentBps : this.#sentBps;
    if (hasFallen) return Math.max(this.#estimateBps, sentBps * Downlink.#PLAUSIBLE_SHARE);
    // Where it is stuck says nothing of where the limit is: somewhere below what is sent.
    const isStuck = nowMs - this.#highest.atMs >= Downlink.#STUCK_MS;
    return isStuck ? Math.max(this.#estimateBps, sentBps * Downlink.#STUCK_SHARE) : Infinity;
  }

  #limitByLoss(nowMs: number): number {
    const { lost, packets, sinceMs } = this.#loss;
    if (nowMs - sinceMs < Downlink.#LOSS_WINDOW_MS) return Infinity;
    this.#loss = { lost: 0, packets: 0, sinceMs: nowMs };
    this.#lossFraction = packets > 0 ? lost / packets : 0;
    const weight =
      (this.#lossFraction > Downlink.#SOME_LOSS ? 2 : 1) * (this.#trial.sinceMs === undefined ? 1 : 2);
    this.#standingS = this.#isQueueing(nowMs) ? this.#standingS + weight : 0;
    // The report on what was already changed.
    if (this.#settles(nowMs)) return Infinity;
    if (this.#lossFraction <= Downlink.#LOSS && this.#standingS < Downlink.#STANDING_S) return Infinity;
    this.#standingS = 0;
    return this.#sentBps * (1 - this.#lossFraction) * Downlink.#AIM;
  }

  #congestion(limitBps: number, nowMs: number): void {
    const congested = this.#congested;
    const isSameEpisode =
      congested !== undefined &&
      (this.#failed !== undefined || nowMs - congested.lastMs < Downlink.#EPISODE_MS);
    this.#congested = {
      firstMs: isSameEpisode ? congested.firstMs : nowMs,
      lastMs: nowMs,
      sentBps: this.#sentBps,
    };
    const failedBps = Math.min(this.#sentBps, (limitBps / Downlink.#AIM) * Downlink.#TRIAL);
    if (this.#trial.sinceMs !== undefined && this.#failed) {
      const isSameLimit = failedBps < this.#failed.bps * Downlink.#SAME_LIMIT;
      this.#restMs = isSameLimit ? Math.min(this.#restMs * 2, Downlink.#LONGEST_REST_MS) : Downlink.#REST_MS;
    }
    this.#failed = { bps: failedBps, carriedSinceMs: undefined };
    this.#trial.sinceMs = undefined;
    this.#fallsMs = [];
    this.#highest = { bps: this.#estimateBps, atMs: nowMs };
  }
}

interface RoundTrip {
  ms: number;
  atMs: number;
}

const shortest = (roundTrips: readonly RoundTrip[]): number => Math.min(...roundTrips.map(({ ms }) => ms));
