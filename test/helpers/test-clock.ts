/** Lets everything that is due happen: promises, and tasks that were queued meanwhile. */
export async function turn(turns = 1): Promise<void> {
  for (; turns > 0; turns--) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Time that only passes when it is told to. */
export class TestClock {
  #nowMs = 1_700_000_000_000;
  #nextId = 1;
  readonly #timers = new Map<number, { at: number; run: () => void }>();

  readonly now = (): number => this.#nowMs;

  readonly setTimeout = (run: () => void, ms: number): number => {
    const id = this.#nextId++;
    this.#timers.set(id, { at: this.#nowMs + Math.max(0, ms), run });
    return id;
  };

  readonly clearTimeout = (id: number): void => void this.#timers.delete(id);

  /** Timers that are still running. */
  get pending(): number {
    return this.#timers.size;
  }

  /** How long until the next timer, ms; `undefined` without one. */
  get nextDelay(): number | undefined {
    const next = this.#next(Infinity);
    return next && next[1].at - this.#nowMs;
  }

  /** Lets time pass, and each timer's consequences happen before the next one fires. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await turn(2);
    for (let next = this.#next(end); next; next = this.#next(end)) {
      const [id, { at, run }] = next;
      this.#timers.delete(id);
      this.#nowMs = at;
      run();
      await turn(2);
    }
    this.#nowMs = end;
  }

  #next(until: number): [number, { at: number; run: () => void }] | undefined {
    let next: [number, { at: number; run: () => void }] | undefined;
    for (const entry of this.#timers)
      if (entry[1].at <= until && (!next || entry[1].at < next[1].at)) next = entry;
    return next;
  }
}
