/** Values that nobody should send, for everything that reads what somebody sent. */
import { SeededRandom } from './seeded-random.js';

export const HUGE_TEXT = 'x'.repeat(1_000_000);
const HUGE_LIST: readonly unknown[] = Object.freeze(Array.from({ length: 50_000 }, (_, index) => index));
const DEEP_OBJECT = nested(10_000, (inner) => ({ inner }));
const DEEP_LIST = nested(10_000, (inner) => [inner]);

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level++) value = Object.freeze(wrap(value));
  return value;
}

/** As `JSON.parse` makes it: `__proto__` is an own key here. */
export const protoKey = (): unknown => JSON.parse('{"__proto__": {"polluted": true}}');
export const constructorKey = (): unknown =>
  JSON.parse('{"constructor": {"prototype": {"polluted": true}}, "prototype": {"polluted": true}}');

/** An object whose key says something else each time it is read. */
export const fickle = (key: string, first: unknown, later: unknown): object => {
  let reads = 0;
  const get = (): unknown => (reads++ === 0 ? first : later);
  return Object.defineProperty({}, key, { enumerable: true, configurable: true, get });
};

/** An object whose key throws when it is read. */
export const explosive = (key: string): object =>
  Object.defineProperty({}, key, {
    enumerable: true,
    configurable: true,
    get: () => {
      throw new TypeError('this getter throws');
    },
  });

export const withoutPrototype = (entries: Record<string, unknown>): object =>
  Object.assign(Object.create(null) as object, entries);

const makers: readonly ((random: SeededRandom) => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => false,
  () => 0,
  () => -0,
  () => -1,
  () => 1.5,
  () => NaN,
  () => Infinity,
  () => -Infinity,
  () => Number.MAX_SAFE_INTEGER + 1,
  () => Number.MIN_VALUE,
  (random) => random.below(1000),
  () => '',
  () => '0',
  () => 'null',
  () => '__proto__',
  () => '\u0000\ud800\uffff',
  (random) => 'y'.repeat(random.below(300)),
  () => HUGE_TEXT,
  () => 10n,
  () => Symbol('hostile'),
  () => Symbol.iterator,
  () => () => 'called',
  () => class Hostile {},
  () => [],
  () => [[]],
  () => [undefined],
  () => new Array<unknown>(3),
  () => HUGE_LIST,
  () => new Array<unknown>(2 ** 31),
  () => new Uint8Array(8),
  () => ({}),
  () => Object.create(null) as unknown,
  () => withoutPrototype({ id: 1, type: 'offer', clientId: 'c' }),
  () => Object.create({ clientId: 'inherited', id: 1, type: 'ready' }) as unknown,
  () => protoKey(),
  () => constructorKey(),
  () => ({ length: 3, 0: 'a' }),
  () => ({ toString: 5, valueOf: null, toJSON: 'x' }),
  () => ({ hasOwnProperty: () => true }),
  () => fickle('id', 1, 'later'),
  () => explosive('id'),
  () => explosive('type'),
  () => new Date(0),
  () => /regular/,
  () => new Map([['id', 1]]),
  () => new Error('an error'),
  () => Promise.resolve(1),
  () => new String('boxed'),
  () => new Number(5),
  () => DEEP_OBJECT,
  () => DEEP_LIST,
];

/** One hostile value; all of them come up. */
export const hostileValue = (random: SeededRandom): unknown => random.pick(makers)(random);

/** Every hostile value once. */
export const hostileValues = (): unknown[] => makers.map((make) => make(new SeededRandom(1)));

/** Those that survive JSON, as they arrive. */
export const hostileValuesOnTheWire = (): unknown[] =>
  hostileValues().flatMap((value) => {
    if (Array.isArray(value) && value.length > 100_000) return [];
    try {
      return [JSON.parse(JSON.stringify(value)) as unknown];
    } catch {
      return [];
    }
  });

/** A copy of a well-formed value with something wrong at one to three places of it. */
export function disfigured(wellFormed: unknown, random: SeededRandom): unknown {
  let value = structuredClone(wellFormed);
  for (let wounds = 1 + random.below(3); wounds > 0; wounds--) value = wounded(value, random);
  return value;
}

function wounded(value: unknown, random: SeededRandom): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return hostileValue(random);
  const target = value as Record<string, unknown>;
  const keys = Object.keys(target).slice(0, 50);
  if (keys.length === 0) return hostileValue(random);
  const key = random.pick(keys);
  const { writable, configurable } = Object.getOwnPropertyDescriptor(target, key)!;
  if (!writable || !configurable || ArrayBuffer.isView(target)) return hostileValue(random);
  switch (random.below(6)) {
    case 0:
      delete target[key];
      break;
    case 1:
      target[key] = hostileValue(random);
      break;
    case 2:
      Object.defineProperty(target, key, Object.getOwnPropertyDescriptor(explosive(key), key)!);
      break;
    case 3:
      putOwn(target, '__proto__', { polluted: true });
      break;
    case 4:
      putOwn(target, 'constructor', { prototype: { polluted: true } });
      break;
    default:
      target[key] = wounded(target[key], random);
  }
  return value;
}

function putOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
