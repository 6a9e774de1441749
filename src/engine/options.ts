/**
 * The four option objects of the native SDKs (api-facts §1): every key with type, default and range, in one table
 * from which parsing, attributes and documentation are made.
 */

export interface LocalInfo {
  audio: boolean;
  video: boolean;
  data: boolean;
  name: string;
  audioMuted: boolean;
  videoMuted: boolean;
  attributes: Record<string, unknown>;
  /** Sizes of the own picture that are sent at most (simulcast), where the server wants several. */
  maxVideoLayers: number;
}

export interface RoomInfo {
  allow_reconnect: boolean;
  number_of_attempts: number;
  /** Below 1000 seconds, from 1000 up milliseconds. */
  timeout_interval: number;
  audio_only: boolean;
  forceTurn: boolean;
  chat_only: boolean;
  activeviews: 'list' | 'view';
}

/** Booleans mean "show this control". */
export interface PlayerConfiguration {
  audiomute: boolean;
  videomute: boolean;
  bandwidth: boolean;
  screenshot: boolean;
  avatar: boolean;
  pinned: boolean;
  iconColor: string;
  iconHeight: number;
  iconWidth: number;
  avatarHeight: number;
  avatarWidth: number;
}

export type AdvanceOption = { id: string; enable: boolean };

export interface RoomOptions {
  localInfo: LocalInfo;
  roomInfo: RoomInfo;
  playerConfiguration: PlayerConfiguration;
  advanceOptions: AdvanceOption[];
}

type OptionSpec =
  | { type: 'boolean'; standard: boolean }
  | { type: 'number'; standard: number; min: number; max: number; integer?: boolean }
  | { type: 'string'; standard: string; maxLength: number; pattern?: RegExp; expected?: string }
  | { type: 'choice'; standard: string; choices: readonly string[] }
  | { type: 'object'; standard: Record<string, unknown> };

const yes = { type: 'boolean', standard: true } as const;
const no = { type: 'boolean', standard: false } as const;
const pixels = (standard: number) => ({ type: 'number', standard, min: 1, max: 2000 }) as const;

export const optionTable = {
  localInfo: {
    audio: yes,
    video: yes,
    data: yes,
    name: { type: 'string', standard: '', maxLength: 128 },
    audioMuted: no,
    videoMuted: no,
    attributes: { type: 'object', standard: {} },
    maxVideoLayers: { type: 'number', standard: 3, min: 1, max: 3, integer: true },
  },
  roomInfo: {
    allow_reconnect: yes,
    number_of_attempts: { type: 'number', standard: 3, min: 1, max: Number.MAX_SAFE_INTEGER, integer: true },
    timeout_interval: { type: 'number', standard: 10, min: 1, max: 3_600_000 },
    audio_only: no,
    forceTurn: no,
    chat_only: no,
    activeviews: { type: 'choice', standard: 'list', choices: ['list', 'view'] },
  },
  playerConfiguration: {
    audiomute: yes,
    videomute: yes,
    bandwidth: yes,
    screenshot: yes,
    avatar: yes,
    pinned: no,
    iconColor: {
      type: 'string',
      standard: '#FFFFFF',
      maxLength: 9,
      pattern: /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i,
      expected: 'a hex colour such as #FFFFFF',
    },
    iconHeight: pixels(30),
    iconWidth: pixels(30),
    avatarHeight: pixels(200),
    avatarWidth: pixels(200),
  },
} as const satisfies Record<string, Record<string, OptionSpec>>;

export type OptionGroup = keyof typeof optionTable;

/** A value that was not understood; the default stands. `where` is `roomInfo.timeout_interval` or an attribute name. */
export interface OptionProblem {
  where: string;
  /** What it held, shortened, as text. */
  held: string;
  expected: string;
}

/** `timeout_interval` in milliseconds, by the rule that both published examples mean what their page says. */
export const timeoutIntervalMs = (value: number): number => (value < 1000 ? value * 1000 : value);

function expectation(spec: OptionSpec): string {
  switch (spec.type) {
    case 'boolean':
      return 'true or false';
    case 'number': {
      const word = spec.integer ? 'a whole number' : 'a number';
      return spec.max === Number.MAX_SAFE_INTEGER
        ? `${word} from ${spec.min} up`
        : `${word} from ${spec.min} to ${spec.max}`;
    }
    case 'string':
      return spec.expected ?? `text of at most ${spec.maxLength} characters`;
    case 'choice':
      return `one of ${spec.choices.join(', ')}`;
    case 'object':
      return 'an object';
  }
}

