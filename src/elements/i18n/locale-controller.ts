import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { loadLanguage, localeOf, onRegistered } from './languages.js';
import type { Locale } from './locale.js';

interface LocaleHost extends ReactiveControllerHost, HTMLElement {
  locale: Locale;
}

/**
 * Keeps `host.locale` in the language of the page: `lang` of the host, else of whatever is around it, through shadow
 * roots, else English. Follows every change.
 */
export class LocaleController implements ReactiveController {
  /** Pending while the first language is being fetched, so that nobody sees English for a moment. */
  ready: Promise<void> | undefined;
  #chosen = '';
  #observer: MutationObserver | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(private readonly host: LocaleHost) {
    host.addController(this);
  }

  /** The language a person chose for themselves, before all others; empty = that of the page. */
  choose(lang: string): void {
    if (lang === this.#chosen) return;
    this.#chosen = lang;
    this.#follow();
  }

  hostConnected(): void {
    this.#unsubscribe = onRegistered(() => this.#follow());
    this.#observer = new MutationObserver(() => this.#follow());
    for (const root of rootsAround(this.host)) {
      this.#observer.observe(root, { subtree: true, attributeFilter: ['lang'] });
    }
    this.#follow();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#observer?.disconnect();
  }

  #follow(): void {
    const lang = this.#chosen || languageAround(this.host);
    const loading = loadLanguage(lang);
    if (!loading) {
      this.host.locale = localeOf(lang);
      return;
    }
    // Until it is here, the room goes on in the language it speaks.
    const ready = loading.then(() => {
      if (this.ready !== ready) return;
      this.ready = undefined;
      this.host.locale = localeOf(lang);
    });
    this.ready = ready;
  }
}

/** The root the element is in, and those around it up to the document. */
function rootsAround(element: Element): Node[] {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? [root, ...rootsAround(root.host)] : [root];
}

function languageAround(element: Element): string {
  const marked = element.closest<HTMLElement>('[lang]');
  if (marked) return marked.lang || 'en';
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? languageAround(root.host) : 'en';
}
