import { consume } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { PlayerConfiguration } from '../../engine/options.js';
import type { RoomState } from '../../engine/room-state.js';
import { LocalizedElement } from '../i18n/localized.js';
import { base, tokens } from '../internal/base-styles.js';
import {
  type Bars,
  levelContext,
  type LevelReader,
  localMutesContext,
  type LocalMutes,
  playerConfigurationContext,
  preferencesContext,
  qualitiesContext,
  type Qualities,
} from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { icon, type IconNode } from '../internal/icon.js';
import {
  barsIcons,
  handIcon,
  microphoneOffIcon,
  offlineIcon,
  personIcon,
  pinIcon,
  silenceIcon,
  spotlightIcon,
  warningIcon,
} from '../internal/icons.js';
import { loadPart, partNow, wantPart } from '../internal/parts.js';
import { personOf } from '../internal/person.js';
import { defaultPreferences, type Preferences } from '../internal/preferences.js';
import { ContextReader, RoomReader } from '../internal/room-reader.js';
import { hueOf, initials } from './avatar.js';
import type { CapturedView } from './capture.js';
import { styles } from './enx-player.styles.js';
import type { ActingPlayer, PlayerActions } from './player-actions.js';
import type { PlayerControl } from './player-controls.js';
import { PlayerMenu } from './player-menu.js';
import { PlayerPicture } from './player-picture.js';

const LEVEL_POLL_MS = 120;
/** After a tap, the controls stay this long. */
const TAP_MS = 4000;
const barsNames = { 1: 'weak', 2: 'fair', 3: 'good' } as const;
const barsTexts = { 1: 'slowConnection', 2: 'fairConnection', 3: 'goodConnection' } as const;
/** Outside any room. */
const standard: PlayerConfiguration = {
  ...{ audiomute: true, videomute: true, bandwidth: true, screenshot: true, avatar: true, pinned: false },
  ...{ iconColor: '#FFFFFF', iconHeight: 30, iconWidth: 30, avatarHeight: 200, avatarWidth: 200 },
};

/**
 * One person or a shared screen: picture or avatar, name, marks, and controls on hover, focus or tap. Plays no sound;
 * that is `<enx-sound>`'s. With `client-id` it finds its person in the room around it; without, it shows what its
 * properties say.
 *
 * @fires {CustomEvent<CapturedView>} captured-view - A picture was saved; `detail.image` is a PNG.
 * @csspart video - The picture.
 * @csspart avatar - Shown while there is no picture.
 * @csspart name-tag - Name and marks.
 * @csspart notice - Says that the connection is slow.
 * @csspart controls - The buttons over the picture; `control` each of them.
 * @csspart menu - The list of all controls.
 * @slot avatar - Instead of the initials or image.
 * @slot - Anything over the picture.
 */
@define('enx-player')
export class EnxPlayer extends LocalizedElement implements ActingPlayer {
  static override styles = [tokens, base, styles];

  /** Whom to show: a client id, `self` or `screen`. */
  @property({ attribute: 'client-id' }) clientId = '';
  /** Whom to show: whoever is in this receiving slot, from 1. */
  @property({ type: Number }) talker: number | undefined;
  /** Called `displayName`, because `name` means something else on other elements. */
  @property({ attribute: 'display-name' }) displayName = '';
  /** Picture of the person, shown while their camera is off. */
  @property({ attribute: 'avatar-url' }) avatarUrl = '';
  @property({ attribute: false }) stream: MediaStream | undefined;
  /** Sends a picture. */
  @property({ type: Boolean }) video = false;
  /** Microphone is off. */
  @property({ type: Boolean, attribute: 'audio-muted' }) audioMuted = false;
  @property({ type: Boolean, attribute: 'video-muted' }) videoMuted = false;
  @property({ type: Boolean }) talking = false;
  /** A shared screen: shown whole, never cropped or mirrored. */
  @property({ type: Boolean, reflect: true }) screen = false;
  /** Oneself: mirrored, and marked as "you". */
  @property({ type: Boolean, reflect: true }) self = false;
  @property({ type: Boolean }) pinned = false;
  @property({ type: Boolean }) spotlighted = false;
  /** Place among the raised hands from 1; 0 = not raised. */
  @property({ type: Number }) hand = 0;
  @property({ type: Boolean, attribute: 'low-bandwidth' }) lowBandwidth = false;
  /** Only the picture: no controls come with pointer, focus or tap. */
  @property({ type: Boolean }) bare = false;
  /** Slot whose loudness moves the ring. */
  @property({ attribute: false }) slotId: number | 'self' | undefined;
  /** Further controls, before ours. */
  @property({ attribute: false }) extraControls: readonly PlayerControl[] | undefined;

  @consume({ context: levelContext }) level: LevelReader | undefined;
  @consume({ context: playerConfigurationContext, subscribe: true })
  @property({ attribute: false })
  configuration: PlayerConfiguration | undefined;
  @consume({ context: localMutesContext, subscribe: true })
  @property({ attribute: false })
  localMutes: LocalMutes | undefined;

