import { provide } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { RoomError } from '../../engine/errors.js';
import type { ConnectionState } from '../../engine/connection-state.js';
import type {
  AdvanceOption,
  LocalInfo,
  PlayerConfiguration,
  RoomInfo,
  RoomOptions,
} from '../../engine/options.js';
import type { RoomEvents } from '../../engine/events.js';
import type { RoomState } from '../../engine/room-state.js';
import { Room, type TokenSource } from '../../engine/room.js';
import { registerStrings } from '../i18n/languages.js';
import { LocaleController } from '../i18n/locale-controller.js';
import { english, type Locale } from '../i18n/locale.js';
import { base, tokens } from '../internal/base-styles.js';
import { define } from '../internal/define.js';
import {
  figuresContext,
  type FiguresReader,
  levelContext,
  type LevelReader,
  localeContext,
  localMutesContext,
  type LocalMutes,
  playerConfigurationContext,
  preferencesContext,
  qualitiesContext,
  type Qualities,
  roomStateContext,
} from '../internal/contexts.js';
import { FocusKeeper } from '../internal/focus-keeper.js';
import { loadPart, type Part, partNow, whenIdle } from '../internal/parts.js';
import { defaultPreferences, type Layout, type Preferences } from '../internal/preferences.js';
import type { RoomStatus } from '../prejoin/room-status.js';
import { answerRequests, answersOf } from './answers.js';
import { styles } from './enx-room.styles.js';
import type { Panel } from './call-answers.js';
import { errorDetail, eventTable } from './event-table.js';
import { optionAttributes, readOptions } from './room-attributes.js';
import type { RoomCall } from './room-call.js';
import { RoomVerbs } from './room-verbs.js';
import { renderScreen } from './screens.js';
import { fetchToken } from './token-url.js';

export type JoinMode = 'auto' | 'prejoin' | 'manual';

/**
 * A complete live video room.
 *
 * Joins with a `token` (or fetches one from `token-url`), shows everybody, and tells the page what happens through DOM
 * events, all listed in {@link EnxRoomEventMap}. Every control first fires a cancellable `enx-…-request`.
 *
 * @fires {CustomEvent} room-connected - Admitted.
 * @fires {CustomEvent} room-error - Joining failed, or the session broke.
 * @fires {CustomEvent} room-disconnected - The session is over.
 * @fires {CustomEvent} exit-room - Everything is released; the last event of a session.
 * @slot empty - Shown while nobody else is here.
 * @slot - Children without a slot take the place of our call: see docs/style.md.
 * @slot toolbar-start - Before the call controls.
 * @slot toolbar-end - After the call controls, before leave.
 * @csspart stage - The faces.
 * @csspart toolbar - The call controls.
 * @csspart chat - The chat panel.
 * @csspart notice - A message over the call.
 * @csspart screen - Waiting, failed and ended screens.
 * @cssprop [--enx-color-accent] - The one accent colour.
 * @cssprop [--enx-color-stage=#14161a] - Behind the faces.
 * @cssprop [--enx-font=inherit] - Font family.
 */
