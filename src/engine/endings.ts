import type { Ending, EndingReason } from './room-state.js';

const sentences: Record<EndingReason, string> = {
  left: 'You left the room.',
  removed: 'A moderator removed you from the room.',
  dismissed: 'The room was closed.',
  'room-empty': 'Everybody else has left, so the room was closed.',
  denied: 'A moderator did not let you in.',
  expired: 'The time of this room is over.',
  replaced: 'You joined this room again somewhere else.',
  'reconnect-failed': 'The connection was lost and could not be restored.',
  network: 'The connection was lost.',
};

export function ending(reason: EndingReason, code: number): Ending {
  return Object.freeze({ reason, code, message: sentences[reason] });
}

/** Reason number of `exit-room`: 0 left, 1 removed, 2 room dismissed. */
export function exitReason(reason: EndingReason): 0 | 1 | 2 {
  if (reason === 'removed' || reason === 'denied') return 1;
  if (reason === 'dismissed' || reason === 'expired' || reason === 'room-empty') return 2;
  return 0;
}
