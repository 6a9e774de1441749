/**
 * How a session goes, as pages hear it: which DOM events, in which order, with which detail, each once, and never before
 * the state shows what they report. What single messages of the server become is in messages.test.ts.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaultOptions, type RoomInfo, type RoomOptions } from '../../src/engine/options.js';
import type { EndingReason } from '../../src/engine/room-state.js';
import { bo, type EventPage, eventPage, joinedPage } from '../helpers/event-page.js';
import { deviceError } from '../helpers/fake-media.js';
import { SensingEnvironment } from '../helpers/sensing-environment.js';
import { TestEnvironment, testToken } from '../helpers/test-environment.js';

const withRoomInfo = (roomInfo: Partial<RoomInfo>): Partial<RoomOptions> => ({
  roomInfo: { ...defaultOptions().roomInfo, ...roomInfo },
});

/** Lets time pass, and what it brings about happen, until nothing is tried any more. */
async function untilOver({ environment, room, server }: EventPage): Promise<void> {
  while (room.state.connection === 'reconnecting') {
    await environment.clock.advance(500);
    await server.settled();
  }
}

describe('joining', () => {
  test('tells media-access-allowed, room-connected, stream-published', async () => {
    const { room, server, told, names } = eventPage();
    const seen: unknown[] = [];
    room.on('connected', () => seen.push(room.state.connection, room.state.participants.length));
    room.on('streamPublished', () => seen.push(room.state.published));
    await room.join(testToken());
    await server.settled();
    assert.deepEqual(names(), ['media-access-allowed', 'room-connected', 'stream-published']);
    assert.deepEqual(seen, ['connected', 2, true]);
    const me = { clientId: 'client-1', name: 'Ada', role: 'participant', user_ref: 'ada-ref' };
    assert.deepEqual(told[1], [
      'room-connected',
      { room: { id: 'room-1', name: 'Daily' }, me, users: [me, bo] },
    ]);
    assert.deepEqual(told[2], ['stream-published', { streamId: 'stream-1' }]);
    const [allowed] = told[0]!.slice(1) as [{ type: string; stream: unknown }];
    assert.equal(allowed.type, 'audiovideo');
    assert.equal(allowed.stream, room.state.localStream);
  });

  test('that is refused tells room-error, once and alone', async () => {
    const { room, server, details, names } = eventPage();
    server.answers.token = () => ['error', { result: 4158, msg: 'The room is full.' }];
    await assert.rejects(room.join(testToken()));
    await server.settled();
    assert.deepEqual(
      names().filter((name) => !name.startsWith('media')),
      ['room-error'],
    );
    const [{ code, name, message, retryable, error }] = details('room-error') as [
      { code: number; name: string; message: string; retryable: boolean; error: unknown },
    ];
    assert.deepEqual([code, name, message, retryable], [4158, 'room-full', 'The room is full.', true]);
    assert.equal(error, room.state.error);
  });

  for (const [type, payload] of [
    ['knock', { event_type: 'knock' }],
    ['wait_for_moderator', { event_type: 'wait_for_moderator' }],
  ] as const) {
    test(`that has to wait tells room-awaited (${type}), then room-connected`, async () => {
      const { room, server, names, details } = eventPage();
      const { admission } = server;
      server.admission = undefined;
      const joining = room.join(testToken());
      await server.until('token');
      server.send('room-awaited', payload);
      await server.settled();
      assert.equal(room.state.connection, 'awaiting');
      assert.deepEqual(details('room-awaited'), [{ event_type: type }]);
      server.send('room-connected', admission!('client-1'));
      await joining;
      assert.deepEqual(
        names().filter((name) => name.startsWith('room-')),
        ['room-awaited', 'room-connected'],
      );
    });
  }

  test('without a device tells media-access-denied, once for each', async () => {
    const { room, environment, details } = eventPage();
    environment.devices.refusals = {
      audio: deviceError('NotAllowedError'),
      video: deviceError('NotFoundError'),
    };
    await room.join(testToken());
    await environment.server.settled();
    assert.deepEqual(
      details('media-access-denied').map(({ type, code, name }) => [type, code, name]),
      [
        ['audio', 1144, 'device-permission-denied'],
        ['video', 1143, 'device-not-found'],
      ],
    );
  });
});

