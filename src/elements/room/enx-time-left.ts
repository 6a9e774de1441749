import { css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocalizedElement } from '../i18n/localized.js';
import { define } from '../internal/define.js';
import { icon } from '../internal/icon.js';
import { clockIcon } from '../internal/icons-panels.js';

/** Earlier than this nobody has to hurry. */
const SHOWN_MS = 15 * 60_000;
const SOON_MS = 5 * 60_000;

/** Minutes and seconds until the room closes, from a quarter of an hour before. Counts by itself. */
@define('enx-time-left')
export class EnxTimeLeft extends LocalizedElement {
  static override styles = css`
    :host {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      font-variant-numeric: tabular-nums;
    }
    :host([hidden]) {
      display: none !important;
    }
    svg {
      flex: none;
    }
  `;

  /** Milliseconds since the epoch. */
  @property({ type: Number }) endsAt: number | undefined;
  @property({ type: Boolean, reflect: true }) soon = false;
  @state() private now = Date.now();
  #timer: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'timer');
    this.#timer = window.setInterval(() => (this.now = Date.now()), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
  }

  protected override willUpdate(): void {
    const left = this.#left;
    this.hidden = left === undefined || left > SHOWN_MS;
    this.soon = left !== undefined && left <= SOON_MS;
    this.setAttribute('aria-label', this.t('timeLeftLabel'));
  }

  get #left(): number | undefined {
    return this.endsAt === undefined ? undefined : Math.max(0, this.endsAt - this.now);
  }

  protected override render(): unknown {
    const left = this.#left;
    if (left === undefined || this.hidden) return nothing;
    const seconds = Math.ceil(left / 1000);
    const number = (value: number, digits: number): string =>
      new Intl.NumberFormat(this.locale.lang, { minimumIntegerDigits: digits }).format(value);
    const time = `${number(Math.floor(seconds / 60), 1)}:${number(seconds % 60, 2)}`;
    return html`${icon(clockIcon)}<span>${this.t('timeLeft', { time })}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-time-left': EnxTimeLeft;
  }
}
