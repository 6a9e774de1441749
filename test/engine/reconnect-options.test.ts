/** When the attempts to come back are made, for the option objects that the SDKs' documents show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultOptions, type RoomInfo } from '../../src/engine/options.js';
import { Room } from '../../src/engine/room.js';
import { EventRecord, TestEnvironment, testToken } from '../helpers/test-environment.js';

/** Seconds from the loss to each attempt, against a server that nobody reaches. */
async function attempts(roomInfo: Partial<RoomInfo>): Promise<{ at: number[]; events: EventRecord }> {
  const environment = new TestEnvironment();
  const { server, clock } = environment;
  const room = new Room({ roomInfo: { ...defaultOptions().roomInfo, ...roomInfo } }, environment);
  await room.join(testToken());
  await server.settled();
  const events = new EventRecord(room);
  const at: number[] = [];
  const lostAt = clock.now();
  room.on('reconnecting', () => at.push((clock.now() - lostAt) / 1000));
  server.reachable = false;
  server.cut();
  await server.settled();
  // An attempt itself may take its time; what is measured is the wait between two.
  while (events.count('exited') === 0) await clock.advance(100);
  return { at, events };
}

const example = { allow_reconnect: true, number_of_attempts: 3, audio_only: false, forceTurn: false };

for (const [timeout_interval, seconds] of [
  [20, 20],
  [10_000, 10],
  [undefined, 10],
] as const) {
  const named =
    timeout_interval === undefined ? 'no timeout_interval' : `timeout_interval ${timeout_interval}`;
  test(`${named} means ${seconds} seconds between attempts, the first at once, then one ending`, async () => {
    const { at, events } = await attempts(
      timeout_interval === undefined ? {} : { ...example, timeout_interval },
    );
    assert.equal(at.length, 3);
    assert.ok(at[0]! < 1, `the first after ${at[0]} s`);
    const [first, second] = [at[1]! - at[0]!, at[2]! - at[1]!];
    for (const wait of [first, second])
      assert.ok(wait >= seconds * 0.9 && wait <= seconds * 1.1 + 6, `${wait} s between two attempts`);
    assert.deepEqual(
      events.names.filter((name) => /connectionLost|reconnecting|disconnected|exited/.test(name)),
      ['connectionLost', 'reconnecting', 'reconnecting', 'reconnecting', 'disconnected', 'exited'],
    );
    assert.deepEqual(
      events.of('disconnected').map(({ reason, code }) => [reason, code]),
      [['reconnect-failed', 5074]],
    );
  });
}