describe('leaving', () => {
  test('tells stream-unpublished, room-disconnected, and exit-room last, before disconnect() resolves', async () => {
    const { room, server, told } = await joinedPage();
    await room.disconnect();
    const end = [
      ['stream-unpublished', { streamId: 'stream-1' }],
      ['room-disconnected', { reason: 'left', code: 2006, message: 'You left the room.' }],
      ['exit-room', { reason: 0, cause: 'left', code: 2006 }],
    ];
    assert.deepEqual(told, end);
    server.send('user-connected', { clientId: 'cy', name: 'Cy', role: 'participant' });
    await server.settled();
    assert.deepEqual(told, end, 'nothing follows exit-room');
  });

  test('only the room with the own stream tells stream-unpublished, and stream-published for its return', async () => {
    const { room, server, told } = await joinedPage();
    await room.unpublish();
    await room.publish();
    await server.settled();
    assert.deepEqual(told, [
      ['stream-unpublished', { streamId: 'stream-1' }],
      ['stream-published', { streamId: 'stream-2' }],
    ]);
  });
});

describe('a lost connection', () => {
  test('tells connection-lost, reconnect and user-reconnect-success, each once', async () => {
    const { room, environment, server, told } = await joinedPage();
    server.cut();
    await server.settled();
    assert.equal(room.state.connection, 'reconnecting');
    await environment.clock.advance(1000);
    await server.settled();
    assert.deepEqual(
      told.filter(([name]) => /connect/.test(name)),
      [
        ['connection-lost', { message: 'The connection to the room was lost.' }],
        ['reconnect', { attempt: 1, maxAttempts: 3, message: 'Attempt 1 of 3 to come back' }],
        ['user-reconnect-success', { room: { id: 'room-1', name: 'Daily' } }],
      ],
    );
  });

  test('tells reconnect once per attempt, then one room-disconnected (5074) and one exit-room', async () => {
    const page = await joinedPage(withRoomInfo({ number_of_attempts: 4 }));
    page.server.reachable = false;
    page.server.cut();
    await page.server.settled();
    await untilOver(page);
    assert.deepEqual(
      page.names().filter((name) => name !== 'stream-unpublished'),
      ['connection-lost', ...Array<string>(4).fill('reconnect'), 'room-disconnected', 'exit-room'],
    );
    assert.deepEqual(
      page.details('reconnect').map(({ attempt, maxAttempts }) => [attempt, maxAttempts]),
      [1, 2, 3, 4].map((attempt) => [attempt, 4]),
    );
    assert.deepEqual(
      page.details('room-disconnected').map(({ reason, code }) => [reason, code]),
      [['reconnect-failed', 5074]],
    );
  });

  test('ends with 5087 where the server is there but does not take one back', async () => {
    const page = await joinedPage();
    page.server.answers.token = () => ['error', { result: 4158, msg: 'full' }];
    page.server.cut();
    await page.server.settled();
    await untilOver(page);
    assert.deepEqual(
      page.details('exit-room').map(({ reason, cause, code }) => [reason, cause, code]),
      [[0, 'reconnect-failed', 5087]],
    );
  });

  test('ends at once with 1163 where allow_reconnect is false, without any reconnect', async () => {
    const page = await joinedPage(withRoomInfo({ allow_reconnect: false }));
    page.server.cut();
    await page.server.settled();
    await page.environment.clock.advance(3_600_000);
    assert.deepEqual(page.names(), [
      'connection-lost',
      'stream-unpublished',
      'room-disconnected',
      'exit-room',
    ]);
    assert.deepEqual(page.details('exit-room'), [{ reason: 0, cause: 'network', code: 1163 }]);
    assert.equal(page.server.sockets.length, 1);
  });

  test('of the last one in an ad hoc room is the end of it (1178), without any reconnect', async () => {
    const environment = new TestEnvironment();
    const page = eventPage({}, environment);
    const { admission } = page.server;
    page.server.admission = (clientId) => {
      const message = admission!(clientId) as { user: object };
      return {
        ...message,
        userList: [message.user],
        room: { name: 'Once', settings: { mode: 'group', quality: 'SD', adhoc: true } },
      };
    };
    await page.room.join(testToken());
    await page.server.settled();
    page.server.cut();
    await page.server.settled();
    await environment.clock.advance(3_600_000);
    assert.deepEqual(page.details('reconnect'), []);
    assert.deepEqual(page.details('exit-room'), [{ reason: 2, cause: 'room-empty', code: 1178 }]);
    assert.equal(page.server.sockets.length, 1);
  });

  test('is not told for a changed path, which is connection-interrupted (5073)', async () => {
    const page = await joinedPage({}, new SensingEnvironment());
    page.environment.network('changed');
    await page.server.settled();
    assert.deepEqual(page.told, [
      ['connection-interrupted', { code: 5073, message: 'The network of this device has changed.' }],
    ]);
  });
});

