import type { People } from './people.js';
import { RequestError } from './request-error.js';

/** Minutes before the end at which everybody is told. */
const NOTICES_MIN = [10, 5];
const EXTENSION_MIN = 10;

/** Ends a session of limited duration, after telling everybody ten and five minutes before, and of every extension. */
export class RoomClock {
  readonly #timers = new Set<NodeJS.Timeout>();
  #endsAt: number | undefined;

  constructor(
    private readonly options: {
      people: People;
      durationMin: number | undefined;
      /** When a session ends that has not its own time but that of a scheduled room. */
      endsAt?: number | undefined;
      now: () => number;
      expired(): void;
    },
  ) {
    const { durationMin, now } = options;
    const { endsAt = durationMin === undefined ? undefined : now() + durationMin * 60_000 } = options;
    if (endsAt !== undefined) this.#start(endsAt);
  }

  /** Minutes left, `undefined` without a limit. */
  get remainingMin(): number | undefined {
    return this.#endsAt === undefined ? undefined : Math.max(0, (this.#endsAt - this.options.now()) / 60_000);
  }

  /** Everybody is told how much time there is now. @returns minutes added. @throws {RequestError} `not-enabled` in a room without a limit. */
  extend(): number {
    if (this.#endsAt === undefined) throw new RequestError('not-enabled', 'This room has no time limit.');
    this.#start(this.#endsAt + EXTENSION_MIN * 60_000);
    this.#tell(Math.round(this.remainingMin!));
    return EXTENSION_MIN;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #start(endsAt: number): void {
    this.close();
    this.#endsAt = endsAt;
    const leftMs = endsAt - this.options.now();
    for (const minutes of NOTICES_MIN) {
      const inMs = leftMs - minutes * 60_000;
      if (inMs > 0) {
        this.#after(inMs, () => this.#tell(minutes));
      }
    }
    this.#after(leftMs, () => this.options.expired());
  }

  /** @param timeLeft minutes */
  #tell(timeLeft: number): void {
    this.options.people.roomEvent('conference-remaining-duration', { timeLeft });
  }

  #after(ms: number, run: () => void): void {
    // Longer than a timer can count is longer than any session lasts.
    const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
    timer.unref();
    this.#timers.add(timer);
  }
}
