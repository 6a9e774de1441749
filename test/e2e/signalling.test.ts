/**
 * The room server as bare sockets see it: who may do what, who is told, and what a refusal leaves unchanged. No media
 * flows here. Numbers in comments are sections of the protocol description.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startRoomServer } from '../helpers/room-server.js';
import {
  CAMERA,
  floorEvent,
  MEANINGFUL,
  type Role,
  roomEvent,
  SCREEN,
  signallingRooms,
  skip,
  START_SHARE,
} from '../helpers/signalling-room.js';
import { readToken, SignallingSocket, type Wire } from '../helpers/signalling-socket.js';

const rooms = signallingRooms();
const { again, connect, counted, enter, enterWithToken, knock, usersIn } = rooms;

describe('joining', () => {
  it('takes two steps: the token is acknowledged, then room-connected admits, then the first talkers come', async () => {
    const room = await rooms.server.createRoom({ max_active_talkers: 3, moderators: 2 });
    const [socket, token] = await Promise.all([
      connect(),
      rooms.server.createToken(room, { name: 'Ann', role: 'moderator', userRef: 'ann@example' }),
    ]);
    const heardBeforeAck = new Promise<number>((resolve) =>
      socket.raw.emit('token', { ...readToken(token), version: '3.1.5' }, (status: string, answer: Wire) => {
        assert.equal(status, 'success');
        assert.equal(answer.result, 0);
        assert.match(answer.clientId, /./);
        assert.match(answer.connectedIP, /./);
        socket.clientId = answer.clientId;
        resolve(socket.heard.length);
      }),
    );
    assert.equal(await heardBeforeAck, 0);
    await socket.settled();
    assert.deepEqual(
      socket.heard.map(({ name }) => name),
      ['room-connected', 'active-talkers-updated'],
    );
    assert.deepEqual(socket.heard[1]!.args, [{ active: false, activeList: [] }]);
  });

  it('room-connected has everything that clients read', async () => {
    const room = await rooms.server.createRoom(
      { max_active_talkers: 3, moderators: 2, quality: 'HD' },
      'Weekly',
    );
    await enter(room, 'Bob');
    const ann = await knock(room, 'Ann', 'moderator');
    const connected = await ann.next('room-connected');
    assert.equal(connected.id, room);
    assert.equal(connected.clientId, ann.clientId);
    const { clientId, name, role, user_ref: userRef } = connected.user;
    assert.deepEqual([clientId, name, role, userRef], [ann.clientId, 'Ann', 'moderator', 'Ann']);
    assert.deepEqual(Object.keys(connected.userList).length, 2);
    for (const [id, user] of Object.entries<Wire>(connected.userList)) assert.equal(user.clientId, id);
    assert.ok(connected.userList[ann.clientId]);
    // 5.1, 4.3: slots ascending, each with both kinds.
    const slots = Object.values<Wire>(connected.streams);
    assert.deepEqual(
      slots.map(({ id }) => id),
      [1, 2, 3, 101, 102],
    );
    for (const slot of slots) {
      assert.deepEqual([slot.audio, slot.video, slot.data], [true, true, false]);
      assert.equal(slot.screen, slot.id === 101);
      assert.equal(Boolean(slot.canvas), slot.id === 102);
    }
    assert.ok(Array.isArray(connected.iceServers));
    assert.notEqual(connected.dataChannelStream.id, undefined);
    assert.equal(connected.room.name, 'Weekly');
    assert.equal(connected.room.settings.mode, 'group');
    assert.equal(connected.room.settings.quality, 'HD');
    const { mute, share, shareOn, locked, knockEnabled, waitRoom, sharePermissions } = connected.room;
    assert.deepEqual(
      { mute, share, shareOn, locked, knockEnabled, waitRoom },
      { mute: false, share: true, shareOn: false, locked: false, knockEnabled: false, waitRoom: false },
    );
    for (const kind of ['screen', 'canvas']) {
      assert.ok(
        Array.isArray(sharePermissions[kind].approved) && Array.isArray(sharePermissions[kind].pending),
      );
    }
    assert.equal(connected.mediaConfiguration, 'default');
    assert.ok(connected.defaultVideoBW > 0 && connected.maxVideoBW >= connected.defaultVideoBW);
    assert.equal(typeof connected.videoBitrateQualityMap.minBwKbpsToCheck, 'number');
    assert.equal(connected.transcription, false);
    assert.deepEqual(connected.videoMutedUsers, {});
    assert.deepEqual(connected.awaitedParticipants, {});
    for (const list of ['raisedHands', 'approvedHands', 'floorInvites', 'userRoleChangeRequests']) {
      assert.deepEqual(connected[list], []);
    }
    assert.match(connected.internetDetectionUrl ?? '/', /./);
  });

  it('offers a data connection to those who want one', async () => {
    const room = await rooms.server.createRoom();
    const socket = await connect();
    await socket.token(await rooms.server.createToken(room, { name: 'Ann' }), { dataChannel: false });
    const { streams, dataChannelStream } = await socket.next('room-connected');
    assert.equal(dataChannelStream, undefined);
    assert.notDeepEqual(streams, {});
  });

  it('tells the others who comes and who goes, and the newcomer nothing of that', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob', 'viewer');
    const came = await ann.next('user-connected');
    assert.deepEqual(
      [came.clientId, came.name, came.role, came.user_ref, came.permissions.publish],
      [bob.clientId, 'Bob', 'viewer', 'Bob', false],
    );
    await bob.ok('drop', { self: true });
    const went = await ann.next('user-disconnected');
    assert.deepEqual([went.clientId, went.name, went.reason], [bob.clientId, 'Bob', 0]);
    assert.deepEqual(
      bob.heard.filter(({ name }) => name.startsWith('user-')),
      [],
    );
    await ann.silence();
  });

  it('a socket that vanishes without a goodbye leaves the room too', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    bob.vanish();
    assert.equal((await ann.next('user-disconnected')).clientId, bob.clientId);
  });

  it('believes the token record and not what the client says of itself', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const socket = await connect();
    const token = await rooms.server.createToken(room, { name: 'Mallory' });
    await socket.token(token, { name: 'Ann', role: 'moderator', user_ref: 'Ann', room: 'elsewhere' });
    const { user } = await socket.next('room-connected');
    assert.deepEqual([user.name, user.role, user.user_ref], ['Mallory', 'participant', 'Mallory']);
    assert.equal((await ann.next('user-connected')).name, 'Mallory');
    await socket.refused(4101, 'lockRoom', true);
  });

  it('refuses everything before a token, and stays silent', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const stranger = await connect();
    for (const [name, ...args] of MEANINGFUL(ann.clientId)) await stranger.refused(4161, name, ...args);
    await stranger.refused(4161, 'test-unknown');
    await stranger.silence();
    await ann.silence();
    assert.equal((await counted()).participants, 1);
  });

  it('lets nobody in for a token that is used, tampered with, unknown, oversized or malformed, and says which', async () => {
    const room = await rooms.server.createRoom();
    const token = readToken(await rooms.server.createToken(room, { name: 'Bob' }));
    const spare = readToken(await rooms.server.createToken(room, { name: 'Eve' }));
    const bob = await connect();
    const attempts: [string, number, unknown][] = [
      ['no object', 4151, 'a token'],
      ['nothing', 4151, null],
      ['a list', 4151, [token]],
      ['no id', 4151, { ...token, tokenId: undefined }],
      ['an id of the wrong type', 4151, { ...token, tokenId: { toString: 'x' } }],
      ['oversized', 4152, { ...token, padding: 'x'.repeat(20_000) }],
      ['unknown', 4153, { ...token, tokenId: 'f47ac10b-58cc-4372-a567-0e02b2c3d479' }],
      ['tampered signature', 4154, { ...token, signature: `${String(token.signature).slice(0, -2)}xx` }],
      ['no signature', 4154, { ...token, signature: undefined }],
      ['signature of another token', 4154, { ...token, signature: spare.signature }],
    ];
    for (const [what, code, message] of attempts) {
      const [status, answer] = await bob.request('token', message);
      assert.equal(status, 'error', what);
      assert.equal(answer.result, code, `${what}: ${JSON.stringify(answer)}`);
      assert.match(answer.msg, /./);
    }
    await bob.silence();
    assert.equal((await counted()).rooms, 0);

    // None of that used it up.
    const [status] = await bob.request('token', token);
    assert.equal(status, 'success');
    await bob.next('room-connected');
    const again = await connect();
    const [refused, { result }] = await again.request('token', token);
    assert.deepEqual([refused, result], ['error', 4156]);
    // A connection that has joined joins no second time, not even with a token of its own.
    const [twice, answer] = await bob.request('token', spare);
    assert.deepEqual([twice, answer.result], ['error', 4156]);
    assert.deepEqual(Object.keys(await usersIn(room)), ['Bob']);
  });

  it('has room for as many participants and moderators as its settings say, viewers included', async () => {
    const room = await rooms.server.createRoom({ participants: 2, moderators: 1 });
    const refusedEntry = async (name: string, role: Role) => {
      const [socket, token] = await Promise.all([connect(), rooms.server.createToken(room, { name, role })]);
      // 3.2: a soft error, in an acknowledgement of success.
      const [status, answer] = await socket.token(token);
      assert.deepEqual([status, answer.result, answer.clientId], ['success', 4158, undefined]);
      await socket.refused(4161, 'getNumberOfTalker');
      await socket.none('room-connected');
    };
    await enter(room, 'Bob');
    const cid = await enter(room, 'Cid', 'viewer');
    await refusedEntry('Dan', 'participant');
    await enter(room, 'Ann', 'moderator');
    await refusedEntry('Amy', 'moderator');
    await cid.ok('drop', { self: true });
    await enter(room, 'Dan');
    assert.deepEqual(Object.keys(await usersIn(room)), ['Bob', 'Ann', 'Dan']);
  });
});

/** Of these, what only moderators may. */
const MODERATORS_ONLY = new Set([
  'lockRoom',
  'enableKnock',
  'user-allowed',
  'user-denied',
  'getAwaitedUser',
  'hardmute-user-audio',
  'hardunmute-user-audio',
  'hardmute-user-video',
  'hardunmute-user-video',
  'room-muted',
  'room-unmuted',
  'switchUserRole',
  'switchRoomMode',
  'inviteToFloor',
  'extendConferenceDuration',
  'stopAllSharing',
  'openFloor',
  'muteUser',
  'unMuteUser',
]);

