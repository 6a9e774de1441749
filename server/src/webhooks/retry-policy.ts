/** Attempts to deliver one event; the last comes about two minutes after the first. */
export const MAX_ATTEMPTS = 9;
const FIRST_MS = 250;
const LONGEST_MS = 60_000;

/**
 * How long to wait before the next attempt: twice as long each time, with a quarter of chance, so that receivers that
 * come back are not hit by everything at once.
 * @param failures attempts so far, from 1
 * @param random from 0 to 1
 * @returns milliseconds; `undefined` = give up
 */
export function retryDelayMs(failures: number, random: number): number | undefined {
  if (failures >= MAX_ATTEMPTS) return undefined;
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** failures) * (0.75 + random / 4);
}
