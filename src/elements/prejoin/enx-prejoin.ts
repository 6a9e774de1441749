import { consume } from '@lit/context';
import { css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { RoomState } from '../../engine/room-state.js';
import { base, tokens } from '../internal/base-styles.js';
import { LocalizedElement } from '../i18n/localized.js';
import { define } from '../internal/define.js';
import { roomStateContext } from '../internal/contexts.js';
import { icon } from '../internal/icon.js';
import { cameraIcon, cameraOffIcon, microphoneIcon, microphoneOffIcon } from '../internal/icons.js';
import { deviceProblems } from '../internal/messages.js';
import { request } from '../internal/requests.js';
import '../player/enx-player.js';

/**
 * Before the call: how one looks, whether microphone and camera are on, one's name, and the join button.
 *
 * @fires {CustomEvent} enx-join-request - The join button was clicked.
 * @fires {CustomEvent} enx-mute-request - Microphone or camera was clicked.
 * @fires {CustomEvent} enx-device-retry-request - A device that could not be had was clicked.
 * @csspart preview - The camera picture.
 * @csspart join-button - The button.
 */
@define('enx-prejoin')
export class EnxPrejoin extends LocalizedElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1.4fr) minmax(15rem, 1fr);
        align-items: center;
        align-content: center;
        gap: var(--_space-5);
        overflow: auto;
        padding: var(--_space-5);
        background: var(--_surface);
        color: var(--_text);
      }
      .preview {
        position: relative;
        width: 100%;
        aspect-ratio: 16 / 10;
        max-height: 70cqh;
        border-radius: var(--_radius-l);
        overflow: hidden;
        background: #23272e;
        color: #f2f4f7;
      }
      enx-player {
        width: 100%;
        height: 100%;
      }
      .hint {
        position: absolute;
        inset-inline: 0;
        top: var(--_space-3);
        margin: 0;
        padding: 0 var(--_space-3);
        text-align: center;
        font-size: 0.9em;
        color: #e6eaf0;
      }
      .toggles {
        position: absolute;
        inset-inline: 0;
        bottom: var(--_space-3);
        display: flex;
        justify-content: center;
        gap: var(--_space-3);
      }
      .toggle {
        --_focus: #fff;
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        border: 1px solid rgb(255 255 255 / 0.2);
        border-radius: 50%;
        background: rgb(12 14 18 / 0.66);
        color: #fff;
        font-size: 21px;
      }
      .toggle[data-state='muted'],
      .toggle[data-state='unavailable'] {
        background: #f2f4f7;
        color: #b3202c;
      }
      .toggle:disabled {
        opacity: 0.6;
      }
      form {
        display: grid;
        gap: var(--_space-3);
        width: 100%;
        max-width: 22rem;
        justify-self: center;
      }
      h2 {
        margin: 0;
        font-size: 1.45em;
        font-weight: 650;
        line-height: 1.2;
      }
      p {
        margin: 0;
        line-height: 1.5;
        color: var(--_text-muted);
      }
      .error {
        color: var(--_text);
        padding: 10px 12px;
        border-radius: var(--_radius-m);
        background: color-mix(in srgb, var(--_warning) 18%, var(--_surface));
      }
      label {
        display: grid;
        gap: 6px;
        font-size: 0.9em;
        font-weight: 600;
      }
      input {
        min-height: var(--_control-size);
        padding: 0 14px;
        border: 1px solid color-mix(in srgb, var(--_text) 48%, transparent);
        border-radius: var(--_radius-m);
        background: var(--_surface);
        color: inherit;
        font-weight: 400;
      }
      @container (max-width: 680px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          padding: var(--_space-4);
          gap: var(--_space-4);
        }
        .preview {
          max-height: 45cqh;
        }
      }
      @container (max-height: 400px) and (min-width: 441px) {
        :host {
          grid-template-columns: minmax(0, 1fr) minmax(11rem, 1fr);
          padding: var(--_space-3);
        }
        .preview {
          max-height: calc(100cqh - 24px);
        }
        p:not(.error) {
          display: none;
        }
      }
      @container (max-width: 440px) and (max-height: 400px) {
        .preview {
          display: none;
        }
      }
    `,
  ];

  @consume({ context: roomStateContext, subscribe: true }) @property({ attribute: false }) room:
    RoomState | undefined;
  /** The page lets people choose their name. */
  @property({ type: Boolean, attribute: 'asks-name' }) asksName = false;
  @property({ attribute: 'initial-name' }) initialName = '';

  @query('input') private readonly input!: HTMLInputElement | null;

  protected override render(): unknown {
    const { room } = this;
    if (!room) return nothing;
    const { microphone, camera, deviceErrors } = room;
    const [problem] = deviceProblems(deviceErrors, this.t);
    const wantsDevices = microphone !== 'off' || camera !== 'off';
    return html`
      <div class="preview" part="preview">
        <enx-player
          self
          display-name=${this.initialName || this.t('you')}
          .stream=${room.localStream}
          ?video=${camera === 'on'}
          ?audio-muted=${microphone !== 'on'}
        ></enx-player>
        ${
          camera === 'starting' || camera === 'muted'
            ? html`<p class="hint">${this.t(camera === 'muted' ? 'cameraOff' : 'cameraStartingHint')}</p>`
            : nothing
        }
        <div class="toggles">
          ${
            microphone === 'off'
              ? nothing
              : this.#toggle('audio', microphone, microphone === 'on' ? microphoneIcon : microphoneOffIcon)
          }
          ${camera === 'off' ? nothing : this.#toggle('video', camera, camera === 'on' ? cameraIcon : cameraOffIcon)}
        </div>
      </div>
      <form @submit=${this.#submit}>
        <h2>${this.t('joinTitle')}</h2>
        ${
          problem
            ? html`<p class="error" role="alert">${problem.message}</p>`
            : wantsDevices && microphone !== 'on' && microphone !== 'muted'
              ? html`<p>${this.t('allowDevices')}</p>`
              : nothing
        }
        ${
          this.asksName
            ? html`<label
                >${this.t('yourName')}
                <input name="name" autocomplete="name" maxlength="64" required .value=${this.initialName} />
              </label>`
            : nothing
        }
        <button class="button" part="join-button">${this.t('join')}</button>
      </form>
    `;
  }

  #toggle(kind: 'audio' | 'video', state: string, picture: Parameters<typeof icon>[0]): unknown {
    const sends = state === 'on';
    const label =
      state === 'unavailable'
        ? this.t(kind === 'audio' ? 'microphoneUnavailable' : 'cameraUnavailable')
        : kind === 'audio'
          ? this.t(sends ? 'muteMicrophone' : 'unmuteMicrophone')
          : this.t(sends ? 'stopCamera' : 'startCamera');
    return html`<button
      type="button"
      class="toggle"
      data-state=${state}
      aria-label=${label}
      title=${label}
      ?disabled=${state === 'starting'}
      @click=${() => {
        if (state === 'unavailable') request(this, 'enx-device-retry-request', {});
        else request(this, 'enx-mute-request', { kind, muted: sends });
      }}
    >
      ${icon(picture)}
    </button>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    const name = this.input?.value.trim();
    request(this, 'enx-join-request', name ? { name } : {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-prejoin': EnxPrejoin;
  }
}
