import { css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { LocalizedElement } from '../i18n/localized.js';
import { base, tokens } from '../internal/base-styles.js';
import { define } from '../internal/define.js';

/**
 * A question or a sheet before everything else. Rendered while open; the browser keeps the focus inside and gives it
 * back.
 *
 * @fires {CustomEvent} enx-dialog-close - Answered or closed; `detail.accepted` tells which.
 * @slot - More than the sentence.
 * @csspart dialog - The box.
 */
@define('enx-dialog')
export class EnxDialog extends LocalizedElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        --_focus: var(--_accent);
        display: contents;
      }
      dialog {
        width: min(26em, calc(100vw - 16px));
        max-width: none;
        max-height: calc(100vh - 16px);
        padding: var(--_space-5) var(--_space-5) 0;
        border: 1px solid var(--_line);
        border-radius: 16px;
        background: var(--_surface);
        color: var(--_text);
        font-family: var(--_font);
        font-size: var(--_font-size);
        line-height: 1.45;
        text-align: start;
        overflow: auto;
        overflow-wrap: anywhere;
        box-shadow: 0 16px 48px rgb(0 0 0 / 0.4);
        animation: appear var(--_motion) ease-out;
      }
      dialog::backdrop {
        background: rgb(8 9 12 / 0.5);
      }
      @keyframes appear {
        from {
          opacity: 0;
          transform: translateY(6px);
        }
      }
      h2 {
        margin: 0;
        font-size: 1.2em;
        font-weight: 650;
        line-height: 1.3;
        text-wrap: balance;
      }
      p {
        margin: var(--_space-2) 0 0;
        color: var(--_text-muted);
      }
      /* In sight however long the rest is. */
      .actions {
        position: sticky;
        bottom: 0;
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--_space-2);
        margin-top: var(--_space-2);
        padding-block: var(--_space-4) var(--_space-5);
        background: var(--_surface);
      }
      .danger {
        background: var(--_danger);
        color: var(--_on-danger);
      }
      @media (max-width: 360px) {
        .actions .button {
          flex: 1 1 100%;
        }
      }
    `,
  ];

  @property() heading = '';
  @property() text = '';
  /** Label of the button that accepts; without it there is only one to close. */
  @property() action = '';
  @property({ type: Boolean }) danger = false;

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  protected override render(): unknown {
    return html`<dialog
      part="dialog"
      role=${this.action ? 'alertdialog' : 'dialog'}
      aria-labelledby="heading"
      aria-describedby=${this.text ? 'text' : nothing}
      @keydown=${(event: Event) => event.stopPropagation()}
      @cancel=${(event: Event) => this.#answer(event, false)}
      @click=${(event: Event) => {
        // A click beside the box hits the dialog itself.
        if (event.composedPath()[0] === this.dialog) this.#answer(event, false);
      }}
    >
      <h2 id="heading">${this.heading}</h2>
      ${this.text ? html`<p id="text">${this.text}</p>` : nothing}
      <slot></slot>
      <div class="actions">
        <button type="button" class="button quiet" @click=${(event: Event) => this.#answer(event, false)}>
          ${this.t(this.action ? 'cancel' : 'close')}
        </button>
        ${
          this.action
            ? html`<button
                type="button"
                class="button ${this.danger ? 'danger' : ''}"
                @click=${(event: Event) => this.#answer(event, true)}
              >
                ${this.action}
              </button>`
            : nothing
        }
      </div>
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  #answer(event: Event, accepted: boolean): void {
    event.preventDefault();
    event.stopPropagation();
    // Closing gives the focus back to where it was.
    this.dialog.close();
    this.dispatchEvent(new CustomEvent('enx-dialog-close', { detail: { accepted } }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-dialog': EnxDialog;
  }
}
