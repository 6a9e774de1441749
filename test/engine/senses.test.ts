/** What the engine does about what the browser notices of the world: network, sleep, battery. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RoomError } from '../../src/engine/errors.js';
import type { AdvanceOption } from '../../src/engine/options.js';
import { Room } from '../../src/engine/room.js';
import { SensingEnvironment } from '../helpers/sensing-environment.js';
import { EventRecord, testToken } from '../helpers/test-environment.js';

interface Setting {
  environment: SensingEnvironment;
  server: SensingEnvironment['server'];
  room: Room;
  events: EventRecord;
}

async function joined(advanceOptions: AdvanceOption[] = []): Promise<Setting> {
  const environment = new SensingEnvironment();
  const { server } = environment;
  const room = new Room({ advanceOptions }, environment);
  const events = new EventRecord(room);
  await room.join(testToken());
  await server.settled();
  server.received.length = 0;
  return { environment, server, room, events };
}

describe('a changed network', () => {
  for (const event of ['changed', 'online'] as const) {
    test(`(${event}) is told as interrupted, 5073, and costs nothing when the server still answers`, async () => {
      const { environment, server, room, events } = await joined();
      environment.network(event);
      await server.settled();
      assert.deepEqual(
        events.of('connectionInterrupted').map(({ code }) => code),
        [5073],
      );
      assert.deepEqual([room.state.connection, events.count('connectionLost')], ['connected', 0]);
      await room.disconnect();
    });
  }

  test('counts as lost when the server does not answer over it, and the way back follows', async () => {
    const { environment, server, room, events } = await joined();
    server.hold('getNumberOfTalker');
    environment.network('changed');
    await environment.clock.advance(3000);
    assert.equal(events.count('connectionLost'), 1);
    server.release('getNumberOfTalker');
    await environment.clock.advance(10_000);
    await server.settled();
    assert.deepEqual([room.state.connection, events.count('reconnected')], ['connected', 1]);
    await room.disconnect();
  });

  test('that costs the connection, and then the media as well, is no failure of anything else', async () => {
    const { environment, server, room, events } = await joined();
    const { admission } = server;
    server.admission = (clientId) => ({ ...admission!(clientId), capabilities: ['resume'] });
    server.cut();
    await environment.clock.advance(300);
    await server.settled();
    for (const pc of environment.openConnections) pc.connect();
    await server.settled();
    events.clear();
    server.hold('getNumberOfTalker');
    server.reachable = false;
    environment.network('changed');
    await environment.clock.advance(3000);
    for (const pc of environment.openConnections) pc.fail();
    await server.settled();
    server.reachable = true;
    await environment.clock.advance(10_000);
    await server.settled();
    assert.equal(room.state.connection, 'connected');
    assert.equal(events.count('operationFailed'), 0, events.names.join());
    assert.equal(room.state.published, true);
    await room.disconnect();
  });

  test('that costs the connection is the reason that requests under way are told', async () => {
    const { environment, server, room } = await joined();
    server.hold('lockRoom', 'getNumberOfTalker');
    const asked = room.moderation.setLocked(true).catch((error: RoomError) => error.name);
    await server.until('lockRoom');
    environment.network('changed');
    await environment.clock.advance(3000);
    assert.equal(await asked, 'server-unreachable');
    await room.disconnect();
  });

  test('that is none any more is looked at without being told as another path', async () => {
    const { environment, server, room, events } = await joined();
    environment.network('offline');
    await server.settled();
    assert.equal(events.count('connectionInterrupted'), 0);
    assert.deepEqual(server.names, ['getNumberOfTalker']);
    await room.disconnect();
  });

  test('that is none any more is believed within two seconds when the server does not answer', async () => {
    const { environment, server, room, events } = await joined();
    server.hold('getNumberOfTalker');
    environment.network('offline');
    await environment.clock.advance(1500);
    assert.deepEqual([events.count('connectionLost'), room.state.connection], [1, 'reconnecting']);
    await room.disconnect();
  });

  test('that only media notices has the server asked, which costs nothing while it answers', async () => {
    const { environment, server, room, events } = await joined();
    for (const pc of environment.openConnections) pc.disturb();
    await server.settled();
    assert.ok(server.names.includes('getNumberOfTalker'));
    await environment.clock.advance(1500);
    assert.deepEqual([events.count('connectionLost'), room.state.connection], [0, 'connected']);
    server.hold('getNumberOfTalker');
    for (const pc of environment.openConnections) pc.disturb();
    await environment.clock.advance(1500);
    assert.deepEqual([events.count('connectionLost'), room.state.connection], [1, 'reconnecting']);
    await room.disconnect();
  });

  test('means nothing after leaving', async () => {
    const { environment, room, events } = await joined();
    await room.disconnect();
    events.clear();
    environment.network('changed');
    assert.deepEqual([events.names, environment.watchers], [[], 0]);
  });
});

describe('the battery', () => {
  const asked = [{ id: 'battery_updates', enable: true }];

  test('is told at once and with every change, when asked for', async () => {
    const { environment, room, events } = await joined(asked);
    environment.setBattery({ level: 0.4, charging: true });
    assert.deepEqual(events.of('advancedOption'), [
      { id: 'battery_updates', data: { level: 0.5, charging: false } },
      { id: 'battery_updates', data: { level: 0.4, charging: true } },
    ]);
    await room.disconnect();
    environment.setBattery({ level: 0.3, charging: true });
    assert.deepEqual([events.count('advancedOption'), environment.watchers], [2, 0]);
  });

  test('is nobody else’s business', async () => {
    for (const options of [[], [{ id: 'battery_updates', enable: false }]]) {
      const { environment, room, events } = await joined(options);
      environment.setBattery({ level: 0.1, charging: false });
      assert.equal(events.count('advancedOption'), 0);
      await room.disconnect();
    }
  });
});
