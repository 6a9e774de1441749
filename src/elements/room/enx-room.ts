import { provide } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { RoomError } from '../../engine/errors.js';
import type { ConnectionState } from '../../engine/connection-state.js';
import type { AdvanceOption, LocalInfo, PlayerConfiguration, RoomInfo } from '../../engine/options.js';
import type { RoomState } from '../../engine/room-state.js';
import { Room, type TokenSource } from '../../engine/room.js';
import { registerStrings } from '../i18n/languages.js';
import { LocaleController } from '../i18n/locale-controller.js';
import { english, type Locale } from '../i18n/locale.js';
import { base, tokens } from '../internal/base-styles.js';
import { define } from '../internal/define.js';
import {
  levelContext,
  type LevelReader,
  localeContext,
  localMutesContext,
  type LocalMutes,
  playerConfigurationContext,
  preferencesContext,
  roomStateContext,
} from '../internal/contexts.js';
import { icon } from '../internal/icon.js';
import { peopleIcon } from '../internal/icons.js';
import { defaultPreferences, type Layout, type Preferences } from '../internal/preferences.js';
import type { EnxRequestName } from '../internal/requests.js';
import '../chat/enx-chat.js';
import '../prejoin/enx-prejoin.js';
import type { EnxSound } from '../sound/enx-sound.js';
import '../sound/enx-sound.js';
import '../stage/enx-stage.js';
import '../toolbar/enx-toolbar.js';
import { answersOf, type AnswerHost, type Failure, type Panel } from './answers.js';
import { styles } from './enx-room.styles.js';
import { eventTable } from './event-table.js';
import { RoomVerbs } from './room-verbs.js';
import { optionAttributes, readOptions } from './room-attributes.js';
import { renderNotices } from './notices.js';
import { renderScreen } from './screens.js';
import { fetchToken } from './token-url.js';

export type JoinMode = 'auto' | 'prejoin' | 'manual';

