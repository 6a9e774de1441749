import { html, nothing } from 'lit';
import type { RoomState } from '../../engine/room-state.js';
import type { Locale } from '../i18n/locale.js';
import { icon } from '../internal/icon.js';
import { closeIcon, handIcon, peopleIcon, recordIcon, soundIcon } from '../internal/icons.js';
import { request } from '../internal/requests.js';
import type { Panel } from './call-answers.js';
import { type NoticeContext, renderNotices } from './notices.js';

/** What the room element knows about the call beyond the engine's state. */
export interface CallContext extends NoticeContext {
  locale: Locale;
  /** Panels that were opened before stay, so that a half-written message does. */
  opened: ReadonlySet<Panel>;
  unread: number;
  /** Nobody has touched the room for a while. */
  quiet: boolean;
  /** A finger was on the faces a moment ago: their controls are shown. */
  touched: boolean;
  /** A layout of the page takes the place of ours. */
  own: { readonly active: boolean; has(tag: string): boolean };
  avatars: Readonly<Record<string, string>> | undefined;
  /** The page has something of its own for a room without others. */
  hasEmptySlot: boolean;
  readonly closePanel: () => void;
  /** The list of shortcuts while it is open. */
  shortcutHelp(): unknown;
  readonly soundBlockedChanged: (blocked: boolean) => void;
}

/** The call: stage, notices, toolbar, panels. */
export function renderCall(state: RoomState, context: CallContext): unknown {
  const { t } = context.locale;
  const { own } = context;
  return html`<div
      class="call"
      ?data-quiet=${context.quiet}
      ?data-share=${state.share !== undefined}
      ?data-chat-only=${state.chatOnly}
      ?data-touched=${context.touched}
    >
      ${own.active ? html`<div class="own"><slot></slot></div>` : stage(context)}
      <enx-reactions></enx-reactions>
      <div class="top">
        <div class="pills">
          <slot name="brand"></slot>
          ${own.active ? nothing : pills(state, context.locale)}
        </div>
        <div class="notices" aria-live="polite">${renderNotices(state, t, context)}</div>
      </div>
      ${own.active ? nothing : toolbar(context)} ${panels(context)}
    </div>
    ${context.shortcutHelp()}
    <enx-sound
      hidden
      @enx-sound-blocked=${(event: CustomEvent<{ blocked: boolean }>) =>
        context.soundBlockedChanged(event.detail.blocked)}
    ></enx-sound>`;
}

function stage({ avatars, hasEmptySlot }: CallContext): unknown {
  return html`<enx-stage
    part="stage"
    .avatars=${avatars}
    exportparts="tile, main, self, screen: shared-screen, pager, chat-only, video, avatar, name-tag, notice: player-notice, controls, control, menu"
  >
    ${hasEmptySlot ? html`<slot name="empty" slot="empty"></slot>` : nothing}
  </enx-stage>`;
}

function toolbar({ panel, unread }: CallContext): unknown {
  return html`<enx-toolbar
    part="toolbar"
    exportparts="button, leave-button, menu, dialog"
    panel=${panel ?? nothing}
    .unread=${unread}
  >
    <slot name="toolbar-start" slot="start"></slot>
    <slot name="toolbar-end" slot="end"></slot>
  </enx-toolbar>`;
}

/** Small facts about the call: how many, who wants to speak, whether it is recorded, how long it lasts. */
function pills(state: RoomState, { t, lang }: Locale): unknown {
  const { participants, hands, recording, endsAt, audioOnly, chatOnly } = state;
  const people = (event: Event): void =>
    void request(event.currentTarget!, 'enx-people-request', { open: true });
  return html`<span class="count everybody"
      >${icon(peopleIcon)}${t('peopleCount', { count: participants.length })}</span
    >
    ${
      hands.length > 0
        ? html`<button type="button" class="count hands" title=${t('raisedHands')} @click=${people}>
            ${icon(handIcon)}<span class="visually-hidden">${t('raisedHands')}</span
            >${new Intl.NumberFormat(lang).format(hands.length)}
          </button>`
        : nothing
    }
    ${
      audioOnly && !chatOnly
        ? html`<button
            type="button"
            class="count"
            title=${t('showPictures')}
            aria-label=${`${t('audioOnly')}. ${t('showPictures')}`}
            @click=${(event: Event) =>
              request(event.currentTarget!, 'enx-reception-request', { audioOnly: false })}
          >
            ${icon(soundIcon)}${t('audioOnly')}${icon(closeIcon)}
          </button>`
        : nothing
    }
    ${recording ? html`<span class="count recording">${icon(recordIcon)}${t('recording')}</span>` : nothing}
    ${endsAt === undefined ? nothing : html`<enx-time-left class="count" .endsAt=${endsAt}></enx-time-left>`}`;
}

/** Those that the page shows itself stay away. */
function panels({ panel, opened, own, closePanel }: CallContext): unknown {
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    closePanel();
  };
  return [
    opened.has('chat') && !own.has('enx-chat')
      ? html`<enx-chat
          class="panel"
          part="chat panel"
          exportparts="message, input"
          ?hidden=${panel !== 'chat'}
          @keydown=${key}
        ></enx-chat>`
      : nothing,
    panel === 'people' && !own.has('enx-people')
      ? html`<enx-people class="panel" part="people panel" exportparts="person" @keydown=${key}></enx-people>`
      : nothing,
    panel === 'settings' && !own.has('enx-settings')
      ? html`<enx-settings
          class="panel"
          part="settings panel"
          exportparts="section"
          @keydown=${key}
        ></enx-settings>`
      : nothing,
  ];
}
