import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  advanceOptionIds,
  attributeOf,
  defaultOptions,
  type OptionGroup,
  type OptionProblem,
  optionTable,
  resolveAdvanceOptions,
  resolveOptions,
  timeoutIntervalMs,
} from '../../src/engine/options.js';
import { explosive, hostileValues, HUGE_TEXT } from '../helpers/hostile-values.js';

interface Key {
  group: OptionGroup;
  key: string;
  attribute: string;
  standard: unknown;
  /** Values that are taken as they are. */
  good: unknown[];
  /** Values that are not. */
  bad: unknown[];
  /** Text of the attribute → value. Keys without are only set by the object. */
  goodText?: [text: string, value: unknown][];
  badText: string[];
}

const NOT_BOOLEAN = [0, 1, 'true', '', null, {}, []];
const boolean = (group: OptionGroup, key: string, attribute: string, standard: boolean): Key => ({
  group,
  key,
  attribute,
  standard,
  good: [true, false],
  bad: NOT_BOOLEAN,
  goodText: [
    ['true', true],
    ['false', false],
    ['', true],
  ],
  badText: ['yes', 'TRUE', '0', '1', ' true', 'null'],
});
const pixels = (key: string, attribute: string, standard: number): Key => ({
  group: 'playerConfiguration',
  key,
  attribute,
  standard,
  good: [1, 48, 2000, 33.5],
  bad: [0, -1, 2001, NaN, Infinity, '48', true, null, [48], 48n],
  goodText: [
    ['48', 48],
    [' 64 ', 64],
    ['33.5', 33.5],
  ],
  badText: ['', ' ', '48px', '0', '-1', '2001', 'Infinity', 'NaN'],
});

/** Every key of the published option objects (api-facts §1), written out by hand. */
const keys: Key[] = [
  boolean('localInfo', 'audio', 'audio', true),
  boolean('localInfo', 'video', 'video', true),
  boolean('localInfo', 'data', 'data', true),
  {
    group: 'localInfo',
    key: 'name',
    attribute: 'name',
    standard: '',
    good: ['Ada', '', 'n'.repeat(128), '<b>Ada</b>'],
    bad: [5, true, null, {}, 'n'.repeat(129)],
    goodText: [
      ['Ada', 'Ada'],
      ['', ''],
    ],
    badText: ['n'.repeat(129)],
  },
  boolean('localInfo', 'audioMuted', 'audio-muted', false),
  boolean('localInfo', 'videoMuted', 'video-muted', false),
  {
    group: 'localInfo',
    key: 'attributes',
    attribute: 'attributes',
    standard: {},
    good: [{}, { seat: 4 }],
    bad: ['seat', 5, true, null, [1]],
    badText: ['{}'],
  },
  boolean('roomInfo', 'allow_reconnect', 'allow-reconnect', true),
  {
    group: 'localInfo',
    key: 'maxVideoLayers',
    attribute: 'max-video-layers',
    standard: 3,
    good: [1, 2, 3],
    bad: [0, 4, 1.5, NaN, '3', true, null],
    goodText: [
      ['1', 1],
      ['2', 2],
    ],
    badText: ['', '0', '4', '2.5', 'all'],
  },
  {
    group: 'roomInfo',
    key: 'number_of_attempts',
    attribute: 'number-of-attempts',
    standard: 3,
    good: [1, 3, 1000, Number.MAX_SAFE_INTEGER],
    bad: [0, -1, 1.5, NaN, Infinity, '3', true, null, 2 ** 60],
    goodText: [
      ['5', 5],
      ['1', 1],
    ],
    badText: ['', '0', '1.5', 'three', '-2', '1e999'],
  },
  {
    group: 'roomInfo',
    key: 'timeout_interval',
    attribute: 'timeout-interval',
    standard: 10,
    good: [1, 20, 10_000, 45_000, 3_600_000, 1.5],
    bad: [0, -1, NaN, Infinity, 3_600_001, '20', true, null, {}],
    goodText: [
      ['20', 20],
      ['10000', 10_000],
    ],
    badText: ['', '0', '20s', '-5', 'Infinity'],
  },
  boolean('roomInfo', 'audio_only', 'audio-only', false),
  boolean('roomInfo', 'forceTurn', 'force-turn', false),
  boolean('roomInfo', 'chat_only', 'chat-only', false),
  {
    group: 'roomInfo',
    key: 'activeviews',
    attribute: 'activeviews',
    standard: 'list',
    good: ['list', 'view'],
    bad: ['grid', '', 'LIST', 5, null, ['list']],
    goodText: [
      ['list', 'list'],
      ['view', 'view'],
    ],
    badText: ['', 'grid', 'View'],
  },
  boolean('playerConfiguration', 'audiomute', 'audiomute', true),
  boolean('playerConfiguration', 'videomute', 'videomute', true),
  boolean('playerConfiguration', 'bandwidth', 'bandwidth', true),
  boolean('playerConfiguration', 'screenshot', 'screenshot', true),
  boolean('playerConfiguration', 'avatar', 'avatar', true),
  boolean('playerConfiguration', 'pinned', 'pinned', false),
  {
    group: 'playerConfiguration',
    key: 'iconColor',
    attribute: 'icon-color',
    standard: '#FFFFFF',
    good: ['#fff', '#ffff', '#0a1B2c', '#0a1B2c80'],
    bad: ['red', 'fff', '#ff', '#fffff', '#gggggg', '#fff;}', '', 5, null, '#ffffffffff'],
    goodText: [['#00ff00', '#00ff00']],
    badText: ['', 'red', '#00ff0', 'url(x)'],
  },
  pixels('iconHeight', 'icon-height', 30),
  pixels('iconWidth', 'icon-width', 30),
  pixels('avatarHeight', 'avatar-height', 200),
  pixels('avatarWidth', 'avatar-width', 200),
];

