import { provide } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
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
import { defaultPreferences, type Layout, type Preferences } from '../internal/preferences.js';
import { type EnxRequestName, request } from '../internal/requests.js';
import '../prejoin/enx-prejoin.js';
import type { EnxSound } from '../sound/enx-sound.js';
import { playTone } from '../sound/tones.js';
import { Announcer } from './announcer.js';
import { answersOf, type AnswerHost, type Failure, type Panel } from './answers.js';
import { type CallContext, renderCall } from './call-view.js';
import type { EnxReactions } from './enx-reactions.js';
import { styles } from './enx-room.styles.js';
import { errorDetail, eventTable } from './event-table.js';
import { RoomVerbs } from './room-verbs.js';
import { OwnLayout, type OwnLayoutHost } from './own-layout.js';
import { optionAttributes, readOptions } from './room-attributes.js';
import { QualityWatch } from './quality-watch.js';
import { hasPart, loadPart, whenIdle } from './parts.js';
import { renderScreen } from './screens.js';
import { runShortcut } from './shortcut-requests.js';
import { Shortcuts } from './shortcuts.js';
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
export class EnxRoom extends RoomVerbs implements OwnLayoutHost {
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
  readonly #announcer = new Announcer(
    () => this.locale,
    (sentence) => (this.said = sentence),
  );
  readonly #shortcuts = new Shortcuts({
    element: this,
    enabled: () =>
      this.state === 'connected' && this.preferences.shortcuts && this.getAttribute('shortcuts') !== 'false',
    run: (shortcut) =>
      runShortcut(this, shortcut, {
        state: this.roomState,
        layout: this.preferences.layout,
        panel: this.panel,
        listOpen: this.shortcutsOpen,
      }),
    talk: (on) => {
      if (this.roomState.microphone === (on ? 'muted' : 'on'))
        request(this, 'enx-mute-request', { kind: 'audio', muted: !on });
    },
  });

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

  protected readonly qualityWatch = new QualityWatch(
    this,
    this.figures,
    () => this.state === 'connected' && !this.roomState.chatOnly,
    (qualities) => (this.qualities = qualities),
  );

  @state() private panel: Panel | undefined;
  @state() private opened: ReadonlySet<Panel> = new Set();
  @state() private shortcutsOpen = false;
  @state() private unread = 0;
  @state() private soundBlocked = false;
  /** Errors and notices that were closed. */
  @state() private dismissed: ReadonlySet<unknown> = new Set();
  /** What screen readers hear next. */
  @state() private said = '';
  /** What went wrong lately and is still shown. */
  @state() private failures: ReadonlySet<Failure> = new Set();
  @state() private quiet = false;

  @query('enx-sound') private readonly sound!: EnxSound | null;
  @query('.panel:not([hidden])') private readonly panelElement!: HTMLElement | null;
  @query('enx-reactions') private readonly reactions!: EnxReactions | null;
  @query('enx-toolbar') private readonly toolbar!: HTMLElement | null;

  readonly #own = new OwnLayout(this);
  /** In a call that is only chat. */
  #chats = false;
  /** Token that was used; a second join with it would be refused. */
  #usedToken: string | undefined;
  #joinQueued = false;
  /** The page has named the element itself. */
  #pageLabel: boolean | undefined;
  #chosenName: string | undefined;
  /** The panel that opens as soon as its part is here. */
  #wanted: Panel | undefined;
  /** Never rejects. */
  #fetching: Promise<void> | undefined;
  #quietTimer: number | undefined;
  /** The one talker event of `activeviews: view` has fired in this session. */
  #viewTold = false;
  /** What could not be understood of the options, and was told. */
  #problems: ReadonlySet<string> = new Set();

  constructor() {
    super();
    this.#room.onAny((name, payload) => {
      if (name === 'stateChanged') this.#changed(payload as RoomState);
      else if (name === 'messageReceived' && this.panel !== 'chat') this.unread += 1;
      else if (name === 'reactionReceived') this.#react(payload as RoomEvents['reactionReceived']);
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
    const options = this.#readOptions();
    this.#room.setOptions(options);
    const name = this.#chosenName || options.localInfo.name;
    const source: TokenSource = tokenUrl ? () => fetchToken(tokenUrl, name, this.baseURI) : token;
    if (!tokenUrl && !token) throw new RoomError('token-malformed', 'There is no token to join with.');
    this.#usedToken = token;
    this.dismissed = new Set();
    this.failures = new Set();
    this.unread = 0;
    // A token is good for one try: it is not spent before there is something to show.
    await this.#room.join(source, loadPart('call'));
  }

  // ── lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('role')) this.setAttribute('role', 'region');
    this.#pageLabel ??= this.hasAttribute('aria-label');
    this.#shortcuts.start();
    this.#queueJoin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#shortcuts.stop();
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
    const { connection, chatOnly } = this.roomState;
    const chats = chatOnly && connection === 'connected';
    // Where there is nothing to see and hear, the chat is the call.
    if (chats && !this.#chats) this.#openPanel('chat', true);
    this.#chats = chats;
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
        whenIdle(() => void loadPart('call').catch(() => {}));
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
        this.#apply(changes);
      },
      muteForMe: (clientId, kind, muted) => {
        const others = this.localMutes[kind].filter((id) => id !== clientId);
        this.localMutes = { ...this.localMutes, [kind]: muted ? [...others, clientId] : others };
      },
      showFailure: (of, failed) => this.#showFailure(of, failed),
    };
  }

  /** What a preference means beyond what elements read of it. */
  #apply({ language, theme, quality, noiseSuppression, echoCancellation }: Partial<Preferences>): void {
    const ignore = (): void => {};
    if (language !== undefined) this.#language.choose(language);
    if (theme === 'auto') this.removeAttribute('theme');
    else if (theme) this.setAttribute('theme', theme);
    if (quality) this.#room.setQualityCeiling(quality).catch(ignore);
    if (noiseSuppression !== undefined) this.#room.setProcessing({ noiseSuppression }).catch(ignore);
    if (echoCancellation !== undefined) this.#room.setProcessing({ echoCancellation }).catch(ignore);
  }

  #showFailure(of: Failure, failed: boolean): void {
    const others = [...this.failures].filter((failure) => failure !== of);
    this.failures = new Set(failed ? [...others, of] : others);
  }

  #retryDevices(): void {
    this.dismissed = new Set();
    void this.#room.retryDevices();
  }

  /** Opens at once, or when its part has come; a part that does not come is told, and may be asked for again. */
  #openPanel(panel: Panel, open: boolean): void {
    this.#wanted = open ? panel : undefined;
    if (!open || hasPart(panel)) return this.#showPanel(panel, open);
    this.#showFailure('action', false);
    this.#fetch(panel, () => {
      if (this.#wanted === panel) this.#showPanel(panel, true);
    });
  }

  /** Fetches a part that is to be shown now, and tells people when it does not come. */
  #fetch(part: Panel | 'call', show: () => void): void {
    const fetching = loadPart(part)
      .then(show, () => this.#showFailure('action', true))
      .finally(() => {
        if (this.#fetching === fetching) this.#fetching = undefined;
      });
    this.#fetching = fetching;
  }

  #showPanel(panel: Panel, open: boolean): void {
    if (open === (this.panel === panel)) return;
    this.panel = open ? panel : undefined;
    if (open) this.opened = new Set([...this.opened, panel]);
    if (this.panel === 'chat') this.unread = 0;
    // The focus goes with the panel, and back to the button that opened it.
    void this.updateComplete.then(() => {
      if (open) return this.panelElement?.focus();
      const bar = this.toolbar?.shadowRoot;
      bar?.querySelector<HTMLElement>(`button.${panel}, button.more`)?.focus();
    });
  }

  /** A new state: shown, told to screen readers, and heard where somebody knocks. */
  #changed(now: RoomState): void {
    const before = this.roomState;
    this.roomState = now;
    this.#announcer.compare(before, now);
    if (now.role === 'moderator' && now.guests.length > before.guests.length)
      void playTone('knock', now.devices.speakerId);
    // The next time it is slow is news again.
    if (!now.lowBandwidth && this.dismissed.has('lowBandwidth'))
      this.dismissed = new Set([...this.dismissed].filter((what) => what !== 'lowBandwidth'));
  }

  #react({ clientId, emoji }: RoomEvents['reactionReceived']): void {
    const { t } = this.locale;
    const person = this.roomState.participants.find((other) => other.clientId === clientId);
    const name = person?.isSelf ? t('you') : person?.name || t('guest');
    this.reactions?.show(emoji, name);
    if (!person?.isSelf) this.#announcer.add(t('reaction', { name, emoji }));
  }

  #stir(): void {
    this.quiet = false;
    window.clearTimeout(this.#quietTimer);
    this.#quietTimer = window.setTimeout(() => (this.quiet = true), QUIET_AFTER_MS);
  }

  /** For the toolbar in a layout of the page. */
  get layoutFacts(): { panel: Panel | undefined; unread: number } {
    return { panel: this.panel, unread: this.unread };
  }

  // ── what people see ───────────────────────────────────────────────────────────────────────────────────────────

  protected override render(): unknown {
    const { lang, dir } = this.locale;
    return html`<div class="room" lang=${lang} dir=${dir}>
      ${this.#content()}
      <div class="visually-hidden" role="status">${this.said}</div>
    </div>`;
  }

  #content(): unknown {
    const { connection } = this.roomState;
    if (connection === 'connected' || connection === 'reconnecting') {
      if (!hasPart('call')) {
        this.#fetch('call', () => this.requestUpdate());
        return nothing;
      }
      return renderCall(this.roomState, this.#callContext());
    }
    if (connection === 'idle' && this.joinMode === 'prejoin') {
      return html`<enx-prejoin
        class="fill"
        part="screen"
        ?asks-name=${Boolean(this.tokenUrl)}
        exportparts="preview, join-button"
        initial-name=${this.#chosenName ?? this.#room.options.localInfo.name}
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

  #callContext(): CallContext {
    const { locale, panel, opened, unread, quiet, shortcutsOpen, soundBlocked, failures, dismissed } = this;
    return {
      ...{ locale, panel, opened, unread, quiet, shortcutsOpen, soundBlocked, failures, dismissed },
      own: this.#own,
      hasEmptySlot: this.querySelector(':scope > [slot="empty"]') !== null,
      closePanel: () => panel && this.#openPanel(panel, false),
      closeShortcuts: () => (this.shortcutsOpen = false),
      soundBlockedChanged: (blocked) => (this.soundBlocked = blocked),
      playSound: () => void this.sound?.play(),
      dismiss: (what) => (this.dismissed = new Set([...dismissed, ...what])),
      dismissFailure: (of) => this.#showFailure(of, false),
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-room': EnxRoom;
  }
}
