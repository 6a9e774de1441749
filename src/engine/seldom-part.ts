import { partMissing } from './errors.js';
import type * as seldomModule from './seldom.js';

export type Seldom = typeof seldomModule;

let here: Seldom | undefined;
let loading: Promise<Seldom> | undefined;

/** What most calls never need, if it is here. */
export const seldomNow = (): Seldom | undefined => here;

/**
 * Fetches it unless it is here or on its way. What failed is tried again by the next call.
 * @throws {RoomError} `connect-failed`
 */
export function loadSeldom(): Promise<Seldom> {
  loading ??= import('./seldom.js').then(
    (seldom) => (here = seldom),
    (cause: unknown) => {
      loading = undefined;
      throw partMissing(cause);
    },
  );
  return loading;
}