interface Resolved {
  values: Record<string, unknown>;
  problems: OptionProblem[];
}

function resolve(
  group: OptionGroup,
  object: unknown,
  attributes: Record<string, string | null> = {},
): Resolved {
  const problems: OptionProblem[] = [];
  const values = resolveOptions(group, object, attributes, (problem) => problems.push(problem));
  return { values: values as unknown as Record<string, unknown>, problems };
}

test('the table of this test covers every option, and no other', () => {
  const here = keys.map(({ group, key }) => `${group}.${key}`);
  const there = Object.entries(optionTable).flatMap(([group, specs]) =>
    Object.keys(specs).map((key) => `${group}.${key}`),
  );
  assert.deepEqual(here.sort(), there.sort());
});

for (const { group, key, attribute, standard, good, bad, goodText = [], badText } of keys) {
  describe(`${group}.${key}`, () => {
    test(`has the attribute ${attribute}`, () => assert.equal(attributeOf(key), attribute));

    test(`is ${JSON.stringify(standard)} by default`, () => {
      assert.deepEqual(resolve(group, undefined).values[key], standard);
      assert.deepEqual(resolve(group, {}, { [key]: null }).values[key], standard);
      assert.deepEqual((defaultOptions()[group] as unknown as Record<string, unknown>)[key], standard);
    });

    test('is set by the object', () => {
      for (const value of good) {
        const { values, problems } = resolve(group, { [key]: value });
        assert.deepEqual(values[key], value);
        assert.deepEqual(problems, []);
      }
    });

    test('stays at its default for a malformed value in the object, with one problem naming it', () => {
      for (const value of bad) {
        const { values, problems } = resolve(group, { [key]: value });
        assert.deepEqual(values[key], standard);
        assert.equal(problems.length, 1);
        assert.equal(problems[0]?.where, `${group}.${key}`);
        assert.notEqual(problems[0]?.expected, '');
      }
    });

    test('is not touched by undefined in the object', () => {
      assert.deepEqual(resolve(group, { [key]: undefined }), resolve(group, {}));
    });

    if (goodText.length > 0) {
      test('is set by its attribute, which wins over the object', () => {
        for (const [text, value] of goodText) {
          for (const object of [undefined, { [key]: good[0] }, { [key]: good.at(-1) }]) {
            const { values, problems } = resolve(group, object, { [key]: text });
            assert.deepEqual(values[key], value, `attribute "${text}"`);
            assert.deepEqual(problems, []);
          }
        }
      });
    }

    test('stays at its default for a malformed attribute, with one problem naming it', () => {
      for (const text of badText) {
        const { values, problems } = resolve(group, undefined, { [key]: text });
        assert.deepEqual(values[key], standard, `attribute "${text}"`);
        assert.equal(problems.length, 1);
        assert.equal(problems[0]?.where, attribute);
      }
    });

    test('keeps the value of the object when only the attribute is malformed', () => {
      const { values, problems } = resolve(group, { [key]: good.at(-1) }, { [key]: badText.at(-1)! });
      assert.deepEqual(values[key], good.at(-1));
      assert.deepEqual(
        problems.map(({ where }) => where),
        [attribute],
      );
    });

    test('stays at its default when both are malformed, and each is named', () => {
      const { values, problems } = resolve(group, { [key]: bad[0] }, { [key]: badText.at(-1)! });
      assert.deepEqual(values[key], standard);
      assert.deepEqual(
        problems.map(({ where }) => where),
        [`${group}.${key}`, attribute],
      );
    });
  });
}

