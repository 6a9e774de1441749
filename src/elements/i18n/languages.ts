import type { Locale, Strings } from './locale.js';
import { createLocale, english } from './locale.js';

type LanguageModule = Promise<{ default: Strings }>;

/** The languages that come with the room besides English: each a file of its own, fetched when first spoken. */
const loaders: Readonly<Record<string, () => LanguageModule>> = {
  ar: () => import('./lang/ar.js'),
  bn: () => import('./lang/bn.js'),
  de: () => import('./lang/de.js'),
  es: () => import('./lang/es.js'),
  fr: () => import('./lang/fr.js'),
  he: () => import('./lang/he.js'),
  hi: () => import('./lang/hi.js'),
  id: () => import('./lang/id.js'),
  it: () => import('./lang/it.js'),
  ja: () => import('./lang/ja.js'),
  ko: () => import('./lang/ko.js'),
  nl: () => import('./lang/nl.js'),
  pl: () => import('./lang/pl.js'),
  pt: () => import('./lang/pt.js'),
  ru: () => import('./lang/ru.js'),
  tr: () => import('./lang/tr.js'),
  vi: () => import('./lang/vi.js'),
  zh: () => import('./lang/zh.js'),
};

/** Tags of all languages of the room, by their own names in alphabetical order of the tag. */
export const languages: readonly string[] = ['en', ...Object.keys(loaders)].sort();

const loaded = new Map<string, Strings>();
const loading = new Map<string, Promise<void>>();
/** What pages registered, by lower-case tag. */
const registered = new Map<string, Partial<Strings>>();
const listeners = new Set<() => void>();

/**
 * Adds or replaces texts of a language; keys that are left out stay as they are. Rooms that speak it change at once.
 * A language that the room does not have becomes one that it has; what is missing there is English.
 * @param lang BCP 47 tag, such as `sv` or `pt-PT`.
 */
export function registerStrings(lang: string, texts: Partial<Strings>): void {
  const tag = lang.toLowerCase();
  registered.set(tag, { ...registered.get(tag), ...texts });
  for (const listener of [...listeners]) listener();
}

/** Called after every {@link registerStrings}. @returns a function that ends the subscription. */
export function onRegistered(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** `pt-BR-x` → `pt-br-x`, `pt-br`, `pt`. */
function chain(lang: string): string[] {
  const parts = lang.toLowerCase().split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/** The locale as far as it is there. English where nothing is known of the language. */
export function localeOf(lang: string): Locale {
  const tags = chain(lang);
  const layers = tags.flatMap((tag) => [registered.get(tag), loaded.get(tag)].filter((layer) => !!layer));
  return layers.length > 0 || tags.at(-1) === 'en' ? createLocale(lang, layers) : english;
}

/**
 * Fetches the file of a language unless it is here. @returns `undefined` when nothing has to be fetched.
 * Never rejects: without its file the room speaks English, and the next call tries again.
 */
export function loadLanguage(lang: string): Promise<void> | undefined {
  const base = chain(lang).at(-1)!;
  const loader = Object.hasOwn(loaders, base) ? loaders[base] : undefined;
  if (!loader || loaded.has(base)) return undefined;
  let running = loading.get(base);
  if (!running) {
    running = loader()
      .then(
        (module) => void loaded.set(base, module.default),
        (error: unknown) => console.warn(`enx-room: the texts of "${base}" could not be loaded`, error),
      )
      .finally(() => loading.delete(base));
    loading.set(base, running);
  }
  return running;
}
