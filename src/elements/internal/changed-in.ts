/**
 * `hasChanged` for a property that holds a large frozen object: only these keys count, so that an element renders
 * again only when something changed that it shows.
 */
export const changedIn =
  <T extends object>(...keys: (keyof T)[]) =>
  (value: T | undefined, old: T | undefined): boolean =>
    !value || !old || keys.some((key) => !Object.is(value[key], old[key]));