describe('timeout_interval', () => {
  test('means what both published examples say: 20 is seconds, 10000 milliseconds', () => {
    assert.equal(timeoutIntervalMs(20), 20_000);
    assert.equal(timeoutIntervalMs(10_000), 10_000);
  });

  test('turns from seconds to milliseconds at 1000', () => {
    assert.equal(timeoutIntervalMs(999), 999_000);
    assert.equal(timeoutIntervalMs(1000), 1000);
    assert.equal(timeoutIntervalMs(optionTable.roomInfo.timeout_interval.standard), 10_000);
  });
});

describe('the display name', () => {
  const nameOf = (object: unknown, attribute?: string): unknown =>
    resolve('localInfo', object, { name: attribute ?? null }).values.name;

  test('may come from attributes.name, as iOS and web write it', () => {
    assert.equal(nameOf({ attributes: { name: 'Ada' } }), 'Ada');
  });

  test('comes from name first, and from the own attribute before all', () => {
    assert.equal(nameOf({ name: 'Bo', attributes: { name: 'Ada' } }), 'Bo');
    assert.equal(nameOf({ name: 'Bo', attributes: { name: 'Ada' } }, 'Cy'), 'Cy');
  });

  test('is cut to the longest name when attributes.name is longer', () => {
    assert.equal(nameOf({ attributes: { name: 'n'.repeat(500) } }), 'n'.repeat(128));
  });

  test('ignores an attributes.name that is no text', () => {
    for (const name of [5, null, {}, ['Ada']]) assert.equal(nameOf({ attributes: { name } }), '');
    assert.equal(nameOf({ attributes: explosive('name') }), '');
  });
});

