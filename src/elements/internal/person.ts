import type { ParticipantState, RoomState } from '../../engine/room-state.js';

/** Stands for oneself, whatever one's client id is. */
export const SELF = 'self';
/** Stands for the shared screen. */
export const SCREEN = 'screen';

/** What a player shows of somebody, or of the shared screen. */
export interface Person {
  /** Client id; empty for oneself before joining. */
  id: string;
  name: string;
  self: boolean;
  screen: boolean;
  /** Where their loudness is read, and whose picture is paused while it is not on screen. */
  slot: number | 'self' | undefined;
  stream: MediaStream | undefined;
  /** Sends a picture. */
  video: boolean;
  audioMuted: boolean;
  videoMuted: boolean;
  /** A moderator, oneself, has muted them. */
  audioHardMuted: boolean;
  videoHardMuted: boolean;
  talking: boolean;
  pinned: boolean;
  spotlighted: boolean;
  /** Place among the raised hands from 1; 0 = not raised. */
  hand: number;
  lowBandwidth: boolean;
}

/**
 * Somebody by client id, {@link SELF} or {@link SCREEN}.
 * @returns `undefined` when they are not here.
 */
export function personOf(room: RoomState, id: string): Person | undefined {
  if (id === SCREEN) return screenOf(room);
  if (id === SELF || (id !== '' && id === room.clientId)) return selfOf(room);
  const talker = room.talkers.find(({ clientId }) => clientId === id);
  const participant = room.participants.find(({ clientId }) => clientId === id);
  if (!talker && !participant) return undefined;
  return {
    id,
    name: talker?.name ?? participant!.name,
    self: false,
    screen: false,
    slot: talker?.slot,
    stream: talker?.stream,
    video: talker?.video ?? false,
    audioMuted: talker ? !talker.audio : (participant?.audioMuted ?? false),
    videoMuted: participant?.videoMuted ?? !talker?.video,
    audioHardMuted: participant ? isHeld(room, participant) : false,
    videoHardMuted: participant?.videoHardMuted ?? false,
    talking: talker?.talking ?? false,
    pinned: room.pinned.includes(id),
    spotlighted: room.spotlighted.includes(id),
    hand: handOf(room, id),
    lowBandwidth: talker?.lowBandwidth ?? false,
  };
}

function selfOf(room: RoomState): Person {
  return {
    id: room.clientId,
    name: room.name,
    self: true,
    screen: false,
    slot: SELF,
    stream: room.localStream,
    video: room.camera === 'on',
    audioMuted: room.microphone !== 'on',
    videoMuted: room.camera !== 'on',
    audioHardMuted: room.hardMuted.audio,
    videoHardMuted: room.hardMuted.video,
    talking: room.talking,
    pinned: false,
    spotlighted: room.spotlighted.includes(room.clientId),
    hand: handOf(room, room.clientId),
    lowBandwidth: room.lowBandwidth,
  };
}

function screenOf({ share }: RoomState): Person | undefined {
  if (!share) return undefined;
  return {
    id: share.clientId,
    name: share.name,
    self: share.isSelf,
    screen: true,
    slot: undefined,
    stream: share.stream,
    video: Boolean(share.stream),
    audioMuted: false,
    videoMuted: false,
    audioHardMuted: false,
    videoHardMuted: false,
    talking: false,
    pinned: false,
    spotlighted: false,
    hand: 0,
    lowBandwidth: false,
  };
}

/** Only a moderator can let their microphone be heard: muted by oneself as a moderator, or with everybody. */
export const isHeld = (
  { roomMuted }: RoomState,
  { role, audioMuted, audioHardMuted }: ParticipantState,
): boolean => audioHardMuted || (roomMuted && audioMuted && role !== 'moderator');

const handOf = (room: RoomState, id: string): number =>
  room.hands.findIndex(({ clientId }) => clientId === id) + 1;