describe('every message', () => {
  it('is acknowledged, also one that the server has never heard of', async () => {
    const ann = await enter(await rooms.server.createRoom(), 'Ann', 'moderator');
    const names = [
      'cameraSwitched',
      'logClientEvents',
      'pingBack',
      'constructor',
      '__proto__',
      'toString',
      '',
    ];
    for (const name of [...names, 'x'.repeat(10_000)]) {
      assert.equal((await ann.request(name, { some: 'thing' }))[0]?.result, 0, name.slice(0, 40));
    }
    assert.equal((await ann.request('test-without-payload'))[0].result, 0);
    await ann.silence();
  });

  it('that asks for a service this server does not have is refused by name', async () => {
    const ann = await enter(await rooms.server.createRoom(), 'Ann', 'moderator');
    for (const name of ['startRecord', 'makeOutboundCall', 'startLiveTranscription', 'join-breakout-room']) {
      await ann.refused(1170, name, {});
    }
    // 2.3: these are read through their status.
    const [answer] = await ann.request('startStreaming', {});
    assert.equal(answer.status.resultCode, 1170);
  });

  it('with a payload that makes no sense is refused and changes nothing', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann, bob);
    const notObjects = [undefined, null, 5, 'text', true, [], [{}]];
    const notIds = [undefined, null, '', {}, [], true, 'x'.repeat(200)];
    const targets = [...notObjects, {}, { clientId: 5 }, { clientId: '' }, { clientId: null }];
    const nonsense: Record<string, unknown[]> = {
      addDataChannel: [...notObjects, {}, { streamId: {} }, { streamId: -1 }, { streamId: 12_345 }],
      publish: [...notObjects, {}, { state: 'media_engine', audio: 'yes', video: [1] }],
      unpublish: [...notIds, -1, 1.5],
      subscribe: [...notObjects, {}, { streamId: null }, { streamId: 'x' }, { streamId: 77 }],
      unsubscribe: [...notIds, -1, 1.5],
      signaling_message: [
        ...notObjects,
        {},
        { streamId: 1 },
        { streamId: 1, msg: 'offer' },
        { streamId: 1, msg: {} },
        { streamId: 1, msg: { type: 'answer', sdp: 'v=0' } },
        { streamId: 1, msg: { type: 'offer' } },
        { streamId: 1, msg: { type: 'offer', sdp: 5 } },
        { streamId: 1, msg: { type: 'offer', sdp: '' } },
        { streamId: 1, msg: { type: 'offer', sdp: 'not a session description' } },
        { streamId: 999, msg: { type: 'offer', sdp: 'v=0\r\nm=\r\n\u0000' } },
        { streamId: 1, msg: { type: 'offer', sdp: 'x'.repeat(200_001) } },
        { streamId: 1, msg: { type: 'candidate', candidate: 'candidate:1' } },
      ],
      setNumberOfTalker: [...notObjects, {}, { numTalkers: -1 }, { numTalkers: 1.5 }, { numTalkers: '2' }],
      setAdvancedOptions: [
        undefined,
        null,
        {},
        'text',
        ['x'],
        [null],
        Array.from({ length: 51 }, () => ({})),
        [{ id: 'kept', enable: true }, { id: 'update-pin-users' }],
        [
          { id: 'kept', enable: true },
          { id: 'update-pin-users', request: 'swap', clientIds: [] },
        ],
        [
          { id: 'update-pin-users', request: 'add', clientIds: [bob.clientId] },
          { id: 'spotlight-users', request: 'add', clientIds: 'everybody' },
        ],
      ],
      sendDataStreamToRoom: notObjects,
      drop: [
        ...notObjects,
        {},
        { all: 'yes' },
        { self: 'yes' },
        { all: false },
        { all: false, clientIds: bob.clientId },
        { all: false, clientIds: [5] },
        { all: false, clientIds: {} },
        { clients: [''] },
      ],
      lockRoom: [undefined, null, 0, 'true', {}, []],
      enableKnock: [undefined, null, 0, 'true', {}, []],
      'user-allowed': notIds,
      'user-denied': notIds,
      'hardmute-user-audio': targets,
      'hardunmute-user-audio': targets,
      'hardmute-user-video': targets,
      'hardunmute-user-video': targets,
      switchUserRole: [
        undefined,
        null,
        {},
        true,
        '',
        [5],
        [{}],
        [{ clientId: bob.clientId }],
        [{ clientId: bob.clientId, role: 'king' }],
        [
          { clientId: bob.clientId, role: 'viewer' },
          { clientId: bob.clientId, role: 5 },
        ],
      ],
      switchRoomMode: [undefined, null, '', 'party', 5, {}, ['lecture']],
      processFloorRequest: [{}, [], 5, true],
      inviteToFloor: targets,
      openFloor: [undefined, null, 0, 'true', {}, []],
      changeUserRoleOption: [...notObjects, { role: 'king' }, { clientId: 5 }],
      muteUser: notIds,
      unMuteUser: notIds,
      muteRoom: notObjects,
      unMuteRoom: notObjects,
      setCustomData: [...notObjects, {}, { scope: 'world', data: 1 }, { scope: 'room' }],
      saveCustomData: [...notObjects, {}, { scope: 'world', data: 1 }],
      getCustomData: [...notObjects, {}, { scope: 'world' }],
      auxilaryPublishRequests: [
        ...notObjects,
        {},
        { req: 'start' },
        { req: '', pubType: 'screen' },
        { req: 'take-permission', pubType: 'screen' },
        { req: 'set-permission-mode', pubType: 'screen', mode: 'chaos' },
        { req: 'start', pubType: 'hologram' },
        { req: 5, pubType: 'screen' },
      ],
    };
    for (const [name, payloads] of Object.entries(nonsense)) {
      for (const payload of payloads) {
        const answer = await ann.request(name, payload);
        const what = `${name} ${String(JSON.stringify(payload)).slice(0, 80)}: ${JSON.stringify(answer)}`;
        // `subscribe` is refused with null and a reason (6).
        if (answer[0] === null) assert.equal(typeof answer[1], 'string', what);
        else {
          assert.ok(answer[0]?.result > 0, what);
          assert.notEqual(answer[0].result, 4164, what);
        }
      }
    }
    for (const action of [undefined, null, 'takeFloor', 5, {}, '__proto__']) {
      await ann.refused(1155, 'processFloorRequest', bob.clientId, action);
    }
    await skip(ann);
    await bob.silence();
    assert.deepEqual((await ann.ok('getAdvancedOptions')).options, []);
    assert.equal((await ann.ok('getNumberOfTalker')).numTalkers, 6);
    assert.deepEqual(await counted(), { rooms: 1, participants: 2, publications: 0 });
    const users = await usersIn(room);
    assert.deepEqual(
      [users.Ann.role, users.Bob.role, users.Bob.audioMuted],
      ['moderator', 'participant', false],
    );
    // Nobody locked it or had people knock.
    const cid = await knock(room, 'Cid', 'viewer');
    const { room: state } = await cid.next('room-connected');
    assert.deepEqual([state.locked, state.knockEnabled, state.settings.mode], [false, false, 'group']);
  });

  it('that only moderators may send is refused to participants and viewers, and changes nothing', async () => {
    const room = await rooms.server.createRoom({ duration: 60 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const vic = await enter(room, 'Vic', 'viewer');
    await skip(ann, bob, vic);
    for (const person of [bob, vic]) {
      for (const [name, ...args] of MEANINGFUL(ann.clientId)) {
        if (MODERATORS_ONLY.has(name)) await person.refused(4101, name, ...args);
      }
      await person.refused(4101, 'drop', { all: true, clients: null, deleteRoom: true });
      await person.refused(4101, 'drop', { all: false, clientIds: [ann.clientId] });
      await person.refused(4101, 'drop', { all: false, clientIds: [] });
      await person.refused(4101, 'switchUserRole', [{ clientId: person.clientId, role: 'moderator' }]);
      await person.refused(4101, 'setAdvancedOptions', [
        { id: 'update-pin-users', request: 'add', clientIds: [ann.clientId] },
        { id: 'spotlight-users', request: 'add', clientIds: [person.clientId] },
      ]);
    }
    for (const person of [ann, bob, vic]) await person.silence();
    const { Ann, Bob, Vic } = await usersIn(room);
    assert.deepEqual([Ann.role, Bob.role, Vic.role], ['moderator', 'participant', 'viewer']);
    assert.deepEqual([Ann.audioMuted, Ann.videoMuted], [false, false]);
  });

  it('is acknowledged exactly once and in order, however many come at once', async () => {
    const ann = await enter(await rooms.server.createRoom(), 'Ann', 'moderator');
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        await ann.ok(index % 2 ? 'getNumberOfTalker' : 'test-unknown', {});
        order.push(index);
      }),
    );
    assert.deepEqual(
      order,
      Array.from({ length: 100 }, (_, index) => index),
    );
  });

  it('beyond what anybody needs is refused for a while, and the session goes on', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const answers = await Promise.all(
      Array.from({ length: 700 }, () => bob.request('user-audio-muted').then(([answer]) => answer.result)),
    );
    // Which of the later ones are refused depends on how long they took to arrive: the allowance grows back meanwhile.
    assert.equal(answers[0], 0);
    assert.deepEqual([...new Set(answers)].sort(), [0, 4162]);
    // The others are not held up, and hear of it once.
    await ann.ok('getNumberOfTalker');
    await ann.next('user-audio-muted');
    await ann.none('user-audio-muted');
    assert.deepEqual(Object.keys(await usersIn(room)), ['Ann', 'Bob']);
    let answer = { result: 4162 };
    while (answer.result === 4162) [answer] = await bob.request('getNumberOfTalker');
    assert.equal(answer.result, 0);
  });
});

