import { codeOf, type ErrorName } from '../../../src/protocol/index.js';
import type { Departure } from './attendance.js';
import type { ClientLink } from './participant.js';

/** Clients that are sent away unsubscribe, unpublish and wait up to a second for the answer (protocol §9.1). */
const GOODBYE_MS = 1500;

/** The client has time to say goodbye before its connection is closed. */
export function sendAway(link: ClientLink, cause: ErrorName): void {
  link.send('room-disconnected', endingOf(cause));
  link.close(GOODBYE_MS);
}

/** Payload of `room-disconnected` (protocol §9.2): number and stable name. */
export function endingOf(cause: ErrorName): {
  cause: { cause: number; msg: string };
  result: number;
  msg: string;
} {
  return { cause: { cause: codeOf(cause), msg: cause }, result: codeOf(cause), msg: cause };
}

/** How sessions end that are ended for everybody. */
const departures: Partial<Record<ErrorName, Departure>> = {
  'room-dismissed': 'dismissed',
  'room-expired': 'expired',
  'server-shutdown': 'server-shutdown',
};
export const departureOf = (cause: ErrorName): Departure => departures[cause] ?? 'left';

/** `reason` of `user-disconnected` (ours; see src/protocol/README.md): by themselves, connection lost, sent away. */
export const reasonOf = (how: Departure): 0 | 1 | 2 => (how === 'left' ? 0 : how === 'timed-out' ? 1 : 2);
