/** Most losses are short: the first attempt follows almost at once. */
const FIRST_ATTEMPT_MS = 300;

/** Random spread keeps a room full of people from coming back in the same instant. @param random [0, 1) */
export const spread = (ms: number, random: number): number => Math.round(ms * (0.9 + 0.2 * random));

/** Wait before the first attempt, ms. @param intervalMs `timeout_interval`; never waits longer than that */
export const firstAttemptDelay = (intervalMs: number, random: number): number =>
  spread(Math.min(FIRST_ATTEMPT_MS, intervalMs), random);