  @consume({ context: preferencesContext, subscribe: true })
  @property({ attribute: false })
  preferences: Preferences = defaultPreferences;

  /** Client id of who is shown. */
  @state() personId = '';
  @state() moderates = false;
  @state() audioHardMuted = false;
  @state() videoHardMuted = false;
  /** How good the connection is, as measured in the room. */
  @state() private bars: Bars | undefined;
  @state() private reconnecting = false;
  /** A picture should come and does not. */
  @state() private stalled = false;
  /** Hovered, focused or tapped. */
  @state() private active = false;
  @state() fillsScreen = false;
  @state() inSmallWindow = false;

  @query('video') readonly videoElement!: HTMLVideoElement;
  @query('.bloom') private readonly bloom!: HTMLElement;
  #levelTimer: number | undefined;
  #tapTimer: number | undefined;
  /** The room around it, if there is one. */
  room: RoomState | undefined;
  #qualities: Qualities | undefined;
  #actions: PlayerActions | undefined;
  readonly #picture = new PlayerPicture(this, (stalled) => (this.stalled = stalled));
  readonly #menu = new PlayerMenu(this, () => this.#actions?.controls ?? []);

  constructor() {
    super();
    new RoomReader(this, (room) => {
      this.room = room;
      this.#read();
    });
    new ContextReader(this, qualitiesContext, (qualities) => {
      this.#qualities = qualities;
      this.#readBars();
    });
    this.addEventListener('pointerenter', ({ pointerType }) => pointerType === 'mouse' && this.#wake());
    this.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && this.#rest());
    this.addEventListener('focusin', () => this.#wake());
    this.addEventListener('focusout', () => this.#rest());
    this.addEventListener('fullscreenchange', () => (this.fillsScreen = this.matches(':fullscreen')));
  }

  /** What of a player is shown. */
  get show(): PlayerConfiguration {
    return this.configuration ?? standard;
  }

  get mutedForMe(): boolean {
    return this.localMutes?.audio.includes(this.personId) ?? false;
  }

  get hiddenForMe(): boolean {
    return this.localMutes?.video.includes(this.personId) ?? false;
  }

  get showsPicture(): boolean {
    return this.video && !this.hiddenForMe && this.stream !== undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.requestUpdate('stream', null);
    this.#meter(this.talking);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#meter(false);
    this.#picture.watch(undefined);
    this.#actions?.close();
    window.clearTimeout(this.#tapTimer);
  }

  // ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clientId') || changed.has('talker')) this.#read();
  }

  protected override render(): unknown {
    const { show } = this;
    const label = this.label;
    const mark = this.#marks(show);
    return html`
      <video part="video" muted autoplay playsinline .muted=${true} aria-hidden="true" tabindex="-1"></video>
      ${this.showsPicture || !show.avatar || this.screen ? nothing : this.#avatar()}
      <div class="shade" @click=${this.#tap}></div>
      <div class="bloom"></div>
      <div class="ring" ?data-talking=${this.talking && !this.mutedForMe}></div>
      ${
        show.bandwidth && this.lowBandwidth
          ? html`<div class="notice" part="notice">
              ${icon(warningIcon)}<span>${this.t('slowConnection')}</span>
            </div>`
          : nothing
      }
      <div class="tag" part="name-tag">${mark}<span class="name">${label}</span></div>
      <slot></slot>
      ${this.bare ? nothing : this.#menu.render(this.t('actionsFor', { name: label }), this.active)}
    `;
  }

  #avatar(): unknown {
    return html`<div class="avatar" part="avatar" aria-hidden="true">
      <slot name="avatar"
        >${
          this.avatarUrl
            ? html`<img class="face" src=${this.avatarUrl} alt="" />`
            : html`<span class="face initials">${initials(this.displayName) || icon(personIcon)}</span>`
        }</slot
      >
    </div>`;
  }

  /** Whom it shows, in words. */
  get label(): string {
    const name = this.displayName || this.t('guest');
    if (this.self) return this.t(this.screen ? 'yourScreen' : 'you');
    return this.screen ? this.t('sharedBy', { name }) : name;
  }

  /** Small signs beside the name: a picture for eyes, a word for ears. */
  #marks(show: PlayerConfiguration): unknown {
    const mark = (name: string, when: boolean, picture: IconNode, word: string): unknown =>
      when
        ? html`<span class="mark ${name}" title=${word}
            >${icon(picture)}<span class="visually-hidden">${word}</span></span
          >`
        : nothing;
    const bars = this.lowBandwidth || this.stalled ? 1 : (this.bars ?? 3);
    return [
      mark('hand', this.hand > 0, handIcon, this.t('handNumber', { number: this.hand })),
      mark('muted', this.audioMuted && !this.mutedForMe, microphoneOffIcon, this.t('muted')),
      mark('muted', this.mutedForMe, silenceIcon, this.t('mutedForMe')),
      mark('pinned', show.pinned && this.pinned, pinIcon, this.t('pinned')),
      mark('spotlighted', this.spotlighted, spotlightIcon, this.t('spotlighted')),
      mark(
        barsNames[bars],
        show.bandwidth && !this.reconnecting && (bars < 3 || (this.active && this.bars !== undefined)),
        barsIcons[bars],
        this.t(barsTexts[bars]),
      ),
      mark('lost', this.reconnecting, offlineIcon, this.t('noConnection')),
    ];
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('displayName')) this.style.setProperty('--_hue', String(hueOf(this.displayName)));
    if (changed.has('preferences') || changed.has('self') || changed.has('screen')) {
      this.toggleAttribute('data-mirrored', this.self && !this.screen && this.preferences.mirror);
    }
    if (changed.has('configuration')) this.#configure(this.show);
    const stream = this.showsPicture ? this.stream : undefined;
    this.#picture.show(this.videoElement, stream, changed.has('stream'));
    if (changed.has('talking')) this.#meter(this.talking);
    this.#actions?.update();
  }

