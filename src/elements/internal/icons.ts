/** The icons of the room, one import each, so that only these ship. */
import type { IconNode } from './icon.js';

/** Three bars, of which so many are lit. */
const bars = (lit: number): IconNode =>
  ['M6 19v-3', 'M12 19v-8', 'M18 19V5'].map((d, index) => [
    'path',
    { d, 'stroke-width': 3.4, opacity: index < lit ? 1 : 0.35 },
  ]);
export const barsIcons = { 1: bars(1), 2: bars(2), 3: bars(3) } as const;
export { default as chatIcon } from 'lucide/dist/esm/icons/message-square.mjs';
export { default as closeIcon } from 'lucide/dist/esm/icons/x.mjs';
export { default as leaveIcon } from 'lucide/dist/esm/icons/phone-off.mjs';
export { default as microphoneIcon } from 'lucide/dist/esm/icons/mic.mjs';
export { default as microphoneOffIcon } from 'lucide/dist/esm/icons/mic-off.mjs';
export { default as personIcon } from 'lucide/dist/esm/icons/user-round.mjs';
export { default as peopleIcon } from 'lucide/dist/esm/icons/users.mjs';
export { default as cameraIcon } from 'lucide/dist/esm/icons/video.mjs';
export { default as cameraOffIcon } from 'lucide/dist/esm/icons/video-off.mjs';
export { default as shareIcon } from 'lucide/dist/esm/icons/monitor-up.mjs';
export { default as shareOffIcon } from 'lucide/dist/esm/icons/monitor-x.mjs';
export { default as handIcon } from 'lucide/dist/esm/icons/hand.mjs';
export { default as soundIcon } from 'lucide/dist/esm/icons/volume-2.mjs';
export { default as warningIcon } from 'lucide/dist/esm/icons/triangle-alert.mjs';
export { default as leftIcon } from 'lucide/dist/esm/icons/door-open.mjs';
export { default as offlineIcon } from 'lucide/dist/esm/icons/wifi-off.mjs';
export { default as waitIcon } from 'lucide/dist/esm/icons/hourglass.mjs';
export { default as moveIcon } from 'lucide/dist/esm/icons/move.mjs';
export { default as nextIcon } from 'lucide/dist/esm/icons/chevron-right.mjs';
export { default as pinIcon } from 'lucide/dist/esm/icons/pin.mjs';
export { default as previousIcon } from 'lucide/dist/esm/icons/chevron-left.mjs';
export { default as silenceIcon } from 'lucide/dist/esm/icons/volume-x.mjs';
export { default as spotlightIcon } from 'lucide/dist/esm/icons/star.mjs';
export { default as caretIcon } from 'lucide/dist/esm/icons/chevron-up.mjs';
export { default as dotsIcon } from 'lucide/dist/esm/icons/ellipsis.mjs';
export { default as layoutIcon } from 'lucide/dist/esm/icons/layout-dashboard.mjs';
export { default as reactIcon } from 'lucide/dist/esm/icons/face-slightly-smiling-plus.mjs';
export { default as settingsIcon } from 'lucide/dist/esm/icons/settings.mjs';
export { default as recordIcon } from 'lucide/dist/esm/icons/circle-dot.mjs';
