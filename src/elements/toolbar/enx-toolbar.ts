import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { DeviceState, RoomState } from '../../engine/room-state.js';
import { base, tokens } from '../internal/base-styles.js';
import { LocalizedElement } from '../i18n/localized.js';
import { define } from '../internal/define.js';
import { roomStateContext } from '../internal/contexts.js';
import { icon, type IconNode } from '../internal/icon.js';
import {
  cameraIcon,
  cameraOffIcon,
  chatIcon,
  leaveIcon,
  microphoneIcon,
  microphoneOffIcon,
  shareIcon,
  shareOffIcon,
} from '../internal/icons.js';
import { request } from '../internal/requests.js';
import type { StringKey } from '../internal/strings.js';

const deviceLabels: Record<'audio' | 'video', Record<DeviceState, StringKey>> = {
  audio: {
    off: 'noMicrophone',
    starting: 'microphoneStarting',
    on: 'muteMicrophone',
    muted: 'unmuteMicrophone',
    unavailable: 'microphoneUnavailable',
  },
  video: {
    off: 'noCamera',
    starting: 'cameraStarting',
    on: 'stopCamera',
    muted: 'startCamera',
    unavailable: 'cameraUnavailable',
  },
};

/**
 * Microphone, camera, share, chat, leave. Sets nothing itself: each click is a request that the room answers.
 *
 * @fires {CustomEvent} enx-mute-request - Microphone or camera was clicked.
 * @fires {CustomEvent} enx-device-retry-request - A device that could not be had was clicked.
 * @fires {CustomEvent} enx-share-request - The share button was clicked.
 * @fires {CustomEvent} enx-chat-request - The chat button was clicked.
 * @fires {CustomEvent} enx-leave-request - The leave button was clicked.
 * @csspart button - Every button; `leave-button` besides for the last one.
 * @slot start - Before our buttons.
 * @slot end - Between our buttons and leave.
 */
