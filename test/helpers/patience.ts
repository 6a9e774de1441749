/** How long tests wait, and waiting for what no event tells. */
import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for two busy cores that encode, decode and forward; nothing waits this long when all is well. */
export const PATIENCE_MS = 20_000;

/** For what a page is to become. */
export const wait = { timeout: PATIENCE_MS };

const POLL_MS = 100;

/** Asks again until the answer is good. @throws with `what` and the last answer when it never is. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  isGood: (answer: T) => boolean = Boolean,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0)
      throw new Error(`waited ${timeoutMs / 1000} s for ${what}; last seen: ${JSON.stringify(answer)}`);
    await delay(Math.min(POLL_MS, leftMs));
  }
}
