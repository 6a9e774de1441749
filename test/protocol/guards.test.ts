import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  anything,
  array,
  boolean,
  check,
  clientMessages,
  dictionary,
  either,
  type Guard,
  GuardError,
  integer,
  lenient,
  literal,
  number,
  object,
  oneOf,
  optional,
  serverMessages,
  text,
  valuesOf,
} from '../../src/protocol/index.js';
import {
  constructorKey,
  disfigured,
  explosive,
  fickle,
  hostileValue,
  hostileValues,
  HUGE_TEXT,
  protoKey,
  withoutPrototype,
} from '../helpers/hostile-values.js';
import { SeededRandom } from '../helpers/seeded-random.js';
import { clientExamples, type Example, serverExamples } from '../helpers/message-examples.js';

const FUZZ_INPUTS = 2500;

const refuses = (guard: Guard<unknown>, value: unknown, message?: string | RegExp): void => {
  assert.throws(
    () => guard(value),
    (error: unknown) => {
      assert.ok(error instanceof GuardError, `threw ${String(error)}`);
      if (typeof message === 'string') assert.equal(error.message, message);
      else if (message) assert.match(error.message, message);
      return true;
    },
  );
};

function assertPrototypesAreClean(): void {
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal(([] as { polluted?: unknown }).polluted, undefined);
}

describe('what other servers write otherwise', () => {
  test('slots as text are the numbers they show, and nothing else is', () => {
    const message = { active: true, activeList: [{ streamId: '3', clientId: 'a' }] };
    assert.equal(serverMessages['active-talkers-updated'](message).activeList[0]?.streamId, 3);
    const { streams } = serverMessages['room-connected']({
      room: { settings: {} },
      streams: { 1: { id: '1' }, 2: { id: ' 2' }, 3: { id: '0x3' }, 4: { id: '' }, 101: { id: '101' } },
    });
    assert.deepEqual(
      streams.map(({ id }) => id),
      [1, 101],
    );
  });

  test('sound alone is called audioOnly and audioonly', () => {
    for (const mediatype of ['audioOnly', 'audioonly']) {
      const message = { activeList: [{ streamId: 1, clientId: 'a', mediatype }] };
      assert.equal(serverMessages['active-talkers-updated'](message).activeList[0]?.mediatype, 'audioOnly');
    }
  });
});