@define('enx-toolbar')
export class EnxToolbar extends LocalizedElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        --_focus: #fff;
        display: flex;
        align-items: center;
        justify-content: center;
        gap: var(--_space-2);
        padding: var(--_space-2) var(--_space-3) max(var(--_space-2), env(safe-area-inset-bottom));
        color: var(--_on-stage);
      }
      button {
        position: relative;
        display: inline-flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        min-width: var(--_control-size);
        height: var(--_control-size);
        padding: 0 12px;
        border: 0;
        border-radius: 999px;
        background: #2d323a;
        color: inherit;
        font-size: 0.9em;
        font-weight: 550;
        white-space: nowrap;
        transition:
          background-color var(--_motion) ease-out,
          color var(--_motion) ease-out;
      }
      button svg {
        flex: none;
        font-size: 20px;
      }
      button:hover:not(:disabled) {
        background: #3b414b;
      }
      button:disabled {
        color: var(--_on-stage-muted);
      }
      button[data-state='muted'],
      button[data-state='unavailable'] {
        background: #f2f4f7;
        color: #b3202c;
      }
      button[data-state='muted']:hover,
      button[data-state='unavailable']:hover {
        background: #fff;
      }
      button[aria-expanded='true'],
      button[aria-pressed='true'] {
        background: #f2f4f7;
        color: #171a1f;
      }
      button.leave {
        background: var(--_danger);
        color: var(--_on-danger);
        padding-inline: 16px;
      }
      button.leave:hover {
        background: color-mix(in srgb, var(--_danger) 88%, #fff);
      }
      .badge {
        position: absolute;
        top: -3px;
        inset-inline-end: -3px;
        min-width: 19px;
        height: 19px;
        padding: 0 5px;
        border-radius: 999px;
        background: #7ea6ff;
        color: #0c1830;
        font-size: 12px;
        line-height: 19px;
        font-weight: 700;
        font-variant-numeric: tabular-nums;
        text-align: center;
      }
      .badge.warning {
        background: var(--_warning);
        color: #241a00;
      }
      @container (max-width: 560px) {
        button:not(.leave) span:not(.badge) {
          display: none;
        }
      }
      @container (max-width: 380px) {
        button span:not(.badge) {
          display: none;
        }
      }
      @container (max-width: 300px) {
        :host {
          gap: 6px;
          padding-inline: 6px;
        }
        button,
        button.leave {
          padding: 0;
        }
      }
      @media (forced-colors: active) {
        button {
          border: 1px solid ButtonText;
        }
      }
    `,
  ];

  @consume({ context: roomStateContext, subscribe: true }) @property({ attribute: false }) room:
    RoomState | undefined;
  /** The panel that is open. */
  @property() panel: 'chat' | 'people' | 'settings' | undefined;
  /** Messages that came while the chat was closed. */
  @property({ type: Number }) unread = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'toolbar');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale')) this.setAttribute('aria-label', this.t('toolbar'));
  }

  protected override render(): unknown {
    const { room } = this;
    if (!room) return nothing;
    return html`
      <slot name="start"></slot>
      ${this.#device('audio', room.microphone, microphoneIcon, microphoneOffIcon, 'microphone')}
      ${this.#device('video', room.camera, cameraIcon, cameraOffIcon, 'camera')} ${this.#share(room)}
      <button
        part="button"
        type="button"
        class="chat"
        aria-expanded=${this.panel === 'chat' ? 'true' : 'false'}
        aria-label=${this.t(this.panel === 'chat' ? 'closeChat' : 'openChat')}
        title=${this.t(this.panel === 'chat' ? 'closeChat' : 'openChat')}
        @click=${() => request(this, 'enx-chat-request', { open: !(this.panel === 'chat') })}
      >
        ${icon(chatIcon)}<span>${this.t('chat')}</span>
        ${
          this.unread > 0
            ? html`<span class="badge" aria-hidden="true">${this.unread > 99 ? '99+' : this.unread}</span>
                <span class="visually-hidden">${this.t('unreadMessages', { count: this.unread })}</span>`
            : nothing
        }
      </button>
      <slot name="end"></slot>
      <button
        part="button leave-button"
        type="button"
        class="leave"
        aria-label=${this.t('leave')}
        title=${this.t('leave')}
        @click=${() => request(this, 'enx-leave-request', {})}
      >
        ${icon(leaveIcon)}<span>${this.t('leave')}</span>
      </button>
    `;
  }

  /** Only where the room allows it and the browser can. */
  #share({ canShare, share, role }: RoomState): unknown {
    const able = 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
    if (!canShare || !able || role === 'viewer' || role === 'audience') return nothing;
    const on = share?.isSelf ?? false;
    const label = this.t(on ? 'stopShare' : 'startShare');
    return html`<button
      part="button"
      type="button"
      class="share"
      aria-pressed=${on ? 'true' : 'false'}
      aria-label=${label}
      title=${label}
      @click=${() => request(this, 'enx-share-request', { on: !on })}
    >
      ${icon(on ? shareOffIcon : shareIcon)}<span>${this.t('share')}</span>
    </button>`;
  }

  #device(
    kind: 'audio' | 'video',
    state: DeviceState,
    on: IconNode,
    off: IconNode,
    name: StringKey,
  ): unknown {
    const held = state === 'muted' && (this.room?.hardMuted[kind] ?? false);
    const label = held
      ? this.t(kind === 'audio' ? 'hardMutedMicrophone' : 'hardMutedCamera')
      : this.t(deviceLabels[kind][state]);
    const sends = state === 'on';
    return html`<button
      part="button"
      type="button"
      class=${kind}
      data-state=${state}
      aria-label=${label}
      title=${label}
      ?disabled=${state === 'off' || state === 'starting' || held}
      @click=${() => {
        if (state === 'unavailable') request(this, 'enx-device-retry-request', {});
        else request(this, 'enx-mute-request', { kind, muted: sends });
      }}
    >
      ${icon(sends || state === 'starting' ? on : off)}<span>${this.t(name)}</span>
      ${state === 'unavailable' ? html`<span class="badge warning" aria-hidden="true">!</span>` : nothing}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-toolbar': EnxToolbar;
  }
}