describe('frames that are no messages', () => {
  it('end at most the connection they came on', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const token = (payload: string) => `420["token",${payload}]`;
    const frames: (string | Uint8Array)[] = [
      '',
      'garbage',
      '4',
      '42',
      '42{}',
      '42[]',
      '42[null]',
      '42[5]',
      '42[{"a":1}]',
      '42["disconnect"]',
      '42["connect"]',
      '42["token"',
      '43[]',
      '431[{"result":0}]',
      '45',
      '451-["publish",{"_placeholder":true,"num":0}]',
      '451-["publish",{"_placeholder":true,"num":99}]',
      '45999999-["x"]',
      '42999999999999999999999["token",{}]',
      '40{"a":"b"}',
      '40/other,{}',
      '41',
      '47',
      '3probe',
      '9',
      new Uint8Array([0, 1, 2, 255]),
      new Uint8Array(70_000),
      token('{"__proto__":{"tokenId":"x"}}'),
      token('{"tokenId":{"__proto__":null}}'),
      token(deep(2_000)),
      token(`{"tokenId":"x","more":${deep(50_000)}}`),
      `420["sendDataStreamToRoom",{"msg":${deep(5_000)}}]`,
    ];
    await Promise.all(
      frames.map(async (frame) => {
        const stranger = await connect();
        stranger.sendFrame(frame);
        await Promise.race([stranger.closed, stranger.settled()]);
        stranger.close();
      }),
    );
    // Somebody who has joined may send nonsense as well.
    const bob = await enter(room, 'Bob');
    bob.sendFrame('42["drop",{"self":true}');
    await bob.closed;
    await ann.next('user-disconnected');
    await ann.ok('getNumberOfTalker');
    await enter(room, 'Cid');
  });

  it('values nested too deeply to be passed on harm nobody but their sender', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann, bob);
    for (const levels of [1_000, 20_000, 200_000]) {
      const payload = `{"msg":${'['.repeat(levels)}${']'.repeat(levels)},"broadcast":true,"type":"chat"}`;
      bob.sendFrame(`42["sendDataStreamToRoom",${payload}]`);
      bob.sendFrame(`42["setAdvancedOptions",[{"id":"x","v":${payload}}]]`);
      bob.sendFrame(`42["publish",{"audio":${payload}}]`);
    }
    await Promise.race([bob.closed, bob.settled()]);
    await ann.ok('getNumberOfTalker');
    assert.ok((await usersIn(room)).Ann);
  });

  it('longer than any message ends that connection only', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    bob.raw.emit('sendDataStreamToRoom', { msg: 'x'.repeat(3_100_000) });
    await bob.closed;
    assert.equal((await ann.next('user-disconnected')).clientId, bob.clientId);
    await ann.ok('getNumberOfTalker');
  });
});

describe('leaving and removing', () => {
  it('a moderator removes one, who is told why and can do nothing any more', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await skip(ann, bob, cid);
    await ann.ok('drop', { all: false, clientIds: [bob.clientId, 'nobody'] });
    const { cause } = await bob.next('room-disconnected');
    assert.deepEqual(cause, { cause: 2011, msg: 'disconnected-by-moderator' });
    await bob.refused(4161, 'sendDataStreamToRoom', { msg: 'still here', broadcast: true });
    for (const person of [ann, cid]) {
      const { clientId, reason } = await person.next('user-disconnected');
      assert.deepEqual([clientId, reason], [bob.clientId, 2]);
      await person.silence();
    }
    assert.deepEqual(Object.keys(await usersIn(room)), ['Ann', 'Cid']);
    // A client that does not go by itself is put out.
    await bob.closed;
  });

  it('a removed person does not come back on the token they had', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const [bob, token] = await Promise.all([connect(), rooms.server.createToken(room, { name: 'Bob' })]);
    await bob.token(token);
    await ann.ok('drop', { all: false, clientIds: [bob.clientId] });
    await bob.next('room-disconnected');
    const refused = async () => {
      const { ack } = await again(token, bob);
      assert.deepEqual([ack[0], ack[1].result], ['error', 4156]);
    };
    await refused();
    assert.deepEqual(Object.keys(await usersIn(room)), ['Ann']);
    // Not even to the next session of the room.
    await ann.ok('drop', { self: true });
    await refused();
    await enter(room, 'Cid');
    await refused();
  });

  it('who said goodbye, was dismissed or turned away does not come back on the token they had either', async () => {
    const room = await rooms.server.createRoom();
    const { socket: ann, token: anns } = await enterWithToken(room, 'Ann', 'moderator');
    const { socket: bob, token: bobs } = await enterWithToken(room, 'Bob');
    const { socket: cid, token: cids } = await enterWithToken(room, 'Cid');
    await bob.ok('drop', { self: true });
    assert.equal((await again(bobs, bob)).ack[1].result, 4156);
    await ann.ok('enableKnock', true);
    const { socket: dan, token: dans } = await rooms.knockWithToken(room, 'Dan');
    await ann.ok('user-denied', dan.clientId);
    assert.equal((await again(dans, dan)).ack[1].result, 4156);
    await ann.ok('drop', { all: true, clients: null, deleteRoom: false });
    for (const [token, old] of [
      [anns, ann],
      [bobs, bob],
      [cids, cid],
      [dans, dan],
    ] as const) {
      const { ack } = await again(token, old);
      assert.deepEqual([ack[0], ack[1].result], ['error', 4156]);
    }
    assert.equal((await counted()).rooms, 0);
  });

  it('an empty list means everybody else', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const others = [await enter(room, 'Amy', 'moderator'), await enter(room, 'Bob')];
    await ann.ok('drop', { all: false, clientIds: [] });
    for (const other of others) {
      assert.equal((await other.next('room-disconnected')).cause.cause, 2011);
    }
    assert.deepEqual(Object.keys(await usersIn(room)), ['Ann']);
    await ann.ok('getNumberOfTalker');
  });

  it('a moderator ends the session for everybody, and is answered before going too', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.ok('drop', { all: true, clients: null, deleteRoom: false });
    for (const person of [ann, bob]) {
      assert.deepEqual((await person.next('room-disconnected')).cause, {
        cause: 2012,
        msg: 'room-dismissed',
      });
      await person.refused(4161, 'sendDataStreamToRoom', { msg: 'still here', broadcast: true });
    }
    assert.equal((await counted()).rooms, 0);
    // A room that is not ad hoc is there for the next session.
    await enter(room, 'Cid');
  });

  it('who said goodbye can do nothing any more, though the socket is still open', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann);
    await bob.ok('drop', { self: true });
    await ann.next('user-disconnected');
    await bob.refused(4161, 'sendDataStreamToRoom', { msg: 'still here', broadcast: true });
    await bob.refused(4161, 'publish', CAMERA);
    // 9.1: clients say goodbye to all they had, in no certain order.
    await bob.ok('unpublish', 10_000);
    await bob.ok('drop', { self: true });
    await ann.silence();
    await bob.none('room-disconnected');
  });

  it('an application server removes one, or ends the session, as a moderator would', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: bob, token } = await enterWithToken(room, 'Bob');
    await skip(ann);
    assert.equal((await rooms.server.delete<Wire>(`/rooms/${room}/users/${bob.clientId}`)).result, 0);
    assert.equal((await bob.next('room-disconnected')).cause.cause, 2011);
    assert.equal((await ann.next('user-disconnected')).reason, 2);
    assert.equal((await again(token, bob)).ack[1].result, 4156);
    assert.equal((await rooms.server.delete<Wire>(`/rooms/${room}/users/${bob.clientId}`)).result, 404);
    assert.equal((await rooms.server.delete<Wire>(`/rooms/${room}/session`)).result, 0);
    assert.equal((await ann.next('room-disconnected')).cause.cause, 2012);
    assert.equal((await rooms.server.delete<Wire>(`/rooms/${room}/session`)).result, 404);
    assert.deepEqual(await usersIn(room), {});
  });

  it('an ad hoc room is gone after the last has left', async () => {
    const room = await rooms.server.createRoom({ adhoc: true });
    const late = await rooms.server.createToken(room, { name: 'Late' });
    const ann = await enter(room, 'Ann');
    const bob = await enter(room, 'Bob');
    await ann.ok('drop', { self: true });
    assert.equal((await rooms.server.get<{ result: number }>(`/rooms/${room}`)).result, 0);
    await bob.ok('drop', { self: true });
    // It is deleted from disk behind the goodbye.
    let left = await rooms.server.get<{ result: number }>(`/rooms/${room}`);
    for (let tries = 0; tries < 100 && left.result === 0; tries++)
      left = await rooms.server.get(`/rooms/${room}`);
    assert.equal(left.result, 404);
    const [status, answer] = await (await connect()).token(late);
    assert.deepEqual([status, answer.result], ['error', 4157]);
  });

  it('a scheduled room opens 15 minutes before its time, and is over after its duration', async () => {
    const inMinutes = (minutes: number) =>
      new Date(Date.now() + minutes * 60_000).toISOString().replace('T', ' ').slice(0, 19);
    const scheduled = (minutes: number) =>
      rooms.server.createRoom({ scheduled: true, duration: 30, scheduled_time: inMinutes(minutes) });
    for (const [minutes, refusal] of [
      [16, 4119],
      [-31, 2013],
    ] as const) {
      const token = await rooms.server.createToken(await scheduled(minutes), { name: 'Ann' });
      for (const socket of [await connect(), await connect()]) {
        const [status, answer] = await socket.token(token);
        assert.deepEqual([status, answer.result], ['success', refusal]);
      }
    }
    for (const [minutes, left] of [
      [14, 44],
      [-29, 1],
    ] as const) {
      const ann = await knock(await scheduled(minutes), 'Ann');
      assert.equal((await ann.next('room-connected')).room.remainingDuration, left);
    }
  });

  for (const waiting of ['knock', 'wait_for_moderator'])
    it(`an ad hoc room outlives a guest who gives up before anybody is in (${waiting})`, async () => {
      const room = await rooms.server.createRoom({ adhoc: true, [waiting]: true });
      const guest = await knock(room, 'Guest');
      await guest.next('room-awaited');
      await guest.ok('drop', { self: true });
      const ann = await enter(room, 'Ann', 'moderator');
      await ann.silence();
    });

  it('a server that closes sends nobody away: everybody loses the connection, those who wait too', async () => {
    const own = await startRoomServer();
    try {
      const room = await own.createRoom({ knock: true });
      const people: SignallingSocket[] = [];
      for (const [name, role] of [
        ['Ann', 'moderator'],
        ['Guest', 'participant'],
      ] as const) {
        const socket = await SignallingSocket.open(own.url);
        await socket.token(await own.createToken(room, { name, role }));
        people.push(socket);
      }
      await own.close();
      for (const person of people) {
        await person.closed;
        assert.ok(!person.heard.some(({ name }) => name === 'room-disconnected'));
      }
    } finally {
      await own.close();
    }
  });
});

