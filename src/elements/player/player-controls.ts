import type { PlayerConfiguration } from '../../engine/options.js';
import type { IconNode } from '../internal/icon.js';
import {
  cameraIcon,
  cameraOffIcon,
  microphoneIcon,
  microphoneOffIcon,
  pinIcon,
  silenceIcon,
  spotlightIcon,
} from '../internal/icons.js';
import {
  captureIcon,
  endFullScreenIcon,
  fullScreenIcon,
  hideIcon,
  pictureInPictureIcon,
  unpinIcon,
} from '../internal/icons-panels.js';
import { type EnxRequestMap, type EnxRequestName, request } from '../internal/requests.js';
import type { Translate } from '../i18n/locale.js';

/** A button over a player, and an entry of its menu. */
export interface PlayerControl {
  id: string;
  label: string;
  picture: IconNode;
  /** Stands over the picture where there is room; the others are in the menu only. */
  inline?: boolean;
  run: () => void;
}

/** What the controls of a player depend on. */
export interface PlayerFacts extends EventTarget {
  readonly personId: string;
  readonly displayName: string;
  readonly self: boolean;
  readonly screen: boolean;
  readonly audioMuted: boolean;
  readonly videoMuted: boolean;
  readonly audioHardMuted: boolean;
  readonly videoHardMuted: boolean;
  readonly pinned: boolean;
  readonly spotlighted: boolean;
  /** Oneself may moderate. */
  readonly moderates: boolean;
  readonly mutedForMe: boolean;
  readonly hiddenForMe: boolean;
  /** A picture is on screen. */
  readonly showsPicture: boolean;
  readonly fillsScreen: boolean;
  readonly inSmallWindow: boolean;
  toggleFullScreen(): void;
  togglePictureInPicture(): void;
  capture(): void;
}

/** What this browser can do. */
export interface PlayerAbilities {
  fullScreen: boolean;
  pictureInPicture: boolean;
}

/**
 * The controls of one player, in order.
 *
 * The mute buttons act on oneself where the player shows oneself. On somebody else's player they are a moderator's: the
 * person cannot undo them. For everybody else they are local: one no longer hears or sees that person.
 */
export function controlsOf(
  player: PlayerFacts,
  show: PlayerConfiguration,
  abilities: PlayerAbilities,
  t: Translate,
): PlayerControl[] {
  const { personId: clientId, self, screen, moderates } = player;
  const ask =
    <K extends EnxRequestName>(name: K, detail: EnxRequestMap[K]) =>
    (): void =>
      void request(player, name, detail);
  const controls: PlayerControl[] = [];
  const add = (id: string, label: string, picture: IconNode, run: () => void, inline = false): void =>
    void controls.push({ id, label, picture, inline, run });

  if (!screen && (self || clientId)) {
    if (show.audiomute) add('audiomute', ...audioMute(player, ask, t), true);
    if (show.videomute) add('videomute', ...videoMute(player, ask, t), true);
  }
  if (show.screenshot && player.showsPicture)
    add('screenshot', t('capture'), captureIcon, () => player.capture(), true);
  if (!self && !screen && clientId) {
    const { pinned, spotlighted } = player;
    add(
      'pin',
      t(pinned ? 'unpin' : 'pin'),
      pinned ? unpinIcon : pinIcon,
      ask('enx-pin-request', { clientId, pinned: !pinned }),
      true,
    );
    if (moderates) {
      add(
        'spotlight',
        t(spotlighted ? 'endSpotlight' : 'spotlight'),
        spotlightIcon,
        ask('enx-moderate-request', { clientId, action: spotlighted ? 'end-spotlight' : 'spotlight' }),
      );
    }
  }
  if (abilities.pictureInPicture && (player.showsPicture || player.inSmallWindow)) {
    const label = t(player.inSmallWindow ? 'endPictureInPicture' : 'pictureInPicture');
    add('picture-in-picture', label, pictureInPictureIcon, () => player.togglePictureInPicture());
  }
  if (abilities.fullScreen) {
    const { fillsScreen } = player;
    const picture = fillsScreen ? endFullScreenIcon : fullScreenIcon;
    add(
      'full-screen',
      t(fillsScreen ? 'endFullScreen' : 'fullScreen'),
      picture,
      () => player.toggleFullScreen(),
      true,
    );
  }
  return controls;
}

type Ask = <K extends EnxRequestName>(name: K, detail: EnxRequestMap[K]) => () => void;
type Mute = [label: string, picture: IconNode, run: () => void];

function audioMute(player: PlayerFacts, ask: Ask, t: Translate): Mute {
  const { personId: clientId, audioMuted: muted, mutedForMe } = player;
  const kind = 'audio';
  if (player.self) {
    const label = t(muted ? 'unmuteMicrophone' : 'muteMicrophone');
    return [
      label,
      muted ? microphoneOffIcon : microphoneIcon,
      ask('enx-mute-request', { kind, muted: !muted }),
    ];
  }
  if (player.moderates) {
    return [
      t(player.audioHardMuted ? 'unmutePerson' : 'muteMicrophone'),
      muted ? microphoneOffIcon : microphoneIcon,
      ask('enx-moderate-request', { clientId, action: player.audioHardMuted ? 'unmute' : 'mute' }),
    ];
  }
  return [
    t(mutedForMe ? 'unmuteForMe' : 'muteForMe'),
    mutedForMe ? silenceIcon : microphoneIcon,
    ask('enx-local-mute-request', { clientId, kind, muted: !mutedForMe }),
  ];
}

function videoMute(player: PlayerFacts, ask: Ask, t: Translate): Mute {
  const { personId: clientId, videoMuted: muted, hiddenForMe } = player;
  const kind = 'video';
  if (player.self) {
    const label = t(muted ? 'startCamera' : 'stopCamera');
    return [label, muted ? cameraOffIcon : cameraIcon, ask('enx-mute-request', { kind, muted: !muted })];
  }
  if (player.moderates) {
    return [
      t(player.videoHardMuted ? 'allowPersonVideo' : 'stopCamera'),
      muted ? cameraOffIcon : cameraIcon,
      ask('enx-moderate-request', { clientId, action: player.videoHardMuted ? 'allow-video' : 'stop-video' }),
    ];
  }
  return [
    t(hiddenForMe ? 'showForMe' : 'hideForMe'),
    hiddenForMe ? hideIcon : cameraIcon,
    ask('enx-local-mute-request', { clientId, kind, muted: !hiddenForMe }),
  ];
}
