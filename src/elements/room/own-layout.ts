import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { wantPart } from '../internal/parts.js';
import type { EnxToolbar } from '../toolbar/enx-toolbar.js';
import type { Panel } from './call-answers.js';

/** What the toolbar shows as open. */
interface LayoutFacts {
  readonly panel: Panel | undefined;
  readonly unread: number;
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
  /** Panels that the page shows itself. */
  readonly #fetched = new Set<Panel>();
  readonly #observer = new MutationObserver(() => this.#look());

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly facts: LayoutFacts,
  ) {
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
    for (const panel of ['chat', 'people', 'settings'] as const) {
      if (this.#fetched.has(panel) || !this.has(`enx-${panel}`)) continue;
      this.#fetched.add(panel);
      void wantPart(this.host, panel);
    }
    const { panel, unread } = this.facts;
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
