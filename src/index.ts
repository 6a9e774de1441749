/** Browser entry: defines the elements and re-exports the engine. */
export * from './engine/index.js';
export { EnxRoom, type JoinMode } from './elements/room/enx-room.js';
export type { EnxRoomEventMap, EnxRoomEventName, ErrorDetail } from './elements/room/event-map.js';
export type { EnxRequestMap, EnxRequestName } from './elements/internal/requests.js';
export type { RoomStatus } from './elements/prejoin/room-status.js';
export { EnxStage } from './elements/stage/enx-stage.js';
export { EnxPlayer } from './elements/player/enx-player.js';
export { EnxToolbar } from './elements/toolbar/enx-toolbar.js';
export { EnxChat } from './elements/chat/enx-chat.js';
export { registerStrings } from './elements/i18n/languages.js';
export type { PluralText, Strings, Text } from './elements/i18n/locale.js';
export type { StringKey } from './elements/internal/strings.js';