  #configure({ iconColor, iconWidth, iconHeight, avatarWidth, avatarHeight }: PlayerConfiguration): void {
    const { style } = this;
    style.setProperty('--_icon-color', iconColor);
    style.setProperty('--_icon-width', `${iconWidth}px`);
    style.setProperty('--_icon-height', `${iconHeight}px`);
    style.setProperty('--_avatar-width', `${avatarWidth}px`);
    style.setProperty('--_avatar-height', `${avatarHeight}px`);
  }

  /** Takes from the room what there is to know about the person; renders only if something has changed. */
  #read(): void {
    const room = this.room;
    if (!room || (!this.clientId && this.talker === undefined)) return;
    const id = this.clientId || room.talkers.find(({ slot }) => slot === this.talker)?.clientId || '';
    const person = id ? personOf(room, id) : undefined;
    this.toggleAttribute('data-absent', !person);
    this.moderates = room.role === 'moderator';
    this.reconnecting = room.connection === 'reconnecting' && !person?.screen;
    if (!person) {
      this.video = this.talking = false;
      this.stream = undefined;
      return;
    }
    this.personId = person.id;
    this.displayName = person.name;
    this.self = person.self;
    this.screen = person.screen;
    this.slotId = person.slot;
    this.stream = person.stream;
    this.video = person.video;
    this.audioMuted = person.audioMuted;
    this.videoMuted = person.videoMuted;
    this.audioHardMuted = person.audioHardMuted;
    this.videoHardMuted = person.videoHardMuted;
    this.talking = person.talking;
    this.pinned = person.pinned;
    this.spotlighted = person.spotlighted;
    this.hand = person.hand;
    this.lowBandwidth = person.lowBandwidth;
    this.#readBars();
    // What the small window shows may have changed although nothing here has.
    this.#actions?.update();
  }

  #readBars(): void {
    this.bars = this.screen ? undefined : this.#qualities?.get(this.personId);
  }

  /** The glow follows the voice without rendering anything. */
  #meter(on: boolean): void {
    window.clearInterval(this.#levelTimer);
    this.#levelTimer = undefined;
    if (!on) {
      if (this.hasUpdated) this.bloom.style.opacity = '0';
      return;
    }
    this.#levelTimer = window.setInterval(() => {
      const level = this.slotId === undefined ? 0 : (this.level?.(this.slotId) ?? 0);
      this.bloom.style.opacity = Math.min(1, Math.sqrt(level) * 1.4).toFixed(2);
    }, LEVEL_POLL_MS);
  }

  // ── controls ──────────────────────────────────────────────────────────────────────────────────────────────────

  #wake(): void {
    if (this.bare) return;
    window.clearTimeout(this.#tapTimer);
    this.active = true;
    // What can be done comes with the first sign that somebody may want it; who does and gets nothing is told.
    if (!this.#actions && !this.#equip()) loadPart('extras').then(this.#equip, () => {});
  }

  readonly #equip = (): PlayerActions | undefined => {
    const extras = partNow('extras');
    if (!extras) return undefined;
    this.requestUpdate();
    return (this.#actions ??= new extras.PlayerActions(this));
  };

  /** At once where that is possible: browsers want the click itself, or one that was not long ago. */
  #act(run: (actions: PlayerActions) => void): void {
    const actions = this.#actions ?? this.#equip();
    if (actions) return run(actions);
    void wantPart(this, 'extras').then(() => {
      const late = this.#equip();
      if (late) run(late);
    });
  }

  #rest(): void {
    if (!this.#menu.open) this.active = false;
  }

  readonly #tap = (event: MouseEvent): void => {
    if ((event as PointerEvent).pointerType === 'mouse') return;
    if (this.active) return void this.#rest();
    this.#wake();
    this.#tapTimer = window.setTimeout(() => this.#rest(), TAP_MS);
  };

  /** Saves the picture as a file, unless the page takes that over. */
  capture(): void {
    this.#act((actions) => actions.capture());
  }

  toggleFullScreen(): void {
    this.#act((actions) => actions.toggleFullScreen());
  }

  togglePictureInPicture(): void {
    this.#act((actions) => actions.togglePictureInPicture());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-player': EnxPlayer;
  }
  interface HTMLElementEventMap {
    'captured-view': CustomEvent<CapturedView>;
  }
}