function fits(spec: OptionSpec, value: unknown): boolean {
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return (
        typeof value === 'number' &&
        Number.isFinite(value) &&
        value >= spec.min &&
        value <= spec.max &&
        (!spec.integer || Number.isInteger(value))
      );
    case 'string':
      return (
        typeof value === 'string' &&
        value.length <= spec.maxLength &&
        (!spec.pattern || spec.pattern.test(value))
      );
    case 'choice':
      return typeof value === 'string' && spec.choices.includes(value);
    case 'object':
      return isObject(value);
  }
}

/** Fits no option. */
const unreadable = Symbol('unreadable');

/** Pages may hand in objects with getters of their own. */
function read(source: Record<string, unknown>, key: string): unknown {
  try {
    return source[key];
  } catch {
    return unreadable;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  let text: string;
  try {
    text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    text = typeof value === 'bigint' ? String(value) : `a value of type ${typeof value}`;
  }
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * Effective values of one group: defaults, then the object, then single attributes. What does not fit is left at what
 * stood before and reported, never half applied.
 * @param attributes values of the keys' own attributes as text; `null` = absent, empty = true for booleans.
 */
export function resolveOptions<G extends OptionGroup>(
  group: G,
  object: unknown,
  attributes: Partial<Record<string, string | null>>,
  problem: (problem: OptionProblem) => void,
): RoomOptions[G] {
  const specs = optionTable[group] as Record<string, OptionSpec>;
  const values: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(specs)) values[key] = structuredClone(spec.standard);
  if (object !== undefined && object !== null) {
    if (!isObject(object)) problem({ where: group, held: shown(object), expected: 'an object' });
    else {
      for (const key of Object.keys(object)) {
        const value = read(object, key);
        const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
        if (!spec)
          problem({
            where: `${group}.${key}`,
            held: shown(value),
            expected: `a key among ${Object.keys(specs).join(', ')}`,
          });
        else if (value === undefined) continue;
        else if (fits(spec, value)) values[key] = value;
        else problem({ where: `${group}.${key}`, held: shown(value), expected: expectation(spec) });
      }
    }
  }
  if (group === 'localInfo' && values.name === '' && isObject(values.attributes)) {
    const name = read(values.attributes, 'name');
    if (typeof name === 'string') values.name = name.slice(0, 128);
  }
  for (const [key, spec] of Object.entries(specs)) {
    const text = attributes[key];
    if (text === undefined || text === null) continue;
    const value = fromAttribute(spec, text);
    if (value !== undefined && fits(spec, value)) values[key] = value;
    else problem({ where: attributeOf(key), held: shown(text), expected: expectation(spec) });
  }
  return values as unknown as RoomOptions[G];
}

/** `advanceOptions`: a list of `{id, enable}`; entries of another shape are reported and left out. */
export function resolveAdvanceOptions(
  value: unknown,
  problem: (problem: OptionProblem) => void,
): AdvanceOption[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problem({ where: 'advanceOptions', held: shown(value), expected: 'a list of {id, enable}' });
    return [];
  }
  return value.flatMap((entry: unknown, index): AdvanceOption[] => {
    const [id, enable] = isObject(entry) ? [read(entry, 'id'), read(entry, 'enable')] : [];
    const known = advanceOptionIds.find(
      (candidate) => typeof id === 'string' && candidate.replace(/_/g, '-') === id.replace(/_/g, '-'),
    );
    if (known && typeof enable === 'boolean') return [{ id: known, enable }];
    problem({
      where: `advanceOptions[${index}]`,
      held: shown(entry),
      expected: `{id, enable} with id ${advanceOptionIds.join(' or ')}`,
    });
    return [];
  });
}

/** Published ids (api-facts §1.5). */
export const advanceOptionIds = ['battery_updates', 'notify-video-resolution-change'] as const;

function fromAttribute(spec: OptionSpec, text: string): unknown {
  switch (spec.type) {
    case 'boolean':
      return text === '' || text === 'true' ? true : text === 'false' ? false : undefined;
    case 'number':
      return text.trim() === '' ? undefined : Number(text);
    case 'string':
    case 'choice':
      return text;
    case 'object':
      return undefined;
  }
}

/** `iconColor` → `icon-color`, `allow_reconnect` → `allow-reconnect`. */
export const attributeOf = (key: string): string =>
  key.replace(/_/g, '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const defaultOptions = (): RoomOptions => ({
  localInfo: resolveOptions('localInfo', undefined, {}, () => {}),
  roomInfo: resolveOptions('roomInfo', undefined, {}, () => {}),
  playerConfiguration: resolveOptions('playerConfiguration', undefined, {}, () => {}),
  advanceOptions: [],
});