describe('combinators', () => {
  test('text takes strings within its length and nothing that only looks like one', () => {
    assert.equal(text(3)('abc'), 'abc');
    assert.equal(text(3)(''), '');
    refuses(text(3), 'abcd', 'value: expected at most 3 characters, got a string');
    refuses(text(3, 1), '', 'value: expected at least 1 characters, got a string');
    refuses(text(), new String('boxed'), 'value: expected a string, got an object');
    refuses(text(), undefined, 'value: expected a string, got nothing');
    refuses(text(10), HUGE_TEXT, 'value: expected at most 10 characters, got a string of 1000000 characters');
  });

  test('number takes finite numbers within its range', () => {
    assert.equal(number(0, 5)(5), 5);
    assert.equal(number()(-1.5), -1.5);
    for (const value of [NaN, Infinity, -Infinity, 5n, '5', null, [5], new Number(5)])
      refuses(number(), value, /expected a number, got/);
    refuses(number(0, 5), 6, 'value: expected a number from 0 to 5, got a number');
    refuses(number(0, 5), -0.1);
  });

  test('integer takes safe whole numbers within its range', () => {
    assert.equal(integer()(-3), -3);
    assert.equal(integer(0, 7)(7), 7);
    for (const value of [1.5, NaN, Infinity, 2 ** 53, 3n, '3', true])
      refuses(integer(), value, /expected an integer, got/);
    refuses(integer(0, 7), 8, 'value: expected a number from 0 to 7, got a number');
  });

  test('boolean takes true and false only', () => {
    assert.equal(boolean(false), false);
    for (const value of [0, 1, '', 'true', null, undefined, {}])
      refuses(boolean, value, /expected true or false/);
  });

  test('oneOf takes the listed words and names them when it refuses', () => {
    const guard = oneOf('knock', 'wait');
    assert.equal(guard('knock'), 'knock');
    refuses(guard, 'Knock', 'value: expected one of knock, wait, got a string');
    refuses(guard, Symbol('knock'), 'value: expected one of knock, wait, got a symbol');
    refuses(guard, ['knock'], 'value: expected one of knock, wait, got an array');
  });

  test('literal takes exactly one value', () => {
    assert.equal(literal('offer')('offer'), 'offer');
    assert.equal(literal(0)(0), 0);
    refuses(literal('offer'), 'answer', 'value: expected "offer", got a string');
    refuses(literal(0), false, 'value: expected 0, got a boolean');
  });

  test('optional takes what is missing, and still refuses what is wrong', () => {
    const guard = optional(integer());
    assert.equal(guard(undefined), undefined);
    assert.equal(guard(null), undefined);
    assert.equal(guard(4), 4);
    refuses(guard, '4', 'value: expected an integer, got a string');
    refuses(guard, NaN);
  });

  test('lenient puts its fallback where the value is wrong', () => {
    const guard = lenient(text(3), 'none');
    assert.equal(guard('abc'), 'abc');
    for (const value of hostileValues().filter((candidate) => !(typeof candidate === 'string')))
      assert.equal(guard(value), 'none');
  });

  test('array names the item that is wrong', () => {
    const guard = array(integer(), 3);
    assert.deepEqual(guard([1, 2]), [1, 2]);
    refuses(guard, [1, '2'], '[1]: expected an integer, got a string');
    refuses(guard, [1, 2, 3, 4], 'value: expected at most 3 items, got an array');
    refuses(guard, { length: 1, 0: 1 }, 'value: expected an array, got an object');
    refuses(guard, '123', 'value: expected an array, got a string');
  });

  test('array returns a fresh plain array, whatever the one it was given pretends to be', () => {
    class Impostor extends Array<unknown> {}
    const source = Impostor.from([1, 2]);
    const result = array(integer())(source);
    assert.notEqual(result, source);
    assert.equal(Object.getPrototypeOf(result), Array.prototype);
    const renamed = Object.assign([1, 2], { constructor: { [Symbol.species]: Impostor } });
    assert.equal(Object.getPrototypeOf(array(integer())(renamed)), Array.prototype);
  });

  test('array looks at the holes of a sparse list too', () => {
    refuses(array(integer()), new Array<unknown>(2), '[0]: expected an integer, got nothing');
    assert.deepEqual(array(lenient(integer(), 0))(new Array<unknown>(2)), [0, 0]);
  });

  test('array does not walk a list that is longer than it may be', () => {
    refuses(
      array(integer()),
      new Array<unknown>(2 ** 31),
      'value: expected at most 1000 items, got an array',
    );
  });

  test('object keeps the keys of its shape and drops the rest', () => {
    const guard = object({ id: integer(), name: optional(text()) });
    assert.deepEqual(guard({ id: 1, name: 'Ada', extra: true }), { id: 1, name: 'Ada' });
    assert.deepEqual(Object.keys(guard({ id: 1 })), ['id']);
  });

  test('object names the whole path to what is wrong', () => {
    const guard = object({ room: object({ slots: array(object({ id: integer() })) }) });
    refuses(
      guard,
      { room: { slots: [{ id: 1 }, { id: 'two' }] } },
      'room.slots[1].id: expected an integer, got a string',
    );
    refuses(guard, { room: {} }, 'room.slots: expected an array, got nothing');
    refuses(guard, {}, 'room: expected an object, got nothing');
    const error = check(guard, { room: { slots: [{}] } });
    assert.ok(!error.ok);
    assert.equal(error.error.path, 'room.slots[0].id');
    assert.equal(error.error.expected, 'an integer');
  });

  test('object takes no array, null or primitive for an object', () => {
    const guard = object({ id: optional(integer()) });
    refuses(guard, [], 'value: expected an object, got an array');
    refuses(guard, null, 'value: expected an object, got null');
    refuses(guard, 'text', 'value: expected an object, got a string');
    refuses(guard, 5n, 'value: expected an object, got a bigint');
    refuses(guard, () => {}, 'value: expected an object, got a function');
  });

  test('object reads own keys only: neither inherited ones nor the prototype', () => {
    const guard = object({ id: optional(integer()), toString: optional(text()) });
    assert.deepEqual(Object.keys(guard(Object.create({ id: 1 }))), []);
    assert.deepEqual(Object.keys(guard({})), []);
    assert.deepEqual(guard(withoutPrototype({ id: 2 })), { id: 2 });
    assert.equal(Object.getPrototypeOf(guard(withoutPrototype({ id: 2 }))), Object.prototype);
  });

  test('object trusts no getter, neither one that throws nor one that changes its mind', () => {
    const guard = object({ id: integer() });
    refuses(guard, explosive('id'), 'id: expected an integer, got nothing');
    refuses(guard, fickle('id', 1, 'later'), 'id: expected an integer, got nothing');
  });

  test('object works on hostile objects that hide or fake hasOwnProperty', () => {
    const guard = object({ id: optional(integer()) });
    assert.deepEqual(guard({ hasOwnProperty: () => true }), {});
    assert.deepEqual(guard(withoutPrototype({})), {});
  });

  test('dictionary copies one level, without __proto__ and without running getters', () => {
    const inner = { deep: true };
    const result = dictionary({ inner });
    assert.equal(result.inner, inner);
    assert.deepEqual(Object.keys(dictionary(protoKey())), []);
    assert.equal((dictionary(protoKey()) as { polluted?: unknown }).polluted, undefined);
    assert.deepEqual(Object.keys(dictionary(explosive('boom'))), []);
    refuses(dictionary, [], 'value: expected an object, got an array');
  });

  test('valuesOf takes a list or a map and yields the values in order', () => {
    const guard = valuesOf(integer(), 3);
    assert.deepEqual(guard([3, 1]), [3, 1]);
    assert.deepEqual(guard({ b: 3, a: 1 }), [3, 1]);
    refuses(guard, { a: 1, b: 'two' }, '[1]: expected an integer, got a string');
    refuses(guard, { a: 1, b: 2, c: 3, d: 4 }, 'value: expected at most 3 items, got an array');
    refuses(guard, 'text', 'value: expected an object, got a string');
    refuses(guard, explosive('a'), '[0]: expected an integer, got nothing');
  });

  test('either takes what one of two takes, and names both when none does', () => {
    const guard = either(integer(), text(3));
    assert.equal(guard(5), 5);
    assert.equal(guard('abc'), 'abc');
    refuses(guard, true, 'value: expected an integer or a string, got a boolean');
  });

  test('either points inside the value when that is where it went wrong', () => {
    const guard = either(array(object({ id: integer() })), text());
    refuses(guard, [{ id: 1 }, { id: 'two' }], '[1].id: expected an integer, got a string');
    refuses(either(text(), object({ id: integer() })), {}, 'id: expected an integer, got nothing');
  });

  test('anything lets everything through untouched', () => {
    for (const value of hostileValues()) assert.ok(Object.is(anything(value), value));
  });

  test('check tells instead of throwing', () => {
    assert.deepEqual(check(integer(), 1), { ok: true, value: 1 });
    const refused = check(integer(), '1');
    assert.equal(refused.ok, false);
    assert.ok(!refused.ok && refused.error instanceof GuardError);
  });

  test('a message about a huge value stays short', () => {
    const refused = check(object({ id: integer() }), { id: HUGE_TEXT });
    assert.ok(!refused.ok && refused.error.message.length < 100);
  });
});

