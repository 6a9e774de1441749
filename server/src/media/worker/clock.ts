/**
 * Milliseconds since the epoch that never go back and never jump: retries, throttles and arrival times count on it.
 * It may drift from the wall clock, which nothing here shows to anybody.
 */
export const steadyNowMs = (): number => performance.timeOrigin + performance.now();
