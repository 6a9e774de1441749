/** How often media is repaired, and when that ends: the engine against a scripted server, without a network. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Room } from '../../src/engine/room.js';
import { EventRecord, TestEnvironment, testToken } from '../helpers/test-environment.js';

async function joined(prepare: (environment: TestEnvironment) => void) {
  const environment = new TestEnvironment();
  prepare(environment);
  const room = new Room({}, environment);
  const events = new EventRecord(room);
  await room.join(testToken());
  await environment.server.settled();
  return { environment, server: environment.server, room, events };
}

describe('media that cannot be had', () => {
  test('is given up after a bounded number of tries, told, and the rest of the room goes on', async () => {
    const { environment, server, room, events } = await joined(({ server }) => {
      // Every offer is turned down at once.
      server.answers.signaling_message = () => [{ result: 1159, msg: 'There is no stream of this id.' }];
      server.negotiates = false;
    });
    for (let second = 0; second < 600; second++) {
      await environment.clock.advance(1000);
      await server.settled();
    }
    const offers = server.names.filter((name) => name === 'signaling_message:offer').length;
    assert.ok(offers < 60, `${offers} offers in ten minutes`);
    assert.ok(server.sockets.length <= 2, `${server.sockets.length} connections`);
    assert.equal(
      events.of('operationFailed').filter(({ name }) => name === 'media-connection-failed').length,
      1,
    );
    assert.equal(room.state.connection, 'connected');
    const said = room.sendMessage('still here');
    await environment.clock.advance(10_000);
    await said;
  });

  test('a stream whose acknowledgement is lost is announced once more', async () => {
    let asked = 0;
    const { environment, server, room, events } = await joined(({ server }) => {
      const { publish } = server.answers;
      server.answers.publish = (message) => (++asked === 1 ? undefined : publish!(message));
    });
    assert.equal(room.state.published, false);
    await environment.clock.advance(10_000);
    await server.settled();
    assert.deepEqual([asked, room.state.published, events.count('operationFailed')], [2, true, 0]);
    assert.equal(environment.openConnections.length, 3);
  });

  test('and one that nobody answers is told as failed, once', async () => {
    const { environment, server, room, events } = await joined(({ server }) => {
      server.answers.publish = () => undefined;
    });
    await environment.clock.advance(30_000);
    await server.settled();
    assert.equal(server.sent('publish').length, 2);
    assert.deepEqual(
      events.of('operationFailed').map(({ name }) => name),
      ['server-unreachable'],
    );
    assert.equal(room.state.connection, 'connected');
  });

  test('a break while a stream is announced is no failure of the stream, which comes with the return', async () => {
    const { environment, server, room, events } = await joined(({ server }) => server.hold('publish'));
    server.cut();
    await server.settled();
    server.release('publish');
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual([room.state.published, events.count('operationFailed')], [true, 0]);
  });

  test('a subscription whose acknowledgement is lost is asked for again', async () => {
    const { environment, server } = await joined(({ server }) => {
      const answers = server.answers;
      let isLost = false;
      answers.subscribe = () => {
        if (isLost) return [{ result: 0 }];
        isLost = true;
        return undefined;
      };
    });
    await environment.clock.advance(15_000);
    assert.ok(environment.pc('subscriber').remoteDescription, 'it has been answered');
    assert.equal(environment.openConnections.length, 3);
    assert.ok(server.sent('subscribe').length > 3);
  });
});
