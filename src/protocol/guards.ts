/**
 * Guards turn `unknown` from the wire into typed values, once, at the edge.
 *
 * A guard returns a fresh value of its type or throws a `GuardError` that names the path and what was
 * expected there. Objects are rebuilt key by key, so unknown keys, getters and `__proto__` tricks never get past.
 */

/** A value from outside had the wrong shape. `message` reads "streams[0].id: expected an integer, got a string". */
export class GuardError extends Error {
  override readonly name = 'GuardError';
  constructor(
    /** Where it went wrong, such as `room.settings`; empty for the value itself. */
    readonly path: string,
    readonly expected: string,
    value: unknown,
  ) {
    super(`${path || 'value'}: expected ${expected}, got ${describe(value)}`);
  }
}

/** Returns the value typed (a fresh copy for objects and arrays), or throws {@link GuardError}. */
export type Guard<T> = (value: unknown, path?: string) => T;

/** The type a guard lets through. */
export type Guarded<G> = G extends Guard<infer T> ? T : never;

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string')
    return value.length > 40 ? `a string of ${value.length} characters` : 'a string';
  return /^[aeiou]/.test(typeof value) ? `an ${typeof value}` : `a ${typeof value}`;
}

/** What an object itself holds under a key. Nothing for inherited keys and for getters, which are never run. */
const held = (source: object, key: PropertyKey): unknown =>
  Object.getOwnPropertyDescriptor(source, key)?.value;

/** Text of at most `maxLength` UTF-16 units (default 4096). */
export const text =
  (maxLength = 4096, minLength = 0): Guard<string> =>
  (value, path = '') => {
    if (typeof value !== 'string') throw new GuardError(path, 'a string', value);
    if (value.length > maxLength) throw new GuardError(path, `at most ${maxLength} characters`, value);
    if (value.length < minLength) throw new GuardError(path, `at least ${minLength} characters`, value);
    return value;
  };

/** A finite number within `[min, max]`. */
export const number =
  (min = -Infinity, max = Infinity): Guard<number> =>
  (value, path = '') => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new GuardError(path, 'a number', value);
    if (value < min || value > max) throw new GuardError(path, `a number from ${min} to ${max}`, value);
    return value;
  };

/** A safe integer within `[min, max]`. */
export const integer =
  (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Guard<number> =>
  (value, path = '') => {
    if (!Number.isSafeInteger(value)) throw new GuardError(path, 'an integer', value);
    return number(min, max)(value, path);
  };

export const boolean: Guard<boolean> = (value, path = '') => {
  if (typeof value !== 'boolean') throw new GuardError(path, 'true or false', value);
  return value;
};

/** Lets anything through untouched; the reader must check it before use. */
export const anything: Guard<unknown> = (value) => value;

/** One of a closed list of strings. */
export const oneOf =
  <const T extends string>(...allowed: T[]): Guard<T> =>
  (value, path = '') => {
    if (!allowed.includes(value as T)) throw new GuardError(path, `one of ${allowed.join(', ')}`, value);
    return value as T;
  };

/** Exactly this literal. */
export const literal =
  <const T extends string | number | boolean>(expected: T): Guard<T> =>
  (value, path = '') => {
    if (value !== expected) throw new GuardError(path, JSON.stringify(expected), value);
    return expected;
  };

/** A missing value (`undefined` or `null`) becomes `undefined`; anything else must pass. */
export const optional =
  <T>(inner: Guard<T>): Guard<T | undefined> =>
  (value, path = '') =>
    value === undefined || value === null ? undefined : inner(value, path);

/** Where another implementation may send something odd that we can do without: `fallback` instead of an error. */
export const lenient =
  <T>(inner: Guard<T>, fallback: T): Guard<T> =>
  (value, path = '') => {
    try {
      return inner(value, path);
    } catch {
      return fallback;
    }
  };

/** An array of at most `maxLength` items (default 1000). */
export const array =
  <T>(item: Guard<T>, maxLength = 1000): Guard<T[]> =>
  (value, path = '') => {
    if (!Array.isArray(value)) throw new GuardError(path, 'an array', value);
    if (value.length > maxLength) throw new GuardError(path, `at most ${maxLength} items`, value);
    // Not `map`, which leaves holes out and asks the array for the constructor of its copy.
    return Array.from({ length: value.length }, (_, index) => item(held(value, index), `${path}[${index}]`));
  };

type Shape = Record<string, Guard<unknown>>;
type OptionalKeys<S extends Shape> = { [K in keyof S]: undefined extends Guarded<S[K]> ? K : never }[keyof S];
/** The object type a shape describes: guards that may yield `undefined` become optional keys. */
export type Shaped<S extends Shape> = { [K in Exclude<keyof S, OptionalKeys<S>>]: Guarded<S[K]> } & {
  [K in OptionalKeys<S>]?: Guarded<S[K]>;
};

function asRecord(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GuardError(path, 'an object', value);
  }
  return value as Record<string, unknown>;
}

/** An object with these keys; keys not named here are dropped. */
export const object =
  <S extends Shape>(shape: S): Guard<Shaped<S>> =>
  (value, path = '') => {
    const source = asRecord(value, path);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(shape)) {
      const checked = shape[key]!(held(source, key), path ? `${path}.${key}` : key);
      if (checked !== undefined) result[key] = checked;
    }
    return result as Shaped<S>;
  };

/** A map of at most `maxKeys` entries, or a list: both spellings occur on the wire; yields the values in order. */
export const valuesOf =
  <T>(item: Guard<T>, maxKeys = 2000): Guard<T[]> =>
  (value, path = '') => {
    if (Array.isArray(value)) return array(item, maxKeys)(value, path);
    const source = asRecord(value, path);
    const values = Object.keys(source).map((key) => held(source, key));
    return array(item, maxKeys)(values, path);
  };

/** Like {@link valuesOf}, but entries that do not pass are left out: one odd entry must not cost the others. */
export const passing =
  <T>(item: Guard<T>, maxKeys = 2000): Guard<T[]> =>
  (value, path = '') => {
    const nothing = Symbol('left out');
    return valuesOf(lenient<T | typeof nothing>(item, nothing), maxKeys)(value, path).filter(
      (entry): entry is T => entry !== nothing,
    );
  };

/** A plain object whose values are not looked into; `__proto__` and getters are dropped. */
export const dictionary: Guard<Record<string, unknown>> = (value, path = '') => {
  const result: Record<string, unknown> = {};
  const source = asRecord(value, path);
  for (const key of Object.keys(source)) {
    if (key !== '__proto__' && 'value' in Object.getOwnPropertyDescriptor(source, key)!) {
      result[key] = held(source, key);
    }
  }
  return result;
};

/**
 * The first guard that accepts wins. The error names what both expected, or the place inside the value where the one
 * that takes its kind found something wrong.
 */
export const either =
  <A, B>(first: Guard<A>, second: Guard<B>): Guard<A | B> =>
  (value, path = '') => {
    const a = check(first, value, path);
    if (a.ok) return a.value;
    const b = check(second, value, path);
    if (b.ok) return b.value;
    const inside = [a.error, b.error].find((error) => error.path !== path);
    throw inside ?? new GuardError(path, `${a.error.expected} or ${b.error.expected}`, value);
  };

/** Runs a guard without throwing. */
export function check<T>(
  guard: Guard<T>,
  value: unknown,
  path = '',
): { ok: true; value: T } | { ok: false; error: GuardError } {
  try {
    return { ok: true, value: guard(value, path) };
  } catch (error) {
    if (error instanceof GuardError) return { ok: false, error };
    throw error;
  }
}
