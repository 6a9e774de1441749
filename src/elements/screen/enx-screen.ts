import { css, html, LitElement, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { base, tokens } from '../internal/base-styles.js';
import { define } from '../internal/define.js';
import { icon, type IconNode } from '../internal/icon.js';

/**
 * A full-size message: one picture, one sentence, one action. For waiting, failures and endings.
 *
 * @slot - The action.
 * @csspart icon - The picture.
 * @csspart heading - The sentence.
 */
@define('enx-screen')
export class EnxScreen extends LitElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: grid;
        place-items: center;
        overflow: auto;
        padding: var(--_space-4);
        background: var(--_stage);
        color: var(--_on-stage);
        text-align: center;
      }
      .content {
        display: grid;
        justify-items: center;
        gap: var(--_space-3);
        max-width: 26em;
        padding: var(--_space-2);
      }
      .icon {
        display: grid;
        place-items: center;
        width: 64px;
        height: 64px;
        border-radius: 50%;
        background: rgb(255 255 255 / 0.08);
        font-size: 28px;
        color: #dfe4ec;
      }
      .icon.warning {
        background: rgb(245 184 61 / 0.16);
        color: #ffcf70;
      }
      .spinner {
        width: 44px;
        height: 44px;
        border-radius: 50%;
        border: 3px solid rgb(255 255 255 / 0.16);
        border-top-color: #fff;
        animation: turn 0.9s linear infinite;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
      h2 {
        margin: var(--_space-1) 0 0;
        font-size: 1.3em;
        font-weight: 650;
        line-height: 1.25;
        text-wrap: balance;
      }
      p {
        margin: 0;
        color: #c3cad5;
        line-height: 1.5;
        text-wrap: pretty;
      }
      .actions {
        margin-top: var(--_space-2);
      }
      @container (max-height: 340px) {
        .icon,
        .spinner {
          width: 40px;
          height: 40px;
          font-size: 20px;
        }
        .content {
          gap: var(--_space-2);
        }
        .actions {
          margin-top: 0;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .spinner {
          animation: breathe 3s infinite;
        }
      }
      @keyframes breathe {
        50% {
          opacity: 0.3;
        }
      }
      @media (forced-colors: active) {
        .spinner {
          border-color: GrayText;
          border-top-color: CanvasText;
        }
      }
    `,
  ];

  @property() heading = '';
  @property() text = '';
  @property({ attribute: false }) picture: IconNode | undefined;
  @property({ type: Boolean }) busy = false;
  @property({ type: Boolean }) warning = false;

  protected override render(): unknown {
    return html`<div class="content" role=${this.warning ? 'alert' : 'status'}>
      ${this.busy ? html`<div class="spinner" part="icon"></div>` : nothing}
      ${
        this.picture && !this.busy
          ? html`<div class="icon ${this.warning ? 'warning' : ''}" part="icon">${icon(this.picture)}</div>`
          : nothing
      }
      <h2 part="heading">${this.heading}</h2>
      ${this.text ? html`<p>${this.text}</p>` : nothing}
      <div class="actions"><slot></slot></div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-screen': EnxScreen;
  }
}
