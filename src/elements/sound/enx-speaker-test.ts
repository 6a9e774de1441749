import { consume } from '@lit/context';
import { css, html } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RoomState } from '../../engine/room-state.js';
import { QuietElement } from '../i18n/quiet-element.js';
import { base, tokens } from '../internal/base-styles.js';
import { changedIn } from '../internal/changed-in.js';
import { roomStateContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { icon } from '../internal/icon.js';
import { soundIcon } from '../internal/icons.js';
import { playTone } from './tones.js';

/** A button that plays a few notes on the chosen speaker. */
@define('enx-speaker-test')
export class EnxSpeakerTest extends QuietElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: inline-block;
        justify-self: start;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 40px;
        padding: 0 14px;
        border: 1px solid color-mix(in srgb, var(--_text) 48%, transparent);
        border-radius: 999px;
        background: var(--_surface);
        color: var(--_text);
        font-size: 0.92em;
        font-weight: 600;
      }
      button:hover {
        background: var(--_surface-raised);
      }
      svg {
        font-size: 18px;
      }
      @media (pointer: coarse) {
        button {
          min-height: 44px;
        }
      }
    `,
  ];

  @consume({ context: roomStateContext, subscribe: true })
  @property({ attribute: false, hasChanged: changedIn<RoomState>('devices') })
  room: RoomState | undefined;
  @state() private playing = false;

  protected override render(): unknown {
    return html`<button
      type="button"
      aria-disabled=${this.playing ? 'true' : 'false'}
      @click=${async () => {
        if (this.playing) return;
        this.playing = true;
        await playTone('test', this.room?.devices.speakerId);
        this.playing = false;
      }}
    >
      ${icon(soundIcon)}${this.t(this.playing ? 'testPlaying' : 'testSpeaker')}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-speaker-test': EnxSpeakerTest;
  }
}