describe('locking', () => {
  it('keeps participants out and lets moderators in; everybody inside is told', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.refused(4121, 'lockRoom', false);
    await ann.ok('lockRoom', true);
    for (const person of [ann, bob])
      assert.equal((await roomEvent(person, 'room-locked')).clientId, ann.clientId);
    await ann.refused(4121, 'lockRoom', true);
    await ann.none('roomManagementEvents');

    const late = await connect();
    const [status, answer] = await late.token(await rooms.server.createToken(room, { name: 'Late' }));
    // 3.2: a soft error, in an acknowledgement of success.
    assert.deepEqual([status, answer.result, answer.clientId], ['success', 4122, undefined]);
    assert.match(answer.msg, /./);
    await late.refused(4161, 'getNumberOfTalker');
    await late.silence();

    const amy = await knock(room, 'Amy', 'moderator');
    assert.equal((await amy.next('room-connected')).room.locked, true);
    await amy.ok('lockRoom', false);
    for (const person of [ann, bob, amy]) await roomEvent(person, 'room-unlocked');
    const dan = await knock(room, 'Dan');
    assert.equal((await dan.next('room-connected')).room.locked, false);
  });
});

describe('knocking', () => {
  const closedRoom = async () => {
    const room = await rooms.server.createRoom({ knock: true, moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    return { room, ann };
  };

  it('a guest waits until a moderator lets them in', async () => {
    const { room, ann } = await closedRoom();
    const amy = await enter(room, 'Amy', 'moderator');
    await skip(ann);
    const guest = await knock(room, 'Guest');
    assert.equal((await guest.next('room-awaited')).event_type, 'knock');
    for (const moderator of [ann, amy]) {
      const awaited = await moderator.next('user-awaited');
      assert.deepEqual([awaited.clientId, awaited.name], [guest.clientId, 'Guest']);
    }
    await guest.silence();
    assert.equal((await counted()).participants, 2);
    const { awaitedParticipants } = await ann.ok('getAwaitedUser', null);
    assert.deepEqual(awaitedParticipants, { [guest.clientId]: { clientId: guest.clientId, name: 'Guest' } });

    await ann.ok('user-allowed', guest.clientId);
    assert.equal((await guest.next('room-connected')).room.knockEnabled, true);
    await guest.next('active-talkers-updated');
    // The other moderator can take the guest off the list.
    assert.equal((await roomEvent(amy, 'user-allowed')).clientId, guest.clientId);
    for (const moderator of [ann, amy]) {
      assert.equal((await moderator.next('user-connected')).clientId, guest.clientId);
      await moderator.silence();
    }
    await ann.refused(1159, 'user-allowed', guest.clientId);
    await guest.ok('getNumberOfTalker');
  });

  it('a guest may be turned away, and does not come back on the same token', async () => {
    const { room, ann } = await closedRoom();
    const [guest, token] = await Promise.all([connect(), rooms.server.createToken(room, { name: 'Guest' })]);
    await guest.token(token);
    await ann.ok('user-denied', guest.clientId);
    assert.deepEqual((await guest.next('room-disconnected')).cause, { cause: 2015, msg: 'entry-denied' });
    await ann.refused(1159, 'user-allowed', guest.clientId);
    await ann.none('user-connected');
    const again = await connect();
    const [status, { result }] = await again.token(token, {
      isReconnecting: true,
      oldClientIdForReconnect: guest.clientId,
    });
    assert.deepEqual([status, result], ['error', 4156]);
  });

  it('a waiting guest can do nothing and hears nothing of the room', async () => {
    const { room, ann } = await closedRoom();
    const bob = await knock(room, 'Bob');
    await ann.ok('user-allowed', bob.clientId);
    const guest = await knock(room, 'Guest');
    await guest.next('room-awaited');
    for (const [name, ...args] of MEANINGFUL(ann.clientId)) {
      // That is a guest who gives up, and another test.
      if (name === 'drop' && (args[0] as Wire).self) continue;
      const [answer] = await guest.request(name, ...args);
      // Saying goodbye to what one does not have is fine; anything else is not for those outside.
      const isGoodbye = ['drop', 'unpublish', 'unsubscribe'].includes(name);
      assert.equal(answer.result, isGoodbye ? 0 : 4161, name);
    }
    await skip(ann, bob);
    await bob.ok('sendDataStreamToRoom', { msg: 'private talk', broadcast: true, clients: [], type: 'chat' });
    await bob.ok('sendDataStreamToRoom', {
      msg: 'psst',
      broadcast: false,
      clients: [guest.clientId],
      type: 'chat',
    });
    await bob.ok('user-audio-muted');
    await ann.ok('room-muted', {});
    await ann.ok('lockRoom', true);
    await ann.ok('switchRoomMode', 'lecture');
    await ann.ok('setAdvancedOptions', [
      { id: 'spotlight-users', request: 'add', clientIds: [bob.clientId] },
    ]);
    await ann.refused(1159, 'hardmute-user-audio', { clientId: guest.clientId });
    await ann.refused(1159, 'switchUserRole', guest.clientId);
    await guest.silence();
    assert.deepEqual(Object.keys(await usersIn(room)), ['Ann', 'Bob']);
  });

  it('participants are not told of guests and may not decide about them', async () => {
    const { room, ann } = await closedRoom();
    const bob = await knock(room, 'Bob');
    await ann.ok('user-allowed', bob.clientId);
    assert.deepEqual((await bob.next('room-connected')).awaitedParticipants, {});
    await skip(bob);
    const guest = await knock(room, 'Guest');
    await bob.refused(4101, 'user-allowed', guest.clientId);
    await bob.refused(4101, 'getAwaitedUser', null);
    await bob.silence();
    await guest.none('room-connected');
  });

  for (const [how, giveUp] of [
    ['says goodbye', (guest: SignallingSocket) => guest.ok('drop', { self: true })],
    ['is gone', (guest: SignallingSocket) => guest.close()],
  ] as const) {
    it(`a guest who ${how} is taken off the list`, async () => {
      const { room, ann } = await closedRoom();
      const guest = await knock(room, 'Guest');
      await ann.next('user-awaited');
      await giveUp(guest);
      assert.equal((await roomEvent(ann, 'user-awaited-left')).clientId, guest.clientId);
      assert.deepEqual((await ann.ok('getAwaitedUser', null)).awaitedParticipants, {});
      await ann.none('user-disconnected');
    });
  }

  it('a guest whose connection broke waits once, not twice, and moderators notice nothing', async () => {
    const { room, ann } = await closedRoom();
    const { socket: guest, token } = await rooms.knockWithToken(room, 'Guest');
    await skip(ann);
    const { socket: back, ack } = await again(token, guest);
    assert.deepEqual([ack[0], back.clientId], ['success', guest.clientId]);
    await guest.next('room-disconnected');
    assert.equal((await back.next('room-awaited')).event_type, 'knock');
    await ann.silence();
    const { awaitedParticipants } = await ann.ok('getAwaitedUser', null);
    assert.deepEqual(Object.keys(awaitedParticipants), [guest.clientId]);
    // The old connection does not give up for the new one.
    await guest.ok('drop', { self: true });
    await ann.silence();
    await ann.ok('user-allowed', back.clientId);
    await back.next('room-connected');
  });

  it('a moderator who comes later finds the guests that wait, and may let them in', async () => {
    const room = await rooms.server.createRoom({ knock: true });
    const guest = await knock(room, 'Guest');
    await guest.next('room-awaited');
    const ann = await knock(room, 'Ann', 'moderator');
    const { awaitedParticipants } = await ann.next('room-connected');
    assert.deepEqual(awaitedParticipants, { [guest.clientId]: { clientId: guest.clientId, name: 'Guest' } });
    await ann.ok('user-allowed', guest.clientId);
    await guest.next('room-connected');
  });

  it('who becomes moderator finds the guests that wait', async () => {
    const { room, ann } = await closedRoom();
    const bob = await knock(room, 'Bob');
    await ann.ok('user-allowed', bob.clientId);
    const guest = await knock(room, 'Guest');
    await guest.next('room-awaited');
    await ann.ok('switchUserRole', bob.clientId);
    const toBob = await bob.next('userRoleChanged');
    assert.deepEqual(Object.keys(toBob.awaitedParticipants), [guest.clientId]);
    assert.equal((await ann.next('userRoleChanged')).awaitedParticipants, undefined);
    await bob.ok('user-allowed', guest.clientId);
    await guest.next('room-connected');
  });

  it('switching it off lets in who waits, as far as there is room', async () => {
    const room = await rooms.server.createRoom({ knock: true, participants: 1 });
    const ann = await enter(room, 'Ann', 'moderator');
    const first = await knock(room, 'First');
    const second = await knock(room, 'Second');
    await ann.ok('enableKnock', false);
    await roomEvent(ann, 'knock-disabled');
    assert.equal((await first.next('room-connected')).room.knockEnabled, false);
    await second.next('room-disconnected');
    await ann.ok('enableKnock', true);
    await roomEvent(first, 'knock-enabled');
  });

  it('a full room takes nobody from the list', async () => {
    const room = await rooms.server.createRoom({ knock: true, participants: 1 });
    const ann = await enter(room, 'Ann', 'moderator');
    const first = await knock(room, 'First');
    const second = await knock(room, 'Second');
    await ann.ok('user-allowed', first.clientId);
    await ann.refused(4158, 'user-allowed', second.clientId);
    await second.next('room-awaited');
    await second.silence();
    await first.ok('drop', { self: true });
    await ann.ok('user-allowed', second.clientId);
    await second.next('room-connected');
  });
});

describe('waiting for a moderator', () => {
  it('people are in but see and send nothing until the first moderator comes', async () => {
    const room = await rooms.server.createRoom({ wait_for_moderator: true, max_active_talkers: 2 });
    const bob = await knock(room, 'Bob');
    const connected = await bob.next('room-connected');
    assert.equal(connected.room.waitRoom, true);
    assert.deepEqual(connected.streams, {});
    assert.equal(connected.dataChannelStream, undefined);
    assert.equal((await bob.next('room-awaited')).event_type, 'wait_for_moderator');
    await bob.refused(1130, 'publish', CAMERA);
    const cid = await knock(room, 'Cid');
    await cid.skip();
    await bob.next('user-connected');
    for (const [name, payload, more] of [
      ['sendDataStreamToRoom', { msg: 'psst', broadcast: true, clients: [], type: 'chat' }],
      ['setCustomData', { scope: 'room', data: 1 }],
      ['saveCustomData', { scope: 'room', data: 1 }],
      ['auxilaryPublishRequests', START_SHARE],
      ['changeUserRoleOption', { role: 'moderator' }, 'requestInitiate'],
      ['muteRoom', { audio: true, video: true }],
      ['unMuteRoom', { audio: true, video: true }],
    ] as const)
      await bob.refused(1130, name, payload, ...(more ? [more] : []));
    await cid.silence();
    await cid.ok('drop', { self: true });
    await bob.next('user-disconnected');
    await bob.ok('user-audio-muted');
    await bob.ok('user-audio-unmuted');
    // 5.3: the first list means that media is active, which it is not.
    await bob.silence();

    const ann = await knock(room, 'Ann', 'moderator');
    assert.equal((await ann.next('room-connected')).room.waitRoom, false);
    const { id, roomData } = await bob.next('roomManagementEvents');
    assert.equal(id, 'wait-room-disabled');
    assert.deepEqual(
      Object.values<Wire>(roomData.streams).map((stream) => stream.id),
      [1, 2, 101, 102],
    );
    assert.deepEqual(Object.keys(roomData.userList).sort(), [ann.clientId, bob.clientId].sort());
    assert.notEqual(roomData.dataChannelStream.id, undefined);
    assert.deepEqual(roomData.videoMutedUsers, {});
    assert.equal((await bob.next('active-talkers-updated')).activeList.length, 0);
    await bob.ok('publish', CAMERA);
    await ann.none('roomManagementEvents');
  });

  it('is over for good once a moderator was there', async () => {
    const room = await rooms.server.createRoom({ wait_for_moderator: true, moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.ok('drop', { self: true });
    await skip(bob);
    await bob.ok('publish', CAMERA);
    await enter(room, 'Amy', 'moderator');
    await bob.none('roomManagementEvents');
  });
});

describe('hard mutes', () => {
  for (const kind of ['audio', 'video'] as const) {
    it(`a moderator mutes somebody's ${kind}, and nobody but a moderator undoes it`, async () => {
      const room = await rooms.server.createRoom();
      const ann = await enter(room, 'Ann', 'moderator');
      const bob = await enter(room, 'Bob');
      const cid = await enter(room, 'Cid');
      await skip(ann, bob, cid);
      await ann.ok(`hardmute-user-${kind}`, { clientId: bob.clientId });
      // 14.8: without an acknowledgement to call, clients break.
      const told = await bob.nextHeard(`hardmute-user-${kind}`);
      assert.equal(told.wantsAck, true);
      assert.equal(typeof told.args[0], 'object');
      for (const other of [ann, cid]) {
        const notice = await other.next(`user-${kind}-muted`);
        assert.deepEqual([notice.clientId, notice.user.clientId], [bob.clientId, bob.clientId]);
        assert.equal(notice.user[`${kind}Muted`], true);
      }
      // His client says so as well, which is no news; then it tries to get round it.
      await bob.ok(`user-${kind}-muted`);
      await bob.refused(1201, `user-${kind}-unmuted`);
      await bob.refused(4101, `hardunmute-user-${kind}`, { clientId: bob.clientId });
      for (const person of [ann, bob, cid]) await person.silence();
      assert.equal((await usersIn(room)).Bob[`${kind}Muted`], true);

      await ann.ok(`hardunmute-user-${kind}`, { clientId: bob.clientId });
      assert.equal((await bob.nextHeard(`hardunmute-user-${kind}`)).wantsAck, true);
      // It is his again, and still off: what was refused has not happened.
      for (const other of [ann, cid]) await other.silence();
      await bob.ok(`user-${kind}-unmuted`);
      for (const other of [ann, cid]) {
        assert.equal((await other.next(`user-${kind}-unmuted`)).clientId, bob.clientId);
        await other.silence();
      }
      await ann.refused(1159, `hardmute-user-${kind}`, { clientId: 'nobody' });
    });
  }

  it('lifting one is announced at once if the person had not muted themselves', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann);
    await ann.ok('hardmute-user-audio', { clientId: bob.clientId });
    await ann.next('user-audio-muted');
    await ann.ok('hardunmute-user-audio', { clientId: bob.clientId });
    await ann.next('user-audio-unmuted');
    await ann.silence();
  });

  it('a new publication does not lift one', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.ok('hardmute-user-audio', { clientId: bob.clientId });
    await bob.ok('publish', CAMERA);
    await bob.refused(1201, 'user-audio-unmuted');
    await ann.none('user-audio-unmuted');
    assert.equal((await usersIn(room)).Bob.audioMuted, true);
  });

  it('a whole room is muted but for its moderators, and so is who comes later', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const amy = await enter(room, 'Amy', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann, amy, bob);
    await ann.ok('room-muted', {});
    assert.equal((await bob.nextHeard('room-muted')).wantsAck, true);
    for (const moderator of [ann, amy]) {
      assert.equal((await moderator.next('user-audio-muted')).clientId, bob.clientId);
    }
    await bob.ok('user-audio-muted');
    for (const person of [ann, amy, bob]) await person.silence();
    await bob.refused(1201, 'user-audio-unmuted');
    await bob.ok('user-video-muted');
    await amy.ok('user-audio-unmuted');

    const late = await knock(room, 'Late');
    const connected = await late.next('room-connected');
    assert.equal(connected.room.mute, true);
    await late.refused(1201, 'user-audio-unmuted');
    assert.equal((await usersIn(room)).Late.audioMuted, true);
    const third = await knock(room, 'Third', 'viewer');
    await third.next('room-connected');

    await skip(ann, amy, bob, late);
    await amy.ok('room-unmuted', {});
    for (const person of [bob, late]) {
      assert.equal((await person.nextHeard('room-unmuted')).wantsAck, true);
      await person.ok('user-audio-unmuted');
    }
    const free = await knock(room, 'Free');
    assert.equal((await free.next('room-connected')).room.mute, false);
    await free.none('room-muted');
  });

  it('who becomes moderator comes out of the room mute, and who stops being one comes under it', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.ok('room-muted', {});
    await skip(ann, bob);
    await ann.ok('switchUserRole', bob.clientId);
    await bob.ok('user-audio-unmuted');
    assert.equal((await ann.nextHeard('room-muted')).wantsAck, true);
    await ann.refused(1201, 'user-audio-unmuted');
    const { Ann, Bob } = await usersIn(room);
    assert.deepEqual([Ann.audioMuted, Bob.audioMuted], [true, false]);
    await bob.ok('room-unmuted', {});
    await ann.next('room-unmuted');
    await ann.ok('user-audio-unmuted');
  });
});

