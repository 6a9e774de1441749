/** Icons that only panels, menus and the controls of a player show: they come with these. */
export { default as sendIcon } from 'lucide/dist/esm/icons/send-horizontal.mjs';
export { default as captureIcon } from 'lucide/dist/esm/icons/camera.mjs';
export { default as fullScreenIcon } from 'lucide/dist/esm/icons/maximize-2.mjs';
export { default as endFullScreenIcon } from 'lucide/dist/esm/icons/minimize-2.mjs';
export { default as hideIcon } from 'lucide/dist/esm/icons/eye-off.mjs';
export { default as pictureInPictureIcon } from 'lucide/dist/esm/icons/picture-in-picture-2.mjs';
export { default as unpinIcon } from 'lucide/dist/esm/icons/pin-off.mjs';
export { default as checkIcon } from 'lucide/dist/esm/icons/check.mjs';
export { default as searchIcon } from 'lucide/dist/esm/icons/search.mjs';
export { default as copyIcon } from 'lucide/dist/esm/icons/copy.mjs';
export { default as saveIcon } from 'lucide/dist/esm/icons/download.mjs';
export { default as emojiIcon } from 'lucide/dist/esm/icons/face-slightly-smiling.mjs';
export { default as clockIcon } from 'lucide/dist/esm/icons/clock.mjs';
export { default as endIcon } from 'lucide/dist/esm/icons/circle-x.mjs';
