import type { EngineEnvironment, NetworkEvent } from './environment.js';

/** How often the clock is looked at. */
const TICK_MS = 5000;
/** A tick that comes this much too late means that the machine slept, or the page was frozen. */
const SLEPT_MS = 10_000;

export interface ConnectionWatchListener {
  /** The machine slept or the page stood still for this long: what was connected may not be any more. */
  slept(ms: number): void;
  network(event: NetworkEvent): void;
}

/** Notices what a socket notices late or never: sleep, and changes of the network. */
export class ConnectionWatch {
  #timer: number | undefined;
  #stopNetwork: (() => void) | undefined;

  constructor(
    private readonly environment: EngineEnvironment,
    private readonly listener: ConnectionWatchListener,
  ) {}

  start(): void {
    this.stop();
    this.#stopNetwork = this.environment.watchNetwork?.((event) => this.listener.network(event));
    this.#tick(this.environment.now());
  }

  stop(): void {
    this.#stopNetwork?.();
    this.#stopNetwork = undefined;
    if (this.#timer !== undefined) this.environment.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tick(fromMs: number): void {
    this.#timer = this.environment.setTimeout(() => {
      const nowMs = this.environment.now();
      const lateMs = nowMs - fromMs - TICK_MS;
      this.#tick(nowMs);
      if (lateMs >= SLEPT_MS) this.listener.slept(lateMs);
    }, TICK_MS);
  }
}
