/** The way into a room and out of it while the code of a call is not there yet. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../src/engine/call.js';
import { Entrance } from '../../src/engine/entrance.js';
import { RoomError } from '../../src/engine/errors.js';
import { Room } from '../../src/engine/room.js';
import { RoomStateStore } from '../../src/engine/room-state.js';
import { EventRecord, TestEnvironment, testToken } from '../helpers/test-environment.js';

const refused = (promise: Promise<unknown>): Promise<RoomError> =>
  promise.then(
    () => assert.fail('it should have been refused'),
    (error: unknown) => {
      assert.ok(error instanceof RoomError, String(error));
      return error;
    },
  );

/** An entrance whose code comes, or does not, when the test says so. */
function setting() {
  const store = new RoomStateStore();
  const joins: unknown[] = [];
  const told: string[] = [];
  const loads: { come(): void; fail(): void }[] = [];
  let released = 0;
  const call = {
    join: (token: unknown) => {
      joins.push(token);
      store.update({ connection: 'connected' });
      return Promise.resolve();
    },
    leave: () => {
      store.update({ connection: 'disconnected' });
      return Promise.resolve();
    },
  } as unknown as Call;
  const entrance = new Entrance({
    store,
    emit: (name) => told.push(name),
    supportsWebRtc: () => true,
    load: () =>
      new Promise((resolve, reject) =>
        loads.push({ come: () => resolve(call), fail: () => reject(new TypeError('Failed to fetch')) }),
      ),
    begin: () => store.update({ error: undefined, ending: undefined }),
    release: () => (released += 1),
  });
  return { store, entrance, joins, told, loads, released: () => released };
}

describe('a join whose code is still on its way', () => {
  test('is joining at once, and goes on with the token when the code has come', async () => {
    const { store, entrance, joins, loads } = setting();
    const joining = entrance.join('token');
    assert.equal(store.current.connection, 'joining');
    assert.equal((await refused(entrance.join('another'))).name, 'already-in-state');
    loads[0]!.come();
    await joining;
    assert.deepEqual(joins, ['token']);
  });

  test('ends as left when it is left, and the code that comes late joins nothing', async () => {
    const { store, entrance, joins, told, loads, released } = setting();
    const joining = refused(entrance.join('token'));
    await entrance.leave();
    assert.deepEqual([store.current.connection, store.current.ending?.reason], ['disconnected', 'left']);
    assert.equal(released(), 1);
    assert.equal((await refused(entrance.leave())).name, 'disconnect-done');
    loads[0]!.come();
    assert.equal((await joining).name, 'normal-disconnect');
    assert.deepEqual([store.current.error, joins, told], [undefined, [], []]);
  });

  test('left and begun again belongs to the second join alone', async () => {
    const { entrance, joins, loads } = setting();
    const first = refused(entrance.join('first'));
    await entrance.leave();
    const second = entrance.join('second');
    assert.equal(loads.length, 1, 'the code is fetched once');
    loads[0]!.come();
    await second;
    assert.equal((await first).name, 'normal-disconnect');
    assert.deepEqual(joins, ['second']);
  });

  test('makes verbs wait, which run when it is there', async () => {
    const { entrance, loads } = setting();
    const joining = entrance.join('token');
    const verb = entrance.run(() => Promise.resolve('done'));
    loads[0]!.come();
    assert.equal(await verb, 'done');
    await joining;
  });
});

describe('code that cannot be fetched', () => {
  test('ends the join as connect-failed, which may be tried again', async () => {
    const { store, entrance, joins, told, loads, released } = setting();
    const joining = refused(entrance.join('token'));
    const verb = refused(entrance.run(() => Promise.resolve()));
    loads[0]!.fail();
    const error = await joining;
    assert.deepEqual([error.name, error.code, error.retryable], ['connect-failed', 5086, true]);
    assert.equal((await verb).name, 'connect-failed');
    assert.equal(store.current.connection, 'disconnected');
    assert.equal(store.current.error, error);
    assert.deepEqual([told, released()], [['failed'], 1]);

    const again = entrance.join('token');
    loads[1]!.come();
    await again;
    assert.deepEqual([joins, store.current.error], [['token'], undefined]);
  });

  test('ahead of a join is no trouble: the join tries again', async () => {
    const { entrance, joins, loads } = setting();
    const ahead = entrance.preload();
    loads[0]!.fail();
    await ahead;
    const joining = entrance.join('token');
    loads[1]!.come();
    await joining;
    assert.deepEqual(joins, ['token']);
  });
});

describe('code that was fetched ahead', () => {
  test('is fetched once, and joins nothing by itself', async () => {
    const { store, entrance, joins, loads } = setting();
    const ahead = entrance.preload();
    void entrance.preload();
    assert.deepEqual([loads.length, store.current.connection], [1, 'idle']);
    loads[0]!.come();
    await ahead;
    await entrance.join('token');
    assert.deepEqual([loads.length, joins.length], [1, 1]);
  });

  test('or is on its way lets verbs wait only for a join', async () => {
    const { entrance, loads } = setting();
    void entrance.preload();
    assert.equal((await refused(entrance.run(() => Promise.resolve()))).name, 'not-connected');
    loads[0]!.come();
  });
});

describe('a room that was never joined', () => {
  const verbs: [name: string, run: (room: Room) => Promise<unknown>][] = [
    ['publish', (room) => room.publish()],
    ['startScreenShare', (room) => room.startScreenShare()],
    ['setTalkerCount', (room) => room.setTalkerCount(2)],
    ['pin', (room) => room.pin(['somebody'])],
    ['sendMessage', (room) => room.sendMessage('hello')],
    ['raiseHand', (room) => room.raiseHand(true)],
    ['requestRole', (room) => room.requestRole('request', 'moderator')],
    ['moderation.setLocked', (room) => room.moderation.setLocked(true)],
    ['floor.request', (room) => room.floor.request()],
    ['sharePermissions.request', (room) => room.sharePermissions.request('screen')],
  ];
  for (const [name, run] of verbs) {
    test(`refuses ${name} as not-connected, 5086, with the code of a call and without`, async () => {
      const room = new Room({}, new TestEnvironment());
      for (const _ of ['without', 'with']) {
        const error = await refused(run(room));
        assert.deepEqual([error.name, error.code], ['not-connected', 5086]);
        await room.preload();
      }
    });
  }

  test('has nothing to measure, nobody to hear and no share to stop', async () => {
    const room = new Room({}, new TestEnvironment());
    assert.deepEqual((await room.statistics()).streams, []);
    assert.equal(room.level(1), 0);
    await room.stopScreenShare();
    room.setSeen([1]);
  });

  test('and is awaited with its verbs gives them back as they are', async () => {
    const { floor } = new Room({}, new TestEnvironment());
    assert.equal(await Promise.resolve(floor), floor);
  });
});

test('a real join that is left at once ends before the code is there, and the next one gets in', async () => {
  const environment = new TestEnvironment();
  const room = new Room({}, environment);
  const events = new EventRecord(room);
  const first = refused(room.join(testToken()));
  await room.disconnect();
  assert.equal(room.state.connection, 'disconnected');
  assert.equal((await first).name, 'normal-disconnect');
  assert.deepEqual(events.names, []);
  await room.join(testToken());
  await environment.server.settled();
  assert.deepEqual([room.state.connection, environment.server.sockets.length], ['connected', 1]);
  await room.disconnect();
});