describe('own mutes', () => {
  it('are announced to the others once, with the user', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann, bob);
    for (const kind of ['audio', 'video']) {
      for (const state of ['muted', 'unmuted']) {
        await bob.ok(`user-${kind}-${state}`);
        await bob.ok(`user-${kind}-${state}`);
        const { clientId, user } = await ann.next(`user-${kind}-${state}`);
        assert.deepEqual([clientId, user.clientId, user.name], [bob.clientId, bob.clientId, 'Bob']);
        await ann.silence();
      }
    }
    await bob.silence();
  });
});

describe('roles', () => {
  it('one id: that person becomes moderator and the moderator what they were, and back again', async () => {
    const room = await rooms.server.createRoom({ moderators: 1 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    const roles = async () => {
      const { Ann, Bob, Cid } = await usersIn(room);
      return [Ann.role, Bob.role, Cid.role];
    };
    for (const [from, to, expected] of [
      [ann, bob, ['participant', 'moderator', 'participant']],
      [bob, ann, ['moderator', 'participant', 'participant']],
      [ann, cid, ['participant', 'participant', 'moderator']],
    ] as const) {
      await skip(ann, bob, cid);
      await from.ok('switchUserRole', to.clientId);
      for (const person of [ann, bob, cid]) {
        const { moderator, raisedHands, approvedHands } = await person.next('userRoleChanged');
        assert.deepEqual(moderator, { old: from.clientId, new: to.clientId });
        assert.deepEqual([raisedHands, approvedHands], [[], []]);
        await person.silence();
      }
      assert.deepEqual(await roles(), expected);
      await from.refused(4101, 'room-muted', {});
    }
    await cid.refused(1177, 'switchUserRole', cid.clientId);
    await cid.refused(1159, 'switchUserRole', 'nobody');
  });

  it('a list: each gets the role named, and everybody is told the old and the new one', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await bob.ok('publish', CAMERA);
    await cid.ok('publish', CAMERA);
    await skip(ann, bob, cid);
    await ann.ok('switchUserRole', [
      { clientId: bob.clientId, role: 'moderator' },
      { clientId: cid.clientId, role: 'viewer' },
    ]);
    for (const person of [ann, bob, cid]) {
      const { clientsInfo } = await person.next('userRoleChanged');
      assert.deepEqual(
        (clientsInfo as Wire[]).map(({ clientId, role, user }) => ({ clientId, role, now: user.role })),
        [
          { clientId: bob.clientId, role: { old: 'participant', new: 'moderator' }, now: 'moderator' },
          { clientId: cid.clientId, role: { old: 'participant', new: 'viewer' }, now: 'viewer' },
        ],
      );
    }
    // A viewer sends nothing, so what he sent is over.
    assert.equal((await counted()).publications, 1);
    await cid.refused(4101, 'publish', CAMERA);
    await bob.ok('switchUserRole', [
      { clientId: cid.clientId, role: 'participant' },
      { clientId: ann.clientId, role: 'participant' },
    ]);
    const { clientsInfo } = await ann.next('userRoleChanged');
    assert.deepEqual(
      (clientsInfo as Wire[]).map(({ role }) => role),
      [
        { old: 'viewer', new: 'participant' },
        { old: 'moderator', new: 'participant' },
      ],
    );
    await cid.ok('publish', CAMERA);
    await ann.refused(4101, 'lockRoom', true);
  });

  it('a room keeps a moderator and gets no more than its settings say', async () => {
    const room = await rooms.server.createRoom({ moderators: 1 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann, bob);
    await ann.refused(1155, 'switchUserRole', [{ clientId: ann.clientId, role: 'participant' }]);
    await ann.refused(1155, 'switchUserRole', [{ clientId: bob.clientId, role: 'moderator' }]);
    await ann.refused(1159, 'switchUserRole', [
      { clientId: bob.clientId, role: 'viewer' },
      { clientId: 'nobody', role: 'viewer' },
    ]);
    await bob.silence();
    assert.equal((await usersIn(room)).Bob.role, 'participant');
  });
});

describe('publishing', () => {
  it('gives each stream an id of its own that is no slot, and takes it back', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const first = (await ann.ok('publish', CAMERA, null)).id;
    const second = (await bob.ok('publish', { ...CAMERA, video: false }, null)).id;
    assert.notEqual(first, second);
    for (const id of [first, second]) assert.ok(Number(id) > 102, `${id}`);
    // Nobody unpublishes for somebody else.
    await bob.ok('unpublish', first);
    assert.equal((await counted()).publications, 2);
    await ann.ok('unpublish', first);
    assert.equal((await counted()).publications, 1);
    await ann.ok('unpublish', first);
    // 8.1: a client that repairs publishes again.
    const third = (await bob.ok('publish', CAMERA, null)).id;
    assert.notEqual(third, second);
    assert.equal((await counted()).publications, 1);
    await bob.ok('drop', { self: true });
    assert.equal((await counted()).publications, 0);
  });

  it('is refused without media, to viewers, of the canvas and of other sources', async () => {
    const room = await rooms.server.createRoom();
    const bob = await enter(room, 'Bob');
    const vic = await enter(room, 'Vic', 'viewer');
    await bob.refused(1146, 'publish', { ...CAMERA, audio: false, video: false }, null);
    await bob.refused(1170, 'publish', { ...CAMERA, canvas: true }, null);
    await bob.refused(1170, 'publish', { ...CAMERA, state: 'url' }, 'rtsp://camera.example');
    await vic.refused(4101, 'publish', CAMERA, null);
    assert.equal((await counted()).publications, 0);
  });

  it('an offer that cannot be answered is refused and the next one is welcome', async () => {
    const bob = await enter(await rooms.server.createRoom(), 'Bob');
    const { id } = await bob.ok('publish', CAMERA, null);
    await bob.refused(1160, 'signaling_message', { streamId: id, msg: { type: 'offer', sdp: 'v=0\r\n' } });
    await bob.none('media_engine_connecting');
    await bob.ok('signaling_message', {
      streamId: id,
      msg: { type: 'candidate', candidate: { sdpMLineIndex: -1, sdpMid: 'end', candidate: 'end' } },
    });
    await bob.ok('signaling_message', { streamId: id, msg: { type: 'updatestream', config: {} } });
  });
});

describe('lecture mode', () => {
  const lecture = async () => {
    const room = await rooms.server.createRoom({ mode: 'lecture', moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const amy = await enter(room, 'Amy', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await skip(ann, amy, bob, cid);
    return { room, ann, amy, bob, cid };
  };
  const request = (person: SignallingSocket) =>
    person.ok('processFloorRequest', person.clientId, 'requestFloor');

  it('switching to it takes from participants what they send, and says so to everybody', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.ok('publish', CAMERA);
    await bob.ok('publish', CAMERA);
    await skip(ann, bob);
    await ann.refused(1170, 'inviteToFloor', { clientId: bob.clientId });
    await bob.refused(1170, 'processFloorRequest', bob.clientId, 'requestFloor');
    await ann.ok('switchRoomMode', 'lecture');
    for (const person of [ann, bob]) {
      assert.equal((await person.next('roomSwitched')).moderator, ann.clientId);
      await person.silence();
    }
    assert.equal((await counted()).publications, 1);
    await bob.refused(1173, 'publish', CAMERA);
    await ann.ok('publish', CAMERA);
    await ann.refused(1177, 'switchRoomMode', 'lecture');
    const late = await knock(room, 'Late');
    assert.equal((await late.next('room-connected')).room.settings.mode, 'lecture');
    await ann.ok('switchRoomMode', 'group');
    await late.next('roomSwitched');
    await bob.ok('publish', CAMERA);
  });

  it('who asks for the floor and is granted it may send until it is taken back', async () => {
    const { ann, amy, bob, cid } = await lecture();
    await bob.refused(1173, 'publish', CAMERA);
    await request(bob);
    for (const moderator of [ann, amy]) {
      const requested = await floorEvent(moderator, 'floorRequested');
      assert.deepEqual([requested.clientId, requested.name], [bob.clientId, 'Bob']);
    }
    await bob.refused(1702, 'processFloorRequest', bob.clientId, 'requestFloor');
    await bob.refused(1173, 'publish', CAMERA);
    await ann.ok('processFloorRequest', bob.clientId, 'grantFloor');
    const granted = await floorEvent(bob, 'floorGranted');
    assert.deepEqual([granted.clientId, granted.moderatorId], [bob.clientId, ann.clientId]);
    await floorEvent(amy, 'floorGranted');
    await bob.ok('publish', CAMERA);
    await bob.refused(1702, 'processFloorRequest', bob.clientId, 'requestFloor');
    assert.equal((await counted()).publications, 1);
    await amy.ok('processFloorRequest', bob.clientId, 'releaseFloor');
    assert.equal((await floorEvent(bob, 'floorReleased')).moderatorId, amy.clientId);
    await floorEvent(ann, 'floorReleased');
    assert.equal((await counted()).publications, 0);
    await bob.refused(1173, 'publish', CAMERA);
    for (const person of [ann, amy, bob, cid]) await person.silence();
  });

  it('a request can be denied or taken back, and the floor given up', async () => {
    const { ann, amy, bob, cid } = await lecture();
    await request(bob);
    await ann.ok('processFloorRequest', bob.clientId, 'denyFloor');
    assert.equal((await floorEvent(bob, 'floorDenied')).moderatorId, ann.clientId);
    await floorEvent(amy, 'floorDenied');
    await bob.refused(1173, 'publish', CAMERA);

    await request(bob);
    await bob.ok('processFloorRequest', bob.clientId, 'cancelFloor');
    for (const moderator of [ann, amy]) {
      assert.equal((await floorEvent(moderator, 'floorCancelled')).clientId, bob.clientId);
    }
    await ann.refused(1707, 'processFloorRequest', bob.clientId, 'grantFloor');

    await request(bob);
    await ann.ok('processFloorRequest', bob.clientId, 'grantFloor');
    await bob.ok('publish', CAMERA);
    await bob.ok('processFloorRequest', bob.clientId, 'finishFloor');
    for (const moderator of [ann, amy]) {
      assert.equal((await floorEvent(moderator, 'floorFinished')).clientId, bob.clientId);
    }
    assert.equal((await counted()).publications, 0);
    await bob.refused(1173, 'publish', CAMERA);
    await cid.silence();
  });

  it('an invitation can be accepted, rejected and withdrawn', async () => {
    const { ann, amy, bob, cid } = await lecture();
    await ann.ok('inviteToFloor', { clientId: bob.clientId });
    assert.equal((await floorEvent(bob, 'inviteToFloor')).moderatorId, ann.clientId);
    assert.equal((await floorEvent(amy, 'inviteToFloor')).clientId, bob.clientId);
    await bob.refused(1173, 'publish', CAMERA);
    await bob.ok('processFloorRequest', bob.clientId, 'acceptFloor');
    for (const moderator of [ann, amy]) {
      assert.equal((await floorEvent(moderator, 'floorAccepted')).clientId, bob.clientId);
    }
    // 11.4: a client publishes after floorGranted.
    await floorEvent(bob, 'floorGranted');
    await bob.ok('publish', CAMERA);

    await ann.ok('inviteToFloor', { clientId: cid.clientId });
    await floorEvent(cid, 'inviteToFloor');
    await cid.ok('processFloorRequest', cid.clientId, 'rejectFloor');
    await floorEvent(ann, 'floorRejected');
    await cid.refused(1707, 'processFloorRequest', cid.clientId, 'acceptFloor');

    await ann.ok('inviteToFloor', { clientId: cid.clientId });
    await floorEvent(cid, 'inviteToFloor');
    await amy.ok('processFloorRequest', cid.clientId, 'cancelFloorInvite');
    assert.equal((await floorEvent(cid, 'cancelFloorInvite')).moderatorId, amy.clientId);
    await cid.refused(1707, 'processFloorRequest', cid.clientId, 'acceptFloor');
    await cid.refused(1173, 'publish', CAMERA);
    await bob.silence();
    await cid.silence();
  });

  it('nobody takes what they were not given', async () => {
    const { ann, bob, cid } = await lecture();
    await request(cid);
    await skip(ann);
    for (const action of ['acceptFloor', 'rejectFloor', 'finishFloor', 'cancelFloor']) {
      await bob.refused(1707, 'processFloorRequest', bob.clientId, action);
      // Whom it is about is who says it.
      await bob.refused(1707, 'processFloorRequest', cid.clientId, action);
    }
    for (const action of ['grantFloor', 'denyFloor', 'releaseFloor', 'cancelFloorInvite']) {
      await bob.refused(4101, 'processFloorRequest', cid.clientId, action);
      await bob.refused(4101, 'processFloorRequest', bob.clientId, action);
      await ann.refused(1707, 'processFloorRequest', bob.clientId, action);
      await ann.refused(1159, 'processFloorRequest', 'nobody', action);
    }
    await ann.refused(1159, 'inviteToFloor', { clientId: 'nobody' });
    await bob.refused(1173, 'publish', CAMERA);
    for (const person of [ann, bob, cid]) await person.silence();
  });

  it('a moderator who comes later finds hands, floors and invitations', async () => {
    const { room, ann, amy, bob, cid } = await lecture();
    const dan = await enter(room, 'Dan');
    await request(bob);
    await request(cid);
    await ann.ok('processFloorRequest', cid.clientId, 'grantFloor');
    await ann.ok('inviteToFloor', { clientId: dan.clientId });
    await amy.ok('drop', { self: true });
    const late = await knock(room, 'Late', 'moderator');
    const connected = await late.next('room-connected');
    const hand = (person: SignallingSocket, name: string) => ({ clientId: person.clientId, name });
    assert.deepEqual(connected.raisedHands, [hand(bob, 'Bob')]);
    assert.deepEqual(connected.approvedHands, [hand(cid, 'Cid')]);
    assert.deepEqual(connected.floorInvites, [hand(dan, 'Dan')]);
    const guest = await knock(room, 'Guest');
    const seen = await guest.next('room-connected');
    assert.deepEqual([seen.raisedHands, seen.approvedHands, seen.floorInvites], [[], [], []]);
  });

  it('the floor is gone with who had it, and with the mode', async () => {
    const { room, ann, bob, cid } = await lecture();
    await request(bob);
    await request(cid);
    await ann.ok('processFloorRequest', bob.clientId, 'grantFloor');
    await cid.ok('drop', { self: true });
    await ann.refused(1159, 'processFloorRequest', cid.clientId, 'grantFloor');
    await ann.ok('switchRoomMode', 'group');
    await ann.ok('switchRoomMode', 'lecture');
    await bob.refused(1173, 'publish', CAMERA);
    await knock(room, 'Dan');
  });

  it('who stops being moderator without a floor sends nothing any more', async () => {
    const { ann, bob } = await lecture();
    await ann.ok('publish', CAMERA);
    await ann.ok('switchUserRole', bob.clientId);
    assert.equal((await counted()).publications, 0);
    await ann.refused(1173, 'publish', CAMERA);
    await bob.ok('publish', CAMERA);
  });
});

describe('sharing a screen', () => {
  it('takes a turn first, which one person has at a time', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await skip(ann, bob, cid);
    await bob.refused(4108, 'publish', SCREEN);
    await bob.ok('auxilaryPublishRequests', START_SHARE);
    const { id } = await bob.ok('publish', SCREEN);
    await cid.refused(1151, 'auxilaryPublishRequests', START_SHARE);
    // Overriding is the moderators' (5.5).
    await cid.refused(1151, 'auxilaryPublishRequests', { ...START_SHARE, override: true });
    await cid.refused(4108, 'publish', SCREEN);
    // Not before its media flows; a client that hears of it too early gives up.
    for (const person of [ann, bob, cid]) await person.silence();
    await bob.ok('unpublish', id);
    await cid.ok('auxilaryPublishRequests', START_SHARE);
    await cid.ok('publish', SCREEN);
    await bob.refused(1151, 'auxilaryPublishRequests', START_SHARE);
  });

  it('a turn can be given back, and nobody gives back that of another', async () => {
    const room = await rooms.server.createRoom();
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await bob.ok('auxilaryPublishRequests', START_SHARE);
    await cid.ok('auxilaryPublishRequests', { req: 'stop', pubType: 'screen' });
    await cid.refused(1151, 'auxilaryPublishRequests', START_SHARE);
    await bob.ok('auxilaryPublishRequests', { req: 'stop', pubType: 'screen' });
    await bob.refused(4108, 'publish', SCREEN);
    await cid.ok('auxilaryPublishRequests', START_SHARE);
  });

  it('a turn ends with the session of who had it', async () => {
    const room = await rooms.server.createRoom();
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await bob.ok('auxilaryPublishRequests', START_SHARE);
    await bob.ok('drop', { self: true });
    await cid.ok('auxilaryPublishRequests', START_SHARE);
    await cid.ok('publish', SCREEN);
  });

  it('a moderator may take the turn: the sharer is told, and sends no screen any more', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await bob.ok('auxilaryPublishRequests', START_SHARE);
    await bob.ok('publish', CAMERA);
    await bob.ok('publish', SCREEN);
    await skip(ann, bob, cid);
    await ann.refused(1151, 'auxilaryPublishRequests', START_SHARE);
    await bob.silence();
    await ann.ok('auxilaryPublishRequests', { ...START_SHARE, override: true });
    await bob.next('shareOverride');
    await cid.silence();
    assert.equal((await counted()).publications, 1);
    await bob.refused(4108, 'publish', SCREEN);
    await ann.ok('publish', SCREEN);
    assert.equal((await counted()).publications, 2);
  });

  it('a moderator stops whatever is shared', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.ok('stopAllSharing', ann.clientId);
    await bob.ok('auxilaryPublishRequests', START_SHARE);
    await bob.ok('publish', SCREEN);
    await skip(ann, bob);
    await ann.ok('stopAllSharing', ann.clientId);
    assert.equal((await bob.next('stopSharing')).clientId, ann.clientId);
    assert.equal((await counted()).publications, 0);
    await bob.refused(4108, 'publish', SCREEN);
    await ann.ok('auxilaryPublishRequests', START_SHARE);
  });

  it('is refused in a room without it, to who may not send, and of the canvas where there is none', async () => {
    const bob = await enter(await rooms.server.createRoom({ screen_share: false }), 'Bob');
    await bob.refused(1170, 'auxilaryPublishRequests', START_SHARE);
    await bob.refused(4108, 'publish', SCREEN);
    const room = await rooms.server.createRoom({ mode: 'lecture' });
    const cid = await enter(room, 'Cid');
    await cid.refused(1170, 'auxilaryPublishRequests', { req: 'start', pubType: 'canvas' });
    await cid.refused(1170, 'auxilaryPublishRequests', { req: 'req-permission', pubType: 'canvas' });
    const vic = await enter(room, 'Vic', 'viewer');
    for (const person of [vic, cid]) {
      const [answer] = await person.request('auxilaryPublishRequests', START_SHARE);
      assert.notEqual(answer.result, 0, 'no turn for who could not use it');
    }
    assert.equal((await counted()).publications, 0);
  });
});