@define('enx-room')
export class EnxRoom extends RoomVerbs {
  static override styles = [tokens, base, styles];

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...optionAttributes];
  }

  /** A token as the room server or platform issues it: single use, short-lived. */
  @property() token = '';
  /** Where to fetch a token at join time: `{"token": "…"}`, credentials `same-origin`; also used for a rejoin. */
  @property({ attribute: 'token-url' }) tokenUrl = '';
  /** `auto` joins by itself, `prejoin` shows a preview first, `manual` waits for {@link join}. */
  @property({ attribute: 'join-mode' }) joinMode: JoinMode = 'auto';

  /** How the room is, for the prejoin screen of pages that know it. */
  @property({ attribute: false }) roomStatus: RoomStatus | undefined;
  /** Where the prejoin screen asks how the room is: a {@link RoomStatus} as JSON, credentials `same-origin`. */
  @property({ attribute: 'status-url' }) statusUrl = '';

  /** Client id → address of an image for those who send no picture; the room itself carries none. */
  @property({ attribute: false }) avatars: Readonly<Record<string, string>> | undefined;

  /** How the faces are arranged: `auto` (by content and size), `grid`, `speaker`, `sidebar`. */
  @property() layout: Layout = 'auto';

  /** Option objects of the SDKs (api-facts §1); the attributes of single keys win over them. */
  @property({ attribute: false }) localInfo: Partial<LocalInfo> | undefined;
  @property({ attribute: false }) roomInfo: Partial<RoomInfo> | undefined;
  @property({ attribute: false }) playerConfiguration: Partial<PlayerConfiguration> | undefined;
  @property({ attribute: false }) advanceOptions: AdvanceOption[] | undefined;

  readonly #room = new Room();
  readonly #language = new LocaleController(this);
  @provide({ context: roomStateContext }) @state() private roomState: RoomState = this.#room.state;
  @provide({ context: levelContext }) protected readonly level: LevelReader = (slot) =>
    this.#room.level(slot);
  @provide({ context: figuresContext }) protected readonly figures: FiguresReader = () =>
    this.#room.statistics();
  @provide({ context: qualitiesContext }) protected qualities: Qualities = new Map();
  @provide({ context: playerConfigurationContext })
  @state()
  private effectivePlayerConfiguration: PlayerConfiguration = this.#room.options.playerConfiguration;

  /** The language of the element or of what is around it; set by {@link LocaleController}. */
  @provide({ context: localeContext }) @state() locale: Locale = english;
  @provide({ context: preferencesContext }) @state() private preferences: Preferences = defaultPreferences;
  @provide({ context: localMutesContext }) @state() private localMutes: LocalMutes = { audio: [], video: [] };

  /** The page speaks of no colour scheme. */
  @state() private bySystem = false;
  /** What is shown and done in a call; there as soon as its part is. */
  #call: RoomCall | undefined;
  /** Token that was used; a second join with it would be refused. */
  #usedToken: string | undefined;
  #joinQueued = false;
  /** The page has named the element itself. */
  #pageLabel: boolean | undefined;
  #chosenName: string | undefined;
  /** A part that is to be shown. */
  #fetching: Promise<unknown> | undefined;
  /** The part that was to be shown did not come. */
  #missing: RoomError | undefined;
  /** The one talker event of `activeviews: view` has fired in this session. */
  #viewTold = false;
  /** What could not be understood of the options, and was told. */
  #problems: ReadonlySet<string> = new Set();

  constructor() {
    super();
    // Screen readers stay in the room, and Tab goes on from its beginning.
    new FocusKeeper(this, () =>
      this.shadowRoot!.querySelector<HTMLElement>('.room')!.focus({ preventScroll: true }),
    );
    this.#room.onAny((name, payload) => {
      if (name === 'stateChanged') this.#changed(payload as RoomState);
      else if (name === 'messageReceived') this.#call?.messageCame();
      else if (name === 'reactionReceived')
        this.#call?.reactionCame(payload as RoomEvents['reactionReceived']);
      const tell = eventTable[name] as (payload: unknown, state: RoomState) => [string, unknown][];
      for (const [type, detail] of tell(payload, this.#room.state)) this.#tell(type, detail);
    });
    const answers = answersOf({
      room: this.#room,
      join: (name) => {
        if (this.#missing) return this.#awaitAgain();
        this.#chosenName = name ?? this.#chosenName;
        return this.join();
      },
      disconnect: () => this.disconnect(),
      retryDevices: () => {
        this.#call?.forgetDismissed();
        void this.#room.retryDevices();
      },
      choose: (done) => {
        this.#call?.showFailure('action', false);
        done.catch(() => this.#call?.showFailure('action', true));
      },
    });
    answerRequests(this, answers);
  }

  /** Adds or replaces texts of a language, for pages that have only the script. See {@link registerStrings}. */
  static readonly registerStrings = registerStrings;

  // ── what pages read and call ──────────────────────────────────────────────────────────────────────────────────

  /** Where the connection is; readable at any time. */
  get state(): ConnectionState {
    return this.#room.state.connection;
  }

  /** The engine's room: its state, its events, its verbs. */
  get room(): Room {
    return this.#room;
  }

  /**
   * Joins with the token, or one fetched from `token-url`. Resolves when admitted.
   * @throws {RoomError}
   */
  async join(): Promise<void> {
    const { token, tokenUrl } = this;
    const options = this.#readOptions();
    this.#room.setOptions(options);
    const name = this.#chosenName || options.localInfo.name;
    const source: TokenSource = tokenUrl ? () => fetchToken(tokenUrl, name, this.baseURI) : token;
    if (!tokenUrl && !token) throw new RoomError('token-malformed', 'There is no token to join with.');
    this.#usedToken = token;
    this.#call?.begin();
    // A token is good for one try: it is not spent before there is something to show.
    await this.#room.join(
      source,
      loadPart('call').then(() => this.#callNow()),
    );
  }

  // ── lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('role')) this.setAttribute('role', 'region');
    this.#pageLabel ??= this.hasAttribute('aria-label');
    this.#readScheme();
    // Style sheets of the page may come later than its elements.
    whenIdle(() => this.#readScheme());
    this.#queueJoin();
  }

  #readScheme(): void {
    this.bySystem = getComputedStyle(this).colorScheme === 'normal';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Being moved takes the element out and in again within one task; only an absence that lasts is a removal.
    window.setTimeout(() => {
      if (this.isConnected) return;
      this.#room.disconnect().catch(() => {});
    });
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (optionAttributes.includes(name) && this.hasUpdated) this.#applyPlayerConfiguration();
  }

  /** The first picture of the room is in its language. */
  protected override scheduleUpdate(): void | Promise<unknown> {
    const { ready } = this.#language;
    if (this.hasUpdated || !ready) return super.scheduleUpdate();
    return ready.then(() => super.scheduleUpdate());
  }

  /** What is being fetched in order to be shown is an update under way. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const done = await super.getUpdateComplete();
    if (!this.#fetching) return done;
    await this.#fetching;
    return this.updateComplete;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale') && !this.#pageLabel) this.setAttribute('aria-label', this.locale.t('room'));
    if (changed.has('layout')) this.preferences = Object.freeze({ ...this.preferences, layout: this.layout });
    if (changed.has('playerConfiguration') || !this.hasUpdated) this.#applyPlayerConfiguration();
    if (changed.has('token') || changed.has('tokenUrl') || changed.has('joinMode')) this.#queueJoin();
  }

  #applyPlayerConfiguration(): void {
    // Before joining, the join will tell what is wrong.
    const options = this.state === 'idle' ? readOptions(this, () => {}) : this.#readOptions();
    this.effectivePlayerConfiguration = options.playerConfiguration;
  }

  /** Attributes arrive one by one; the decision to join is made when they are all there. */
  #queueJoin(): void {
    if (this.#joinQueued) return;
    this.#joinQueued = true;
    queueMicrotask(() => {
      this.#joinQueued = false;
      if (!this.isConnected || this.state !== 'idle') {
        // A new token after an ending is an invitation to come back.
        if (!(
          this.isConnected &&
          this.state === 'disconnected' &&
          this.token &&
          this.token !== this.#usedToken
        ))
          return;
      }
      if (!this.tokenUrl && (!this.token || this.token === this.#usedToken)) return;
      if (this.joinMode === 'manual') return;
      if (this.joinMode === 'prejoin') {
        this.#room.setOptions(this.#readOptions());
        void this.#room.preview();
        // Here by the time somebody has looked at their picture.
        whenIdle(() => {
          void this.#room.preload();
          void loadPart('call').catch(() => {});
        });
      } else {
        this.join().catch(() => {
          // Told as `room-error` and shown.
        });
      }
    });
  }

  /** Each problem is told once for as long as it stands. */
  #readOptions(): RoomOptions {
    const standing = new Set<string>();
    const options = readOptions(this, ({ where, held, expected }) => {
      const message = `${where} is "${held}" but should be ${expected}; the default stands.`;
      standing.add(message);
      if (!this.#problems.has(message))
        this.#tell('event-error', errorDetail(new RoomError('parameter-invalid', message)));
    });
    this.#problems = standing;
    return options;
  }

  #tell(type: string, detail: unknown): void {
    // A ready-made view needs to be told of once; lists of streams with every change (api-facts §1.2 `activeviews`).
    if (type === 'room-connected') this.#viewTold = false;
    if (type === 'active-talkers-updated' && this.#room.options.roomInfo.activeviews === 'view') {
      if (this.#viewTold) return;
      this.#viewTold = true;
    }
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #changed(now: RoomState): void {
    const before = this.roomState;
    this.roomState = now;
    this.#call?.changed(before, now);
  }

  #callNow(): RoomCall | undefined {
    const part = partNow('call');
    if (part)
      this.#call ??= new part.RoomCall({
        element: this,
        room: this.#room,
        state: () => this.roomState,
        locale: () => this.locale,
        preferences: () => this.preferences,
        prefer: (changes) => {
          this.preferences = Object.freeze({ ...this.preferences, ...changes });
          if (changes.language !== undefined) this.#language.choose(changes.language);
        },
        showQualities: (qualities) => (this.qualities = qualities),
        muteForMe: (clientId, kind, muted) => {
          const others = this.localMutes[kind].filter((id) => id !== clientId);
          this.localMutes = { ...this.localMutes, [kind]: muted ? [...others, clientId] : others };
        },
      });
    return this.#call;
  }

  /** Shows nothing until a part is here, and what to do when it does not come. */
  #await(part: Part): unknown {
    if (this.#missing) {
      const state: RoomState = { ...this.roomState, connection: 'disconnected', error: this.#missing };
      return renderScreen(state, this.locale.t, { canJoin: false, canRejoin: false, manual: false });
    }
    this.#fetching ??= loadPart(part)
      .catch((error: RoomError) => {
        this.#missing = error;
        this.#tell('room-error', errorDetail(error));
      })
      .finally(() => {
        this.#fetching = undefined;
        this.requestUpdate();
      });
    return nothing;
  }

  async #awaitAgain(): Promise<void> {
    this.#missing = undefined;
    this.requestUpdate();
    await this.updateComplete;
  }

  /** For the toolbar in a layout of the page. */
  get layoutFacts(): { panel: Panel | undefined; unread: number } {
    return { panel: this.#call?.panel, unread: this.#call?.unread ?? 0 };
  }

  // ── what people see ───────────────────────────────────────────────────────────────────────────────────────────

  protected override render(): unknown {
    const { lang, dir } = this.locale;
    return html`<div class="room ${this.bySystem ? 'by-system' : ''}" lang=${lang} dir=${dir} tabindex="-1">
      ${this.#content()}
      <div class="visually-hidden" role="status">${this.#call?.said}</div>
    </div>`;
  }

  #content(): unknown {
    const { connection } = this.roomState;
    if (connection === 'connected' || connection === 'reconnecting')
      return this.#callNow()?.render() ?? this.#await('call');
    if (connection === 'idle' && this.joinMode === 'prejoin') {
      if (!partNow('prejoin')) return this.#await('prejoin');
      return html`<enx-prejoin
        class="fill"
        part="screen"
        ?asks-name=${Boolean(this.tokenUrl)}
        exportparts="preview, join-button"
        initial-name=${this.#chosenName ?? this.#room.options.localInfo.name}
        .status=${this.roomStatus}
        status-url=${this.statusUrl}
      >
        <slot name="brand" slot="brand"></slot>
        <slot name="lobby" slot="lobby"></slot>
      </enx-prejoin>`;
    }
    return renderScreen(this.roomState, this.locale.t, {
      canJoin: Boolean(this.token || this.tokenUrl),
      canRejoin: Boolean(this.tokenUrl),
      manual: this.joinMode === 'manual',
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-room': EnxRoom;
  }
}
