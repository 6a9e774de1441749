import { type StringKey, strings, type TextTable } from '../internal/strings.js';

/** A text by the count it speaks of: one form per CLDR plural category that the language has. */
export type PluralText = { readonly other: string } & {
  readonly [C in Intl.LDMLPluralRule]?: string;
};
/** A text with places to fill in, `{name}`. Plural texts choose their form by `{count}`. */
export type Text = string | PluralText;
/** Every text of the room in one language. */
export type Strings = { readonly [K in StringKey]: Text };

export type Translate = (key: StringKey, values?: Record<string, string | number>) => string;

/** How the room speaks: its texts, its numbers and its direction. A new object when any of them changes. */
export interface Locale {
  /** BCP 47 tag, for `lang` attributes and `Intl`. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  /** The text of a key with its places filled in; numbers are written as the language writes them. */
  readonly t: Translate;
  /** Hours and minutes. */
  readonly time: (timestamp: number) => string;
  /** "Ann, Bob and Chloé". */
  readonly list: (items: readonly string[]) => string;
}

/** English, as far as it is here: each part brings its own texts. */
const englishTexts: Record<string, Text> = { ...strings };

export function addTexts(table: TextTable): void {
  Object.assign(englishTexts, table);
}

const rightToLeft = /^(ar|arc|ckb|dv|fa|ha|he|khw|ks|ps|sd|ug|ur|yi)\b/i;

/**
 * @param tag well-formed BCP 47 tag; one that `Intl` does not take counts as English there.
 * @param layers tables, the most specific first; English stands behind them all.
 */
export function createLocale(tag: string, layers: readonly Partial<Strings>[]): Locale {
  const lang = canonical(tag);
  const numbers = new Intl.NumberFormat(lang);
  const plurals = new Intl.PluralRules(lang);
  const textOf = (key: StringKey): Text =>
    layers.find((layer) => layer[key] !== undefined)?.[key] ?? englishTexts[key] ?? '';
  return Object.freeze<Locale>({
    lang,
    dir: rightToLeft.test(lang) ? 'rtl' : 'ltr',
    t: (key, values = {}) => {
      const text = textOf(key);
      const form =
        typeof text === 'string' ? text : (text[plurals.select(Number(values['count'] ?? 0))] ?? text.other);
      return form.replace(/\{(\w+)\}/g, (place, name: string) => {
        const value = values[name];
        return typeof value === 'number' ? numbers.format(value) : (value ?? place);
      });
    },
    time: (timestamp) => new Date(timestamp).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' }),
    list: (items) => new Intl.ListFormat(lang).format(items),
  });
}

function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** What elements speak that stand in no room. */
export const english: Locale = createLocale('en', []);
