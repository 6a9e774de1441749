import type { Participant } from './participant.js';

/** Waits for people whose connection broke: until they come back or their time is up, they are still here. */
export class Grace {
  readonly #timers = new Map<Participant, NodeJS.Timeout>();

  constructor(
    private readonly options: {
      /** 0 = nobody is waited for. */
      ms: number;
      /** Somebody did not come back in time. */
      over(participant: Participant): void;
    },
  ) {}

  begin(participant: Participant): void {
    if (this.options.ms === 0) return this.options.over(participant);
    participant.away = true;
    const timer = setTimeout(() => {
      this.#timers.delete(participant);
      this.options.over(participant);
    }, this.options.ms);
    timer.unref();
    this.#timers.set(participant, timer);
  }

  /** They are back, or gone for good. */
  end(participant: Participant): void {
    participant.away = false;
    clearTimeout(this.#timers.get(participant));
    this.#timers.delete(participant);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
