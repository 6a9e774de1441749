import { css, html, nothing, type PropertyValues } from 'lit';
import { property, queryAll } from 'lit/decorators.js';
import { LocalizedElement } from '../i18n/localized.js';
import { base, tokens } from '../internal/base-styles.js';
import { define } from '../internal/define.js';
import { icon, type IconNode } from '../internal/icon.js';
import { checkIcon } from '../internal/icons-panels.js';
import { focusedElement, roveTo } from '../internal/roving.js';

/** One line of a menu. */
export interface MenuEntry {
  label: string;
  /** Says what the lines below are about; cannot be chosen. */
  heading?: boolean;
  picture?: IconNode | undefined;
  /** One of several that exclude each other, and whether it is the one. */
  chosen?: boolean;
  /** Cannot be undone. */
  danger?: boolean;
  /** Small, at the end: a count or a key. */
  note?: string | undefined;
  run?: () => void;
}

const MARGIN = 8;

/**
 * A menu beside the control that opened it. Stands in the browser's top layer, so nothing clips it; closes by Escape,
 * by Tab, by a click elsewhere or by a choice, and gives the focus back. Rendered while open, removed by whoever
 * rendered it.
 *
 * @fires {CustomEvent} enx-menu-close - It wants to be closed.
 * @csspart menu - The box.
 */
