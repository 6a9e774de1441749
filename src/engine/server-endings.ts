import { codeOf, type RoomDisconnected } from '../protocol/index.js';
import { ending } from './endings.js';
import type { Ending, EndingReason } from './room-state.js';

/** Words of a server's `room-disconnected` (its free choice, protocol §9.2) → our reasons. */
const reasons: ReadonlyMap<string, EndingReason> = new Map([
  ['disconnected-by-moderator', 'removed'],
  ['normal-disconnect', 'left'],
  ['room-dismissed', 'dismissed'],
  ['room-expired', 'expired'],
  ['room-empty', 'room-empty'],
  ['entry-denied', 'denied'],
  ['replaced-by-newer-session', 'replaced'],
]);

/** A server's ending; one that gives no reason we know counts as the room being closed. */
export function endingFrom(payload: RoomDisconnected): Ending {
  const word = payload.cause?.msg ?? payload.msg ?? '';
  return ending(
    reasons.get(word) ?? 'dismissed',
    payload.cause?.cause ?? payload.result ?? codeOf('unexpected-disconnection'),
  );
}
