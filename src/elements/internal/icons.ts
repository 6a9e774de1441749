/** The icons of the room, one import each, so that only these ship. */
export { default as chatIcon } from 'lucide/dist/esm/icons/message-square.mjs';
export { default as closeIcon } from 'lucide/dist/esm/icons/x.mjs';
export { default as leaveIcon } from 'lucide/dist/esm/icons/phone-off.mjs';
export { default as microphoneIcon } from 'lucide/dist/esm/icons/mic.mjs';
export { default as microphoneOffIcon } from 'lucide/dist/esm/icons/mic-off.mjs';
export { default as peopleIcon } from 'lucide/dist/esm/icons/users.mjs';
export { default as cameraIcon } from 'lucide/dist/esm/icons/video.mjs';
export { default as cameraOffIcon } from 'lucide/dist/esm/icons/video-off.mjs';
export { default as retryIcon } from 'lucide/dist/esm/icons/refresh-cw.mjs';
export { default as sendIcon } from 'lucide/dist/esm/icons/send-horizontal.mjs';
export { default as soundIcon } from 'lucide/dist/esm/icons/volume-2.mjs';
export { default as warningIcon } from 'lucide/dist/esm/icons/triangle-alert.mjs';
export { default as leftIcon } from 'lucide/dist/esm/icons/door-open.mjs';
export { default as offlineIcon } from 'lucide/dist/esm/icons/wifi-off.mjs';
export { default as waitIcon } from 'lucide/dist/esm/icons/hourglass.mjs';
