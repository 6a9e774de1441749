/** What most calls never need: what rooms with rules do and are told, and what only pages are told. */
export { seldomMessages } from '../protocol/seldom-messages.js';
export { ackEventOf } from './acks.js';
export { AdvancedOptions, receivedPictures } from './advanced-options.js';
export { Floor } from './floor.js';
export { ModeMessages } from './mode-messages.js';
export { Moderation } from './moderation.js';
export { fileNotice, noticesOf } from './notices.js';
export { SharePermissions } from './share-permissions.js';
