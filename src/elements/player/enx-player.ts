import { consume } from '@lit/context';
import { html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { PlayerConfiguration } from '../../engine/options.js';
import { base, tokens } from '../internal/base-styles.js';
import { LocalizedElement } from '../i18n/localized.js';
import { define } from '../internal/define.js';
import { levelContext, type LevelReader, playerConfigurationContext } from '../internal/contexts.js';
import { icon } from '../internal/icon.js';
import { microphoneOffIcon } from '../internal/icons.js';
import { styles } from './enx-player.styles.js';

const LEVEL_POLL_MS = 120;

/**
 * One person: picture or avatar, name, muted and talking marks. Plays no sound; that is `<enx-sound>`'s.
 *
 * @csspart video - The picture.
 * @csspart avatar - Shown while there is no picture.
 * @csspart name-tag - Name and muted mark.
 */
@define('enx-player')
export class EnxPlayer extends LocalizedElement {
  static override styles = [tokens, base, styles];

  /** Called `displayName`, because `name` means something else on other elements. */
  @property({ attribute: 'display-name' }) displayName = '';
  @property({ attribute: false }) stream: MediaStream | undefined;
  /** Sends a picture. */
  @property({ type: Boolean }) video = false;
  /** Microphone is off. */
  @property({ type: Boolean, attribute: 'audio-muted' }) audioMuted = false;
  @property({ type: Boolean }) talking = false;
  /** A shared screen: shown whole, never cropped or mirrored. */
  @property({ type: Boolean, reflect: true }) screen = false;
  /** Oneself: mirrored, and marked as "you". */
  @property({ type: Boolean, reflect: true }) self = false;
  /** Slot whose loudness moves the ring. */
  @property({ attribute: false }) slotId: number | 'self' | undefined;

  @consume({ context: levelContext }) level: LevelReader | undefined;
  @consume({ context: playerConfigurationContext, subscribe: true })
  @property({ attribute: false })
  configuration: PlayerConfiguration | undefined;

  @query('video') private readonly videoElement!: HTMLVideoElement;
  @query('.bloom') private readonly bloom!: HTMLElement;
  #levelTimer: number | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#meter(false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate('stream', null);
  }

  protected override render(): unknown {
    const shownName = this.displayName || this.t('guest');
    const ofOthers = this.screen ? this.t('sharedBy', { name: shownName }) : shownName;
    const label = this.self ? this.t(this.screen ? 'yourScreen' : 'you') : ofOthers;
    return html`
      <video part="video" muted autoplay playsinline .muted=${true} aria-hidden="true" tabindex="-1"></video>
      ${
        this.video || this.configuration?.avatar === false
          ? nothing
          : html`<div class="avatar" part="avatar" aria-hidden="true">
              <span class="initials">${initials(shownName)}</span>
            </div>`
      }
      <div class="bloom"></div>
      <div class="ring" ?data-talking=${this.talking}></div>
      <div class="tag" part="name-tag">
        ${this.audioMuted ? icon(microphoneOffIcon) : nothing}
        <span class="name">${label}</span>
        ${this.audioMuted ? html`<span class="visually-hidden">${this.t('muted')}</span>` : nothing}
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('displayName')) this.style.setProperty('--_hue', String(hueOf(this.displayName)));
    if (changed.has('stream') || changed.has('video')) this.#show(this.video ? this.stream : undefined);
    if (changed.has('talking')) this.#meter(this.talking);
  }

  /** A picture appears with its first frame, so that nobody's last frame stands under another name. */
  #show(stream: MediaStream | undefined): void {
    const element = this.videoElement;
    if (!stream) {
      element.srcObject = null;
      delete this.dataset.playing;
      return;
    }
    if (element.srcObject !== stream) {
      delete this.dataset.playing;
      element.srcObject = stream;
    }
    // Muted video may always play; it fails only while the element is being moved, and is tried again then.
    void element.play().catch(() => {});
    const reveal = (): void => {
      if (element.srcObject === stream) this.dataset.playing = '';
    };
    if ('requestVideoFrameCallback' in element) element.requestVideoFrameCallback(reveal);
    else (element as HTMLVideoElement).addEventListener('playing', reveal, { once: true });
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
}

/** Up to two letters; works for scripts without spaces and for emoji. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letter = (word: string | undefined): string => (word ? [...word][0]!.toLocaleUpperCase() : '');
  return words.length > 1 ? letter(words[0]) + letter(words.at(-1)) : letter(words[0]);
}

/** The same name always has the same colour, 0…359. */
function hueOf(name: string): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) % 360;
  return hash;
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-player': EnxPlayer;
  }
}
