import { consume } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatMessage, RoomState } from '../../engine/room-state.js';
import { QuietElement } from '../i18n/quiet-element.js';
import { base, tokens } from '../internal/base-styles.js';
import { changedIn } from '../internal/changed-in.js';
import { roomStateContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { formStyles } from '../internal/form.js';
import { icon } from '../internal/icon.js';
import { checkIcon, copyIcon, emojiIcon, saveIcon, sendIcon } from '../internal/icons-panels.js';
import '../internal/strings-panels.js';
import { focusPanel, panelBar, panelStyles, touchesOnly } from '../internal/panel.js';
import { request } from '../internal/requests.js';
import '../menu/enx-menu.js';
import { chatAsText, privacyOf, saveText } from './chat-text.js';
import { styles } from './chat.styles.js';
import { withLinks } from './links.js';

/** Messages of one person within this time stand under one heading. */
const GROUP_MS = 120_000;
/** Nearer than this to the end means the reader follows along. */
const FOLLOW_PX = 80;
const COPIED_MS = 1600;

const emojis = '😀 😄 😂 😊 😍 🤔 😮 😢 😅 🙂 😉 😎 🙏 👍 👎 👏 👋 💪 🎉 ❤️ 🔥 ✅ ❓ 💡'.split(' ');

/**
 * The conversation and a line to write in. Enter sends, Shift + Enter begins a new line. News are told to screen
 * readers by the room, a few at a time, not by this list.
 *
 * @fires {CustomEvent} enx-message-request - Something was written.
 * @fires {CustomEvent} enx-chat-request - The panel is to be closed.
 * @csspart message - One message.
 * @csspart input - Where one writes.
 */
@define('enx-chat')
export class EnxChat extends QuietElement {
  static override styles = [tokens, base, panelStyles, formStyles, styles];

  @consume({ context: roomStateContext, subscribe: true })
  @property({ attribute: false, hasChanged: changedIn<RoomState>('messages', 'participants', 'clientId') })
  room: RoomState | undefined;

  /** Client id of the one person to write to; empty = everyone. */
  @state() private recipient = '';
  /** What they were called when they were chosen, or last seen. */
  #recipientName = '';
  @state() private picksEmoji = false;
  @state() private copied: number | undefined;
  /** Something came while the reader was further up. */
  @state() private hasNewer = false;

  @query('.log') private readonly log!: HTMLElement;
  @query('textarea') private readonly input!: HTMLTextAreaElement;
  #shownCount = -1;
  #follows = true;

  /** Puts the cursor where one writes. */
  override focus(): void {
    void this.updateComplete.then(() => {
      if (this.#follows) this.#toEnd();
      focusPanel(this.renderRoot, this.input);
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const change of ['resize', 'scroll'])
      window.visualViewport?.addEventListener(change, this.#makeRoom);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const change of ['resize', 'scroll'])
      window.visualViewport?.removeEventListener(change, this.#makeRoom);
  }

  /** An on-screen keyboard covers the lower end of the panel: what is below it moves up. */
  readonly #makeRoom = (): void => {
    const { visualViewport: seen } = window;
    if (!seen) return;
    this.style.paddingBottom = '';
    const hidden = this.getBoundingClientRect().bottom - (seen.offsetTop + seen.height);
    this.style.paddingBottom = hidden > 1 ? `${Math.round(hidden)}px` : '';
    if (this.#follows) this.#toEnd();
  };

  protected override render(): unknown {
    const { t } = this;
    const messages = this.room?.messages ?? [];
    const placeholder = this.recipient
      ? t('privatePlaceholder', { name: this.#recipientName })
      : t('messagePlaceholder');
    return html`
      ${panelBar(
        t('chat'),
        t('closeChat'),
        () => request(this, 'enx-chat-request', { open: false }),
        messages.length > 0
          ? html`<button
              type="button"
              class="icon save"
              aria-label=${t('saveChat')}
              title=${t('saveChat')}
              @click=${this.#save}
            >
              ${icon(saveIcon)}
            </button>`
          : nothing,
      )}
      <div class="frame">
        <div
          class="log"
          role="log"
          aria-live="off"
          aria-labelledby="title"
          tabindex="0"
          @scroll=${() => {
            if (this.hasNewer && this.#nearEnd()) this.hasNewer = false;
          }}
        >
          ${
            messages.length === 0
              ? html`<p class="nothing"><strong>${t('noMessages')}</strong>${t('noMessagesHint')}</p>`
              : repeat(
                  messages,
                  ({ id }) => id,
                  (message, index) =>
                    guard([message, messages[index - 1], this.locale, this.copied === message.id], () =>
                      this.#message(message, messages[index - 1]),
                    ),
                )
          }
        </div>
        ${
          this.hasNewer
            ? html`<button type="button" class="small main newer" @click=${() => this.#toEnd()}>
                ${t('newMessages')}
              </button>`
            : nothing
        }
      </div>
      <form @submit=${this.#submit}>
        ${this.#recipients()}
        <div class="write">
          <textarea
            part="input"
            rows="1"
            maxlength="4000"
            dir="auto"
            enterkeyhint=${touchesOnly() ? 'enter' : 'send'}
            autocomplete="off"
            aria-label=${placeholder}
            placeholder=${placeholder}
            @keydown=${this.#key}
          ></textarea>
          <button
            type="button"
            class="icon emoji"
            aria-label=${t('emoji')}
            title=${t('emoji')}
            aria-haspopup="menu"
            aria-expanded=${this.picksEmoji ? 'true' : 'false'}
            @click=${() => (this.picksEmoji = !this.picksEmoji)}
          >
            ${icon(emojiIcon)}
          </button>
          <button class="icon send" aria-label=${t('send')} title=${t('send')}>${icon(sendIcon)}</button>
        </div>
        ${
          this.picksEmoji
            ? html`<enx-menu
                grid
                label=${t('emoji')}
                .anchor=${this.renderRoot.querySelector<HTMLElement>('.emoji') ?? undefined}
                .entries=${emojis.map((emoji) => ({ label: emoji, run: () => this.#insert(emoji) }))}
                @enx-menu-close=${() => (this.picksEmoji = false)}
              ></enx-menu>`
            : nothing
        }
      </form>
    `;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.hasUpdated && changed.has('room')) this.#follows = this.#nearEnd();
    if (!this.recipient) return;
    // What was begun for one person is never sent to everyone: where there is something, another has to be chosen.
    if (this.#isGone && !this.input?.value.trim()) this.recipient = '';
    else if (!this.#isGone) this.#recipientName = this.#nameOf(this.recipient);
  }

  /** The person to write to has left. */
  get #isGone(): boolean {
    const { recipient, room } = this;
    return recipient !== '' && !room?.participants.some(({ clientId }) => clientId === recipient);
  }

  protected override updated(): void {
    const messages = this.room?.messages ?? [];
    if (messages.length === this.#shownCount) return;
    const first = this.#shownCount < 0;
    this.#shownCount = messages.length;
    if (this.#follows || messages.at(-1)?.isSelf) this.#toEnd();
    else if (!first) this.hasNewer = true;
  }

  #nearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
  }

  #toEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
    this.hasNewer = false;
  }

  #message(message: ChatMessage, previous: ChatMessage | undefined): unknown {
    const { t } = this;
    const privacy = privacyOf(message, this.#nameOf, this.locale);
    const continues =
      previous?.senderId === message.senderId &&
      message.timestamp - previous.timestamp < GROUP_MS &&
      privacy === privacyOf(previous, this.#nameOf, this.locale);
    const copied = this.copied === message.id;
    return html`<article part="message" class="${message.isSelf ? 'own' : ''} ${privacy ? 'private' : ''}">
      ${
        continues
          ? nothing
          : html`<div class="head">
              <span class="from">${message.isSelf ? t('you') : message.from || t('guest')}</span>
              ${privacy ? html`<span class="privacy">${privacy}</span>` : nothing}
              <time datetime=${new Date(message.timestamp).toISOString()}
                >${this.locale.time(message.timestamp)}</time
              >
            </div>`
      }
      <div class="line">
        <p class="text">${withLinks(message.text)}</p>
        <button
          type="button"
          class="copy"
          aria-label=${t(copied ? 'copied' : 'copyMessage')}
          title=${t(copied ? 'copied' : 'copyMessage')}
          @click=${() => this.#copy(message)}
        >
          ${icon(copied ? checkIcon : copyIcon)}
        </button>
      </div>
    </article>`;
  }

  #recipients(): unknown {
    const others = this.room?.participants.filter(({ isSelf }) => !isSelf) ?? [];
    const gone = this.#isGone;
    if (others.length === 0 && !gone) return nothing;
    return html`${
        gone
          ? html`<p class="gone" role="alert">${this.t('recipientLeft', { name: this.#recipientName })}</p>`
          : nothing
      }<label class="to">
        <span>${this.t('writeTo')}</span>
        <span class="select"
          ><select @change=${(event: Event) => (this.recipient = (event.target as HTMLSelectElement).value)}>
            ${
              gone
                ? html`<option value=${this.recipient} .selected=${true} disabled>
                    ${this.#recipientName}
                  </option>`
                : nothing
            }
            <option value="" .selected=${this.recipient === ''}>${this.t('everyone')}</option>
            ${others.map(
              ({ clientId, name }) =>
                html`<option value=${clientId} .selected=${this.recipient === clientId}>
                  ${name || this.t('guest')}
                </option>`,
            )}
          </select></span
        >
      </label>`;
  }

  readonly #nameOf = (clientId: string): string =>
    this.room?.participants.find((person) => person.clientId === clientId)?.name || this.t('guest');

  #copy({ id, text }: ChatMessage): void {
    navigator.clipboard
      ?.writeText(text)
      .then(() => {
        this.copied = id;
        window.setTimeout(() => {
          if (this.copied === id) this.copied = undefined;
        }, COPIED_MS);
      })
      .catch(() => {
        // The browser or the page forbids it; the text can still be selected.
      });
  }

  readonly #save = (): void => {
    const day = new Date().toISOString().slice(0, 10);
    saveText(chatAsText(this.room?.messages ?? [], this.#nameOf, this.locale), `chat-${day}.txt`);
  };

  #insert(emoji: string): void {
    this.input.setRangeText(emoji, this.input.selectionStart, this.input.selectionEnd, 'end');
    this.input.focus();
  }

  readonly #key = (event: KeyboardEvent): void => {
    // While an input method composes, Enter belongs to it; on a screen keyboard it is the only way to a new line.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || touchesOnly()) return;
    event.preventDefault();
    this.#send();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    // The keyboard of a phone stays for the next message.
    if (this.#isGone) this.#askRecipient();
    else {
      this.#send();
      this.input.focus();
    }
  };

  #askRecipient(): void {
    this.renderRoot.querySelector('select')?.focus();
  }

  #send(): void {
    const text = this.input.value.trim();
    if (text === '') return;
    if (this.#isGone) return this.#askRecipient();
    const detail = this.recipient ? { text, recipients: [this.recipient] } : { text };
    if (request(this, 'enx-message-request', detail)) this.input.value = '';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-chat': EnxChat;
  }
}
