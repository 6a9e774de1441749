import { consume } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomState } from '../../engine/room-state.js';
import { LocalizedElement } from '../i18n/localized.js';
import { base, tokens } from '../internal/base-styles.js';
import { localMutesContext, type LocalMutes, preferencesContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { icon } from '../internal/icon.js';
import { chatIcon, moveIcon, nextIcon, previousIcon } from '../internal/icons.js';
import { personOf, SCREEN, SELF } from '../internal/person.js';
import {
  defaultPreferences,
  type Layout,
  type Preferences,
  type SelfView as SelfViewPlace,
} from '../internal/preferences.js';
import { request } from '../internal/requests.js';
import { loadPart, partNow } from '../internal/parts.js';
import { RoomReader } from '../internal/room-reader.js';
import { SizeObserver } from '../internal/size-observer.js';
import '../internal/strings-call.js';
import '../player/enx-player.js';
import type { PlayerControl } from '../player/player-controls.js';
import { arrange, type Arrangement } from './arrange.js';
import { styles } from './enx-stage.styles.js';
import { Glide } from './glide.js';
import { type Corner, floatingRect, mirrored, type Rect, stageLayout, startCorner } from './layout.js';
import { type Guest, Seating } from './seating.js';
import type { SelfView, SelfViewHost } from './self-view.js';

/** A touch that moves this far sideways turns the page. */
const SWIPE_PX = 48;

/**
 * The faces. Arranges its players by its own size and by what is going on: a shared screen and pinned people are shown
 * large, otherwise all alike; who does not fit is a page away. Tells the room which pictures are in view.
 *
 * @fires {CustomEvent} enx-seen-request - Other pictures came into view; `detail.slots` are their receiving slots.
 * @csspart tile - One player; besides it `screen` for the shared screen, `self` for oneself, `main` for large ones.
 * @csspart pager - Turns pages.
 * @csspart chat-only - Shown in a room without sound and picture.
 * @slot empty - Shown while nobody else is here, instead of our sentence.
 */
@define('enx-stage')
export class EnxStage extends LocalizedElement {
  static override styles = [tokens, base, styles];

  /** `auto` (by content and size), `grid`, `speaker` or `sidebar`; empty = what the person chose in this room. */
  @property() layout: Layout | '' = '';
  /** `auto`, `floating`, `grid` or `hidden`; empty = what the person chose in this room. */
  @property({ attribute: 'self-view' }) selfView: SelfViewPlace | '' = '';
  /** Client id → address of an image, shown while that person sends no picture; initials for everybody else. */
  @property({ attribute: false }) avatars: Readonly<Record<string, string>> | undefined;

  @consume({ context: localMutesContext, subscribe: true })
  @property({ attribute: false })
  localMutes: LocalMutes | undefined;

  @consume({ context: preferencesContext, subscribe: true })
  @property({ attribute: false })
  preferences: Preferences = defaultPreferences;

  @state() private arrangement: Arrangement | undefined;
  /** Names of everybody in a room without sound and picture. */
  @state() private names: readonly string[] | undefined;
  @query('.tiles') private readonly area!: HTMLElement | null;

  #room: RoomState | undefined;
  #size = { width: 0, height: 0 };
  #page = 0;
  #corner: Corner | undefined;
  /** Keys in the order of their elements, which never move in the document: a moved video stops playing. */
  #order: string[] = [];
  /** Slots that were told last; `undefined` = none yet in this session. */
  #seen: string | undefined;
  #observer: SizeObserver | undefined;
  #swipe: { id: number; x: number; y: number } | undefined;
  readonly #seating = new Seating();
  readonly #glide = new Glide();
  #selfView: SelfView | undefined;
  readonly #selfViewHost: SelfViewHost = {
    corner: () => this.#corner ?? startCorner(this.#size.height, this.#rightToLeft),
    area: () => this.#size,
    placeOf: (element) => this.#glide.of(element),
    drag: (element, rect) => this.#glide.drag(element, rect),
    settle: (corner) => {
      this.#corner = corner;
      this.#place(true);
    },
  };

  constructor() {
    super();
    new RoomReader(this, (room) => {
      this.#room = room;
      this.#arrange();
    });
    this.addEventListener('keydown', this.#key);
    this.addEventListener('pointerdown', this.#swipeStart);
    this.addEventListener('pointerup', this.#swipeEnd);
  }

  /** Page in view, from 0. */
  get page(): number {
    return this.arrangement?.page ?? 0;
  }

  /** Goes to a page, from 0; one beyond the last is the last. */
  set page(page: number) {
    this.#page = Math.max(0, page);
    this.#arrange();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'group');
    if (this.area) this.#observe(this.area);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('layout') || changed.has('selfView') || changed.has('preferences')) this.#arrange();
    if (changed.has('locale')) {
      this.#selfControls = [
        { id: 'move', label: this.t('moveSelf'), picture: moveIcon, run: this.#selfMoves.next },
      ];
      this.setAttribute('aria-label', this.t('stage'));
    }
    if (changed.has('localMutes')) this.#report();
  }

  #selfControls: readonly PlayerControl[] = [];

  protected override render(): unknown {
    const { arrangement, names } = this;
    if (names) return this.#chatOnly(names);
    const shown = arrangement ? [...arrangement.main, ...arrangement.tiles] : [];
    if (arrangement?.floating) shown.push(SELF);
    this.#order = [
      ...this.#order.filter((key) => shown.includes(key)),
      ...shown.filter((key) => !this.#order.includes(key)),
    ];
    return html`
      <div class="tiles">
        ${repeat(
          this.#order,
          (key) => key,
          (key) => this.#player(key, arrangement!),
        )}
        ${arrangement && arrangement.pages > 1 ? this.#pager(arrangement) : nothing}
      </div>
      ${
        arrangement?.alone
          ? html`<div class="empty">
              <slot name="empty"
                ><p>${this.t('alone')} <span>${this.t('aloneHint')}</span></p></slot
              >
            </div>`
          : nothing
      }
    `;
  }

  protected override updated(): void {
    const { area } = this;
    if (!area) {
      this.#observer?.disconnect();
      this.#observer = undefined;
      return;
    }
    if (!this.#observer) this.#observe(area);
    this.#glide.keep(new Set(this.renderRoot.querySelectorAll<HTMLElement>('enx-player')));
    this.#place(true);
  }

  /** Whoever moves the self view was near it before, and with that its code came. */
  #moves<E extends Event>(how: (view: SelfView) => (event: E) => void): (event: E) => void {
    return (event) => {
      const extras = partNow('extras');
      if (extras) how((this.#selfView ??= new extras.SelfView(this.#selfViewHost)))(event);
      else loadPart('extras').catch(() => {});
    };
  }

  readonly #selfMoves = {
    down: this.#moves<PointerEvent>(({ down }) => down),
    move: this.#moves<PointerEvent>(({ move }) => move),
    up: this.#moves<PointerEvent>(({ up }) => up),
    key: this.#moves<KeyboardEvent>(({ key }) => key),
    next: () => this.#moves(({ next }) => next)(new Event('move')),
  };

  #player(key: string, { main, floating }: Arrangement): unknown {
    const floats = floating && key === SELF;
    const role = key === SCREEN ? ' screen' : key === SELF ? ' self' : main.includes(key) ? ' main' : '';
    return html`<enx-player
      part="tile${role}"
      exportparts="video, avatar, name-tag, notice, controls, control, menu"
      data-key=${key}
      client-id=${key}
      .avatarUrl=${this.avatars?.[key === SELF ? (this.#room?.clientId ?? '') : key] ?? ''}
      ?data-floating=${floats}
      .extraControls=${floats ? this.#selfControls : undefined}
      @pointerdown=${floats ? this.#selfMoves.down : nothing}
      @pointermove=${floats ? this.#selfMoves.move : nothing}
      @pointerup=${floats ? this.#selfMoves.up : nothing}
      @pointercancel=${floats ? this.#selfMoves.up : nothing}
      @keydown=${floats ? this.#selfMoves.key : nothing}
    ></enx-player>`;
  }

  #pager({ page, pages }: Arrangement): unknown {
    const button = (to: number, label: string, picture: typeof nextIcon): unknown => {
      const possible = to >= 0 && to < pages;
      // Stays focusable at the end, so that the focus is not lost there.
      return html`<button
        type="button"
        aria-label=${label}
        title=${label}
        aria-disabled=${possible ? 'false' : 'true'}
        @click=${() => possible && (this.page = to)}
      >
        ${icon(picture)}
      </button>`;
    };
    return html`<div class="pager" part="pager" role="group" aria-label=${this.t('pager')}>
      ${button(page - 1, this.t('previousPage'), previousIcon)}
      <span aria-live="polite"
        ><span aria-hidden="true">${this.t('pageOf', { page: page + 1, pages })}</span
        ><span class="visually-hidden">${this.t('pageLabel', { page: page + 1, pages })}</span></span
      >
      ${button(page + 1, this.t('nextPage'), nextIcon)}
    </div>`;
  }

  #chatOnly(names: readonly string[]): unknown {
    return html`<div class="chat-only" part="chat-only">
      <span class="picture">${icon(chatIcon)}</span>
      <h2>${this.t('chatOnlyTitle')}</h2>
      <p>${this.t('chatOnlyHint')}</p>
      <ul>
        ${names.map((name) => html`<li>${name}</li>`)}
      </ul>
    </div>`;
  }

  // ── who is shown ──────────────────────────────────────────────────────────────────────────────────────────────

  #arrange(): void {
    const room = this.#room;
    if (!room) return;
    const names = room.chatOnly
      ? room.participants.map(({ name, isSelf }) => (isSelf ? this.t('you') : name || this.t('guest')))
      : undefined;
    if (JSON.stringify(names) !== JSON.stringify(this.names)) this.names = names;
    const { width, height } = this.#size;
    if (names || width === 0 || height === 0) return;
    const guests = guestsOf(room);
    let next = this.arrangement;
    // How many places there are depends on who is here, and who sits where on how many places there are.
    for (let round = 0; round < 2; round++) {
      const { firstPage = Infinity, page = 0, follows = false } = next ?? {};
      this.#seating.update(guests, firstPage, page === 0, follows);
      const { seats, speaker } = this.#seating;
      const layout = this.layout || this.preferences.layout;
      const selfView = this.selfView || this.preferences.selfView;
      next = arrange({ room, layout, selfView, width, height, page: this.#page, seats, speaker });
    }
    this.#page = next!.page;
    if (JSON.stringify(next) !== JSON.stringify(this.arrangement)) this.arrangement = next;
    this.#report();
  }

  /** Tells which slots are in view, when that has changed. */
  #report(): void {
    const room = this.#room;
    const { arrangement } = this;
    if (room?.connection !== 'connected' || !arrangement) {
      this.#seen = undefined;
      return;
    }
    const slots = room.audioOnly
      ? []
      : [...arrangement.main, ...arrangement.tiles]
          .filter((key) => !this.localMutes?.video.includes(key))
          .map((key) => personOf(room, key)?.slot)
          .filter((slot) => typeof slot === 'number')
          .sort((a, b) => a - b);
    const seen = slots.join();
    if (seen === this.#seen) return;
    this.#seen = seen;
    request(this, 'enx-seen-request', { slots });
  }

  // ── where they are shown ──────────────────────────────────────────────────────────────────────────────────────

  #observe(area: HTMLElement): void {
    const measure = (width: number, height: number): void => {
      if (width === this.#size.width && height === this.#size.height) return;
      this.#size = { width, height };
      this.#arrange();
      this.#place(false);
    };
    measure(area.clientWidth, area.clientHeight);
    this.#observer?.disconnect();
    this.#observer = new SizeObserver(measure);
    this.#observer.observe(area);
  }

  get #rightToLeft(): boolean {
    return getComputedStyle(this).direction === 'rtl';
  }

  /** @param glides false while the stage itself is being resized: tiles follow it at once. */
  #place(glides: boolean): void {
    const { width, height } = this.#size;
    const { arrangement, area } = this;
    if (!arrangement || !area || width === 0 || height === 0) return;
    const { form, main, tiles, floating, pages } = arrangement;
    const style = getComputedStyle(area);
    const gap = parseFloat(style.columnGap) || 0;
    const [w, h] = style.getPropertyValue('--_tile-aspect').split('/').map(Number);
    const aspect = w ? w / (h || 1) : undefined;
    const durationMs = glides ? milliseconds(style.getPropertyValue('--_motion')) : 0;
    const layout = stageLayout(form, main.length, tiles.length, pages > 1, width, height, gap, aspect);
    const turn = (rect: Rect): Rect => (style.direction === 'rtl' ? mirrored(rect, width) : rect);
    const elements = new Map(
      [...area.querySelectorAll<HTMLElement>('enx-player')].map((element) => [element.dataset.key!, element]),
    );
    const place = (key: string, rect: Rect | undefined): void => {
      const element = elements.get(key);
      if (element && rect) this.#glide.place(element, rect, durationMs);
    };
    main.forEach((key, index) => place(key, layout.main[index] && turn(layout.main[index])));
    tiles.forEach((key, index) => place(key, layout.tiles[index] && turn(layout.tiles[index])));
    if (floating) {
      const shape = width < height && width <= 480 ? 3 / 4 : 4 / 3;
      const corner = this.#corner ?? startCorner(height, style.direction === 'rtl');
      place(SELF, floatingRect(width, height, shape, gap, corner));
    }
    const pager = area.querySelector<HTMLElement>('.pager');
    if (pager && layout.pager) {
      const rect = turn(layout.pager);
      pager.style.width = `${rect.width}px`;
      pager.style.height = `${rect.height}px`;
      pager.style.transform = `translate(${rect.x}px, ${rect.y}px)`;
      pager.toggleAttribute('data-upright', rect.height > rect.width);
    }
  }

  // ── turning pages ─────────────────────────────────────────────────────────────────────────────────────────────

  readonly #key = (event: KeyboardEvent): void => {
    const step = { PageUp: -1, PageDown: 1 }[event.key];
    if (!step || event.defaultPrevented || (this.arrangement?.pages ?? 1) < 2) return;
    event.preventDefault();
    this.page = Math.max(0, this.page + step);
  };

  readonly #swipeStart = (event: PointerEvent): void => {
    const first = event.isPrimary && event.pointerType !== 'mouse';
    this.#swipe = first ? { id: event.pointerId, x: event.clientX, y: event.clientY } : undefined;
  };

  readonly #swipeEnd = (event: PointerEvent): void => {
    const swipe = this.#swipe;
    this.#swipe = undefined;
    const dragged = event
      .composedPath()
      .some((target) => (target as HTMLElement).dataset?.['floating'] === '');
    if (!swipe || swipe.id !== event.pointerId || dragged) return;
    const dx = event.clientX - swipe.x;
    if (Math.abs(dx) < SWIPE_PX || Math.abs(dx) < 2 * Math.abs(event.clientY - swipe.y)) return;
    const forward = dx < 0 !== this.#rightToLeft;
    this.page = Math.max(0, this.page + (forward ? 1 : -1));
  };
}

/** Others, in the order in which newcomers are seated: who can be seen or heard by slot, then the rest as they came. */
function guestsOf(room: RoomState): Guest[] {
  const talkers = [...room.talkers].sort((a, b) => a.slot - b.slot);
  const live = new Set(talkers.map(({ clientId }) => clientId));
  return [
    ...talkers.map(({ clientId, talking }) => ({ key: clientId, live: true, talking })),
    ...room.participants
      .filter(({ isSelf, clientId }) => !isSelf && !live.has(clientId))
      .map(({ clientId }) => ({ key: clientId, live: false, talking: false })),
  ];
}

/** `160ms` or `.16s` as a number of milliseconds. */
function milliseconds(text: string): number {
  const value = parseFloat(text) || 0;
  return /\ds\s*$/.test(text) ? value * 1000 : value;
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-stage': EnxStage;
  }
}
