import type { RoomSettings } from '../rest/room-settings.js';
import { RequestError } from './request-error.js';

/** A scheduled room opens this long before its time (api-facts §6). */
const EARLY_MS = 15 * 60_000;

/** From when to when a scheduled room is there, milliseconds since the epoch; `undefined` for one without a time. */
export function scheduleOf({
  scheduled,
  scheduled_time: time,
  duration,
}: RoomSettings): { opensAt: number; endsAt: number } | undefined {
  if (!scheduled || time === undefined || duration === undefined) return undefined;
  const startsAt = momentOf(time);
  return { opensAt: startsAt - EARLY_MS, endsAt: startsAt + duration * 60_000 };
}

/** `YYYY-MM-DD HH:mm:ss` in UTC, as milliseconds since the epoch; `NaN` for no such moment. */
export const momentOf = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`);

/** Whether a session may begin. @throws {RequestError} `connect-refused` before the time, `room-expired` after it */
export function checkOpen(settings: RoomSettings, now: number): void {
  const schedule = scheduleOf(settings);
  if (!schedule) return;
  if (now < schedule.opensAt) {
    const opening = new Date(schedule.opensAt).toISOString();
    throw new RequestError('connect-refused', `This room opens at ${opening}.`);
  }
  if (now >= schedule.endsAt) throw new RequestError('room-expired', 'The time of this room is over.');
}
