/** What messages of both directions are made of. */
import { boolean, either, type Guard, type Guarded, integer, lenient, optional, text } from './guards.js';

/** Id of a client, a room or a stream. */
export const id = text(128, 1);
/** Slots are small integers; published streams have ids of the server's choosing, number or string. */
export const streamId = either(integer(0), id);
export type StreamId = Guarded<typeof streamId>;

/** A receiving slot: a small integer, which some servers write as text. */
export const slotId: Guard<number> = (value, path) =>
  integer(0)(typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value, path);

export const roles = ['moderator', 'participant', 'viewer', 'audience'] as const;
export type Role = (typeof roles)[number];

export const flag = lenient(optional(boolean), undefined);

/** Largest SDP accepted either way: 18 slots need about 20 kB. */
export const sdp = text(200_000, 1);

/** Whoever names recipients without saying clearly that it is for everybody means just them. */
export function privately<T extends { broadcast?: boolean | undefined; clients: string[] }>(
  guard: Guard<T>,
): Guard<Omit<T, 'broadcast'> & { broadcast: boolean }> {
  return (value, path) => {
    const message = guard(value, path);
    return { ...message, broadcast: message.broadcast ?? message.clients.length === 0 };
  };
}
