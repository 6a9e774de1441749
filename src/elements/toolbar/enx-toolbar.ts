import { consume } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomState } from '../../engine/room-state.js';
import { QuietElement } from '../i18n/quiet-element.js';
import { base, tokens } from '../internal/base-styles.js';
import { changedIn } from '../internal/changed-in.js';
import { preferencesContext, roomStateContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { deviceHint } from '../internal/devices.js';
import { FocusKeeper } from '../internal/focus-keeper.js';
import { icon } from '../internal/icon.js';
import {
  cameraIcon,
  cameraOffIcon,
  caretIcon,
  leaveIcon,
  microphoneIcon,
  microphoneOffIcon,
  dotsIcon,
} from '../internal/icons.js';
import { fetchWhenNear, partNow, wantPart } from '../internal/parts.js';
import { defaultPreferences, type Preferences } from '../internal/preferences.js';
import { request } from '../internal/requests.js';
import { roveTo } from '../internal/roving.js';
import '../internal/strings-call.js';
import { SizeObserver } from '../internal/size-observer.js';
import { type Item, type ItemId, itemIds, itemsOf } from './toolbar-items.js';
import type { MenuName } from './toolbar-menus.js';
import { styles } from './toolbar.styles.js';

/** Narrower than this, leave is a picture and devices are chosen in the settings. */
const TIGHT_WIDTH = 420;
/** From here on there is room for words below the pictures, if everything fits. */
const LABELS_WIDTH = 720;

/**
 * Microphone, camera, share, hand, reactions, layout, chat, people, settings, leave. One stop of the Tab key; arrow
 * keys move inside. What does not fit goes into a menu, microphone, camera and leave never. Sets nothing itself: each
 * click is a request that the room answers.
 *
 * @fires {CustomEvent} enx-mute-request - Microphone or camera was clicked.
 * @fires {CustomEvent} enx-device-retry-request - A device that could not be had was clicked.
 * @fires {CustomEvent} enx-device-request - Another device was chosen.
 * @fires {CustomEvent} enx-share-request - The share button was clicked.
 * @fires {CustomEvent} enx-hand-request - The hand was raised or lowered.
 * @fires {CustomEvent} enx-reaction-request - A reaction was chosen.
 * @fires {CustomEvent} enx-preference-request - A layout was chosen.
 * @fires {CustomEvent} enx-chat-request - The chat button was clicked; likewise people and settings.
 * @fires {CustomEvent} enx-leave-request - The leave button was clicked.
 * @fires {CustomEvent} enx-end-request - A moderator ends the call for everyone.
 * @csspart button - Every button; `leave-button` besides for the last one.
 * @slot start - Before our buttons.
 * @slot end - Between our buttons and leave.
 */
@define('enx-toolbar')
export class EnxToolbar extends QuietElement {
  static override styles = [tokens, base, styles];

  @consume({ context: roomStateContext, subscribe: true })
  @property({
    attribute: false,
    hasChanged: changedIn<RoomState>(
      'microphone',
      'camera',
      'hardMuted',
      'canShare',
      'share',
      'role',
      'chatOnly',
      'guests',
      'hands',
      'floor',
      'clientId',
      'devices',
    ),
  })
  room: RoomState | undefined;
  @consume({ context: preferencesContext, subscribe: true })
  @property({ attribute: false, hasChanged: changedIn<Preferences>('layout') })
  preferences: Preferences = defaultPreferences;
  /** The panel that is open. */
  @property() panel: 'chat' | 'people' | 'settings' | undefined;
  /** Messages that came while the chat was closed. */
  @property({ type: Number }) unread = 0;

  @state() private menu: MenuName | undefined;
  @state() private confirmsEnd = false;
  @state() private width = 0;
  /** How many buttons are in the menu because they do not fit. */
  @state() private overflowing = 0;
  #measuredFor = '';
  #lastPanel: string | undefined;
  /** Class of the button that Tab comes back to. */
  #stop: string | undefined;
  readonly #sizes = new SizeObserver((width) => (this.width = width));

  constructor() {
    super();
    this.addEventListener('keydown', this.#key);
    this.addEventListener('focusin', this.#focused);
    fetchWhenNear(this, 'extras');
    // A button that moves into the menu, or the menu's that is no longer needed, must not take the focus with it.
    new FocusKeeper(this, () =>
      (
        this.#named('more') ??
        this.#named(this.#lastPanel) ??
        this.#named(this.#stop) ??
        this.#buttons()[0]
      )?.focus(),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'toolbar');
    const ruler = this.renderRoot?.querySelector('.ruler');
    if (ruler) this.#sizes.observe(ruler);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale')) this.setAttribute('aria-label', this.t('toolbar'));
    if (changed.get('panel')) this.#lastPanel = changed.get('panel');
  }

  protected override render(): unknown {
    const { room } = this;
    if (!room) return nothing;
    const items = itemsOf(room, this, this.locale);
    const shown = this.#shownOf(items);
    const isModerator = room.role === 'moderator';
    const tight = this.#tight;
    return html`
      <div class="ruler"></div>
      <slot name="start" @slotchange=${this.#remeasure}></slot>
      ${room.chatOnly ? nothing : [this.#device(room, 'audio', tight), this.#device(room, 'video', tight)]}
      ${items.map((item) => (shown.has(item.id) ? this.#item(item) : nothing))}
      ${
        shown.size < items.length
          ? html`<button
              part="button"
              type="button"
              class="more ${this.menu === 'more' ? 'on' : ''}"
              aria-label=${this.t('moreActions')}
              title=${this.t('moreActions')}
              aria-haspopup="menu"
              aria-expanded=${this.menu === 'more' ? 'true' : 'false'}
              @click=${() => this.#toggleMenu('more')}
            >
              ${icon(dotsIcon)}<span class="label" aria-hidden="true">${this.t('moreActions')}</span>
            </button>`
          : nothing
      }
      <slot name="end" @slotchange=${this.#remeasure}></slot>
      <div class="pair" role="presentation">
        <button
          part="button leave-button"
          type="button"
          class="leave"
          aria-label=${this.t('leave')}
          title=${this.t('leaveRoom')}
          @click=${() => request(this, 'enx-leave-request', {})}
        >
          ${icon(leaveIcon)}<span class="label" aria-hidden="true">${this.t('leave')}</span>
        </button>
        ${isModerator && !tight ? this.#caret('leave', this.t('leaveOptions')) : nothing}
      </div>
      ${this.menu ? this.#menuFor(this.menu, room, items, shown) : nothing}
      ${
        this.confirmsEnd
          ? html`<enx-dialog
              heading=${this.t('endConfirm')}
              text=${this.t('endConfirmHint')}
              action=${this.t('endForEveryone')}
              danger
              @enx-dialog-close=${({ detail }: CustomEvent<{ accepted: boolean }>) => {
                this.confirmsEnd = false;
                if (detail.accepted) request(this, 'enx-end-request', {});
              }}
            ></enx-dialog>`
          : nothing
      }
    `;
  }

  /** Puts one more button into the menu until nothing sticks out; measured only when it may have changed. */
  protected override updated(): void {
    const buttons = this.#buttons();
    const stop = this.#named(this.#stop) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
    const { room } = this;
    if (!room) return;
    if (this.width === 0) this.#sizes.observe(this.renderRoot.querySelector('.ruler')!);
    if (this.width === 0) return;
    const items = itemsOf(room, this, this.locale);
    const key = [this.width, this.locale.lang, room.role, room.chatOnly, items.length].join();
    if (key !== this.#measuredFor) {
      this.#measuredFor = key;
      this.overflowing = 0;
      this.dataset.size = this.#tight ? 'tight' : this.width >= LABELS_WIDTH ? 'labels' : 'icons';
      if (this.overflowing === 0) this.requestUpdate('width', null);
      return;
    }
    const { paddingLeft, paddingRight } = getComputedStyle(this);
    if (this.#span() <= this.width - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1) return;
    // Words go first, then whole buttons.
    if (this.dataset.size === 'labels') {
      this.dataset.size = 'icons';
      this.requestUpdate('width', null);
    } else if (this.overflowing < items.length) this.overflowing += this.overflowing === 0 ? 2 : 1;
  }

  /** From the outer edge of the first button to that of the last; what is wider than the bar loses its padding first. */
  #span(): number {
    const boxes = [...this.children, ...this.#buttons()]
      .map((element) => element.getBoundingClientRect())
      .filter(({ width }) => width > 0);
    return Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left));
  }

  get #tight(): boolean {
    return this.width > 0 && this.width < TIGHT_WIDTH;
  }

  #shownOf(items: readonly Item[]): Set<ItemId> {
    const inOrder = itemIds.filter((id) => items.some((item) => item.id === id));
    return new Set(inOrder.slice(0, Math.max(0, inOrder.length - this.overflowing)));
  }

  readonly #remeasure = (): void => {
    this.#measuredFor = '';
    this.requestUpdate('width', null);
  };

  // ── buttons ───────────────────────────────────────────────────────────────────────────────────────────────────

  #item(item: Item): unknown {
    const { id, label, hint, picture, pressed, expanded, badge } = item;
    const opensMenu = id === 'layout' || id === 'react';
    const open = opensMenu ? this.menu === id : expanded;
    return html`<button
      part="button"
      type="button"
      class="${id} ${pressed || open ? 'on' : ''}"
      aria-label=${badge ? this.locale.list([label, badge.label]) : label}
      title=${hint}
      aria-pressed=${pressed === undefined ? nothing : pressed ? 'true' : 'false'}
      aria-haspopup=${opensMenu ? 'menu' : nothing}
      aria-expanded=${open === undefined ? nothing : open ? 'true' : 'false'}
      @click=${() => this.#run(id)}
    >
      ${icon(picture)}<span class="label" aria-hidden="true">${label}</span>
      ${badge ? html`<span class="badge" aria-hidden="true">${this.#short(badge.count)}</span>` : nothing}
    </button>`;
  }

  #device(room: RoomState, kind: 'audio' | 'video', tight: boolean): unknown {
    const state = kind === 'audio' ? room.microphone : room.camera;
    const sends = state === 'on';
    const held = state === 'muted' && room.hardMuted[kind];
    const label = this.t(kind === 'audio' ? 'microphone' : 'camera');
    const hint = deviceHint(room, kind, this.t);
    const disabled = state === 'off' || state === 'starting' || held;
    const [on, off] = kind === 'audio' ? [microphoneIcon, microphoneOffIcon] : [cameraIcon, cameraOffIcon];
    const button = html`<button
      part="button"
      type="button"
      class=${kind}
      data-state=${state}
      aria-label=${disabled || state === 'unavailable' ? `${label}. ${hint}` : label}
      title=${hint}
      aria-pressed=${state === 'unavailable' || disabled ? nothing : sends ? 'true' : 'false'}
      aria-disabled=${disabled ? 'true' : nothing}
      @click=${() => {
        // Those who only touch see no title: the room says why.
        if (held)
          this.dispatchEvent(new CustomEvent('enx-held', { detail: kind, bubbles: true, composed: true }));
        if (disabled) return;
        if (state === 'unavailable') request(this, 'enx-device-retry-request', {});
        else request(this, 'enx-mute-request', { kind, muted: sends });
      }}
    >
      ${icon(sends || state === 'starting' ? on : off)}<span class="label" aria-hidden="true">${label}</span>
      ${state === 'unavailable' ? html`<span class="badge warning" aria-hidden="true">!</span>` : nothing}
    </button>`;
    const choosable = !tight && state !== 'off';
    return html`<div class="pair" role="presentation">
      ${button}
      ${
        choosable
          ? this.#caret(kind, this.t(kind === 'audio' ? 'microphoneOptions' : 'cameraOptions'))
          : nothing
      }
    </div>`;
  }

  #caret(menu: MenuName, label: string): unknown {
    return html`<button
      part="button"
      type="button"
      class="${menu}-menu caret"
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      aria-expanded=${this.menu === menu ? 'true' : 'false'}
      @click=${() => this.#toggleMenu(menu)}
    >
      ${icon(caretIcon)}
    </button>`;
  }

  #run(id: ItemId): void {
    const { room } = this;
    if (!room) return;
    switch (id) {
      case 'share':
        request(this, 'enx-share-request', { on: !room.share?.isSelf });
        return;
      case 'hand': {
        const up =
          room.floor.own === 'granted' || room.hands.some(({ clientId }) => clientId === room.clientId);
        request(this, 'enx-hand-request', { raised: !up });
        return;
      }
      case 'chat':
        request(this, 'enx-chat-request', { open: this.panel !== 'chat' });
        return;
      case 'people':
        request(this, 'enx-people-request', { open: this.panel !== 'people' });
        return;
      case 'settings':
        request(this, 'enx-settings-request', { open: this.panel !== 'settings' });
        return;
      case 'react':
      case 'layout':
        this.#toggleMenu(id);
    }
  }

  #short(count: number): string {
    return count > 99 ? '99+' : new Intl.NumberFormat(this.locale.lang).format(count);
  }

  // ── menus ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #toggleMenu(name: MenuName): void {
    this.menu = this.menu === name ? undefined : name;
    if (this.menu && !partNow('extras')) void wantPart(this, 'extras').then(() => this.requestUpdate('menu'));
  }

  #menuFor(name: MenuName, room: RoomState, items: Item[], shown: Set<ItemId>): unknown {
    const anchorClass = name === 'audio' || name === 'video' || name === 'leave' ? `${name}-menu` : name;
    const anchor =
      this.renderRoot.querySelector<HTMLElement>(`button.${anchorClass}`) ??
      this.renderRoot.querySelector<HTMLElement>('button.more');
    const menu = partNow('extras')?.toolbarMenu(name, {
      ...{ room, from: this, t: this.t, layout: this.preferences.layout, tight: this.#tight },
      hidden: items.filter(({ id }) => !shown.has(id)),
      run: (id) => this.#run(id),
      short: (count) => this.#short(count),
      endForEveryone: () => (this.confirmsEnd = true),
    });
    if (!menu) return nothing;
    const { label, entries } = menu;
    // A menu that another one opens is a new element: it finds its own place, and takes the focus.
    return repeat(
      [name],
      () => name,
      () =>
        html`<enx-menu
          label=${label}
          exportparts="menu"
          .anchor=${anchor}
          .entries=${entries}
          ?grid=${name === 'react'}
          @enx-menu-close=${() => {
            if (this.menu === name) this.menu = undefined;
          }}
        ></enx-menu>`,
    );
  }

  // ── keyboard ──────────────────────────────────────────────────────────────────────────────────────────────────

  #named(name: string | undefined): HTMLElement | undefined {
    return this.#buttons().find(({ classList }) => classList.item(0) === name);
  }

  #buttons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('button')];
  }

  readonly #key = (event: KeyboardEvent): void => {
    const target = roveTo(event, this.#buttons(), 'horizontal', this.locale.dir);
    // Keys in slotted content and in menus are theirs.
    if (!target || !this.#buttons().includes(event.composedPath()[0] as HTMLElement)) return;
    event.preventDefault();
    this.#stopAt(target);
    target.focus();
  };

  readonly #focused = (event: FocusEvent): void => {
    const button = event.composedPath()[0] as HTMLElement;
    if (this.#buttons().includes(button)) this.#stopAt(button);
  };

  #stopAt(button: HTMLElement): void {
    this.#stop = button.classList.item(0) ?? undefined;
    for (const other of this.#buttons()) other.tabIndex = other === button ? 0 : -1;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-toolbar': EnxToolbar;
  }
}