describe('chat over sockets', () => {
  const three = async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await skip(ann, bob, cid);
    return { room, ann, bob, cid };
  };

  it('goes out once under one id, however often it comes, and with the id', async () => {
    const { ann, bob, cid } = await three();
    const say = (msg: string, id: string) =>
      bob.ok('sendDataStreamToRoom', { msg, broadcast: true, clients: [], type: 'chat', id });
    await say('one', 'm-1');
    await say('one', 'm-1');
    await say('two', 'm-2');
    for (const receiver of [ann, cid]) {
      const first = await receiver.next('onDataStreamToRoom');
      const second = await receiver.next('onDataStreamToRoom');
      assert.deepEqual([first.message, second.message], ['one', 'two']);
      assert.equal(first.id, 'm-1');
    }
    // The ids are each sender's own.
    await cid.ok('sendDataStreamToRoom', {
      msg: 'mine',
      broadcast: true,
      clients: [],
      type: 'chat',
      id: 'm-1',
    });
    assert.equal((await ann.next('onDataStreamToRoom')).message, 'mine');
  });

  it('goes to all others and never back, with a sender and time of the server’s', async () => {
    const { ann, bob, cid } = await three();
    const before = Date.now();
    await bob.ok('sendDataStreamToRoom', {
      msg: { text: 'Hello ✓' },
      broadcast: true,
      clients: [],
      type: 'chat',
      sender: 'Ann',
      senderId: ann.clientId,
      timestamp: 1,
      extra: true,
    });
    for (const other of [ann, cid]) {
      const { timestamp, ...envelope } = await other.next('onDataStreamToRoom');
      assert.deepEqual(envelope, {
        type: 'chat',
        message: { text: 'Hello ✓' },
        broadcast: true,
        clients: [],
        sender: 'Bob',
        senderId: bob.clientId,
      });
      assert.ok(timestamp >= before && timestamp <= Date.now());
      await other.silence();
    }
    await bob.silence();
  });

  it('of clients that call everything transcription is chat where it is text, else data', async () => {
    const { ann, bob, cid } = await three();
    const type = 'transcription';
    await bob.ok('sendDataStreamToRoom', { msg: 'Hello', broadcast: true, clients: [], type });
    await bob.ok('sendDataStreamToRoom', { msg: { x: 1 }, broadcast: true, clients: null, type });
    for (const other of [ann, cid]) {
      const [chat, data] = [await other.next('onDataStreamToRoom'), await other.next('onDataStreamToRoom')];
      assert.deepEqual(
        [chat.type, chat.message, data.type, data.message],
        ['chat', 'Hello', 'user_data', { x: 1 }],
      );
    }
  });

  it('in private goes to those named and nobody else', async () => {
    const { ann, bob, cid } = await three();
    const clients = [ann.clientId, bob.clientId, ann.clientId, 'nobody'];
    await bob.ok('sendDataStreamToRoom', { msg: 'psst', broadcast: false, clients, type: 'user_data' });
    const { type, message, broadcast } = await ann.next('onDataStreamToRoom');
    assert.deepEqual([type, message, broadcast], ['user_data', 'psst', false]);
    for (const person of [ann, bob, cid]) await person.silence();
    await bob.refused(1155, 'sendDataStreamToRoom', { msg: 'to whom?', broadcast: false, clients: [] });
    await bob.refused(1155, 'sendDataStreamToRoom', { msg: 'to whom?', broadcast: false });
    await bob.refused(1155, 'sendDataStreamToRoom', { msg: 'to whom?', broadcast: false, clients: 'all' });
    for (const person of [ann, cid]) await person.silence();
  });

  it('does not reach other rooms', async () => {
    const { bob } = await three();
    const stranger = await enter(await rooms.server.createRoom(), 'Stranger');
    await bob.ok('sendDataStreamToRoom', { msg: 'hello', broadcast: true, clients: [], type: 'chat' });
    const named = { msg: 'hello', broadcast: false, clients: [stranger.clientId], type: 'chat' };
    await bob.ok('sendDataStreamToRoom', named);
    await stranger.silence();
  });

  it('has limits: 100 kB of data, 2 MB of text', async () => {
    const { ann, bob } = await three();
    const send = (type: string, length: number) =>
      [{ msg: 'x'.repeat(length), broadcast: true, clients: [], type }] as const;
    await bob.refused(1195, 'sendDataStreamToRoom', ...send('user_data', 100_000));
    await bob.refused(1195, 'sendDataStreamToRoom', ...send('chat', 2_097_152));
    await ann.silence();
    await bob.ok('sendDataStreamToRoom', ...send('user_data', 99_000));
    await bob.ok('sendDataStreamToRoom', ...send('chat', 2_096_000));
    assert.equal((await ann.next('onDataStreamToRoom')).message.length, 99_000);
    assert.equal((await ann.next('onDataStreamToRoom')).message.length, 2_096_000);
  });

  it('is open to viewers, as in any audience', async () => {
    const { room, ann } = await three();
    const vic = await enter(room, 'Vic', 'viewer');
    await vic.ok('sendDataStreamToRoom', { msg: 'a question', broadcast: true, clients: [], type: 'chat' });
    assert.equal((await ann.next('onDataStreamToRoom')).sender, 'Vic');
  });
});