describe('whole option objects', () => {
  test('an unknown key is one problem that names it, and the others still count', () => {
    const { values, problems } = resolve('roomInfo', { audio_only: true, audioOnly: true });
    assert.equal(values.audio_only, true);
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['roomInfo.audioOnly'],
    );
    assert.match(problems[0]!.expected, /a key among .*audio_only/);
  });

  test('keys that objects have by nature are unknown keys', () => {
    const poisoned = JSON.parse('{"__proto__": {"audio": false}, "constructor": 1}') as unknown;
    const { values, problems } = resolve('localInfo', poisoned);
    assert.equal(values.audio, true);
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['localInfo.__proto__', 'localInfo.constructor'],
    );
  });

  test('missing and null mean nothing was given', () => {
    for (const group of Object.keys(optionTable) as OptionGroup[])
      for (const nothing of [undefined, null]) assert.deepEqual(resolve(group, nothing).problems, []);
  });

  test('something else than an object is one problem, and the defaults stand', () => {
    for (const group of Object.keys(optionTable) as OptionGroup[]) {
      for (const wrong of ['text', '', 5, true, [], [{ audio: false }], () => {}, 7n, Symbol('s')]) {
        const { values, problems } = resolve(group, wrong);
        assert.deepEqual(values, resolve(group, undefined).values);
        assert.deepEqual(
          problems.map(({ where, expected }) => [where, expected]),
          [[group, 'an object']],
        );
      }
    }
  });

  test('nothing that can be put into a key makes it throw, and a problem stays short', () => {
    const circular = Object.assign(Object.create(null) as Record<string, unknown>, { inner: {} });
    circular.inner = circular;
    for (const value of [...hostileValues(), circular, HUGE_TEXT]) {
      for (const { group, key } of keys) {
        for (const { held } of resolve(group, { [key]: value }).problems) assert.ok(held.length <= 61);
      }
      for (const { held } of resolve('roomInfo', value).problems) assert.ok(held.length <= 61);
    }
  });

  test('what one caller does to the values reaches no other', () => {
    const first = resolve('localInfo', undefined).values as { attributes: Record<string, unknown> };
    first.attributes.mine = true;
    assert.deepEqual(resolve('localInfo', undefined).values.attributes, {});
  });
});

describe('advanceOptions', () => {
  const list = (value: unknown): { options: unknown; problems: OptionProblem[] } => {
    const problems: OptionProblem[] = [];
    return { options: resolveAdvanceOptions(value, (problem) => problems.push(problem)), problems };
  };

  test('the published ids are these two', () => {
    assert.deepEqual([...advanceOptionIds], ['battery_updates', 'notify-video-resolution-change']);
  });

  test('an id may be written with underscores or hyphens and leaves as published', () => {
    const { options, problems } = list([
      { id: 'battery-updates', enable: true },
      { id: 'battery_updates', enable: false },
      { id: 'notify_video_resolution_change', enable: true },
      { id: 'notify-video-resolution-change', enable: false },
    ]);
    assert.deepEqual(options, [
      { id: 'battery_updates', enable: true },
      { id: 'battery_updates', enable: false },
      { id: 'notify-video-resolution-change', enable: true },
      { id: 'notify-video-resolution-change', enable: false },
    ]);
    assert.deepEqual(problems, []);
  });

  test('nothing given is an empty list', () => {
    for (const nothing of [undefined, null, []])
      assert.deepEqual(list(nothing), { options: [], problems: [] });
  });

  test('an entry of another shape is left out with a problem that names it, the others count', () => {
    const good = { id: 'battery_updates', enable: true };
    for (const wrong of [
      'battery_updates',
      null,
      5,
      [],
      {},
      { id: 'unheard-of', enable: true },
      { id: 'battery_updates' },
      { id: 'battery_updates', enable: 'true' },
      { id: 5, enable: true },
      { battery_updates: true },
    ]) {
      const { options, problems } = list([good, wrong, good]);
      assert.deepEqual(options, [good, good]);
      assert.deepEqual(
        problems.map(({ where }) => where),
        ['advanceOptions[1]'],
      );
    }
  });

  test('something else than a list is one problem', () => {
    for (const wrong of ['battery_updates', 5, {}, { id: 'battery_updates', enable: true }, true]) {
      const { options, problems } = list(wrong);
      assert.deepEqual(options, []);
      assert.deepEqual(
        problems.map(({ where, expected }) => [where, expected]),
        [['advanceOptions', 'a list of {id, enable}']],
      );
    }
  });

  test('nothing makes it throw', () => {
    for (const value of hostileValues()) {
      if (Array.isArray(value) && value.length > 100_000) continue;
      list(value);
      list([value]);
    }
  });
});
