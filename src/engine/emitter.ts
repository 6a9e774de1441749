/** Event name → payload type. */
export type EventMap = Record<string, unknown>;
type Listener<T> = (payload: T) => void;

/** Typed events. A listener that throws is reported to the console and never disturbs the one who emits. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #anyListeners = new Set<(name: keyof Events, payload: never) => void>();

  /** @returns a function that takes the listener off again. */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(name, listeners);
    return () => void listeners.delete(listener);
  }

  /** Hears every event, after the listeners of that event. */
  onAny(listener: <K extends keyof Events>(name: K, payload: Events[K]) => void): () => void {
    this.#anyListeners.add(listener);
    return () => void this.#anyListeners.delete(listener);
  }

  protected emit<K extends keyof Events>(name: K, payload: Events[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      guarded(() => (listener as Listener<Events[K]>)(payload));
    }
    for (const listener of [...this.#anyListeners]) guarded(() => listener(name, payload as never));
  }
}

/** Runs foreign code; what it throws ends here. */
export function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    console.error('enx-room: a listener failed', error);
  }
}
