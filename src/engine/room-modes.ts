import type { RoomConnected } from '../protocol/index.js';
import type { EngineEnvironment } from './environment.js';
import type { Emit } from './events.js';
import type { FloorList } from './floor-list.js';
import type { Hands } from './hands.js';
import type { OwnStream } from './own-stream.js';
import type { Participants } from './participants.js';
import type { RoomStateStore } from './room-state.js';
import type { SessionMedia } from './session-media.js';

export interface RoomModesParts {
  environment: EngineEnvironment;
  store: RoomStateStore;
  participants: Participants;
  floor: FloorList;
  hands: Hands;
  own: OwnStream;
  media: () => SessionMedia | undefined;
  muteCamera: () => void;
  emit: Emit;
}

/** How the room is run, and how long. What changes it during a call is read by {@link ModeMessages}. */
export class RoomModes {
  constructor(readonly parts: RoomModesParts) {}

  /** What an admission says. */
  admitted({
    room,
    raisedHands,
    approvedHands,
    floorInvites,
    userRoleChangeRequests,
    mediaRecord,
    floor: ownFloor,
  }: RoomConnected): void {
    const { store, floor, hands } = this.parts;
    store.update({
      mode: room.settings.mode,
      roleRequests: Object.freeze(userRoleChangeRequests),
      recording: mediaRecord,
      lowBandwidth: false,
    });
    floor.reset({ requests: raisedHands, granted: approvedHands, invited: floorInvites }, ownFloor);
    hands.publish();
    if (room.remainingDuration === undefined) store.update({ endsAt: undefined });
    else this.timeLeft(room.remainingDuration);
  }

  /** @param minutes until the room closes */
  timeLeft(minutes: number): void {
    this.parts.store.update({ endsAt: this.parts.environment.now() + minutes * 60_000 });
  }
}