/** A copy with one place of it changed; `undefined` removes the place. */
function withAt(message: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(message);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop();
  if (last === undefined) return value;
  let target = copy as Record<string, unknown>;
  for (const key of keys) target = target[key] as Record<string, unknown>;
  if (value === undefined) delete target[last];
  else target[last] = value;
  return copy;
}

function valueAt(message: unknown, path: string): unknown {
  let value = message;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== ''))
    value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? `"${value.slice(0, 20)}"` : (JSON.stringify(value)?.slice(0, 40) ?? 'nothing');

for (const [direction, guards, examples] of [
  ['server → client', serverMessages, serverExamples],
  ['client → server', clientMessages, clientExamples],
] as [string, Record<string, Guard<unknown>>, Record<string, Example>][]) {
  describe(direction, () => {
    test('every message has an example, and no example is left over', () => {
      assert.deepEqual(Object.keys(examples).sort(), Object.keys(guards).sort());
    });

    for (const [name, guard] of Object.entries(guards)) {
      const example = examples[name];
      if (!example) continue;
      const { message, reads, strict = {}, refused = {}, forgiving = {} } = example;

      describe(name, () => {
        test('a well-formed message passes', () => {
          assert.deepEqual(guard(message), reads ?? message);
        });

        test('what passed passes again, unchanged', () => {
          const passed = guard(message);
          assert.deepEqual(guard(passed), passed);
        });

        for (const [path, wrongValues] of Object.entries(strict)) {
          const where = path || 'value';
          test(`${where} must be there and of its type`, () => {
            for (const wrong of path === '' ? wrongValues : [undefined, ...wrongValues]) {
              refuses(
                guard,
                withAt(message, path, wrong),
                new RegExp(`^${where.replace(/[.[\]]/g, '\\$&')}: expected .+, got .+`),
              );
            }
          });
        }

        for (const [path, wrongValues] of Object.entries(refused)) {
          test(`${path} may be missing, but not of another type`, () => {
            for (const missing of [undefined, null])
              assert.equal(valueAt(guard(withAt(message, path, missing)), path), undefined);
            for (const wrong of wrongValues)
              refuses(guard, withAt(message, path, wrong), new RegExp(`^${path}.*: expected .+, got .+`));
          });
        }

        for (const [path, { wrong, becomes }] of Object.entries(forgiving)) {
          test(`${path} falls back to ${shown(becomes)} when it is missing or wrong`, () => {
            for (const value of [undefined, ...wrong]) {
              assert.deepEqual(valueAt(guard(withAt(message, path, value)), path), becomes);
            }
          });
        }

        if (!example.free) {
          test('nothing but an object of the expected kind passes', () => {
            for (const value of hostileValues()) {
              const checked = check(guard, value);
              if (checked.ok) assert.ok(example.alsoPasses?.(value), `let ${shownType(value)} through`);
            }
          });
        }

        test(`${FUZZ_INPUTS} disfigured messages pass or are refused, and nothing else happens`, () => {
          const random = new SeededRandom(hash(name));
          for (let index = 0; index < FUZZ_INPUTS; index++) {
            const input = random.chance(0.2) ? hostileValue(random) : disfigured(message, random);
            let result: unknown;
            try {
              result = guard(input);
            } catch (error) {
              assert.ok(error instanceof GuardError, `input ${index} threw ${String(error)}`);
              assert.ok(error.message.length < 300, `input ${index}: ${error.message.slice(0, 300)}`);
              continue;
            }
            if (!example.free) assertPlain(result, input, index);
          }
          assertPrototypesAreClean();
        });

        test('__proto__ and constructor keys reach no prototype', () => {
          for (const poison of [protoKey(), constructorKey()]) {
            const poisoned = Object.assign(structuredClone(message) ?? {}, poison);
            Object.defineProperty(poisoned, '__proto__', { value: { polluted: true }, enumerable: true });
            const checked = check(guard, poisoned);
            if (checked.ok && !example.free) assertPlain(checked.value, poisoned, 0);
            assertPrototypesAreClean();
          }
        });
      });
    }
  });
}

/** What a guard returns is fresh, has no tricky prototype and no getters. */
function assertPlain(result: unknown, input: unknown, index: number): void {
  if (typeof result !== 'object' || result === null) return;
  assert.notEqual(result, input, `input ${index} was handed out itself`);
  const prototype = Object.getPrototypeOf(result) as unknown;
  assert.ok(
    prototype === (Array.isArray(result) ? Array.prototype : Object.prototype),
    `input ${index}: a prototype of its own`,
  );
  for (const [key, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(result))) {
    assert.notEqual(key, '__proto__', `input ${index}: __proto__ came through`);
    assert.ok(!get && !set, `input ${index}: ${key} is an accessor`);
  }
}

const shownType = (value: unknown): string => Object.prototype.toString.call(value);

function hash(name: string): number {
  let value = 17;
  for (const character of name) value = (Math.imul(value, 31) + character.charCodeAt(0)) >>> 0;
  return value;
}
