import { provide } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { RoomError } from '../../engine/errors.js';
import type { ConnectionState } from '../../engine/connection-state.js';
import type { AdvanceOption, LocalInfo, PlayerConfiguration, RoomInfo } from '../../engine/options.js';
import type { RoomState } from '../../engine/room-state.js';
import { Room, type TokenSource } from '../../engine/room.js';
import { base, tokens } from '../internal/base-styles.js';
import { define } from '../internal/define.js';
import {
  levelContext,
  type LevelReader,
  playerConfigurationContext,
  roomStateContext,
} from '../internal/contexts.js';
import { icon } from '../internal/icon.js';
import { peopleIcon } from '../internal/icons.js';
import { type EnxRequestMap, type EnxRequestName, requestNames } from '../internal/requests.js';
import { t } from '../internal/strings.js';
import '../chat/enx-chat.js';
import '../prejoin/enx-prejoin.js';
import type { EnxSound } from '../sound/enx-sound.js';
import '../sound/enx-sound.js';
import '../stage/enx-stage.js';
import '../toolbar/enx-toolbar.js';
import { styles } from './enx-room.styles.js';
import { eventTable } from './event-table.js';
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
export class EnxRoom extends LitElement {
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

  /** Option objects of the SDKs (api-facts §1); the attributes of single keys win over them. */
  @property({ attribute: false }) localInfo: Partial<LocalInfo> | undefined;
  @property({ attribute: false }) roomInfo: Partial<RoomInfo> | undefined;
  @property({ attribute: false }) playerConfiguration: Partial<PlayerConfiguration> | undefined;
  @property({ attribute: false }) advanceOptions: AdvanceOption[] | undefined;

  readonly #room = new Room();

  @provide({ context: roomStateContext }) @state() private roomState: RoomState = this.#room.state;
  @provide({ context: levelContext }) protected readonly level: LevelReader = (slot) =>
    this.#room.level(slot);
  @provide({ context: playerConfigurationContext })
  @state()
  private effectivePlayerConfiguration: PlayerConfiguration = this.#room.options.playerConfiguration;

  @state() private chatOpen = false;
  @state() private unread = 0;
  @state() private soundBlocked = false;
  /** Device errors whose notice was closed. */
  @state() private dismissed: readonly RoomError[] = [];
  @state() private messageFailed = false;
  @state() private shareFailed = false;
  @state() private quiet = false;

  @query('enx-sound') private readonly sound!: EnxSound | null;
  @query('enx-chat') private readonly chat!: (HTMLElement & { focus(): void }) | null;
  @query('enx-toolbar') private readonly toolbar!: HTMLElement | null;

  /** Token that was used; a second join with it would be refused. */
  #usedToken: string | undefined;
  #joinQueued = false;
  #chosenName: string | undefined;
  #quietTimer: number | undefined;

