/** Every error by name and number: what a page does that ends in it. The last test ties the table to the code's own. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RoomError } from '../../src/engine/errors.js';
import type { Room } from '../../src/engine/room.js';
import { codeOf, type ErrorName, errorCodes } from '../../src/protocol/index.js';
import { type EventPage, eventPage, joinedPage } from '../helpers/event-page.js';
import { deviceError } from '../helpers/fake-media.js';
import { SensingEnvironment } from '../helpers/sensing-environment.js';
import { TestEnvironment, testToken } from '../helpers/test-environment.js';

const rejection = (promise: Promise<unknown>): Promise<RoomError> =>
  promise.then(
    () => assert.fail('it went well'),
    (error: unknown) => error as RoomError,
  );

/** The verb fails, in a room. */
const inRoom =
  (verb: (page: EventPage) => Promise<unknown>): (() => Promise<RoomError>) =>
  async () => {
    const page = await joinedPage();
    return rejection(verb(page));
  };

/** Joining fails. */
const atTheDoor =
  (prepare: (page: EventPage) => void, token: Parameters<Room['join']>[0] = testToken()) =>
  async (): Promise<RoomError> => {
    const page = eventPage();
    prepare(page);
    const joining = rejection(page.room.join(token));
    for (let turn = 0; turn < 100; turn++) {
      await page.server.settled();
      await page.environment.clock.advance(500);
    }
    return joining;
  };

/** A device is not to be had. */
const device =
  (thrown: string, environment = new TestEnvironment()) =>
  async (): Promise<RoomError> => {
    const page = eventPage({}, environment);
    page.environment.devices.refusals = { video: deviceError(thrown) };
    await page.room.preview();
    return page.room.state.deviceErrors.camera!;
  };

type Told = Pick<RoomError, 'name' | 'code'>;

/** The number arrives with `room-disconnected`. */
const ending = (name: ErrorName) => async (): Promise<Told> => {
  const { server, details } = await joinedPage();
  server.send('room-disconnected', { cause: { cause: codeOf(name), msg: name } });
  await server.settled();
  return { name, code: details('room-disconnected')[0]!.code };
};

const lost = (reachable: boolean) => async (): Promise<Told> => {
  const { server, environment, room, details } = await joinedPage();
  server.reachable = reachable;
  server.answers.token = () => ['error', { result: 4158, msg: 'full' }];
  server.cut();
  await server.settled();
  while (room.state.connection === 'reconnecting') {
    await environment.clock.advance(500);
    await server.settled();
  }
  const { code } = details('room-disconnected')[0]!;
  return { name: reachable ? 'reconnect-failed' : 'reconnect-timeout', code };
};

