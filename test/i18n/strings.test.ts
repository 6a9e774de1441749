/** Every language says everything, in its own plural forms, with the places that English has. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { languages } from '../../src/elements/i18n/languages.js';
import type { Strings, Text } from '../../src/elements/i18n/locale.js';
import { callStrings } from '../../src/elements/internal/strings-call.js';
import { panelStrings } from '../../src/elements/internal/strings-panels.js';
import { prejoinStrings } from '../../src/elements/internal/strings-prejoin.js';
import { strings as anyTime } from '../../src/elements/internal/strings.js';

const tables: Record<string, Record<string, Text>> = { anyTime, prejoinStrings, callStrings, panelStrings };
const strings = Object.assign({}, ...Object.values(tables)) as Strings;

const folder = fileURLToPath(new URL('../../src/elements/i18n/lang/', import.meta.url));
const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));

const forms = (text: Text): [string, string][] =>
  typeof text === 'string' ? [['', text]] : (Object.entries(text) as [string, string][]);
const placesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
/** Places of a text; a plural form may spell its number out, as in "one person". */
const withoutCount = (text: string): string[] => placesOf(text).filter((name) => name !== 'count');

test('there is a file for every language, and a language for every file', () => {
  assert.deepEqual(['en', ...files].sort(), [...languages].sort());
});

test('every text stands in one table', () => {
  const keys = Object.values(tables).flatMap((table) => Object.keys(table));
  assert.deepEqual(keys, [...new Set(keys)]);
});

test('English has a form for one and for many', () => {
  for (const [key, text] of Object.entries(strings)) {
    if (typeof text !== 'string') assert.deepEqual(Object.keys(text).sort(), ['one', 'other'], key);
  }
});

for (const language of files) {
  test(`${language} says everything that English says`, async () => {
    const { default: table } = (await import(`${folder}${language}.ts`)) as { default: Strings };
    assert.deepEqual(Object.keys(table).sort(), Object.keys(strings).sort());
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, english] of Object.entries(strings) as [keyof Strings, Text][]) {
      const text = table[key];
      assert.equal(typeof text, typeof english, `${key}: plural where English is plural, and only there`);
      if (typeof text !== 'string') {
        assert.deepEqual(Object.keys(text).sort(), [...categories].sort(), `${key}: plural forms`);
        assert.ok(text.other.includes('{count}'), `${key}: the number is said`);
      }
      for (const [form, words] of forms(text)) {
        const where = `${key} ${form}`;
        assert.notEqual(words.trim(), '', `${where} is not empty`);
        assert.equal(words, words.trim(), `${where} has no space around it`);
        assert.doesNotMatch(words, /[!！<>]/, `${where} stays calm and is no markup`);
        const expected = forms(english)[0]![1];
        assert.deepEqual(withoutCount(words), withoutCount(expected), `${where}: places`);
      }
    }
  });
}