describe('talkers and options', () => {
  it('the number of talkers is everybody’s own, up to that of the room', async () => {
    const room = await rooms.server.createRoom({ max_active_talkers: 4 });
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    assert.equal((await ann.ok('getMaxNumberOfTalker')).maxTalkers, 4);
    assert.equal((await ann.ok('getNumberOfTalker')).numTalkers, 4);
    const set = async (payload: object) => {
      const { numTalkers, numAudioTalkers, numVideoTalkers } = await ann.ok('setNumberOfTalker', payload);
      return [numTalkers, numAudioTalkers, numVideoTalkers];
    };
    assert.deepEqual(await set({ numTalkers: 2, numAudioTalkers: 3, numVideoTalkers: 2 }), [2, 3, 2]);
    assert.equal((await ann.ok('getNumberOfTalker')).numTalkers, 2);
    assert.deepEqual(await set({ numTalkers: 2, numAudioTalkers: 3, numVideoTalkers: 0 }), [2, 3, 0]);
    assert.deepEqual((await set({ numTalkers: 100 }))[0], 4);
    assert.equal((await bob.ok('getNumberOfTalker')).numTalkers, 4);
    await bob.none('active-talkers-updated');
  });

  it('options are kept for who set them; the last word on each counts', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await ann.ok('setAdvancedOptions', [
      { id: 'battery_updates', enable: true },
      { id: 'notify-video-resolution-change', enable: true },
    ]);
    await ann.ok('setAdvancedOptions', [{ id: 'battery_updates', enable: false }]);
    assert.deepEqual((await ann.ok('getAdvancedOptions')).options, [
      { id: 'battery_updates', enable: false },
      { id: 'notify-video-resolution-change', enable: true },
    ]);
    assert.deepEqual((await bob.ok('getAdvancedOptions')).options, []);
    await ann.ok('setAdvancedOptions', [{ id: 'reset-streams', sIds: [1, 'x', null] }]);
    await ann.ok('setAdvancedOptions', []);
    assert.equal((await ann.ok('getAdvancedOptions')).options.length, 2);
  });

  it('pins are one’s own, the spotlight is everybody’s', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    await skip(ann, bob);
    const option = (id: string, request: string, ...clientIds: string[]) => [{ id, request, clientIds }];
    await bob.ok('setAdvancedOptions', option('update-pin-users', 'add', ann.clientId, 'nobody'));
    assert.deepEqual((await roomEvent(bob, 'update-pin-users')).clientIds, [ann.clientId]);
    await ann.silence();
    await bob.ok('setAdvancedOptions', option('update-pin-users', 'remove', ann.clientId));
    assert.deepEqual((await roomEvent(bob, 'update-pin-users')).clientIds, []);

    await bob.refused(4101, 'setAdvancedOptions', option('spotlight-users', 'add', bob.clientId));
    await ann.ok('setAdvancedOptions', option('spotlight-users', 'add', bob.clientId, 'nobody'));
    for (const person of [ann, bob]) {
      const { clientIds, moderator } = await roomEvent(person, 'spotlight-users');
      assert.deepEqual([clientIds, moderator], [[bob.clientId], ann.clientId]);
    }
    await ann.ok('setAdvancedOptions', option('spotlight-users', 'remove', bob.clientId));
    for (const person of [ann, bob]) {
      assert.deepEqual((await roomEvent(person, 'spotlight-users')).clientIds, []);
    }
  });

  it('a room without a time limit is not extended, one with a limit by ten minutes', async () => {
    const ann = await enter(await rooms.server.createRoom(), 'Ann', 'moderator');
    await ann.refused(1170, 'extendConferenceDuration', {});
    const room = await rooms.server.createRoom({ duration: 30 });
    const amy = await knock(room, 'Amy', 'moderator');
    assert.equal((await amy.next('room-connected')).room.remainingDuration, 30);
    assert.equal((await amy.ok('extendConferenceDuration', {})).extendedTime, 10);
    const bob = await knock(room, 'Bob');
    assert.equal((await bob.next('room-connected')).room.remainingDuration, 40);
  });
});
