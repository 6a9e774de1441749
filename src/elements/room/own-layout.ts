import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { EnxToolbar } from '../toolbar/enx-toolbar.js';
import type { Panel } from './answers.js';

/** The room as far as a page's own layout needs it. */
export interface OwnLayoutHost extends ReactiveControllerHost, HTMLElement {
  /** What the toolbar shows as open. */
  readonly layoutFacts: { panel: Panel | undefined; unread: number };
}

/** Children that show nothing and so are no layout. */
const invisible = new Set(['script', 'style', 'template', 'link']);

/**
 * A page that puts children of its own into the room, without a `slot` attribute, takes over how the call looks. Our
 * parts among them find the room by context.
 */
export class OwnLayout implements ReactiveController {
  active = false;
  #adopted = false;
  readonly #observer = new MutationObserver(() => this.#look());

  constructor(private readonly host: OwnLayoutHost) {
    host.addController(this);
  }

  /** The page shows this part itself. */
  has(tag: string): boolean {
    return this.active && this.host.querySelector(tag) !== null;
  }

  hostConnected(): void {
    this.#observer.observe(this.host, { childList: true });
    this.#look();
    if (!this.#adopted) this.#adopt();
    this.#adopted = true;
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  hostUpdated(): void {
    if (!this.active) return;
    const { panel, unread } = this.host.layoutFacts;
    for (const toolbar of this.host.querySelectorAll<EnxToolbar>('enx-toolbar')) {
      toolbar.panel = panel;
      toolbar.unread = unread;
    }
  }

  #look(): void {
    const active = [...this.host.children].some((child) => !child.slot && !invisible.has(child.localName));
    if (active === this.active) return;
    this.active = active;
    this.host.requestUpdate();
  }

  /** Parts that came to life before the room has asked for it in vain: they ask once more. */
  #adopt(): void {
    for (const part of this.host.querySelectorAll<HTMLElement & Partial<Reconnectable>>('*')) {
      if (!part.localName.startsWith('enx-') || !part.isConnected) continue;
      part.disconnectedCallback?.();
      part.connectedCallback?.();
    }
  }
}

interface Reconnectable {
  connectedCallback(): void;
  disconnectedCallback(): void;
}
