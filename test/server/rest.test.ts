import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { TokenService } from '../../server/src/auth/tokens.js';
import { answerBadUrl, answerErrors, RestError } from '../../server/src/rest/errors.js';
import { roomsApi } from '../../server/src/rest/rooms-api.js';
import type { RoomRegistry } from '../../server/src/rooms/room-registry.js';
import { decodeToken } from '../../src/protocol/index.js';
import { MemoryStore } from '../helpers/memory-store.js';

const credentials = { appId: 'my-app', appKey: 'k'.repeat(16), generated: false };
const authorization = `Basic ${Buffer.from(`my-app:${credentials.appKey}`).toString('base64')}`;
const BODY_LIMIT = 262_144;

/** The rooms with people in them, as far as the API looks at them. */
class FakeRooms {
  readonly running = new Map<string, FakeSession>();

  get(roomId: string): FakeSession | undefined {
    return this.running.get(roomId);
  }
}

class FakeSession {
  readonly participants = new Map<string, { user: object }>();
  readonly removed: [participant: object, cause: string][] = [];
  closedFor: string | undefined;

  remove(participant: object, cause: string): void {
    this.removed.push([participant, cause]);
  }

  close(cause: string): void {
    this.closedFor = cause;
  }
}

type Answer = Record<string, unknown> & {
  result: number;
  error?: string;
  field?: string;
  room: Record<string, unknown> & { room_id: string; settings: Record<string, unknown> };
  rooms: { room_id: string }[];
  token: string;
};
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

let store: MemoryStore;
let rooms: FakeRooms;
let app: FastifyInstance;

async function start(publicUrl?: string): Promise<void> {
  await app?.close();
  store = new MemoryStore();
  rooms = new FakeRooms();
  app = fastify({ bodyLimit: BODY_LIMIT, frameworkErrors: answerBadUrl }) as unknown as FastifyInstance;
  answerErrors(app);
  await app.register(
    (api, _options, done) => {
      roomsApi(api, {
        store,
        tokens: new TokenService(store),
        rooms: rooms as unknown as RoomRegistry,
        credentials,
        publicUrl,
      });
      done();
    },
    { prefix: '/video/v2' },
  );
}

beforeEach(() => start());
afterEach(() => app.close());

