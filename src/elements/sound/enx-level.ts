import { consume } from '@lit/context';
import { css, html, type PropertyValues } from 'lit';
import { query } from 'lit/decorators.js';
import { LocalizedElement } from '../i18n/localized.js';
import { tokens } from '../internal/base-styles.js';
import { levelContext, type LevelReader } from '../internal/contexts.js';
import { define } from '../internal/define.js';

const POLL_MS = 80;

/** How loud one's own microphone is, as a bar. Moves by a transform alone: no render, no layout. */
@define('enx-level')
export class EnxLevel extends LocalizedElement {
  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        height: 8px;
        border-radius: 999px;
        overflow: hidden;
        background: color-mix(in srgb, currentColor 20%, transparent);
      }
      .bar {
        width: 100%;
        height: 100%;
        background: var(--_talking);
        transform: scaleX(0);
        transform-origin: left;
        transition: transform 90ms linear;
      }
      :host(:dir(rtl)) .bar {
        transform-origin: right;
      }
      @media (forced-colors: active) {
        :host {
          border: 1px solid CanvasText;
        }
        .bar {
          background: Highlight;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @consume({ context: levelContext }) level: LevelReader | undefined;
  @query('.bar') private readonly bar!: HTMLElement | null;
  #timer: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'img');
    this.#timer = window.setInterval(() => {
      // Ears hear in logarithms: a square root comes close enough for a bar.
      const level = Math.min(1, Math.sqrt(this.level?.('self') ?? 0) * 1.3);
      if (this.bar) this.bar.style.transform = `scaleX(${level.toFixed(2)})`;
    }, POLL_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale')) this.setAttribute('aria-label', this.t('level'));
  }

  protected override render(): unknown {
    return html`<div class="bar"></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-level': EnxLevel;
  }
}
