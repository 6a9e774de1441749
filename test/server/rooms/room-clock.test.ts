import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { Participant } from '../../../server/src/rooms/participant.js';
import { People } from '../../../server/src/rooms/people.js';
import { RoomClock } from '../../../server/src/rooms/room-clock.js';

const MINUTE = 60_000;

interface Setting {
  clock: RoomClock;
  /** What somebody in the room heard, with the minutes since the start. */
  heard: { at: number; event: string; payload: unknown }[];
  /** Minutes after which the session was over. */
  expired: number[];
}

/** A room of so many minutes with one person in it. */
function start(durationMin: number | undefined, endsInMin?: number): Setting {
  const startedAt = Date.now();
  const minutes = () => (Date.now() - startedAt) / MINUTE;
  const people = new People();
  const heard: Setting['heard'] = [];
  const expired: number[] = [];
  people.all.set('ann', {
    link: { send: (event: string, payload: unknown) => heard.push({ at: minutes(), event, payload }) },
  } as unknown as Participant);
  const clock = new RoomClock({
    people,
    durationMin,
    endsAt: endsInMin === undefined ? undefined : startedAt + endsInMin * MINUTE,
    now: Date.now,
    expired: () => void expired.push(minutes()),
  });
  return { clock, heard, expired };
}

const notice = (at: number, timeLeft: number) => ({
  at,
  event: 'roomManagementEvents',
  payload: { id: 'conference-remaining-duration', msg: { timeLeft } },
});

/** Step by step, as the mocked clock shows the end of a step to all that runs within it. */
function pass(minutes: number): void {
  for (let left = minutes * 60; left > 0; left -= 30) mock.timers.tick(30_000);
}

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_750_000_000_000 }));
afterEach(() => mock.timers.reset());

test('everybody is told ten and five minutes before the end, and then it ends', () => {
  const { clock, heard, expired } = start(30);
  mock.timers.tick(20 * MINUTE - 1);
  assert.deepEqual(heard, []);
  mock.timers.tick(1);
  assert.deepEqual(heard, [notice(20, 10)]);
  pass(5);
  assert.deepEqual(heard, [notice(20, 10), notice(25, 5)]);
  mock.timers.tick(5 * MINUTE - 1);
  assert.deepEqual(expired, []);
  mock.timers.tick(1);
  assert.deepEqual(expired, [30]);
  assert.equal(clock.remainingMin, 0);
  pass(60);
  assert.equal(heard.length, 2);
  assert.deepEqual(expired, [30]);
});

test('the minutes that are left go down, and are never negative', () => {
  const { clock } = start(15);
  assert.equal(clock.remainingMin, 15);
  pass(4.5);
  assert.equal(clock.remainingMin, 10.5);
  pass(60);
  assert.equal(clock.remainingMin, 0);
});

test('a session too short for a notice goes without', () => {
  const { heard, expired } = start(7);
  pass(7);
  assert.deepEqual(heard, [notice(2, 5)]);
  assert.deepEqual(expired, [7]);
  const tiny = start(1);
  pass(1);
  assert.deepEqual([tiny.heard, tiny.expired], [[], [1]]);
});

test('an extension adds ten minutes each time, which everybody is told, and the notices come again', () => {
  const { clock, heard, expired } = start(30);
  pass(26);
  assert.equal(clock.extend(), 10);
  assert.equal(clock.remainingMin, 14);
  pass(9);
  assert.deepEqual(heard.slice(2), [notice(26, 14), notice(30, 10), notice(35, 5)]);
  assert.equal(clock.extend(), 10);
  assert.deepEqual(expired, []);
  pass(15);
  assert.deepEqual(heard.slice(5), [notice(35, 15), notice(40, 10), notice(45, 5)]);
  assert.deepEqual(expired, [50]);
});

test('a room without a limit never ends by itself and cannot be extended', () => {
  const { clock, heard, expired } = start(undefined);
  assert.equal(clock.remainingMin, undefined);
  assert.throws(
    () => clock.extend(),
    (error: { error: string }) => error.error === 'not-enabled',
  );
  mock.timers.tick(20 * 24 * 60 * MINUTE);
  assert.deepEqual([heard, expired], [[], []]);
});

test('a closed clock is silent', () => {
  const { clock, heard, expired } = start(30);
  clock.close();
  clock.close();
  pass(60);
  assert.deepEqual([heard, expired], [[], []]);
});

test('the longest session there is lasts as long as it should', () => {
  const { expired } = start(10_080);
  mock.timers.tick(10_080 * MINUTE - 1);
  assert.deepEqual(expired, []);
  mock.timers.tick(1);
  assert.deepEqual(expired, [10_080]);
});

test('a session of a scheduled room ends with the room’s time, whenever it began', () => {
  const { clock, heard, expired } = start(30, 12);
  assert.equal(clock.remainingMin, 12);
  pass(12);
  assert.deepEqual(heard, [notice(2, 10), notice(7, 5)]);
  assert.deepEqual(expired, [12]);
});
