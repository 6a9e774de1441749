/** The room engine: usable without any element. */
export { Room, type TokenSource } from './room.js';
export { RoomError } from './errors.js';
export type { RoomEvents } from './events.js';
export type { EngineEnvironment } from './environment.js';
export type { ConnectionState } from './connection-state.js';
export type {
  ChatMessage,
  DeviceInfo,
  DevicesState,
  DeviceState,
  Ending,
  EndingReason,
  FloorState,
  HandState,
  ParticipantState,
  PersonState,
  ReceiveQuality,
  RoomState,
  TalkerState,
} from './room-state.js';
export type { AdvanceOption, LocalInfo, PlayerConfiguration, RoomInfo, RoomOptions } from './options.js';
