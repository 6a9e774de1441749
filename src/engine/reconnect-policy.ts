/** What a reconnect policy decides upon. */
export interface ReconnectContext {
  /** 1 for the first attempt after a loss. */
  attempt: number;
  maxAttempts: number;
  /** Upper bound of the wait, ms (`timeout_interval`). */
  intervalMs: number;
  /** [0, 1) */
  random: number;
}

/**
 * How long to wait before the next attempt, ms; `undefined` = give up.
 *
 * The first attempt is nearly immediate, because most losses are short; later ones back off towards the configured
 * interval. Random spread keeps a room full of people from coming back in the same instant.
 */
export function reconnectDelay({
  attempt,
  maxAttempts,
  intervalMs,
  random,
}: ReconnectContext): number | undefined {
  if (attempt > maxAttempts) return undefined;
  const backoff = attempt === 1 ? 300 : Math.min(intervalMs, 1000 * 2 ** (attempt - 2));
  return Math.round(Math.min(intervalMs, backoff) * (0.8 + 0.4 * random));
}
