import { type EngineEnvironment, wait } from './environment.js';
import { firstAttemptDelay, spread } from './reconnect-policy.js';

/** How often the way to the server is looked at while waiting (protocol §8.2). */
const PROBE_EVERY_MS = 2000;

export interface ComingBack {
  maxAttempts: number;
  /** Wait between two attempts (`timeout_interval`), ms. */
  intervalMs: number;
  /** Polled while waiting, where the server named one: reachable = try at once (protocol §8.2). */
  detectionUrl: string | undefined;
  /** One attempt; `refused` = every other would end the same way. */
  attempt(number: number): Promise<'back' | 'failed' | 'refused'>;
  /** The room was left meanwhile. */
  isOver(): boolean;
}

/**
 * Tries to come back until it worked or there are no attempts left. The first attempt follows the loss at once, for most
 * losses are short; the others wait for the interval, or until the way to the server is open again.
 */
export async function comeBack(
  environment: EngineEnvironment,
  plan: ComingBack,
): Promise<'back' | 'failed' | 'refused' | 'over'> {
  for (let number = 1; number <= plan.maxAttempts; number++) {
    if (number === 1) await wait(environment, firstAttemptDelay(plan.intervalMs, environment.random()));
    else await wayOpen(environment, plan);
    if (plan.isOver()) return 'over';
    const outcome = await plan.attempt(number);
    if (plan.isOver() && outcome !== 'back') return 'over';
    if (outcome !== 'failed') return outcome;
  }
  return 'failed';
}

async function wayOpen(environment: EngineEnvironment, plan: ComingBack): Promise<void> {
  const until = environment.now() + spread(plan.intervalMs, environment.random());
  let isOnline = false;
  let wake: (() => void) | undefined;
  const stopWatching = environment.watchNetwork?.((event) => {
    if (event !== 'online') return;
    isOnline = true;
    wake?.();
  });
  try {
    for (;;) {
      const leftMs = until - environment.now();
      if (leftMs <= 0 || isOnline || plan.isOver()) return;
      await new Promise<void>((resolve) => {
        const timer = environment.setTimeout(resolve, Math.min(PROBE_EVERY_MS, leftMs));
        wake = () => {
          environment.clearTimeout(timer);
          resolve();
        };
      });
      const { detectionUrl } = plan;
      if (detectionUrl && environment.reachable && !isOnline && environment.now() < until) {
        if (await environment.reachable(detectionUrl)) return;
      }
    }
  } finally {
    stopWatching?.();
  }
}
