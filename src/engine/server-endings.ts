import { codeOf } from '../protocol/error-codes.js';
import type { RoomDisconnected } from '../protocol/index.js';
import { ending } from './endings.js';
import type { Ending, EndingReason } from './room-state.js';

/** Words of a server's `room-disconnected` (its free choice, protocol §9.2) → our reasons. */
const reasons: ReadonlyMap<string, EndingReason> = new Map([
  ['disconnected-by-moderator', 'removed'],
  ['normal-disconnect', 'left'],
  ['room-dismissed', 'dismissed'],
  ['server-shutdown', 'dismissed'],
  ['room-expired', 'expired'],
  ['room-empty', 'room-empty'],
  ['entry-denied', 'denied'],
  ['replaced-by-newer-session', 'replaced'],
]);

const reasonOf = ({ cause, msg }: RoomDisconnected): EndingReason | undefined =>
  reasons.get(cause?.msg ?? msg ?? '');

const numberOf = ({ cause, result }: RoomDisconnected): number =>
  cause?.cause ?? result ?? codeOf('unexpected-disconnection');

/** A server's ending; one that gives no reason we know counts as the room being closed. */
export const endingFrom = (payload: RoomDisconnected): Ending =>
  ending(reasonOf(payload) ?? 'dismissed', numberOf(payload));

/** The same for who waits to be let in: unless it is the room that ended, the answer was no. */
export function refusalFrom(payload: RoomDisconnected): Ending {
  const reason = reasonOf(payload);
  const isAboutRoom = reason === 'dismissed' || reason === 'expired' || reason === 'room-empty';
  return ending(isAboutRoom || reason === 'replaced' ? reason : 'denied', numberOf(payload));
}