@define('enx-menu')
export class EnxMenu extends LocalizedElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        --_focus: var(--_accent);
        position: fixed;
        z-index: 10;
        inset: auto;
        margin: 0;
        padding: 6px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius-l);
        min-width: 200px;
        max-width: min(340px, calc(100vw - 16px));
        max-height: min(70vh, 480px);
        overflow: hidden auto;
        overscroll-behavior: contain;
        background: var(--_surface);
        color: var(--_text);
        font-size: calc(var(--_font-size) * 0.95);
        line-height: 1.35;
        text-align: start;
        box-shadow: 0 10px 34px rgb(0 0 0 / 0.34);
        animation: appear var(--_motion) ease-out;
      }
      @keyframes appear {
        from {
          opacity: 0;
          transform: translateY(4px);
        }
      }
      .heading {
        padding: 8px 10px 4px;
        color: var(--_text-muted);
        font-size: 0.84em;
        font-weight: 600;
      }
      button {
        display: flex;
        align-items: center;
        gap: 12px;
        width: 100%;
        min-height: 40px;
        padding: 7px 10px;
        border: 0;
        border-radius: var(--_radius-s);
        background: none;
        color: inherit;
        text-align: start;
      }
      button svg {
        flex: none;
        font-size: 18px;
      }
      button:hover,
      button:focus-visible {
        background: var(--_surface-raised);
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      .label {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
        unicode-bidi: plaintext;
        text-align: start;
      }
      .danger {
        color: light-dark(#b3202c, #ff9aa2);
      }
      .mark {
        flex: none;
        display: grid;
        width: 18px;
        color: var(--_accent);
      }
      .note {
        color: var(--_text-muted);
        font-size: 0.9em;
        font-variant-numeric: tabular-nums;
      }
      :host([grid]) {
        min-width: 0;
      }
      :host([grid]) .items {
        display: grid;
        grid-template-columns: repeat(auto-fit, 44px);
        gap: 2px;
        width: min(278px, calc(100vw - 32px));
      }
      :host([grid]) button {
        justify-content: center;
        padding: 0;
        width: 44px;
        height: 44px;
        font-size: 22px;
      }
      :host([grid]) .label {
        flex: none;
      }
      @media (pointer: coarse) {
        button {
          min-height: 44px;
        }
      }
      @media (forced-colors: active) {
        button:focus-visible {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) entries: readonly MenuEntry[] = [];
  /** The control that opened it: where it stands, and where the focus returns to. */
  @property({ attribute: false }) anchor: HTMLElement | undefined;
  @property() label = '';
  /** Small pictures side by side instead of lines. */
  @property({ type: Boolean, reflect: true }) grid = false;

  /** It has found its place and taken the focus. */
  #entered = false;
  @queryAll('button') private readonly buttons!: NodeListOf<HTMLButtonElement>;
  readonly #closeOutside = (event: Event): void => {
    const path = event.composedPath();
    if (!path.includes(this) && !(this.anchor && path.includes(this.anchor))) this.#close(false);
  };
  readonly #reposition = (): void => this.#place();

  constructor() {
    super();
    this.addEventListener('keydown', this.#key);
    this.addEventListener('focusout', this.#focusOut);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#closeOutside, true);
    window.addEventListener('resize', this.#reposition);
    window.addEventListener('scroll', this.#reposition, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#closeOutside, true);
    window.removeEventListener('resize', this.#reposition);
    window.removeEventListener('scroll', this.#reposition, true);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.setAttribute('role', 'menu');
    if (changed.has('label')) this.setAttribute('aria-label', this.label);
  }

  protected override render(): unknown {
    return html`<div class="items" role="presentation" part="menu">
      ${this.entries.map((entry) =>
        entry.heading
          ? html`<div class="heading" role="presentation">${entry.label}</div>`
          : html`<button
              type="button"
              tabindex="-1"
              role=${entry.chosen === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked=${entry.chosen === undefined ? nothing : entry.chosen ? 'true' : 'false'}
              class=${entry.danger ? 'danger' : ''}
              @click=${() => {
                this.#close(true);
                entry.run?.();
              }}
            >
              ${
                entry.chosen === undefined
                  ? nothing
                  : html`<span class="mark">${entry.chosen ? icon(checkIcon) : nothing}</span>`
              }
              ${entry.picture ? icon(entry.picture) : nothing}
              <span class="label">${entry.label}</span>
              ${entry.note ? html`<span class="note">${entry.note}</span>` : nothing}
            </button>`,
      )}
    </div>`;
  }

  protected override firstUpdated(): void {
    // `manual`: an `auto` one would close the page's own popovers.
    this.popover = 'manual';
    this.showPopover?.();
  }

  /** Lines may come later than the menu: what they do has to be fetched. */
  protected override updated(): void {
    if (this.#entered || this.buttons.length === 0) return;
    this.#entered = true;
    this.#place();
    const chosen = [...this.buttons].find((button) => button.ariaChecked === 'true');
    (chosen ?? this.buttons[0])?.focus();
  }

  /** Above the anchor if there is room, else below; never outside the window. */
  #place(): void {
    if (!this.anchor) return;
    const anchor = this.anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this;
    const rightToLeft = getComputedStyle(this).direction === 'rtl';
    const above = anchor.top - height - MARGIN;
    const below = anchor.bottom + MARGIN;
    const fitsBelow = below + height <= window.innerHeight - MARGIN;
    const preferBelow = anchor.top < window.innerHeight / 2;
    const top = above >= MARGIN && !(preferBelow && fitsBelow) ? above : below;
    const start = rightToLeft ? anchor.right - width : anchor.left;
    const clamp = (value: number, max: number): number => Math.max(MARGIN, Math.min(value, max - MARGIN));
    this.style.left = `${clamp(start, window.innerWidth - width)}px`;
    this.style.top = `${clamp(top, window.innerHeight - height)}px`;
  }

  readonly #key = (event: KeyboardEvent): void => {
    const buttons = [...this.buttons];
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      this.#close(true);
      return;
    }
    if (event.key === 'Tab') return this.#close(true);
    const target =
      roveTo(event, buttons, this.grid ? 'both' : 'vertical', this.locale.dir) ?? this.#typed(event, buttons);
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    target.focus();
  };

  /** The next line that begins with the typed letter. */
  #typed({ key }: KeyboardEvent, buttons: HTMLElement[]): HTMLElement | undefined {
    if ([...key].length !== 1 || key === ' ') return undefined;
    const current = buttons.indexOf(focusedElement()!);
    const rotated = [...buttons.slice(current + 1), ...buttons.slice(0, current + 1)];
    return rotated.find((button) =>
      button.textContent.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase()),
    );
  }

  readonly #focusOut = (event: FocusEvent): void => {
    const next = event.relatedTarget as Node | null;
    if (next && next !== this.anchor && !this.contains(next) && !this.renderRoot.contains(next))
      this.#close(false);
  };

  #close(returnFocus: boolean): void {
    if (returnFocus) this.anchor?.focus();
    this.dispatchEvent(new CustomEvent('enx-menu-close'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-menu': EnxMenu;
  }
}
