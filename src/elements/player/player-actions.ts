import type { Locale } from '../i18n/locale.js';
import type { PlayerConfiguration } from '../../engine/options.js';
import type { RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import { request } from '../internal/requests.js';
import { type CapturedView, captureFrame, captureName, download } from './capture.js';
import { controlsOf, type PlayerControl, type PlayerFacts } from './player-controls.js';
import { hasSmallWindows } from './small-window-api.js';
import { callControls, SmallWindow, type SmallWindowView } from './small-window.js';

/** A player, as far as its actions need it. */
export type ActingPlayer = HTMLElement &
  PlayerFacts & {
    readonly show: PlayerConfiguration;
    readonly extraControls: readonly PlayerControl[] | undefined;
    readonly videoElement: HTMLVideoElement;
    readonly stream: MediaStream | undefined;
    readonly label: string;
    readonly locale: Locale;
    readonly room: RoomState | undefined;
    readonly t: Translate;
    inSmallWindow: boolean;
  };

/** What can be done with one player: its controls, saving the picture, full screen, and a small window. */
export class PlayerActions {
  #smallWindow: SmallWindow | undefined;

  constructor(private readonly player: ActingPlayer) {}

  get controls(): PlayerControl[] {
    const { player } = this;
    const abilities = { fullScreen: document.fullscreenEnabled, pictureInPicture: hasSmallWindows() };
    return [...(player.extraControls ?? []), ...controlsOf(player, player.show, abilities, player.t)];
  }

  capture(): void {
    const { personId: clientId, displayName: name } = this.player;
    if (request(this.player, 'enx-capture-request', { clientId, name })) void this.#capture(clientId, name);
  }

  toggleFullScreen(): void {
    const { player } = this;
    const on = !player.fillsScreen;
    if (!request(player, 'enx-full-screen-request', { clientId: player.personId, on })) return;
    const done = on ? player.requestFullscreen() : document.exitFullscreen();
    done.catch(() => {
      // The person or the page does not want it.
    });
  }

  togglePictureInPicture(): void {
    const { player } = this;
    const on = !player.inSmallWindow;
    if (!request(player, 'enx-picture-in-picture-request', { clientId: player.personId, on })) return;
    if (on) void this.#openSmallWindow();
    else this.#smallWindow?.close();
  }

  /** Something that the player shows has changed. */
  update(): void {
    this.#smallWindow?.update(this.#view());
  }

  /** The player is no longer in the page. */
  close(): void {
    this.#smallWindow?.close();
  }

  async #capture(clientId: string, name: string): Promise<void> {
    const frame = await captureFrame(this.player.videoElement);
    if (!frame) return;
    download(frame.image, captureName(name, new Date()));
    const detail: CapturedView = { clientId, name, ...frame };
    this.player.dispatchEvent(new CustomEvent('captured-view', { detail, bubbles: true, composed: true }));
  }

  async #openSmallWindow(): Promise<void> {
    const { player } = this;
    const small = new SmallWindow(player.videoElement, () => {
      this.#smallWindow = undefined;
      player.inSmallWindow = false;
    });
    try {
      await small.open(this.#view());
      this.#smallWindow = small;
      player.inSmallWindow = true;
    } catch {
      // The person or the page does not want it.
    }
  }

  #view(): SmallWindowView {
    const { player } = this;
    return {
      label: player.label,
      stream: player.showsPicture ? player.stream : undefined,
      mirrored: player.hasAttribute('data-mirrored'),
      whole: player.screen,
      lang: player.locale.lang,
      dir: getComputedStyle(player).direction,
      controls: player.room ? callControls(player, player.room, player.t) : [],
    };
  }
}
