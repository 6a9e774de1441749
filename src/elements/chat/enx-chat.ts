import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatMessage, RoomState } from '../../engine/room-state.js';
import { base, tokens } from '../internal/base-styles.js';
import { LocalizedElement } from '../i18n/localized.js';
import { define } from '../internal/define.js';
import { roomStateContext } from '../internal/contexts.js';
import { icon } from '../internal/icon.js';
import { closeIcon, sendIcon } from '../internal/icons.js';
import { request } from '../internal/requests.js';

/** Messages of one person within this time stand under one heading. */
const GROUP_MS = 120_000;
/** Nearer than this to the end means the reader follows along. */
const FOLLOW_PX = 80;

/**
 * The conversation and a line to write in. Enter sends, Shift + Enter begins a new line.
 *
 * @fires {CustomEvent} enx-message-request - Something was written.
 * @fires {CustomEvent} enx-chat-request - The panel is to be closed.
 * @csspart message - One message.
 * @csspart input - Where one writes.
 */
@define('enx-chat')
export class EnxChat extends LocalizedElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--_surface);
        color: var(--_text);
      }
      .bar {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding-block: var(--_space-2);
        padding-inline: var(--_space-4) var(--_space-2);
        border-bottom: 1px solid var(--_line);
      }
      h2 {
        margin: 0;
        font-size: 1.05em;
        font-weight: 650;
      }
      .icon {
        display: grid;
        place-items: center;
        width: var(--_control-size);
        height: var(--_control-size);
        border: 0;
        border-radius: 50%;
        background: none;
        color: inherit;
        font-size: 20px;
      }
      .icon:hover:not(:disabled) {
        background: var(--_surface-raised);
      }
      .log {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        padding: var(--_space-3) var(--_space-4);
        display: flex;
        flex-direction: column;
        gap: 3px;
      }
      .nothing {
        margin: auto;
        text-align: center;
        color: var(--_text-muted);
        line-height: 1.45;
        text-wrap: balance;
      }
      .nothing strong {
        display: block;
        color: var(--_text);
        font-weight: 600;
      }
      article {
        max-width: 88%;
        align-self: flex-start;
      }
      article.own {
        align-self: flex-end;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 8px;
        margin: var(--_space-2) 0 3px;
        font-size: 0.82em;
      }
      .own .head {
        justify-content: flex-end;
      }
      .from {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        unicode-bidi: isolate;
      }
      time {
        color: var(--_text-muted);
        font-variant-numeric: tabular-nums;
      }
      .text {
        margin: 0;
        width: fit-content;
        padding: 7px 12px;
        border-radius: var(--_radius-l);
        background: var(--_surface-raised);
        line-height: 1.4;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        unicode-bidi: plaintext;
      }
      .own .text {
        margin-inline-start: auto;
        background: color-mix(in srgb, var(--_accent) 16%, var(--_surface));
      }
      form {
        display: flex;
        align-items: flex-end;
        gap: var(--_space-1);
        padding: var(--_space-3);
        padding-bottom: max(var(--_space-3), env(safe-area-inset-bottom));
        border-top: 1px solid var(--_line);
      }
      textarea {
        flex: 1;
        min-width: 0;
        max-height: 7.5em;
        min-height: var(--_control-size);
        padding: 11px 14px;
        border: 1px solid color-mix(in srgb, var(--_text) 48%, transparent);
        border-radius: 22px;
        background: var(--_surface);
        color: inherit;
        line-height: 1.35;
        resize: none;
        field-sizing: content;
      }
      textarea::placeholder {
        color: var(--_text-muted);
        opacity: 1;
      }
      textarea:focus-visible {
        outline-offset: 0;
      }
      .send {
        color: var(--_accent);
      }
      .send:disabled {
        color: var(--_text-muted);
      }
    `,
  ];

  @consume({ context: roomStateContext, subscribe: true }) @property({ attribute: false }) room:
    RoomState | undefined;
  @query('.log') private readonly log!: HTMLElement;
  @query('textarea') private readonly input!: HTMLTextAreaElement;
  #shownCount = -1;

  /** Puts the cursor where one writes. */
  override focus(): void {
    void this.updateComplete.then(() => this.input.focus());
  }

  protected override render(): unknown {
    const messages = this.room?.messages ?? [];
    return html`
      <div class="bar">
        <h2 id="title">${this.t('chat')}</h2>
        <button
          type="button"
          class="icon"
          aria-label=${this.t('closeChat')}
          title=${this.t('closeChat')}
          @click=${() => request(this, 'enx-chat-request', { open: false })}
        >
          ${icon(closeIcon)}
        </button>
      </div>
      <div class="log" role="log" aria-live="polite" aria-labelledby="title" tabindex="0">
        ${
          messages.length === 0
            ? html`<p class="nothing"><strong>${this.t('noMessages')}</strong>${this.t('noMessagesHint')}</p>`
            : repeat(
                messages,
                ({ id }) => id,
                (message, index) => this.#message(message, messages[index - 1]),
              )
        }
      </div>
      <form @submit=${this.#submit}>
        <textarea
          part="input"
          rows="1"
          maxlength="4000"
          dir="auto"
          enterkeyhint="send"
          autocomplete="off"
          aria-label=${this.t('messagePlaceholder')}
          placeholder=${this.t('messagePlaceholder')}
          @keydown=${this.#key}
        ></textarea>
        <button class="icon send" aria-label=${this.t('send')} title=${this.t('send')}>
          ${icon(sendIcon)}
        </button>
      </form>
    `;
  }

  protected override willUpdate(): void {
    const log = this.hasUpdated ? this.log : undefined;
    this.#follows = !log || log.scrollHeight - log.scrollTop - log.clientHeight < FOLLOW_PX;
  }
  #follows = true;

  protected override updated(_changed: PropertyValues<this>): void {
    const messages = this.room?.messages ?? [];
    if (messages.length === this.#shownCount) return;
    this.#shownCount = messages.length;
    if (this.#follows || messages.at(-1)?.isSelf) this.log.scrollTop = this.log.scrollHeight;
  }

  #message(message: ChatMessage, previous: ChatMessage | undefined): unknown {
    const continues =
      previous?.senderId === message.senderId && message.timestamp - previous.timestamp < GROUP_MS;
    return html`<article part="message" class=${message.isSelf ? 'own' : ''}>
      ${
        continues
          ? nothing
          : html`<div class="head">
              <span class="from">${message.isSelf ? this.t('you') : message.from || this.t('guest')}</span>
              <time datetime=${new Date(message.timestamp).toISOString()}
                >${this.locale.time(message.timestamp)}</time
              >
            </div>`
      }
      <p class="text">${message.text}</p>
    </article>`;
  }

  #key(event: KeyboardEvent): void {
    // While an input method composes, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #submit(event: Event): void {
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const text = this.input.value.trim();
    if (text === '') return;
    if (request(this, 'enx-message-request', { text })) this.input.value = '';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-chat': EnxChat;
  }
}