/** Word of the server → reason, number of `exit-room`. */
const endings: [msg: string, code: number, reason: EndingReason, exit: 0 | 1 | 2][] = [
  ['normal-disconnect', 2006, 'left', 0],
  ['disconnected-by-moderator', 2011, 'removed', 1],
  ['room-dismissed', 2012, 'dismissed', 2],
  ['room-expired', 2013, 'expired', 2],
  ['room-empty', 2014, 'room-empty', 2],
  ['replaced-by-newer-session', 2016, 'replaced', 0],
  ['server-shutdown', 2017, 'dismissed', 2],
  ['unexpected-disconnection', 2002, 'dismissed', 2],
];

describe('an ending by the server', () => {
  for (const [msg, code, reason, exit] of endings) {
    test(`${msg} (${code}) reaches room-disconnected as ${reason} and exit-room as ${exit}; nobody comes back`, async () => {
      const { server, environment, details, names } = await joinedPage();
      server.send('room-disconnected', { cause: { cause: code, msg } });
      server.cut();
      await server.settled();
      await environment.clock.advance(3_600_000);
      assert.deepEqual(names(), ['stream-unpublished', 'room-disconnected', 'exit-room']);
      assert.deepEqual(
        details('room-disconnected').map((detail) => [detail.reason, detail.code]),
        [[reason, code]],
      );
      assert.deepEqual(details('exit-room'), [{ reason: exit, cause: reason, code }]);
      assert.equal(server.sockets.length, 1);
    });
  }

  test('entry-denied (2015) reaches who waits as denied, with exit-room 1', async () => {
    const { room, server, names, details } = eventPage();
    server.admission = undefined;
    const joining = assert.rejects(room.join(testToken()), { name: 'entry-denied', code: 2015 });
    await server.until('token');
    server.send('room-awaited', { event_type: 'knock' });
    server.send('room-disconnected', { cause: { cause: 2015, msg: 'entry-denied' } });
    await joining;
    assert.deepEqual(
      names().filter((name) => !name.startsWith('media')),
      ['room-awaited', 'room-disconnected', 'exit-room'],
    );
    assert.deepEqual(details('exit-room'), [{ reason: 1, cause: 'denied', code: 2015 }]);
  });
});

describe('devices', () => {
  test('that come and go tell device-added, device-removed and device-updated', async () => {
    const environment = new SensingEnvironment();
    const device = (kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo =>
      ({ kind, deviceId, label: deviceId, groupId: '' }) as MediaDeviceInfo;
    const speaker = device('audiooutput', 'speaker');
    const headset = device('audiooutput', 'USB headset');
    let plugged = [speaker];
    const listeners = new Set<() => void>();
    Object.assign(environment.devices, {
      enumerateDevices: async () => plugged,
      addEventListener: (_: string, listener: () => void) => listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
    });
    const { server, told } = await joinedPage({}, environment);
    plugged = [headset];
    for (const listener of [...listeners]) listener();
    await server.settled();
    assert.deepEqual(told, [
      ['device-added', { device: headset }],
      ['device-removed', { device: speaker }],
      ['device-updated', { device: 'WIRED_HEADSET', kind: 'audiooutput', lost: false }],
    ]);
  });
});

test('an operation that nobody awaits and that fails tells event-error, and the session goes on', async () => {
  const page = eventPage();
  page.server.answers.publish = () => [{ result: 1173, msg: 'Not without the floor.' }];
  await page.room.join(testToken());
  await page.server.settled();
  assert.deepEqual(
    page.details('event-error').map(({ code, name }) => [code, name]),
    [[1173, 'floor-not-granted']],
  );
  assert.equal(page.room.state.connection, 'connected');
  assert.deepEqual(page.details('room-error'), []);
});