/** Without a touch or movement for this long, the toolbar of a short room fades. */
const QUIET_AFTER_MS = 3500;

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
  @provide({ context: playerConfigurationContext })
  @state()
  private effectivePlayerConfiguration: PlayerConfiguration = this.#room.options.playerConfiguration;

  /** The language of the element or of what is around it; set by {@link LocaleController}. */
  @provide({ context: localeContext }) @state() locale: Locale = english;
  @provide({ context: preferencesContext }) @state() private preferences: Preferences = defaultPreferences;
  @provide({ context: localMutesContext }) @state() private localMutes: LocalMutes = { audio: [], video: [] };

  @state() private panel: Panel | undefined;
  @state() private shortcutsOpen = false;
  @state() private unread = 0;
  @state() private soundBlocked = false;
  /** Device errors whose notice was closed. */
  @state() private dismissed: readonly RoomError[] = [];
  /** What went wrong lately and is still shown. */
  @state() private failures: ReadonlySet<Failure> = new Set();
  @state() private quiet = false;

  @query('enx-sound') private readonly sound!: EnxSound | null;
  @query('.panel') private readonly panelElement!: HTMLElement | null;
  @query('enx-toolbar') private readonly toolbar!: HTMLElement | null;

  /** Token that was used; a second join with it would be refused. */
  #usedToken: string | undefined;
  #joinQueued = false;
  /** The page has named the element itself. */
  #pageLabel: boolean | undefined;
  #chosenName: string | undefined;
  #quietTimer: number | undefined;
  /** The one talker event of `activeviews: view` has fired in this session. */
  #viewTold = false;

  constructor() {
    super();
    this.#room.onAny((name, payload) => {
      if (name === 'stateChanged') this.roomState = payload as RoomState;
      else if (name === 'messageReceived' && this.panel !== 'chat') this.unread += 1;
      const tell = eventTable[name] as (payload: unknown, state: RoomState) => [string, unknown][];
      for (const [type, detail] of tell(payload, this.#room.state)) this.#tell(type, detail);
    });
    const answers = answersOf(this.#answerHost());
    for (const name of Object.keys(answers) as EnxRequestName[]) {
      this.addEventListener(name, (event) => {
        // After every listener of the page had its say.
        queueMicrotask(() => {
          if (!event.defaultPrevented)
            (answers[name] as (detail: unknown) => void)((event as CustomEvent).detail);
        });
      });
    }
    for (const name of ['pointermove', 'pointerdown', 'focusin'] as const) {
      this.addEventListener(name, () => this.#stir(), { passive: true });
    }
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
    this.#room.setOptions(this.#readOptions());
    const source: TokenSource = tokenUrl ? () => fetchToken(tokenUrl, this.#chosenName, this.baseURI) : token;
    if (!tokenUrl && !token) throw new RoomError('token-malformed', 'There is no token to join with.');
    this.#usedToken = token;
    this.dismissed = [];
    this.failures = new Set();
    this.unread = 0;
    await this.#room.join(source);
  }

  // ── lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('role')) this.setAttribute('role', 'region');
    this.#pageLabel ??= this.hasAttribute('aria-label');
    this.#queueJoin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#quietTimer);
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

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale') && !this.#pageLabel) this.setAttribute('aria-label', this.locale.t('room'));
    if (changed.has('layout')) this.preferences = Object.freeze({ ...this.preferences, layout: this.layout });
    if (changed.has('playerConfiguration')) this.#applyPlayerConfiguration();
    if (changed.has('token') || changed.has('tokenUrl') || changed.has('joinMode')) this.#queueJoin();
  }

  #applyPlayerConfiguration(): void {
    this.effectivePlayerConfiguration = readOptions(this, () => {}).playerConfiguration;
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
      } else {
        this.join().catch(() => {
          // Told as `room-error` and shown.
        });
      }
    });
  }

  #readOptions(): ReturnType<typeof readOptions> {
    return readOptions(this, ({ where, held, expected }) => {
      const error = new RoomError(
        'parameter-invalid',
        `${where} is "${held}" but should be ${expected}; the default stands.`,
      );
      const detail = { code: error.code, name: error.name, message: error.message, retryable: false, error };
      this.dispatchEvent(new CustomEvent('event-error', { detail, bubbles: true, composed: true }));
    });
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

  #answerHost(): AnswerHost {
    return {
      room: this.#room,
      join: (name) => {
        this.#chosenName = name ?? this.#chosenName;
        return this.join();
      },
      disconnect: () => this.disconnect(),
      retryDevices: () => this.#retryDevices(),
      openPanel: (panel, open) => this.#openPanel(panel, open),
      openShortcuts: (open) => (this.shortcutsOpen = open),
      prefer: (changes) => {
        this.preferences = Object.freeze({ ...this.preferences, ...changes });
        this.#language.choose(this.preferences.language);
      },
      muteForMe: (clientId, kind, muted) => {
        const others = this.localMutes[kind].filter((id) => id !== clientId);
        this.localMutes = { ...this.localMutes, [kind]: muted ? [...others, clientId] : others };
      },
      showFailure: (of, failed) => this.#showFailure(of, failed),
    };
  }

  #showFailure(of: Failure, failed: boolean): void {
    const others = [...this.failures].filter((failure) => failure !== of);
    this.failures = new Set(failed ? [...others, of] : others);
  }

  #retryDevices(): void {
    this.dismissed = [];
    void this.#room.retryDevices();
  }

  #openPanel(panel: Panel, open: boolean): void {
    if (open === (this.panel === panel)) return;
    this.panel = open ? panel : undefined;
    if (this.panel === 'chat') this.unread = 0;
    // The focus goes with the panel, and back to the button that opened it.
    void this.updateComplete.then(() => {
      if (open) this.panelElement?.focus();
      else this.toolbar?.shadowRoot?.querySelector<HTMLElement>(`button.${panel}`)?.focus();
    });
  }

  #stir(): void {
    this.quiet = false;
    window.clearTimeout(this.#quietTimer);
    this.#quietTimer = window.setTimeout(() => (this.quiet = true), QUIET_AFTER_MS);
  }

  // ── what people see ───────────────────────────────────────────────────────────────────────────────────────────

  protected override render(): unknown {
    const { lang, dir } = this.locale;
    return html`<div class="room" lang=${lang} dir=${dir}>${this.#content()}</div>`;
  }

  #content(): unknown {
    const { connection } = this.roomState;
    if (connection === 'connected' || connection === 'reconnecting') return this.#call();
    if (connection === 'idle' && this.joinMode === 'prejoin') {
      return html`<enx-prejoin
        class="fill"
        part="screen"
        ?asks-name=${Boolean(this.tokenUrl)}
        initial-name=${this.#chosenName ?? this.#room.options.localInfo.name}
      ></enx-prejoin>`;
    }
    return renderScreen(this.roomState, this.locale.t, {
      canJoin: Boolean(this.token || this.tokenUrl),
      canRejoin: Boolean(this.tokenUrl),
      manual: this.joinMode === 'manual',
    });
  }

  #call(): unknown {
    const count = this.roomState.participants.length;
    return html`<div class="call" ?data-quiet=${this.quiet}>
        <enx-stage
          part="stage"
          exportparts="tile, main, self, screen: shared-screen, pager, chat-only, video, avatar, name-tag, notice: player-notice, controls, control, menu"
        >
          ${this.querySelector(':scope > [slot="empty"]') ? html`<slot name="empty" slot="empty"></slot>` : nothing}
        </enx-stage>
        <div class="top">
          <span class="count">${icon(peopleIcon)}${this.locale.t('peopleCount', { count })}</span>
          <div class="notices" aria-live="polite">${this.#notices()}</div>
        </div>
        <enx-toolbar
          part="toolbar"
          exportparts="button, leave-button"
          panel=${this.panel ?? nothing}
          .unread=${this.unread}
        >
          <slot name="toolbar-start" slot="start"></slot>
          <slot name="toolbar-end" slot="end"></slot>
        </enx-toolbar>
        ${
          this.panel === 'chat'
            ? html`<enx-chat
                class="panel"
                part="chat"
                exportparts="message, input"
                @keydown=${this.#panelKey}
              ></enx-chat>`
            : nothing
        }
      </div>
      <enx-sound
        hidden
        @enx-sound-blocked=${(event: CustomEvent<{ blocked: boolean }>) => (this.soundBlocked = event.detail.blocked)}
      ></enx-sound>`;
  }

  #notices(): unknown {
    const { soundBlocked, failures, dismissed } = this;
    return renderNotices(this.roomState, this.locale.t, {
      soundBlocked,
      failures,
      dismissed,
      playSound: () => void this.sound?.play(),
      retryDevices: () => this.#retryDevices(),
      dismissDevices: (errors) => (this.dismissed = [...dismissed, ...errors]),
      dismissFailure: (of) => this.#showFailure(of, false),
    });
  }

  #panelKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.panel) return;
    event.stopPropagation();
    this.#openPanel(this.panel, false);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-room': EnxRoom;
  }
}
