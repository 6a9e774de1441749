import { consume } from '@lit/context';
import { html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { DeviceState, RoomState } from '../../engine/room-state.js';
import { QuietElement } from '../i18n/quiet-element.js';
import { base, tokens } from '../internal/base-styles.js';
import { changedIn } from '../internal/changed-in.js';
import { roomStateContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { deviceRow } from '../internal/device-row.js';
import { deviceHint } from '../internal/devices.js';
import { formStyles } from '../internal/form.js';
import { icon } from '../internal/icon.js';
import {
  cameraIcon,
  cameraOffIcon,
  microphoneIcon,
  microphoneOffIcon,
  peopleIcon,
} from '../internal/icons.js';
import { type DeviceProblem, deviceProblems } from '../internal/messages.js';
import { request } from '../internal/requests.js';
import '../player/enx-player.js';
import '../sound/enx-level.js';
import '../sound/enx-speaker-test.js';
import '../internal/strings-prejoin.js';
import { permissionHelp } from './permission-help.js';
import { type RoomStatus, sentencesOf, StatusWatch } from './room-status.js';
import { styles } from './prejoin.styles.js';

/**
 * Before the call: how one looks and sounds, which devices are used, one's name, and the join button.
 *
 * @fires {CustomEvent} enx-join-request - The join button was clicked.
 * @fires {CustomEvent} enx-mute-request - Microphone or camera was clicked.
 * @fires {CustomEvent} enx-device-request - Another device was chosen.
 * @fires {CustomEvent} enx-device-retry-request - A device that could not be had was clicked.
 * @slot brand - Above the title.
 * @slot lobby - Below the title and how the room is: what else the page knows about it.
 * @csspart preview - The camera picture.
 * @csspart join-button - The button.
 */
@define('enx-prejoin')
export class EnxPrejoin extends QuietElement {
  static override styles = [tokens, base, formStyles, styles];

  @consume({ context: roomStateContext, subscribe: true })
  @property({
    attribute: false,
    hasChanged: changedIn<RoomState>('microphone', 'camera', 'deviceErrors', 'localStream', 'devices'),
  })
  room: RoomState | undefined;
  /** The page lets people choose their name. */
  @property({ type: Boolean, attribute: 'asks-name' }) asksName = false;
  @property({ attribute: 'initial-name' }) initialName = '';
  /** How the room is, as the page knows it. */
  @property({ attribute: false }) status: RoomStatus | undefined;
  /** Where to ask how the room is, every 10 s, unless {@link status} tells. */
  @property({ attribute: 'status-url' }) statusUrl = '';

  @query('.name input') private readonly input!: HTMLInputElement | null;

  /** What the status URL has answered. */
  @state() private answered: RoomStatus | undefined;
  readonly #watch = new StatusWatch(this, (status) => (this.answered = status));

  protected override willUpdate(): void {
    this.#watch.watch(this.status ? '' : this.statusUrl);
  }

  protected override render(): unknown {
    const { room, t } = this;
    if (!room) return nothing;
    const { microphone, camera } = room;
    const problems = deviceProblems(room.deviceErrors, t);
    const wantsDevices = microphone !== 'off' || camera !== 'off';
    const asking = microphone === 'starting' || camera === 'starting';
    return html`<div class="content ${wantsDevices ? '' : 'plain'}">
      ${wantsDevices ? this.#preview(room) : nothing}
      <form @submit=${this.#submit}>
        <slot name="brand"></slot>
        <h2>${t('joinTitle')}</h2>
        ${this.#status()}
        <slot name="lobby"></slot>
        ${problems.map((problem) => this.#problem(problem))}
        ${asking && problems.length === 0 ? html`<p class="allow">${t('allowDevices')}</p>` : nothing}
        ${
          this.asksName
            ? html`<label class="name"
                >${t('yourName')}
                <input
                  class="field"
                  name="name"
                  autocomplete="name"
                  maxlength="64"
                  required
                  .value=${this.initialName}
                />
              </label>`
            : nothing
        }
        <button class="button" part="join-button">${t('join')}</button>
        ${wantsDevices ? this.#choices(room) : nothing}
      </form>
    </div>`;
  }

  #preview({ microphone, camera, localStream }: RoomState): unknown {
    const hint = camera === 'muted' ? 'cameraOff' : camera === 'starting' ? 'cameraStartingHint' : undefined;
    return html`<div class="preview" part="preview">
      <enx-player
        self
        bare
        display-name=${this.initialName}
        .stream=${localStream}
        ?video=${camera === 'on'}
        ?audio-muted=${microphone !== 'on'}
      ></enx-player>
      ${hint ? html`<p class="hint">${this.t(hint)}</p>` : nothing}
      ${microphone === 'on' ? html`<enx-level></enx-level>` : nothing}
      <div class="toggles">
        ${this.#toggle('audio', microphone, microphone === 'on' ? microphoneIcon : microphoneOffIcon)}
        ${this.#toggle('video', camera, camera === 'on' ? cameraIcon : cameraOffIcon)}
      </div>
    </div>`;
  }

  #status(): unknown {
    const sentences = sentencesOf(this.status ?? this.answered ?? {}, this.t);
    // There before it says something, so that screen readers hear what comes.
    return html`<div class="status" role="status">
      ${sentences.length > 0 ? icon(peopleIcon) : nothing}
      <div>${sentences.map((sentence) => html`<p>${sentence}</p>`)}</div>
    </div>`;
  }

  #problem({ message, denied }: DeviceProblem): unknown {
    return html`<div class="problem" role="alert">
      <p>${message}</p>
      ${
        denied
          ? html`<details class="fold">
              <summary>${this.t('permissionHelp')}</summary>
              <p>${this.t(permissionHelp())}</p>
            </details>`
          : nothing
      }
    </div>`;
  }

  #choices({ devices, microphone, camera }: RoomState): unknown {
    const { t } = this;
    const choose = (
      device: 'microphone' | 'camera' | 'speaker',
      list: RoomState['devices']['cameras'],
      id: string,
    ): unknown => deviceRow(this, device, list, id, t);
    return html`<details class="devices fold">
      <summary>${t('devices')}</summary>
      <div class="choices">
        ${microphone === 'off' ? nothing : choose('microphone', devices.microphones, devices.microphoneId)}
        ${camera === 'off' ? nothing : choose('camera', devices.cameras, devices.cameraId)}
        ${devices.canChooseSpeaker ? choose('speaker', devices.speakers, devices.speakerId) : nothing}
        <enx-speaker-test></enx-speaker-test>
      </div>
    </details>`;
  }

  #toggle(kind: 'audio' | 'video', state: DeviceState, picture: Parameters<typeof icon>[0]): unknown {
    if (state === 'off') return nothing;
    const sends = state === 'on';
    const hint = deviceHint(this.room!, kind, this.t);
    const starting = state === 'starting';
    const label = this.t(kind === 'audio' ? 'microphone' : 'camera');
    return html`<button
      type="button"
      class="toggle"
      data-state=${state}
      aria-label=${starting || state === 'unavailable' ? hint : label}
      title=${hint}
      aria-pressed=${starting || state === 'unavailable' ? nothing : sends ? 'true' : 'false'}
      aria-disabled=${starting ? 'true' : nothing}
      @click=${() => {
        if (starting) return;
        if (state === 'unavailable') request(this, 'enx-device-retry-request', {});
        else request(this, 'enx-mute-request', { kind, muted: sends });
      }}
    >
      ${icon(picture)}
    </button>`;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const name = this.input?.value.trim();
    request(this, 'enx-join-request', name ? { name } : {});
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-prejoin': EnxPrejoin;
  }
}