const rows: [name: ErrorName, when: string, provoke: () => Promise<Told>][] = [
  ['device-not-found', 'there is no camera', device('NotFoundError')],
  ['device-permission-denied', 'the browser does not allow the camera', device('NotAllowedError')],
  ['device-in-use', 'another program has the camera', device('NotReadableError')],
  ['constraint-unmet', 'the camera cannot do what is asked', device('OverconstrainedError')],
  ['unknown', 'the browser throws what nobody knows', device('SomethingNewError')],
  [
    'device-id-invalid',
    'a camera is chosen that is not there',
    inRoom(async ({ room, environment }) => {
      environment.devices.refusals = {
        video: Object.assign(deviceError('OverconstrainedError'), { constraint: 'deviceId' }),
      };
      await room.setCamera('gone');
    }),
  ],
  [
    'insecure-page',
    'the page is not secure',
    async () => {
      const environment = new TestEnvironment();
      environment.secure = false;
      return device('NotFoundError', environment)();
    },
  ],
  [
    'no-media-requested',
    'there is nothing to publish',
    async () => {
      const page = eventPage();
      page.environment.devices.refusals = {
        audio: deviceError('NotFoundError'),
        video: deviceError('NotFoundError'),
      };
      await page.room.join(testToken());
      await page.server.settled();
      return rejection(page.room.publish());
    },
  ],
  [
    'browser-unsupported',
    'the browser has no WebRTC',
    atTheDoor(({ environment }) => (environment.webRtc = false)),
  ],
  ['parameter-invalid', 'a number of talkers is none', inRoom(({ room }) => room.setTalkerCount(-1))],
  [
    'share-running',
    'a screen is shared already',
    inRoom(async ({ room }) => {
      await room.startScreenShare();
      await room.startScreenShare();
    }),
  ],
  [
    'media-connection-failed',
    'the server gives the stream no id',
    inRoom(async ({ room, server }) => {
      await room.unpublish();
      server.answers.publish = () => [{ result: 0 }];
      await room.publish();
    }),
  ],
  ['server-unreachable', 'nobody answers', atTheDoor(({ server }) => (server.reachable = false))],
  ['not-enabled', 'the browser lets nobody choose a speaker', inRoom(({ room }) => room.setSpeaker('any'))],
  ['already-in-state', 'one has joined already', inRoom(({ room }) => room.join(testToken()))],
  [
    'text-too-large',
    'data is larger than 100 kB',
    inRoom(({ room }) => room.sendUserData('x'.repeat(101 * 1024))),
  ],
  [
    'hard-muted',
    'a moderator has muted one',
    inRoom(async ({ room, server }) => {
      server.send('hardmute-user-audio', {});
      await server.settled();
      await room.setMicrophoneMuted(false);
    }),
  ],
  [
    'connect-refused',
    'the server takes the token and lets nobody in',
    atTheDoor(({ server }) => (server.admission = undefined)),
  ],
  ['token-malformed', 'the token is none', atTheDoor(() => {}, 'no token')],
  ['token-oversized', 'the token is longer than one can be', atTheDoor(() => {}, 'x'.repeat(1_000_000))],
  [
    'connect-failed',
    'the token cannot be fetched',
    atTheDoor(
      () => {},
      () => Promise.reject(new Error('offline')),
    ),
  ],
  ['not-connected', 'there is no room', () => rejection(eventPage().room.publish())],
  [
    'disconnect-running',
    'one is leaving already',
    inRoom(async ({ room }) => {
      const leaving = room.disconnect();
      try {
        await room.disconnect();
      } finally {
        await leaving;
      }
    }),
  ],
  [
    'disconnect-done',
    'one has left already',
    inRoom(async ({ room }) => {
      await room.disconnect();
      await room.disconnect();
    }),
  ],
  [
    'normal-disconnect',
    'one leaves while joining',
    async () => {
      const { room, server } = eventPage();
      server.admission = undefined;
      const joining = rejection(room.join(testToken()));
      await server.until('token');
      await room.disconnect();
      return joining;
    },
  ],
  [
    'entry-denied',
    'the answer to a knock is no',
    async () => {
      const { room, server } = eventPage();
      server.admission = undefined;
      const joining = rejection(room.join(testToken()));
      await server.until('token');
      server.send('room-disconnected', { cause: { cause: 2015, msg: 'entry-denied' } });
      return joining;
    },
  ],
  [
    'network-changed',
    'the device is on another network',
    async () => {
      const { environment, server, details } = await joinedPage({}, new SensingEnvironment());
      environment.network('changed');
      await server.settled();
      return { name: 'network-changed', code: details('connection-interrupted')[0]!.code };
    },
  ],
  ['reconnect-timeout', 'no attempt to come back reaches the server', lost(false)],
  ['reconnect-failed', 'the server takes nobody back', lost(true)],
  ...(
    [
      'unexpected-disconnection',
      'disconnected-by-moderator',
      'room-dismissed',
      'room-expired',
      'room-empty',
      'replaced-by-newer-session',
      'server-shutdown',
    ] as const
  ).map((name): (typeof rows)[number] => [name, 'the server ends the session so', ending(name)]),
  ...(
    [
      'token-unknown',
      'token-tampered',
      'token-expired',
      'token-used',
      'room-gone',
      'room-full',
      'room-locked',
    ] as const
  ).map((name): (typeof rows)[number] => [
    name,
    'the server refuses the token so',
    atTheDoor(({ server }) => (server.answers.token = () => ['error', { result: codeOf(name), msg: 'no' }])),
  ]),
  ...(
    [
      'moderator-missing',
      'stream-type-invalid',
      'stream-not-found',
      'attempts-exceeded',
      'moderators-only',
      'floor-not-granted',
      'request-pending',
      'request-not-found',
      'not-authorised',
      'share-refused',
      'lock-state-unchanged',
      'message-malformed',
      'not-joined',
      'rate-exceeded',
      'media-unavailable',
      'internal-error',
    ] as const
  ).map((name): (typeof rows)[number] => [
    name,
    'the server refuses a request so',
    inRoom(({ room, server }) => {
      server.answers.lockRoom = () => [{ result: codeOf(name), msg: 'no' }];
      return room.moderation.setLocked(true);
    }),
  ]),
];

describe('an error', () => {
  for (const [name, when, provoke] of rows) {
    test(`${name} is ${codeOf(name)}: ${when}`, async () => {
      const error = await provoke();
      assert.deepEqual([error.name, error.code], [name, errorCodes[name]]);
    });
  }

  test('is one of these, and no other', () => {
    assert.deepEqual(rows.map(([name]) => name).sort(), Object.keys(errorCodes).sort());
  });
});