  constructor() {
    super();
    this.#room.onAny((name, payload) => {
      if (name === 'stateChanged') this.roomState = payload as RoomState;
      else if (name === 'messageReceived' && !this.chatOpen) this.unread += 1;
      const event = (
        eventTable[name] as (payload: unknown, state: RoomState) => [string, unknown] | undefined
      )(payload, this.#room.state);
      if (event)
        this.dispatchEvent(new CustomEvent(event[0], { detail: event[1], bubbles: true, composed: true }));
    });
    for (const name of requestNames) {
      this.addEventListener(name, (event) => {
        // After every listener of the page had its say.
        queueMicrotask(() => {
          if (!event.defaultPrevented)
            this.#answer(name, (event as CustomEvent).detail as EnxRequestMap[typeof name]);
        });
      });
    }
    for (const name of ['pointermove', 'pointerdown', 'focusin'] as const) {
      this.addEventListener(name, () => this.#stir(), { passive: true });
    }
  }

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
    this.messageFailed = false;
    this.unread = 0;
    await this.#room.join(source);
  }

  /** Leaves. Resolves when devices and sockets are released. @throws {RoomError} 5031 while leaving, 5032 when left. */
  disconnect(): Promise<void> {
    return this.#room.disconnect();
  }

  /** @throws {RoomError} */
  muteAudio(): Promise<void> {
    return this.#room.setMicrophoneMuted(true);
  }

  /** @throws {RoomError} */
  unmuteAudio(): Promise<void> {
    return this.#room.setMicrophoneMuted(false);
  }

  /** @throws {RoomError} */
  muteVideo(): Promise<void> {
    return this.#room.setCameraMuted(true);
  }

  /** @throws {RoomError} */
  unmuteVideo(): Promise<void> {
    return this.#room.setCameraMuted(false);
  }

  /** Says something to everybody, or to the given client ids. @throws {RoomError} */
  async sendMessage(text: string, recipients: string[] = []): Promise<void> {
    await this.#room.sendMessage(text, recipients);
  }

  /** Sends JSON to other programs in the room. @throws {RoomError} */
  sendUserData(data: unknown, recipients: string[] = []): Promise<void> {
    return this.#room.sendUserData(data, recipients);
  }

  /** Shares a screen, after the browser asked which. @throws {RoomError} */
  startScreenShare(): Promise<void> {
    return this.#room.startScreenShare();
  }

  stopScreenShare(): Promise<void> {
    return this.#room.stopScreenShare();
  }

  /** @throws {RoomError} */
  publish(): Promise<void> {
    return this.#room.publish();
  }

  /** @throws {RoomError} */
  unpublish(): Promise<void> {
    return this.#room.unpublish();
  }

  // ── lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('role')) this.setAttribute('role', 'region');
    if (!this.hasAttribute('aria-label')) this.setAttribute('aria-label', t('room'));
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

  protected override willUpdate(changed: PropertyValues<this>): void {
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

  /** Carries out what a control asked for and nobody cancelled. */
  #answer<K extends EnxRequestName>(name: K, detail: EnxRequestMap[K]): void {
    const ignore = (): void => {
      // Whatever matters to people is shown; the rest is told by the method's own events.
    };
    switch (name) {
      case 'enx-join-request':
        this.#chosenName = (detail as EnxRequestMap['enx-join-request']).name ?? this.#chosenName;
        this.join().catch(ignore);
        return;
      case 'enx-leave-request':
        this.disconnect().catch(ignore);
        return;
      case 'enx-mute-request': {
        const { kind, muted } = detail as EnxRequestMap['enx-mute-request'];
        (kind === 'audio' ? this.#room.setMicrophoneMuted(muted) : this.#room.setCameraMuted(muted)).catch(
          ignore,
        );
        return;
      }
      case 'enx-device-retry-request':
        this.#retryDevices();
        return;
      case 'enx-share-request':
        this.shareFailed = false;
        ((detail as EnxRequestMap['enx-share-request']).on
          ? this.startScreenShare()
          : this.stopScreenShare()
        ).catch((error: RoomError) => {
          // Whoever closes the picker knows that nothing is shared.
          this.shareFailed = error.name !== 'device-permission-denied';
        });
        return;
      case 'enx-admit-request': {
        const { clientId, admit } = detail as EnxRequestMap['enx-admit-request'];
        const { moderation } = this.#room;
        (admit ? moderation.admit(clientId) : moderation.deny(clientId)).catch(ignore);
        return;
      }
      case 'enx-message-request':
        this.messageFailed = false;
        this.sendMessage((detail as EnxRequestMap['enx-message-request']).text).catch(
          () => (this.messageFailed = true),
        );
        return;
      case 'enx-chat-request':
        this.#openChat((detail as EnxRequestMap['enx-chat-request']).open);
        return;
      default:
    }
  }

  #retryDevices(): void {
    this.dismissed = [];
    void this.#room.retryDevices();
  }

  #openChat(open: boolean): void {
    if (open === this.chatOpen) return;
    this.chatOpen = open;
    if (open) this.unread = 0;
    // The focus goes with the panel, and back to the button that opened it.
    void this.updateComplete.then(() => {
      if (open) this.chat?.focus();
      else this.toolbar?.shadowRoot?.querySelector<HTMLElement>('button.chat')?.focus();
    });
  }

  #stir(): void {
    this.quiet = false;
    window.clearTimeout(this.#quietTimer);
    this.#quietTimer = window.setTimeout(() => (this.quiet = true), QUIET_AFTER_MS);
  }

  // ── what people see ───────────────────────────────────────────────────────────────────────────────────────────

  protected override render(): unknown {
    return html`<div class="room">${this.#content()}</div>`;
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
    return renderScreen(this.roomState, {
      canJoin: Boolean(this.token || this.tokenUrl),
      canRejoin: Boolean(this.tokenUrl),
      manual: this.joinMode === 'manual',
    });
  }

  #call(): unknown {
    const count = this.roomState.participants.length;
    return html`<div class="call" ?data-quiet=${this.quiet}>
        <enx-stage part="stage" exportparts="tile, more, video, avatar, name-tag">
          ${this.querySelector(':scope > [slot="empty"]') ? html`<slot name="empty" slot="empty"></slot>` : nothing}
        </enx-stage>
        <div class="top">
          <span class="count"
            >${icon(peopleIcon)}${count === 1 ? t('peopleOne') : t('people', { count })}</span
          >
          <div class="notices" aria-live="polite">${this.#notices()}</div>
        </div>
        <enx-toolbar
          part="toolbar"
          exportparts="button, leave-button"
          ?chat-open=${this.chatOpen}
          .unread=${this.unread}
        >
          <slot name="toolbar-start" slot="start"></slot>
          <slot name="toolbar-end" slot="end"></slot>
        </enx-toolbar>
        ${
          this.chatOpen
            ? html`<enx-chat part="chat" exportparts="message, input" @keydown=${this.#chatKey}></enx-chat>`
            : nothing
        }
      </div>
      <enx-sound
        hidden
        @enx-sound-blocked=${(event: CustomEvent<{ blocked: boolean }>) => (this.soundBlocked = event.detail.blocked)}
      ></enx-sound>`;
  }

  #notices(): unknown {
    const { soundBlocked, shareFailed, messageFailed, dismissed } = this;
    return renderNotices(this.roomState, {
      soundBlocked,
      shareFailed,
      messageFailed,
      dismissed,
      playSound: () => void this.sound?.play(),
      retryDevices: () => this.#retryDevices(),
      dismissDevices: (errors) => (this.dismissed = [...dismissed, ...errors]),
      dismissShare: () => (this.shareFailed = false),
      dismissMessage: () => (this.messageFailed = false),
    });
  }

  #chatKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#openChat(false);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-room': EnxRoom;
  }
}
