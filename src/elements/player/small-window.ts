import { html, render } from 'lit';
import { live } from 'lit/directives/live.js';
import type { RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import { icon, type IconNode } from '../internal/icon.js';
import {
  cameraIcon,
  cameraOffIcon,
  leaveIcon,
  microphoneIcon,
  microphoneOffIcon,
} from '../internal/icons.js';
import { request } from '../internal/requests.js';
import { documentApi } from './small-window-api.js';

interface SmallWindowControl {
  label: string;
  picture: IconNode;
  /** Off, and drawn so; the label says what a click does. */
  off?: boolean;
  danger?: boolean;
  run: () => void;
}

/** What a small window shows. */
export interface SmallWindowView {
  label: string;
  stream: MediaStream | undefined;
  /** Oneself. */
  mirrored: boolean;
  /** A shared screen is shown whole. */
  whole: boolean;
  /** Language and direction of the texts. */
  lang: string;
  dir: string;
  controls: readonly SmallWindowControl[];
}

/** Microphone, camera and leave, as far as one has them. @param from where the requests are fired. */
export function callControls(
  from: EventTarget,
  { microphone, camera }: RoomState,
  t: Translate,
): SmallWindowControl[] {
  const controls: SmallWindowControl[] = [];
  if (microphone === 'on' || microphone === 'muted') {
    const on = microphone === 'on';
    controls.push({
      label: t(on ? 'muteMicrophone' : 'unmuteMicrophone'),
      picture: on ? microphoneIcon : microphoneOffIcon,
      off: !on,
      run: () => void request(from, 'enx-mute-request', { kind: 'audio', muted: on }),
    });
  }
  if (camera === 'on' || camera === 'muted') {
    const on = camera === 'on';
    controls.push({
      label: t(on ? 'stopCamera' : 'startCamera'),
      picture: on ? cameraIcon : cameraOffIcon,
      off: !on,
      run: () => void request(from, 'enx-mute-request', { kind: 'video', muted: on }),
    });
  }
  controls.push({
    label: t('leave'),
    picture: leaveIcon,
    danger: true,
    run: () => void request(from, 'enx-leave-request', {}),
  });
  return controls;
}

const css = `
  :root { color-scheme: dark; }
  body { margin: 0; height: 100vh; overflow: hidden; background: #14161a; color: #fff; font: 14px system-ui, sans-serif; }
  video { width: 100%; height: 100%; object-fit: cover; display: block; }
  video.whole { object-fit: contain; }
  video.mirrored { transform: scaleX(-1); }
  .label { position: absolute; top: 8px; inset-inline-start: 8px; max-width: calc(100% - 34px); padding: 3px 9px;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap; border-radius: 999px; background: rgb(12 14 18 / 0.7); }
  .bar { position: absolute; inset: auto 0 0; display: flex; justify-content: center; gap: 8px; padding: 10px;
    background: linear-gradient(to top, rgb(12 14 18 / 0.8), transparent); }
  button { display: grid; place-items: center; width: 44px; height: 44px; border: 0; border-radius: 50%;
    background: #2d323a; color: #fff; font-size: 20px; cursor: pointer; }
  button.off { background: #f2f4f7; color: #b3202c; }
  button.danger { background: #d92f3c; }
  button:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
`;

/**
 * One player over other apps: a document with controls where the browser has that, else the bare video.
 * Ends by {@link close}, or when the person closes the window.
 */
export class SmallWindow {
  #window: Window | undefined;
  #video: HTMLVideoElement | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly closed: () => void,
  ) {}

  /** Call from a click. @throws {DOMException} when the browser does not let us. */
  async open(view: SmallWindowView): Promise<void> {
    const api = documentApi();
    if (!api) {
      await this.video.requestPictureInPicture();
      this.#video = this.video;
      this.video.addEventListener('leavepictureinpicture', () => this.#ended(), { once: true });
      return;
    }
    const { videoWidth, videoHeight } = this.video;
    const width = 360;
    const height = Math.round(
      Math.min(480, Math.max(200, (width * (videoHeight || 9)) / (videoWidth || 16))),
    );
    const small = await api.requestWindow({ width, height });
    this.#window = small;
    const sheet = new small.CSSStyleSheet();
    sheet.replaceSync(css);
    small.document.adoptedStyleSheets = [sheet];
    small.addEventListener('pagehide', () => this.#ended(), { once: true });
    this.update(view);
  }

  /** Shows what has changed. */
  update({ label, stream, mirrored, whole, lang, dir, controls }: SmallWindowView): void {
    const small = this.#window;
    if (!small) return;
    small.document.title = label;
    Object.assign(small.document.documentElement, { lang, dir });
    render(
      html`<video
          class="${mirrored ? 'mirrored' : ''} ${whole ? 'whole' : ''}"
          autoplay
          playsinline
          .muted=${true}
          .srcObject=${live(stream ?? null)}
        ></video>
        <div class="label">${label}</div>
        <div class="bar">
          ${controls.map(
            (control) =>
              html`<button
                type="button"
                class=${control.danger ? 'danger' : control.off ? 'off' : ''}
                aria-label=${control.label}
                title=${control.label}
                @click=${control.run}
              >
                ${icon(control.picture)}
              </button>`,
          )}
        </div>`,
      small.document.body,
    );
  }

  close(): void {
    this.#window?.close();
    if (this.#video && document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => {});
    this.#ended();
  }

  #ended(): void {
    if (!this.#window && !this.#video) return;
    this.#window = this.#video = undefined;
    this.closed();
  }
}
