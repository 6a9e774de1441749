import type { EngineEnvironment } from './environment.js';

/** How long a sent message may still turn out to have been lost. */
const KEEP_MS = 60_000;
const KEEP_COUNT = 200;

/** What is sent as chat or custom data (protocol §10); `id` is ours, others ignore it. */
export interface Outgoing {
  id: string;
  type: 'chat' | 'user_data';
  message: unknown;
  broadcast: boolean;
  clients: string[];
  timestamp: number;
}

/**
 * What was sent lately. The data connection gives no receipts, so after a break nobody knows what the last messages
 * came to; a server that announces `dedupe` may be sent them again, for it lets each id through once.
 */
export class Outbox {
  #sent: Outgoing[] = [];
  #number = 0;
  /** Since when the connection is broken. */
  #brokenAt: number | undefined;

  constructor(private readonly environment: EngineEnvironment) {}

  make(type: Outgoing['type'], message: unknown, recipients: string[]): Outgoing {
    const timestamp = this.environment.now();
    this.#number += 1;
    return {
      id: `${timestamp.toString(36)}-${this.#number}-${Math.floor(this.environment.random() * 1e9).toString(36)}`,
      type,
      message,
      broadcast: recipients.length === 0,
      clients: recipients,
      timestamp,
    };
  }

  sent(message: Outgoing): void {
    this.#sent = [...this.recent, message].slice(-KEEP_COUNT);
  }

  get recent(): Outgoing[] {
    const since = (this.#brokenAt ?? this.environment.now()) - KEEP_MS;
    return this.#sent.filter(({ timestamp }) => timestamp >= since);
  }

  /** Nothing grows old from now on. */
  hold(): void {
    this.#brokenAt = this.environment.now();
  }

  release(): void {
    this.#brokenAt = undefined;
  }

  clear(): void {
    this.release();
    this.#sent = [];
  }
}
