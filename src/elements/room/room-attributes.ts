import {
  attributeOf,
  type OptionGroup,
  type OptionProblem,
  optionTable,
  resolveAdvanceOptions,
  resolveOptions,
  type RoomOptions,
} from '../../engine/options.js';

const groups = Object.keys(optionTable) as OptionGroup[];

/** Attributes that hold an option or a whole option object as JSON. */
export const optionAttributes: readonly string[] = [
  ...[...groups, 'advanceOptions'].map(attributeOf),
  ...groups.flatMap((group) => Object.keys(optionTable[group]).map(attributeOf)),
];

/** The element as far as its options go. */
export interface OptionHost extends Element {
  localInfo: unknown;
  roomInfo: unknown;
  playerConfiguration: unknown;
  advanceOptions: unknown;
}

/** Effective options: default ← JSON attribute ← property ← own attribute. Problems are told, nothing throws. */
export function readOptions(host: OptionHost, problem: (problem: OptionProblem) => void): RoomOptions {
  const objectOf = (group: OptionGroup | 'advanceOptions'): unknown => {
    if (host[group] !== undefined && host[group] !== null) return host[group];
    const json = host.getAttribute(attributeOf(group));
    if (json === null || json.trim() === '') return undefined;
    try {
      return JSON.parse(json) as unknown;
    } catch {
      problem({ where: attributeOf(group), held: json.slice(0, 60), expected: 'JSON' });
      return undefined;
    }
  };
  const resolve = <G extends OptionGroup>(group: G): RoomOptions[G] =>
    resolveOptions(
      group,
      objectOf(group),
      Object.fromEntries(
        Object.keys(optionTable[group]).map((key) => [key, host.getAttribute(attributeOf(key))]),
      ),
      problem,
    );
  return {
    localInfo: resolve('localInfo'),
    roomInfo: resolve('roomInfo'),
    playerConfiguration: resolve('playerConfiguration'),
    advanceOptions: resolveAdvanceOptions(objectOf('advanceOptions'), problem),
  };
}