function send(
  method: Method,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> {
  return app.inject({
    method,
    url: `/video/v2${path}`,
    headers: {
      authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function done(
  method: Method,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer> {
  const response = await send(method, path, body, headers);
  const answer = response.json<Answer>();
  assert.deepEqual([response.statusCode, answer.result], [200, 0], response.body);
  return answer;
}

/** A refusal: JSON with `result` = status and a sentence, nothing else but the field. */
async function refused(
  status: number,
  response: LightMyRequestResponse | Promise<LightMyRequestResponse>,
  field?: string,
): Promise<Answer> {
  const { statusCode, headers, body } = await response;
  assert.equal(statusCode, status, body);
  assert.match(String(headers['content-type']), /^application\/json/);
  const answer = JSON.parse(body) as Answer;
  assert.equal(answer.result, status);
  assert.equal(typeof answer.error, 'string');
  assert.notEqual(answer.error, '');
  assert.equal(answer.field, field, body);
  assert.deepEqual(
    Object.keys(answer).filter((key) => !['result', 'error', 'field'].includes(key)),
    [],
  );
  return answer;
}

const body = (settings: Record<string, unknown> = {}, more: Record<string, unknown> = {}): object => ({
  name: 'Daily',
  owner_ref: 'owner',
  settings,
  ...more,
});

const create = async (settings?: Record<string, unknown>, more?: Record<string, unknown>): Promise<string> =>
  (await done('POST', '/rooms', body(settings, more))).room.room_id;

describe('every route', () => {
  const routes: [Method, string][] = [
    ['GET', '/rooms'],
    ['POST', '/rooms'],
    ['GET', '/rooms/r'],
    ['PATCH', '/rooms/r'],
    ['DELETE', '/rooms/r'],
    ['POST', '/rooms/r/tokens'],
    ['GET', '/rooms/r/users'],
    ['DELETE', '/rooms/r/users/c'],
    ['DELETE', '/rooms/r/session'],
  ];
  for (const [method, path] of routes) {
    test(`${method} ${path} wants the credentials before anything else`, async () => {
      for (const wrong of ['', 'Basic bXktYXBwOndyb25n', 'Bearer x', authorization.slice(0, -4)]) {
        const response = await send(method, path, method === 'POST' ? '{broken' : undefined, {
          authorization: wrong,
        });
        await refused(401, response);
        assert.equal(response.headers['www-authenticate'], 'Basic realm="enx-room"');
      }
    });

    if (path !== '/rooms') {
      test(`${method} ${path} knows when there is no such room`, async () => {
        const some = method === 'POST' || method === 'PATCH' ? {} : undefined;
        for (const id of ['r', '__proto__', 'constructor', '%00', '%F0%9F%98%80', '..%2F..%2Fetc'])
          await refused(404, send(method, path.replace('/rooms/r', `/rooms/${id}`), some));
      });
    }
  }

  test('that does not exist is JSON too', async () => {
    await refused(404, send('GET', '/nothing'));
    await refused(404, send('PUT', '/rooms'));
  });

  test('whose URL is none, or too long, is JSON too', async () => {
    await refused(400, send('GET', '/rooms/%E0%A4%A'));
    await refused(414, send('GET', `/rooms/${'x'.repeat(5000)}`));
  });
});

describe('creating a room', () => {
  test('gives it an id, the published defaults, and back what was sent', async () => {
    const before = new Date().toISOString();
    const { room } = await done('POST', '/rooms', { name: ' Daily ', owner_ref: 'owner', settings: {} });
    assert.match(room.room_id, /^[0-9a-f]{24}$/);
    assert.ok(String(room.created) >= before && String(room.created) <= new Date().toISOString());
    assert.deepEqual(
      { ...room, room_id: undefined, created: undefined },
      {
        room_id: undefined,
        created: undefined,
        name: 'Daily',
        owner_ref: 'owner',
        sip: { enabled: false },
        data: {},
        settings: {
          mode: 'group',
          scheduled: false,
          adhoc: false,
          moderators: 1,
          participants: 50,
          auto_recording: false,
          screen_share: true,
          canvas: false,
          knock: false,
          chat_history: false,
          wait_for_moderator: false,
          quality: 'SD',
          abwd: true,
          max_active_talkers: 6,
          single_file_recording: false,
          media_zone: 'XX',
          watermark: false,
          media_configuration: 'default',
        },
      },
    );
  });

  test('takes every setting, and free data and sip as they are', async () => {
    const settings = {
      mode: 'lecture',
      scheduled: true,
      adhoc: false,
      scheduled_time: '2026-07-21 09:30:00',
      duration: 60,
      moderators: 5,
      participants: 5000,
      description: 'what it is about',
      billing_code: 'B-1',
      auto_recording: true,
      screen_share: false,
      canvas: true,
      knock: true,
      chat_history: true,
      wait_for_moderator: true,
      quality: 'FD',
      abwd: false,
      max_active_talkers: 16,
      single_file_recording: true,
      media_zone: 'IN',
      watermark: true,
      media_configuration: 'H264_AND_OPUS',
    };
    const data = { any: [{ thing: null }], 'with spaces': 1 };
    const { room } = await done('POST', '/rooms', body(settings, { data, sip: { enabled: true } }));
    assert.deepEqual([room.settings, room.data, room.sip], [settings, data, { enabled: true }]);
  });

  test('takes numbers that are written as text, as older samples do', async () => {
    const { room } = await done('POST', '/rooms', body({ moderators: '2', participants: '10' }));
    assert.deepEqual([room.settings.moderators, room.settings.participants], [2, 10]);
  });

  test('leaves out settings it does not know', async () => {
    const { room } = await done('POST', '/rooms', body({ teleportation: true }, { extra: 1 }));
    assert.ok(!('teleportation' in room.settings) && !('extra' in room));
  });

  const long = (length: number): string => 'x'.repeat(length);
  const notFlags = ['true', 1, null, {}];
  const notCounts = (max: number): unknown[] => [0, -1, max + 1, 1.5, 'many', '', true, null, [2], {}, '1e2'];
  const wrong: [field: string, values: unknown[], bodyOf: (value: unknown) => object][] = [
    ['name', ['', '   ', 5, null, undefined, [], long(129)], (name) => body({}, { name })],
    ['owner_ref', ['', '   ', 5, null, undefined, {}, long(129)], (ref) => body({}, { owner_ref: ref })],
    ['settings', ['group', 5, null, undefined, []], (settings) => body({}, { settings })],
    ['data', ['text', 5, [], null], (data) => body({}, { data })],
    ['sip', ['text', 5, [], null], (sip) => body({}, { sip })],
    ...(
      [
        ['mode', ['party', '', 5, null, ['group']]],
        ['quality', ['4K', 'hd', 5, null]],
        [
          'scheduled_time',
          ['tomorrow', '2026-07-21', '2026-13-01 00:00:00', '2026-07-21T09:30:00Z', 5, null],
        ],
        ['duration', notCounts(10_080)],
        ['moderators', notCounts(5)],
        ['participants', notCounts(5000)],
        ['max_active_talkers', notCounts(16)],
        ['description', [5, null, long(1001)]],
        ['billing_code', [5, null, long(101)]],
        ['media_zone', [5, null, long(11)]],
        ['media_configuration', [5, null, long(51)]],
        ...[
          'scheduled',
          'adhoc',
          'auto_recording',
          'screen_share',
          'canvas',
          'knock',
          'wait_for_moderator',
          'abwd',
          'single_file_recording',
          'watermark',
        ].map((name): [string, unknown[]] => [name, notFlags]),
      ] as [string, unknown[]][]
    ).map(([name, values]): (typeof wrong)[number] => [
      `settings.${name}`,
      values,
      (value) => body({ [name]: value }),
    ]),
  ];
  for (const [field, values, bodyOf] of wrong) {
    test(`is refused for a wrong ${field}, which is named, and makes no room`, async () => {
      for (const value of values) {
        const { error } = await refused(422, send('POST', '/rooms', bodyOf(value)), field);
        assert.match(error ?? '', new RegExp(`^${field}: `));
      }
      assert.equal(store.rooms.size, 0);
    });
  }

  test('names a data key that is too long', async () => {
    const response = await send('POST', '/rooms', body({}, { data: { ['k'.repeat(101)]: 1 } }));
    assert.equal(response.statusCode, 422);
    assert.match(response.json<Answer>().field ?? '', /^data/);
  });

  test('is refused for a scheduled room without a duration', async () => {
    const { error } = await refused(
      422,
      send('POST', '/rooms', body({ scheduled: true })),
      'settings.duration',
    );
    assert.match(error ?? '', /required for a scheduled room/);
  });

  test('is refused for a room that is scheduled and ad hoc', async () => {
    const settings = { scheduled: true, adhoc: true, duration: 60 };
    await refused(422, send('POST', '/rooms', body(settings)), 'settings.adhoc');
    await done('POST', '/rooms', body({ adhoc: true }));
  });

  test('is refused for bodies that are no JSON object', async () => {
    for (const broken of ['{', '{"name": "x",}', 'undefined', "{'name': 'x'}", ''])
      await refused(400, send('POST', '/rooms', broken));
    for (const odd of ['[]', '5', '"text"', 'true']) await refused(422, send('POST', '/rooms', odd), '');
    await refused(422, send('POST', '/rooms', 'null'), 'name');
    await refused(422, send('POST', '/rooms'), 'name');
    await refused(415, send('POST', '/rooms', 'name=x', { 'content-type': 'text/csv' }));
  });

  test('is refused for keys that reach for prototypes', async () => {
    for (const poison of [
      '{"name":"x","owner_ref":"o","settings":{},"__proto__":{"polluted":1}}',
      '{"name":"x","owner_ref":"o","settings":{"__proto__":{"mode":"lecture"}}}',
      '{"name":"x","owner_ref":"o","settings":{},"data":{"constructor":{"prototype":{"polluted":1}}}}',
    ])
      await refused(400, send('POST', '/rooms', poison));
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });

  test('is refused for a body that is too large', async () => {
    await refused(413, send('POST', '/rooms', body({}, { data: { big: 'x'.repeat(BODY_LIMIT) } })));
    assert.equal(store.rooms.size, 0);
  });
});

describe('reading rooms', () => {
  test('gives one, or all in the order of the store', async () => {
    const ids = [await create(), await create({ quality: 'LD' })];
    const { rooms: listed } = await done('GET', '/rooms');
    assert.deepEqual(
      listed.map(({ room_id: id }) => id),
      ids,
    );
    const { room } = await done('GET', `/rooms/${ids[1]}`);
    assert.equal(room.settings.quality, 'LD');
    assert.deepEqual(room, listed[1]);
  });

  test('gives an empty list when there are none', async () => {
    assert.deepEqual(await done('GET', '/rooms'), { result: 0, rooms: [] });
  });
});

describe('changing a room', () => {
  test('changes what is named and nothing else', async () => {
    const id = await create(
      { mode: 'lecture', quality: 'HD', knock: true, description: 'old' },
      { data: { a: 1 } },
    );
    const { room: before } = await done('GET', `/rooms/${id}`);
    const { room } = await done('PATCH', `/rooms/${id}`, {
      name: 'Weekly',
      settings: { quality: 'LD', knock: false },
    });
    assert.deepEqual(room, {
      ...before,
      name: 'Weekly',
      settings: { ...before.settings, quality: 'LD', knock: false },
    });
    assert.deepEqual((await done('GET', `/rooms/${id}`)).room, room);
    const { room: owned } = await done('PATCH', `/rooms/${id}`, {
      owner_ref: 'new',
      data: {},
      sip: { on: 1 },
    });
    assert.deepEqual([owned.owner_ref, owned.data, owned.sip], ['new', {}, { on: 1 }]);
  });

  test('to nothing changes nothing', async () => {
    const id = await create({ quality: 'HD' });
    const { room } = await done('GET', `/rooms/${id}`);
    for (const nothing of [{}, { settings: {} }, undefined])
      assert.deepEqual((await done('PATCH', `/rooms/${id}`, nothing)).room, room);
  });

  test('leaves mode, scheduled and adhoc as they were', async () => {
    const id = await create({ mode: 'group' });
    const settings = { mode: 'lecture', scheduled: true, adhoc: true, quality: 'HD' };
    const { room } = await done('PATCH', `/rooms/${id}`, { settings });
    const { mode, scheduled, adhoc, quality } = room.settings;
    assert.deepEqual([mode, scheduled, adhoc, quality], ['group', false, false, 'HD']);
  });

  test('leaves id and time of creation as they were', async () => {
    const id = await create();
    const { room: before } = await done('GET', `/rooms/${id}`);
    const { room } = await done('PATCH', `/rooms/${id}`, { room_id: 'x', roomId: 'x', created: 'x' });
    assert.deepEqual(room, before);
  });

  test('is refused for wrong values, which are named, and changes nothing', async () => {
    const id = await create();
    const { room } = await done('GET', `/rooms/${id}`);
    for (const [change, field] of [
      [{ name: '' }, 'name'],
      [{ owner_ref: 5 }, 'owner_ref'],
      [{ settings: 'HD' }, 'settings'],
      [{ settings: { quality: '4K' } }, 'settings.quality'],
      [{ name: 'half', settings: { moderators: 6 } }, 'settings.moderators'],
      [{ settings: { participants: true } }, 'settings.participants'],
      [{ settings: { knock: null } }, 'settings.knock'],
      [{ data: 'text' }, 'data'],
    ] as const)
      await refused(422, send('PATCH', `/rooms/${id}`, change), field);
    await refused(400, send('PATCH', `/rooms/${id}`, '{'));
    assert.deepEqual((await done('GET', `/rooms/${id}`)).room, room);
  });
});

describe('deleting a room', () => {
  test('takes it away for good', async () => {
    const id = await create();
    await done('DELETE', `/rooms/${id}`);
    await refused(404, send('GET', `/rooms/${id}`));
    await refused(404, send('DELETE', `/rooms/${id}`));
  });

  test('is refused while people are in it', async () => {
    const id = await create();
    rooms.running.set(id, new FakeSession());
    await refused(409, send('DELETE', `/rooms/${id}`));
    await done('GET', `/rooms/${id}`);
    rooms.running.delete(id);
    await done('DELETE', `/rooms/${id}`);
  });
});

describe('a token', () => {
  const person = { name: 'Ada', role: 'participant', user_ref: 'ada' };

  async function endpoint(headers: Record<string, string> = {}): Promise<{ host: string; secure: unknown }> {
    const id = await create();
    const { token } = await done('POST', `/rooms/${id}/tokens`, person, headers);
    const decoded = decodeToken(token);
    assert.ok(decoded.ok);
    return { host: decoded.token.host, secure: decoded.token.secure };
  }

  test('is made for a person and kept with what was said of them', async () => {
    const id = await create({ quality: 'LD' });
    const { token } = await done('POST', `/rooms/${id}/tokens`, { ...person, data: { seat: 4 }, extra: 1 });
    const decoded = decodeToken(token);
    assert.ok(decoded.ok);
    assert.equal(decoded.token.roomMeta?.settings.quality, 'LD');
    const record = store.getToken(decoded.token.tokenId ?? '');
    const { roomId, name, role, userRef, data, usedAt } = record!;
    assert.deepEqual(
      [roomId, name, role, userRef, data, usedAt],
      [id, 'Ada', 'participant', 'ada', { seat: 4 }, undefined],
    );
  });

  test('may have each of the three roles', async () => {
    const id = await create();
    for (const role of ['moderator', 'participant', 'viewer'])
      await done('POST', `/rooms/${id}/tokens`, { ...person, role });
  });

  test('is refused for wrong fields, which are named', async () => {
    const id = await create();
    const many = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`key${index}`, index]));
    for (const [field, values] of [
      ['name', ['', '  ', 5, null, undefined, 'x'.repeat(129)]],
      ['role', ['audience', 'owner', '', 5, null, undefined, 'Moderator']],
      ['user_ref', ['', 5, null, undefined, 'x'.repeat(129)]],
      ['data', ['text', [], 5, null, many]],
    ] as const) {
      for (const value of values)
        await refused(422, send('POST', `/rooms/${id}/tokens`, { ...person, [field]: value }), field);
    }
    assert.equal(store.tokens.size, 0);
  });

  test('leads to where the request came in', async () => {
    assert.deepEqual(await endpoint({ host: 'rooms.example:8443' }), {
      host: 'rooms.example:8443',
      secure: false,
    });
    assert.deepEqual(await endpoint({ host: '[::1]:8080' }), { host: '[::1]:8080', secure: false });
  });

  test('leads to the public URL where there is one, whatever the request says', async () => {
    await start('https://rooms.example:8443/ignored/path');
    assert.deepEqual(await endpoint({ host: 'evil.example' }), { host: 'rooms.example:8443', secure: true });
    await start('http://rooms.example');
    assert.deepEqual(await endpoint({ host: '"><script>' }), { host: 'rooms.example', secure: false });
  });

  test('is not made for a Host header that is none', async () => {
    const id = await create();
    for (const host of [
      'evil.example/path',
      'evil.example?x=',
      'user@evil.example',
      '"><script>alert(1)</script>',
      'a b',
      'h'.repeat(256),
      'ex%61mple',
    ])
      await refused(400, send('POST', `/rooms/${id}/tokens`, person, { host }));
    assert.equal(store.tokens.size, 0);
  });
});

describe('people in a room', () => {
  const users = { a: { clientId: 'a', name: 'Ada' }, b: { clientId: 'b', name: 'Bo' } };

  async function running(): Promise<{ id: string; session: FakeSession }> {
    const id = await create();
    const session = new FakeSession();
    for (const [clientId, user] of Object.entries(users)) session.participants.set(clientId, { user });
    rooms.running.set(id, session);
    return { id, session };
  }

  test('are listed; nobody is in a room that is not running', async () => {
    const { id } = await running();
    assert.deepEqual(await done('GET', `/rooms/${id}/users`), {
      result: 0,
      total: 2,
      users: [users.a, users.b],
    });
    assert.deepEqual(await done('GET', `/rooms/${await create()}/users`), {
      result: 0,
      total: 0,
      users: null,
    });
  });

  test('can be removed one by one, as by a moderator', async () => {
    const { id, session } = await running();
    await done('DELETE', `/rooms/${id}/users/b`);
    assert.deepEqual(session.removed, [[session.participants.get('b'), 'removed']]);
    for (const nobody of ['c', '__proto__', '%20'])
      await refused(404, send('DELETE', `/rooms/${id}/users/${nobody}`));
    assert.equal(session.removed.length, 1);
  });

  test('can all be sent home', async () => {
    const { id, session } = await running();
    await done('DELETE', `/rooms/${id}/session`);
    assert.equal(session.closedFor, 'room-dismissed');
    await refused(404, send('DELETE', `/rooms/${await create()}/session`));
  });
});

describe('errors', () => {
  test('of our own making keep status, sentence and field', async () => {
    app.get('/own', () => {
      throw new RestError(418, 'I am a teapot.', 'pot');
    });
    const { error } = await refused(418, app.inject('/own'), 'pot');
    assert.equal(error, 'I am a teapot.');
  });

  test('of the program tell nothing of its inside', async () => {
    app.get('/broken', () => {
      throw new Error('secret detail at /path/of/the/server');
    });
    const { error } = await refused(500, app.inject('/broken'));
    assert.equal(error, 'The server could not do this.');
  });

  test('of the store are such errors, and the next request works', async () => {
    const failing = store.putRoom.bind(store);
    store.putRoom = () => Promise.reject(new Error('disk full'));
    await refused(500, send('POST', '/rooms', body()));
    store.putRoom = failing;
    await done('POST', '/rooms', body());
  });
});
