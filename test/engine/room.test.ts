/** The real Room against a scripted server, fake devices and fake peer connections: no network, no waiting. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RoomError } from '../../src/engine/errors.js';
import { defaultOptions, type LocalInfo, type RoomInfo } from '../../src/engine/options.js';
import { Room, type TokenSource } from '../../src/engine/room.js';
import type { EndingReason } from '../../src/engine/room-state.js';
import { deviceError } from '../helpers/fake-media.js';
import { FakePeerConnection } from '../helpers/fake-peer-connection.js';
import { hostileValuesOnTheWire } from '../helpers/hostile-values.js';
import type { ScriptedServer } from '../helpers/scripted-server.js';
import { slotsOf } from '../helpers/scripted-server.js';
import { turn } from '../helpers/test-clock.js';
import { EventRecord, TestEnvironment, testToken } from '../helpers/test-environment.js';

interface Setting {
  environment: TestEnvironment;
  server: ScriptedServer;
  room: Room;
  events: EventRecord;
}

/** The code of a call is there already, so that what happens when is up to the test alone. */
async function setting(
  options: { localInfo?: Partial<LocalInfo>; roomInfo?: Partial<RoomInfo> } = {},
): Promise<Setting> {
  const environment = new TestEnvironment();
  const standard = defaultOptions();
  const room = new Room(
    {
      localInfo: { ...standard.localInfo, ...options.localInfo },
      roomInfo: { ...standard.roomInfo, ...options.roomInfo },
    },
    environment,
  );
  await room.preload();
  return { environment, server: environment.server, room, events: new EventRecord(room) };
}

/** Joined, published, everything negotiated; what was told on the way is forgotten unless `remember`. */
async function joined(
  options: Parameters<typeof setting>[0] & { prepare?: (setting: Setting) => void; token?: TokenSource } = {},
): Promise<Setting> {
  const made = await setting(options);
  options.prepare?.(made);
  await made.room.join(options.token ?? testToken());
  await made.server.settled();
  made.events.clear();
  made.server.received.length = 0;
  return made;
}

const refused = (promise: Promise<unknown>): Promise<RoomError> =>
  promise.then(
    () => assert.fail('it should have been refused'),
    (error: unknown) => {
      assert.ok(error instanceof RoomError, String(error));
      return error;
    },
  );

/** The one entry of a list that must have exactly one. */
function only<T>(list: readonly T[]): T {
  assert.equal(list.length, 1);
  return list[0]!;
}

/** Nothing of a session is left behind. */
function assertReleased({ environment, server }: Setting): void {
  assert.deepEqual(environment.devices.open, [], 'devices are open');
  assert.deepEqual(environment.openConnections, [], 'peer connections are open');
  assert.ok(
    server.sockets.every(({ over }) => over),
    'sockets are open',
  );
}

const offersOf = (server: ScriptedServer): (number | string)[] =>
  server.received
    .filter(({ name, args }) => name === 'signaling_message' && messageOf(args).type === 'offer')
    .map(({ args }) => (args[0] as { streamId: number | string }).streamId);

const messageOf = (args: unknown[]): { type: string; candidate?: { candidate: string; sdpMid: string } } =>
  (args[0] as { msg: { type: string } }).msg;

/** What went to the server about one stream: `offer`, candidates as text, in order. */
const mediaSentFor = (server: ScriptedServer, streamId: number | string): string[] =>
  server.received
    .filter(
      ({ name, args }) =>
        name === 'signaling_message' && (args[0] as { streamId: unknown }).streamId === streamId,
    )
    .map(({ args }) => messageOf(args).candidate?.candidate ?? messageOf(args).type);

const allCandidates = [...FakePeerConnection.gathered.map(({ candidate }) => `a=${candidate}`), 'end'];

describe('joining', () => {
  test('tells of devices, of being connected, then of the own stream, and the state shows each first', async () => {
    const { room, server, events } = await setting();
    const seen: unknown[] = [];
    room.on('connected', () => {
      const { connection, roomId, roomName, clientId, name, participants } = room.state;
      seen.push([connection, roomId, roomName, clientId, name, participants.length]);
    });
    room.on('streamPublished', () => seen.push(room.state.published));
    assert.equal(room.state.connection, 'idle');
    const joining = room.join(testToken());
    assert.equal(room.state.connection, 'joining');
    await joining;
    assert.equal(room.state.connection, 'connected');
    await server.settled();
    assert.deepEqual(events.names, ['mediaAllowed', 'connected', 'streamPublished']);
    assert.deepEqual(seen, [['connected', 'room-1', 'Daily', 'client-1', 'Ada', 1], true]);
    assert.deepEqual(events.of('streamPublished'), [{ streamId: 'stream-1' }]);
    const { room: told, me, users } = only(events.of('connected'));
    assert.deepEqual([told, me.name, users.length], [{ id: 'room-1', name: 'Daily' }, 'Ada', 1]);
  });

  test('connects to the host of the token, over websocket alone, never reconnecting by itself', async () => {
    const { server } = await joined();
    const { url, options } = server.socket;
    assert.equal(url, 'https://rooms.example:8443');
    const { path, transports, forceNew, reconnection, query } = options;
    assert.deepEqual(
      [path, transports, forceNew, reconnection, query],
      ['/v3/socket.io/', ['websocket'], true, false, undefined],
    );
  });

  test('connects to the gateway of the token, if it names one, and says which host is meant', async () => {
    const { server } = await joined({ token: testToken({ gateway: 'edge.example' }) });
    assert.equal(server.socket.url, 'https://edge.example');
    assert.deepEqual(server.socket.options.query, { 'X-Forwarded-Host': 'rooms.example:8443' });
  });

  test('uses no encryption from a page that uses none', async () => {
    const { server, room, environment } = await setting({ localInfo: { audio: false, video: false } });
    environment.secure = false;
    await room.join(testToken());
    assert.equal(server.socket.url, 'http://rooms.example:8443');
  });

  test('echoes the whole token and says what this client is', async () => {
    const { server, room } = await setting();
    await room.join(testToken({ extra: { kept: ['as', 'is'] } }));
    assert.equal(server.names[0], 'token');
    assert.deepEqual(server.sent('token'), [
      {
        host: 'rooms.example:8443',
        tokenId: 'token-1',
        signature: 'signed',
        roomMeta: { settings: { quality: 'SD' } },
        extra: { kept: ['as', 'is'] },
        version: '3.1.5',
        hostType: 'chrome-stable',
        hostVersion: '147.0.0.0',
        hostDeviceType: 'desktop',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/147.0.0.0 Safari/537.36',
        advancedOptions: [],
        singlePC: 'subs',
        dataChannel: true,
      },
    ]);
  });

  test('sends all that can be sent once it is admitted, before anything more is acknowledged', async () => {
    const { server, room } = await setting();
    server.hold('addDataChannel', 'subscribe', 'publish', 'signaling_message');
    await room.join(testToken());
    await server.settled();
    assert.deepEqual(server.names, [
      'token',
      'addDataChannel',
      'subscribe',
      'subscribe',
      'subscribe',
      'publish',
    ]);
    assert.deepEqual(server.sent('addDataChannel'), [{ streamId: 999, singlePC: 'subs' }]);
    assert.deepEqual(
      server.sent('subscribe').map((message) => (message as { streamId: number }).streamId),
      [1, 2, 101],
    );
    assert.deepEqual(server.sent('publish'), [
      {
        state: 'media_engine',
        audio: true,
        video: true,
        data: false,
        attributes: { name: 'Ada' },
        muteStream: { audio: false, video: false },
        minVideoBW: 0,
        maxVideoBW: 1500,
      },
    ]);
  });

  test('gives SDP messages their second argument, null', async () => {
    const { server, room } = await setting();
    await room.join(testToken());
    await server.settled();
    for (const { name, args } of server.received) {
      if (['addDataChannel', 'subscribe', 'publish', 'signaling_message'].includes(name))
        assert.deepEqual(args.slice(1), [null], name);
    }
  });

  test('offers the receiving connection with the first subscription, whatever becomes of the others', async () => {
    const { server, room, environment } = await setting();
    server.hold('publish', 'addDataChannel');
    let subscriptions = 0;
    server.answers.subscribe = () => (++subscriptions === 1 ? [{ result: 0 }] : [null, 'no such slot']);
    await room.join(testToken());
    await server.settled();
    assert.deepEqual(offersOf(server), [1]);
    const { transceivers } = environment.pc('subscriber');
    assert.deepEqual(
      transceivers.map(({ kind, direction }) => `${direction} ${kind}`),
      Array.from({ length: 3 }, () => ['recvonly audio', 'recvonly video']).flat(),
    );
  });

  test('orders the receiving sections by slot id, however the server lists the slots', async () => {
    const { server, room, environment } = await joined({
      prepare: ({ server: target }) => {
        const { admission } = target;
        target.admission = (clientId) => ({
          ...admission!(clientId),
          streams: Object.values(slotsOf(101, 2, 1)),
        });
      },
    });
    const tracks = environment.pc('subscriber').transceivers.map(({ receiver }) => receiver.track);
    assert.deepEqual(
      room.state.slotStreams.map((stream) => stream.getTracks()),
      [[tracks[0]], [tracks[2]], [tracks[4]]],
    );
    const talker = { streamId: 2, clientId: 'b', name: 'Bo' };
    for (const [mediatype, expected] of [
      ['audiovideo', [tracks[2], tracks[3]]],
      ['audio', [tracks[2]]],
    ] as const) {
      server.send('active-talkers-updated', { active: false, activeList: [{ ...talker, mediatype }] });
      await server.settled();
      assert.deepEqual(room.state.talkers[0]?.stream?.getTracks(), expected, mediatype);
    }
  });

  test('limits camera bitrate and codec as the room says, VP8 and nothing else', async () => {
    const { environment } = await joined();
    const video = environment.pc('publisher').transceivers.find(({ kind }) => kind === 'video');
    assert.deepEqual(video?.sendEncodings, [{ maxBitrate: 1_500_000 }]);
    assert.deepEqual(video?.codecs, ['video/VP8']);
  });

  test('only moves VP8 to the front in Firefox', async () => {
    const { environment } = await joined({
      prepare: (made) =>
        (made.environment.agent = 'Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0'),
    });
    const video = environment.pc('publisher').transceivers.find(({ kind }) => kind === 'video');
    assert.deepEqual(video?.codecs, ['video/VP8', 'video/H264']);
  });

  test('uses the ICE servers of the room, relayed only when forceTurn asks for it', async () => {
    const direct = await joined();
    for (const { configuration } of direct.environment.peerConnections) {
      assert.deepEqual(configuration, {
        iceServers: [{ urls: 'stun:stun.example' }],
        bundlePolicy: 'max-bundle',
      });
    }
    const relayed = await joined({ roomInfo: { forceTurn: true } });
    for (const { configuration } of relayed.environment.peerConnections)
      assert.equal(configuration.iceTransportPolicy, 'relay');
  });

  test('is in the room before slow devices are, and publishes when they come', async () => {
    const { environment, server, room, events } = await setting();
    environment.devices.hold();
    await room.join(testToken());
    await server.settled();
    assert.deepEqual(events.names, ['connected']);
    assert.deepEqual([room.state.microphone, server.sent('publish')], ['starting', []]);
    environment.devices.answer();
    await server.settled();
    assert.deepEqual(events.names, ['connected', 'mediaAllowed', 'streamPublished']);
  });

  test('goes without the device that is not to be had', async () => {
    const { environment, server, room, events } = await setting();
    environment.devices.refusals = { video: deviceError('NotFoundError') };
    await room.join(testToken());
    await server.settled();
    assert.deepEqual(events.names.slice().sort(), [
      'connected',
      'mediaAllowed',
      'mediaDenied',
      'streamPublished',
    ]);
    const [publish] = server.sent('publish') as [{ audio: boolean; video: boolean }];
    assert.deepEqual([publish.audio, publish.video], [true, false]);
    assert.deepEqual([room.state.microphone, room.state.camera], ['on', 'unavailable']);
  });

  test('does not publish without any device, nor as a viewer', async () => {
    const bare = await setting();
    bare.environment.secure = false;
    await bare.room.join(testToken());
    await bare.server.settled();
    assert.deepEqual(bare.server.sent('publish'), []);
    assert.deepEqual(bare.events.names.slice().sort(), ['connected', 'mediaDenied', 'mediaDenied']);

    const viewer = await setting();
    const { admission } = viewer.server;
    viewer.server.admission = (clientId) => ({
      ...admission!(clientId),
      user: { clientId, name: 'Vi', role: 'viewer' },
    });
    await viewer.room.join(testToken());
    await viewer.server.settled();
    assert.equal(viewer.room.state.role, 'viewer');
    assert.deepEqual(viewer.server.sent('publish'), []);
  });

  test('asks for no device with chat_only, for no camera with audio_only, and chat_only wins', async () => {
    for (const [roomInfo, prompts] of [
      [{ chat_only: true }, []],
      [{ audio_only: true }, ['audio']],
      [{ audio_only: true, chat_only: true }, []],
    ] as const) {
      const { environment } = await joined({ roomInfo });
      assert.deepEqual(environment.devices.prompts, prompts);
    }
  });

  test('shares nothing with chat_only', async () => {
    const { room, environment } = await joined({ roomInfo: { chat_only: true } });
    assert.equal((await refused(room.startScreenShare())).name, 'not-enabled');
    assert.deepEqual(environment.devices.screens, []);
  });

  test('receives no media at all with chat_only', async () => {
    const { room, server, environment } = await setting({ roomInfo: { chat_only: true } });
    await room.join(testToken());
    await server.settled();
    assert.deepEqual(server.sent('subscribe'), []);
    assert.deepEqual(
      environment.peerConnections.map(({ role }) => role),
      ['data'],
    );
  });

  test('has pictures switched off at the server with audio_only', async () => {
    const { room, server } = await setting({ roomInfo: { audio_only: true } });
    server.answers.getNumberOfTalker = () => [{ result: 0, numTalkers: 6 }];
    await room.join(testToken());
    await server.settled();
    assert.equal(server.sent('subscribe').length, 3);
    assert.deepEqual(server.sent('setNumberOfTalker'), [
      { numTalkers: 6, numAudioTalkers: 6, numVideoTalkers: 0 },
    ]);
  });

  test('joins muted when the options say so: captured, published, not sent', async () => {
    const { environment, server, room } = await setting({ localInfo: { audioMuted: true } });
    await room.join(testToken());
    await server.settled();
    const [publish] = server.sent('publish') as [{ audio: boolean; muteStream: object }];
    assert.deepEqual([publish.audio, publish.muteStream], [true, { audio: true, video: false }]);
    assert.equal(room.state.microphone, 'muted');
    assert.equal(environment.pc('publisher').sender('audio')?.track, null);
    assert.notEqual(environment.pc('publisher').sender('video')?.track, null);
  });

  test('opens no data connection when data is off or the room has none', async () => {
    const off = await setting({ localInfo: { data: false } });
    await off.room.join(testToken());
    await off.server.settled();
    assert.deepEqual(off.server.sent('addDataChannel'), []);
    assert.equal((off.server.sent('token') as [{ dataChannel: boolean }])[0].dataChannel, false);

    const none = await joined({
      prepare: ({ server }) => {
        const { admission } = server;
        server.admission = (clientId) => ({ ...admission!(clientId), dataChannelStream: undefined });
      },
    });
    assert.equal(
      none.environment.peerConnections.some(({ role }) => role === 'data'),
      false,
    );
  });

  test('takes the token from a function', async () => {
    let calls = 0;
    const { room } = await joined({
      token: async () => {
        calls++;
        return testToken();
      },
    });
    assert.deepEqual([room.state.connection, calls], ['connected', 1]);
  });

  test('is refused while joined or joining', async () => {
    const { room, server } = await setting();
    const first = room.join(testToken());
    assert.equal((await refused(room.join(testToken()))).name, 'already-in-state');
    await first;
    assert.equal((await refused(room.join(testToken()))).name, 'already-in-state');
    await server.settled();
    assert.equal(server.sockets.length, 1);
    assert.equal(room.state.connection, 'connected');
  });

  test('works again after leaving and after failing, with nothing left of the last time', async () => {
    const { room, server, events } = await joined({ localInfo: { data: false } });
    await room.sendMessage('for the first session');
    await room.disconnect();
    server.answers.token = () => ['error', { result: 4156, msg: 'Used.' }];
    await refused(room.join(testToken()));
    assert.equal(room.state.error?.code, 4156);
    server.answers.token = () => ['success', { result: 0, clientId: 'again', connectedIP: '192.0.2.9' }];
    events.clear();
    await room.join(testToken());
    await server.settled();
    const { connection, clientId, messages, error, ending } = room.state;
    assert.deepEqual(
      [connection, clientId, messages, error, ending],
      ['connected', 'again', [], undefined, undefined],
    );
    assert.deepEqual(events.names.slice().sort(), ['connected', 'mediaAllowed', 'streamPublished']);
  });
});

describe('media signalling', () => {
  test('candidates follow the answer, each with a= before it, then the end marker', async () => {
    const { server, room, environment } = await setting();
    server.negotiates = false;
    await room.join(testToken());
    await server.settled();
    for (const streamId of [999, 1, 'stream-1']) assert.deepEqual(mediaSentFor(server, streamId), ['offer']);

    const answer = { type: 'answer', sdp: 'v=0\r\n', media: [] };
    server.media({ streamId: 999 }, answer);
    server.media({ peerId: 1 }, answer);
    server.media({ streamId: 'stream-1' }, answer);
    await server.settled();
    for (const streamId of [999, 1, 'stream-1'])
      assert.deepEqual(mediaSentFor(server, streamId), ['offer', ...allCandidates]);
    for (const pc of environment.peerConnections) assert.equal(pc.remoteDescription?.sdp, 'v=0\r\n');
  });

  test('the end marker and the candidates have the shape of the protocol', async () => {
    const { server, room } = await setting();
    await room.join(testToken());
    await server.settled();
    const sent = server.received
      .filter(({ name, args }) => name === 'signaling_message' && messageOf(args).type === 'candidate')
      .map(({ args }) => args[0] as { streamId: unknown; msg: object })
      .filter(({ streamId }) => streamId === 'stream-1');
    assert.deepEqual(sent[0], {
      streamId: 'stream-1',
      msg: {
        type: 'candidate',
        candidate: { sdpMLineIndex: 0, sdpMid: '0', candidate: allCandidates[0] },
      },
    });
    assert.deepEqual(sent.at(-1), {
      streamId: 'stream-1',
      msg: { type: 'candidate', candidate: { sdpMLineIndex: -1, sdpMid: 'end', candidate: 'end' } },
    });
  });

  test('candidates found while the answer is being applied keep their order, and the end comes once', async () => {
    const { server, room, environment } = await setting({
      localInfo: { data: false, audio: false, video: false },
    });
    environment.onPeerConnection = (pc) => {
      pc.gathersAtOnce = false;
      pc.holdAnswer();
    };
    await room.join(testToken());
    await server.settled();
    const pc = environment.pc('subscriber');
    const [first, second] = FakePeerConnection.gathered as [never, never];
    pc.gather(first);
    await server.settled();
    pc.gather(second);
    pc.gather(null);
    await server.settled();
    pc.finishAnswer();
    await server.settled();
    assert.deepEqual(mediaSentFor(server, 1), ['offer', ...allCandidates]);
  });

  test('candidates found long after the answer go out as they come', async () => {
    const { server, room, environment } = await setting({
      localInfo: { data: false, audio: false, video: false },
    });
    environment.onPeerConnection = (pc) => (pc.gathersAtOnce = false);
    await room.join(testToken());
    await server.settled();
    const pc = environment.pc('subscriber');
    pc.gather(FakePeerConnection.gathered[0]!);
    await server.settled();
    assert.deepEqual(mediaSentFor(server, 1), ['offer', allCandidates[0]]);
    pc.gather({ ...FakePeerConnection.gathered[1]!, candidate: '' });
    pc.gather(null);
    await server.settled();
    assert.deepEqual(mediaSentFor(server, 1), ['offer', allCandidates[0], 'end']);
  });

  test('an answer finds its connection also when the server writes ids as text', async () => {
    const { environment, room } = await joined({
      prepare: ({ server }) => {
        server.stringifiesIds = true;
        server.answers.publish = () => [{ result: 0, id: 4711 }];
      },
    });
    assert.deepEqual(
      environment.peerConnections.map(({ role, remoteDescription }) => [role, remoteDescription?.sdp]),
      [
        ['data', 'v=0\r\na=answer to 999\r\n'],
        ['subscriber', 'v=0\r\na=answer to 1\r\n'],
        ['publisher', 'v=0\r\na=answer to 4711\r\n'],
      ],
    );
    assert.equal(room.state.published, true);
  });

  test('an answer with an id of nobody, the wrong kind of id or none changes nothing', async () => {
    const { server, room, environment } = await setting();
    server.negotiates = false;
    server.hold('publish', 'addDataChannel');
    await room.join(testToken());
    await server.settled();
    const answer = { type: 'answer', sdp: 'v=0\r\n', media: [] };
    for (const id of [{}, { streamId: 5 }, { streamId: 1 }, { peerId: 999 }, { peerId: 'stream-1' }]) {
      server.media(id, answer);
      server.media(id, { type: 'ready' });
    }
    await server.settled();
    for (const { remoteDescription } of environment.peerConnections) assert.equal(remoteDescription, null);
    server.release('publish');
    await server.settled();
    assert.equal(room.state.published, false);
  });

  test('only the first answer counts', async () => {
    const { server, environment } = await joined();
    server.media({ peerId: 1 }, { type: 'answer', sdp: 'v=0\r\na=second\r\n', media: [] });
    await server.settled();
    assert.equal(environment.pc('subscriber').remoteDescription?.sdp, 'v=0\r\na=answer to 1\r\n');
  });

  test('candidates of the server are taken as objects, as JSON text, with and without a=', async () => {
    const { server, environment } = await joined();
    const line = 'candidate:7 1 udp 5 192.0.2.7 4000 typ host';
    const forms: unknown[] = [
      { candidate: line, sdpMid: 'video', sdpMLineIndex: 3 },
      { candidate: `a=${line}`, sdpMid: '0' },
      JSON.stringify({ candidate: line, sdpMid: '0', sdpMLineIndex: 0 }),
      JSON.stringify({ candidate: `a=${line}` }),
    ];
    for (const candidate of forms) server.media({ peerId: 1 }, { type: 'candidate', candidate });
    await server.settled();
    assert.deepEqual(
      environment.pc('subscriber').remoteCandidates,
      forms.map(() => ({ candidate: line, sdpMLineIndex: 0 })),
    );
  });

  test('an end marker and candidates that are none are left out', async () => {
    const { server, environment } = await joined();
    for (const candidate of [
      { candidate: 'end' },
      'not JSON',
      'null',
      '5',
      '"text"',
      '{}',
      { candidate: '' },
    ])
      server.media({ peerId: 1 }, { type: 'candidate', candidate });
    await server.settled();
    assert.deepEqual(environment.pc('subscriber').remoteCandidates, []);
    assert.equal(environment.pc('subscriber').closed, false);
  });

  test('candidates of the server that come before its answer wait for it', async () => {
    const { server, room, environment } = await setting();
    server.negotiates = false;
    await room.join(testToken());
    await server.settled();
    const candidate = { candidate: 'candidate:7 1 udp 5 192.0.2.7 4000 typ host', sdpMid: '0' };
    server.media({ peerId: 1 }, { type: 'candidate', candidate });
    await server.settled();
    assert.deepEqual(environment.pc('subscriber').remoteCandidates, []);
    server.media({ peerId: 1 }, { type: 'answer', sdp: 'v=0\r\n', media: [] });
    await server.settled();
    assert.deepEqual(environment.pc('subscriber').remoteCandidates, [
      { candidate: candidate.candidate, sdpMLineIndex: 0 },
    ]);
  });

  test('the own stream counts as published when the server says ready, not before', async () => {
    const { server, room, events } = await setting();
    server.negotiates = false;
    await room.join(testToken());
    await server.settled();
    server.media({ streamId: 'stream-1' }, { type: 'answer', sdp: 'v=0\r\n', media: [] });
    server.media({ streamId: 'stream-1' }, { type: 'started' });
    await server.settled();
    assert.equal(room.state.published, false);
    server.media({ streamId: 'stream-1' }, { type: 'ready' });
    server.media({ streamId: 'stream-1' }, { type: 'ready' });
    await server.settled();
    assert.equal(room.state.published, true);
    assert.equal(events.count('streamPublished'), 1);
  });
});

describe('failing to join', () => {
  const failures: [
    description: string,
    prepare: (server: ScriptedServer) => void,
    name: string,
    code: number,
    message: RegExp,
  ][] = [
    [
      'a token refused hard',
      (server) =>
        (server.answers.token = () => ['error', { result: 4155, error: 'token-expired', msg: 'Too late.' }]),
      'token-expired',
      4155,
      /^Too late\.$/,
    ],
    [
      'a token refused softly',
      (server) => (server.answers.token = () => ['success', { result: 4122, msg: 'The room is locked.' }]),
      'room-locked',
      4122,
      /^The room is locked\.$/,
    ],
    [
      'a token refused by a number that is not ours',
      (server) => (server.answers.token = () => ['error', { result: 9999, msg: 'Because.' }]),
      'unknown',
      9999,
      /^Because\.$/,
    ],
    [
      'a server that cannot be reached',
      (server) => (server.reachable = false),
      'server-unreachable',
      1161,
      /cannot be reached/,
    ],
  ];
  for (const [description, prepare, name, code, message] of failures) {
    test(`${description} rejects, is told once, and releases everything`, async () => {
      const made = await setting();
      const { room, server, events } = made;
      prepare(server);
      let released = false;
      room.on('failed', () => {
        assertReleased(made);
        released = true;
      });
      const error = await refused(room.join(testToken()));
      assert.deepEqual([error.name, error.code], [name, code]);
      assert.match(error.message, message);
      assert.deepEqual(events.of('failed'), [error]);
      assert.equal(room.state.error, error);
      assert.equal(room.state.connection, 'disconnected');
      await server.settled();
      assertReleased(made);
      assert.ok(released);
      assert.equal(made.environment.clock.pending, 0);
      assert.deepEqual(
        events.names.filter((other) => other !== 'failed' && !other.startsWith('media')),
        [],
      );
    });
  }

  test('devices the browser hands out after the refusal are stopped', async () => {
    const made = await setting();
    made.environment.devices.hold();
    made.server.answers.token = () => ['error', { result: 4156 }];
    await refused(made.room.join(testToken()));
    made.environment.devices.answer();
    await made.server.settled();
    assert.equal(made.environment.devices.tracks.length, 2);
    assertReleased(made);
    assert.deepEqual(made.events.names, ['failed']);
  });

  test('what is no token is refused before anything is opened or asked for', async () => {
    for (const [token, name] of [
      ['not a token', 'token-malformed'],
      ['', 'token-malformed'],
      ['x'.repeat(20_000), 'token-oversized'],
    ] as const) {
      const { environment, room, server, events } = await setting();
      assert.equal((await refused(room.join(token))).name, name);
      assert.deepEqual(server.sockets, []);
      assert.deepEqual(environment.devices.prompts, []);
      assert.deepEqual(events.names, ['failed']);
    }
  });

  test('a token that cannot be fetched fails the join', async () => {
    const { room, events } = await setting();
    const cause = new Error('no network');
    const error = await refused(room.join(() => Promise.reject(cause)));
    assert.deepEqual([error.name, error.cause], ['connect-failed', cause]);
    assert.deepEqual(events.names, ['failed']);
    const own = new RoomError('not-authorised', 'Log in first.');
    assert.equal(await refused(room.join(() => Promise.reject(own))), own);
  });

  test('a browser without WebRTC is told so', async () => {
    const { room, environment, server } = await setting();
    environment.webRtc = false;
    assert.equal((await refused(room.join(testToken()))).name, 'browser-unsupported');
    assert.deepEqual([server.sockets.length, environment.devices.prompts.length], [0, 0]);
  });

  test('a server that says nothing after the token gives up in the end', async () => {
    const made = await setting();
    made.server.admission = undefined;
    const joining = refused(made.room.join(testToken()));
    await made.server.settled();
    await made.environment.clock.advance(19_999);
    assert.equal(made.room.state.connection, 'joining');
    await made.environment.clock.advance(1);
    assert.equal((await joining).name, 'connect-refused');
    assertReleased(made);
  });

  test('a server that does not even acknowledge the token counts as unreachable', async () => {
    const made = await setting();
    made.server.answers.token = () => undefined;
    const joining = refused(made.room.join(testToken()));
    await made.server.settled();
    await made.environment.clock.advance(20_000);
    assert.equal((await joining).name, 'server-unreachable');
    assertReleased(made);
  });

  test('a socket lost while joining counts as unreachable', async () => {
    for (const prepare of [
      (server: ScriptedServer) => (server.answers.token = () => undefined),
      (server: ScriptedServer) => (server.admission = undefined),
    ]) {
      const made = await setting();
      prepare(made.server);
      const joining = refused(made.room.join(testToken()));
      await made.server.settled();
      made.server.cut();
      assert.equal((await joining).name, 'server-unreachable');
      assert.deepEqual(
        made.events.names.filter((name) => !name.startsWith('media')),
        ['failed'],
      );
      assertReleased(made);
    }
  });

  test('room-disconnected instead of room-connected is a refused entry, before and after the token is acknowledged', async () => {
    for (const prepare of [
      (server: ScriptedServer) => (server.answers.token = () => undefined),
      (server: ScriptedServer) => (server.admission = undefined),
    ]) {
      const made = await setting();
      prepare(made.server);
      const joining = refused(made.room.join(testToken()));
      await made.server.settled();
      made.server.send('room-disconnected', { cause: { cause: 2013, msg: 'room-expired' } });
      const error = await joining;
      assert.equal(error.name, 'entry-denied');
      assert.match(error.message, /room-expired/);
      assert.deepEqual(
        made.events.names.filter((name) => !name.startsWith('media')),
        ['failed'],
      );
      assertReleased(made);
    }
  });
});

describe('waiting to be let in', () => {
  async function waiting(
    options: Parameters<typeof setting>[0] = {},
  ): Promise<Setting & { joining: Promise<void> }> {
    const made = await setting(options);
    made.server.admission = undefined;
    const joining = made.room.join(testToken());
    joining.catch(() => {});
    await made.server.settled();
    made.server.send('room-awaited', { event_type: 'knock' });
    await made.server.settled();
    made.events.clear();
    return { ...made, joining };
  }

  test('shows as awaiting, for as long as it takes', async () => {
    const { room, environment } = await waiting();
    assert.equal(room.state.connection, 'awaiting');
    await environment.clock.advance(3_600_000);
    assert.equal(room.state.connection, 'awaiting');
  });

  test('ends in the room when a moderator allows it', async () => {
    const { room, server, events, joining } = await waiting();
    server.send('room-connected', {
      id: 'room-1',
      user: { clientId: 'client-1', name: 'Ada', role: 'participant' },
      room: { settings: {} },
    });
    await joining;
    await server.settled();
    assert.equal(room.state.connection, 'connected');
    assert.deepEqual(events.names, ['connected', 'streamPublished']);
  });

  test('ends as denied when a moderator does not, whatever word the server uses', async () => {
    for (const cause of [
      { cause: 2015, msg: 'entry-denied' },
      { cause: 99, msg: 'disconnected-by-moderator' },
    ]) {
      const made = await waiting();
      const { room, server, events, joining } = made;
      server.send('room-disconnected', { cause });
      assert.equal((await refused(joining)).name, 'entry-denied');
      assert.equal(room.state.connection, 'disconnected');
      assert.deepEqual([room.state.ending?.reason, room.state.ending?.code], ['denied', cause.cause]);
      assert.deepEqual(events.names, ['disconnected', 'exited']);
      assertReleased(made);
    }
  });

  test('ends with the room when that ends meanwhile', async () => {
    for (const [word, reason] of [
      ['room-dismissed', 'dismissed'],
      ['room-expired', 'expired'],
      ['server-shutdown', 'dismissed'],
      ['replaced-by-newer-session', 'replaced'],
    ] as const) {
      const made = await waiting();
      made.server.send('room-disconnected', { cause: { cause: 7, msg: word } });
      await refused(made.joining);
      assert.deepEqual([made.room.state.ending?.reason, made.room.state.ending?.code], [reason, 7]);
      assert.deepEqual(made.events.names, ['disconnected', 'exited']);
      assertReleased(made);
    }
  });

  test('goes on over a new socket when one is lost, as who waited, and ends in the room', async () => {
    const made = await waiting();
    const { room, server, environment, events, joining } = made;
    for (const waitedAs of ['client-1', 'client-2']) {
      server.cut();
      await server.settled();
      assert.equal(room.state.connection, 'awaiting');
      await environment.clock.advance(300);
      await server.settled();
      const { isReconnecting, oldClientIdForReconnect } = server.sent('token').at(-1) as Record<
        string,
        unknown
      >;
      assert.deepEqual([isReconnecting, oldClientIdForReconnect], [true, waitedAs]);
      server.send('room-awaited', { event_type: 'knock' });
      await server.settled();
      assert.equal(room.state.connection, 'awaiting');
    }
    assert.deepEqual(events.names, ['awaited', 'awaited']);
    events.clear();
    server.send('room-connected', {
      id: 'room-1',
      user: { clientId: 'client-3', name: 'Ada', role: 'participant' },
      room: { settings: {} },
    });
    await joining;
    await server.settled();
    assert.deepEqual(events.names, ['connected', 'streamPublished']);
  });

  test('may be let in while the socket is away', async () => {
    const { room, server, environment, joining } = await waiting();
    server.cut();
    server.admission = (clientId) => ({
      id: 'room-1',
      user: { clientId, name: 'Ada', role: 'participant' },
      room: { settings: {} },
    });
    await environment.clock.advance(300);
    await joining;
    assert.equal(room.state.connection, 'connected');
  });

  for (const [how, allow_reconnect] of [
    ['when the server stays away', true],
    ['at once where nobody is to come back', false],
  ] as const) {
    test(`ends as unreachable ${how}, and who was told to wait hears the end of it`, async () => {
      const made = await waiting({ roomInfo: { allow_reconnect } });
      made.server.reachable = !allow_reconnect;
      made.server.cut();
      if (allow_reconnect) await made.environment.clock.advance(120_000);
      assert.equal((await refused(made.joining)).name, 'server-unreachable');
      assert.deepEqual(made.events.names, ['disconnected', 'exited']);
      const { connection, awaiting, ending, error } = made.room.state;
      assert.deepEqual(
        [connection, awaiting, error?.name],
        ['disconnected', undefined, 'server-unreachable'],
      );
      assert.deepEqual([ending?.reason, ending?.code], ['network', 1163]);
      assertReleased(made);
      assert.equal(made.environment.clock.pending, 0);
    });
  }

  test('can be left while the socket is away', async () => {
    const made = await waiting();
    made.server.cut();
    await made.server.settled();
    await made.room.disconnect();
    await made.environment.clock.advance(5000);
    assert.equal((await refused(made.joining)).name, 'normal-disconnect');
    assert.equal(made.room.state.ending?.reason, 'left');
    assertReleased(made);
    assert.equal(made.environment.clock.pending, 0);
  });
});

describe('leaving while joining', () => {
  const moments: [
    description: string,
    prepare: (made: Setting) => void,
    reach: (made: Setting) => Promise<void>,
  ][] = [
    ['before the socket opens', () => {}, () => turn(0)],
    [
      'while the token is unanswered',
      ({ server }) => server.hold('token'),
      ({ server }) => server.until('token'),
    ],
    [
      'before the admission',
      ({ server }) => (server.admission = undefined),
      ({ server }) => server.settled(),
    ],
    [
      'while a moderator lets wait',
      ({ server }) => (server.admission = undefined),
      async ({ server }) => {
        await server.settled();
        server.send('room-awaited', {});
        await server.settled();
      },
    ],
  ];
  for (const [description, prepare, reach] of moments) {
    test(`${description} rejects the join as left and leaves nothing behind`, async () => {
      const made = await setting();
      const { room, server, environment, events } = made;
      environment.devices.hold();
      prepare(made);
      const joining = refused(room.join(testToken()));
      await reach(made);
      await room.disconnect();
      const error = await joining;
      assert.equal(error.name, 'normal-disconnect');
      assert.equal(room.state.connection, 'disconnected');
      assert.equal(room.state.ending?.reason, 'left');
      assert.equal(room.state.error, undefined);

      // What the browser and the server had under way arrives all the same.
      environment.devices.answer();
      server.release('token');
      await server.settled();
      assertReleased(made);
      // Who was told to wait is told the end of it.
      assert.deepEqual(events.names, events.names[0] ? ['awaited', 'disconnected', 'exited'] : []);
      assert.equal(environment.clock.pending, 0);
    });
  }

  test('while the token is being fetched opens nothing', async () => {
    const { room, server, environment } = await setting();
    let give!: (token: string) => void;
    const joining = refused(room.join(() => new Promise((resolve) => (give = resolve))));
    await room.disconnect();
    give(testToken());
    assert.equal((await joining).name, 'normal-disconnect');
    assert.deepEqual([server.sockets.length, environment.devices.prompts.length], [0, 0]);
  });

  test('and joining again at once belongs to the new join alone', async () => {
    const { room, server, events } = await setting();
    const first = refused(room.join(testToken()));
    await room.disconnect();
    await room.join(testToken());
    await server.settled();
    assert.equal((await first).name, 'normal-disconnect');
    assert.deepEqual([room.state.connection, room.state.clientId], ['connected', 'client-2']);
    assert.deepEqual(events.names.slice().sort(), ['connected', 'mediaAllowed', 'streamPublished']);
    assert.deepEqual(
      server.sockets.map(({ over }) => over),
      [true, false],
    );
  });
});

describe('leaving', () => {
  test('says goodbye, releases everything, tells it, and only then resolves', async () => {
    const made = await joined();
    const { room, server, events } = made;
    const order: string[] = [];
    room.on('disconnected', () => {
      assertReleased(made);
      order.push('told');
    });
    const leaving = room.disconnect().then(() => order.push('resolved'));
    assert.deepEqual(made.environment.devices.open, [], 'devices are let go at once');
    await leaving;
    assertReleased(made);
    assert.deepEqual(order, ['told', 'resolved']);
    assert.deepEqual(server.sent('drop'), [{ self: true }]);
    assert.deepEqual(events.names, ['streamUnpublished', 'disconnected', 'exited']);
    assert.ok(events.all.every(({ connection }) => connection === 'disconnected'));
    const end = only(events.of('exited'));
    assert.deepEqual([end.reason, end.code], ['left', 2006]);
    assert.equal(room.state.ending, end);
    assert.equal(made.environment.clock.pending, 0);
  });

  test('shows nothing of the room any more', async () => {
    const { room } = await joined();
    await room.disconnect();
    const { participants, talkers, slotStreams, published, active, talking, localStream, microphone } =
      room.state;
    assert.deepEqual(
      [participants, talkers, slotStreams, published, active, talking, localStream, microphone],
      [[], [], [], false, false, false, undefined, 'off'],
    );
  });

  test('is refused as running while it runs, and as done afterwards', async () => {
    const { room, events } = await joined();
    const first = room.disconnect();
    const second = await refused(room.disconnect());
    assert.deepEqual([second.name, second.code], ['disconnect-running', 5031]);
    await first;
    const third = await refused(room.disconnect());
    assert.deepEqual([third.name, third.code], ['disconnect-done', 5032]);
    assert.equal(events.count('exited'), 1);
  });

  test('waits a second for the server, and no longer', async () => {
    const made = await joined();
    made.server.answers.drop = () => undefined;
    let left = false;
    const leaving = made.room.disconnect().then(() => (left = true));
    await made.server.settled();
    await made.environment.clock.advance(999);
    assert.equal(left, false);
    await made.environment.clock.advance(1);
    await leaving;
    assertReleased(made);
    assert.equal(made.room.state.connection, 'disconnected');
  });

  test('is not held up by a socket that is lost meanwhile', async () => {
    const made = await joined();
    made.server.answers.drop = () => undefined;
    const leaving = made.room.disconnect();
    await made.server.settled();
    made.server.cut();
    await leaving;
    assert.deepEqual(made.events.names, ['streamUnpublished', 'disconnected', 'exited']);
    assertReleased(made);
  });

  test('ends all events: what the server still sends means nothing', async () => {
    const made = await joined();
    const { room, server, events, environment } = made;
    await room.disconnect();
    events.clear();
    const { state } = room;
    server.socket.over = false;
    server.socket.connected = true;
    server.send('user-connected', { clientId: 'late', name: 'Late' });
    server.send('onDataStreamToRoom', { type: 'chat', message: 'late', senderId: 'late' });
    server.send('room-disconnected', {});
    await server.settled();
    await environment.clock.advance(120_000);
    assert.deepEqual(events.all, []);
    assert.equal(room.state, state);
  });

  test('refuses every verb that needs a room', async () => {
    const { room } = await setting();
    const verbs = [
      () => room.sendMessage('hello'),
      () => room.sendUserData({}),
      () => room.publish(),
      () => room.unpublish(),
      () => room.setMicrophoneMuted(true),
      () => room.setCameraMuted(false),
    ];
    for (const verb of verbs) assert.equal((await refused(verb())).name, 'not-connected');
    const left = await joined();
    await left.room.disconnect();
    assert.deepEqual(
      [(await refused(left.room.sendMessage('hello'))).code, (await refused(left.room.publish())).code],
      [5086, 5086],
    );
  });

  test('without having joined releases a preview, and says it was done already', async () => {
    const { room, environment } = await setting();
    await room.preview();
    assert.equal(environment.devices.open.length, 2);
    assert.equal((await refused(room.disconnect())).name, 'disconnect-done');
    assert.deepEqual(environment.devices.open, []);
    assert.equal(room.state.localStream, undefined);
  });
});

describe('an ending by the server', () => {
  const endings: [payload: unknown, reason: EndingReason, code: number][] = [
    [{ cause: { cause: 2011, msg: 'disconnected-by-moderator' } }, 'removed', 2011],
    [{ cause: { cause: 2012, msg: 'room-dismissed' } }, 'dismissed', 2012],
    [{ cause: { cause: 2013, msg: 'room-expired' } }, 'expired', 2013],
    [{ cause: { cause: 2014, msg: 'room-empty' } }, 'room-empty', 2014],
    [{ cause: { cause: 2016, msg: 'replaced-by-newer-session' } }, 'replaced', 2016],
    [{ msg: 'what the vendor may say' }, 'dismissed', 2002],
    [undefined, 'dismissed', 2002],
    ['text', 'dismissed', 2002],
  ];
  for (const [payload, reason, code] of endings) {
    test(`${JSON.stringify(payload)} is ${reason}`, async () => {
      const made = await joined();
      const { room, server, events } = made;
      room.on('disconnected', () => assertReleased(made));
      server.send('room-disconnected', payload);
      await server.settled();
      assert.deepEqual([room.state.ending?.reason, room.state.ending?.code], [reason, code]);
      assert.equal(room.state.connection, 'disconnected');
      assert.deepEqual(events.names, ['streamUnpublished', 'disconnected', 'exited']);
      assertReleased(made);
      assert.equal(made.environment.clock.pending, 0);
      assert.equal((await refused(room.disconnect())).name, 'disconnect-done');
    });
  }

  test('is no reason to come back', async () => {
    const { server, environment } = await joined();
    server.send('room-disconnected', { cause: { cause: 2011, msg: 'disconnected-by-moderator' } });
    server.cut();
    await server.settled();
    await environment.clock.advance(120_000);
    assert.equal(server.sockets.length, 1);
  });
});

describe('people and talkers', () => {
  const bo = { clientId: 'client-b', name: 'Bo', role: 'moderator' };

  test('who comes and goes is told once, after the state shows it', async () => {
    const { room, server, events } = await joined();
    const listed: number[] = [];
    room.on('participantJoined', () => listed.push(room.state.participants.length));
    room.on('participantLeft', () => listed.push(room.state.participants.length));
    server.send('user-connected', bo);
    server.send('user-connected', bo);
    server.send('user-disconnected', bo);
    server.send('user-disconnected', bo);
    server.send('user-connected', { clientId: 'client-1', name: 'Ada' });
    await server.settled();
    assert.deepEqual(events.names, ['participantJoined', 'participantLeft']);
    assert.deepEqual(listed, [2, 1]);
  });

  test('the talker list is shown without share and canvas, which are told all the same', async () => {
    const { room, server, events } = await joined();
    const list = [
      { streamId: 2, clientId: 'client-b', name: 'Bo', mediatype: 'audio' },
      { streamId: 101, clientId: 'client-b', name: 'Bo', mediatype: 'video' },
    ];
    server.send('active-talkers-updated', { active: true, activeList: list });
    await server.settled();
    assert.equal(room.state.active, true);
    assert.deepEqual(
      room.state.talkers.map(({ slot, clientId, audio, video }) => [slot, clientId, audio, video]),
      [[2, 'client-b', true, false]],
    );
    assert.deepEqual(events.names, ['talkersChanged']);
    assert.equal(events.of('talkersChanged')[0]?.activeList.length, 2);
  });

  test('who can be heard shows in the state, and as a level for meters', async () => {
    const { room, server, environment } = await joined();
    const list = [{ streamId: 1, clientId: 'client-b', name: 'Bo', mediatype: 'audiovideo' }];
    server.send('active-talkers-updated', { active: true, activeList: list });
    await server.settled();
    environment.pc('subscriber').transceivers[0]!.receiver.level = 0.4;
    environment.pc('publisher').microphoneLevel = 0.3;
    await environment.clock.advance(200);
    assert.deepEqual([room.state.talkers[0]?.talking, room.state.talking], [true, true]);
    assert.deepEqual([room.level(1), room.level('self'), room.level(2)], [0.4, 0.3, 0]);
  });

  test("others' mutes show in the state and are told, of people we do not know as well", async () => {
    const { room, server, events } = await joined();
    server.send('user-connected', bo);
    server.send('user-audio-muted', { clientId: 'client-b', user: bo });
    server.send('user-video-muted', { clientId: 'client-b' });
    server.send('user-audio-unmuted', { clientId: 'client-b' });
    server.send('user-video-unmuted', { clientId: 'nobody' });
    await server.settled();
    assert.deepEqual(
      events.of('muteChanged').map(({ clientId, kind, muted, user }) => [clientId, kind, muted, user?.name]),
      [
        ['client-b', 'audio', true, 'Bo'],
        ['client-b', 'video', true, 'Bo'],
        ['client-b', 'audio', false, 'Bo'],
        ['nobody', 'video', false, undefined],
      ],
    );
    const shown = room.state.participants[1];
    assert.deepEqual([shown?.audioMuted, shown?.videoMuted], [false, true]);
  });
});

describe('muting', () => {
  for (const [kind, mute, device] of [
    ['audio', (room: Room, muted: boolean) => room.setMicrophoneMuted(muted), 'microphone'],
    ['video', (room: Room, muted: boolean) => room.setCameraMuted(muted), 'camera'],
  ] as const) {
    test(`takes the ${kind} track off its sender and says so; unmuting puts it back`, async () => {
      const { room, server, environment } = await joined();
      const sender = environment.pc('publisher').sender(kind)!;
      const track = sender.track!;
      await mute(room, true);
      await server.settled();
      assert.equal(sender.track, null);
      assert.deepEqual([track.enabled, track.stopped], [false, false]);
      assert.equal(room.state[device], 'muted');
      assert.equal(room.state.participants[0]?.[`${kind}Muted`], true);
      await mute(room, false);
      await server.settled();
      assert.equal(sender.track, track);
      assert.equal(track.enabled, true);
      assert.equal(room.state[device], 'on');
      assert.equal(room.state.participants[0]?.[`${kind}Muted`], false);
      assert.deepEqual(server.names, [`user-${kind}-muted`, `user-${kind}-unmuted`]);
      assert.deepEqual(environment.devices.prompts, ['audio+video']);
    });
  }

  test('to what is the case already does nothing', async () => {
    const { room, server } = await joined();
    await room.setMicrophoneMuted(false);
    await room.setCameraMuted(true);
    await room.setCameraMuted(true);
    await server.settled();
    assert.deepEqual(server.names, ['user-video-muted']);
  });

  test('is refused without the device', async () => {
    const { room } = await joined({ localInfo: { video: false } });
    assert.equal((await refused(room.setCameraMuted(true))).name, 'device-not-found');
  });

  test('in a preview is kept for the join', async () => {
    const { room, server, environment } = await setting();
    await room.preview();
    await room.setMicrophoneMuted(true);
    await room.join(testToken());
    await server.settled();
    assert.deepEqual(environment.devices.prompts, ['audio+video']);
    assert.equal(environment.pc('publisher').sender('audio')?.track, null);
    assert.equal((server.sent('publish') as [{ muteStream: { audio: boolean } }])[0].muteStream.audio, true);
  });
});

describe('a preview', () => {
  test('that is still being asked for is the one the join uses', async () => {
    const made = await setting();
    const { room, server, environment } = made;
    environment.devices.hold();
    const preview = room.preview();
    const joining = room.join(testToken());
    environment.devices.answer();
    await Promise.all([preview, joining]);
    await server.settled();
    assert.deepEqual(environment.devices.prompts, ['audio+video']);
    await room.disconnect();
    assertReleased(made);
  });
});

describe('publishing', () => {
  test('again replaces the stream that is there, and leaves no connection behind', async () => {
    const { room, server, environment, events } = await joined();
    const first = environment.pc('publisher');
    await room.publish();
    await server.settled();
    assert.equal(first.closed, true);
    assert.equal(environment.openConnections.filter(({ role }) => role === 'publisher').length, 1);
    assert.deepEqual(server.sent('unpublish'), ['stream-1']);
    assert.deepEqual(events.names, ['streamUnpublished', 'streamPublished']);
    assert.equal(room.state.published, true);
  });

  test('ends with unpublish; devices stay open, and it can begin again', async () => {
    const { room, server, environment, events } = await joined();
    await room.unpublish();
    assert.deepEqual(server.sent('unpublish'), ['stream-1']);
    assert.equal(environment.pc('publisher').closed, true);
    assert.equal(environment.devices.open.length, 2);
    assert.deepEqual([room.state.published, events.names], [false, ['streamUnpublished']]);
    await room.unpublish();
    assert.equal(events.count('streamUnpublished'), 1);
    await room.publish();
    await server.settled();
    assert.equal(room.state.published, true);
  });

  test('that the server refuses rejects, and is told when nobody awaited it', async () => {
    const { room, server, events, environment } = await joined({
      prepare: ({ server: target }) => (target.answers.publish = () => [{ result: 4163, msg: 'No media.' }]),
    });
    assert.deepEqual(events.names, []);
    const error = await refused(room.publish());
    assert.deepEqual([error.name, error.message], ['media-unavailable', 'No media.']);
    assert.deepEqual(events.names, []);
    assert.equal(
      environment.openConnections.some(({ role }) => role === 'publisher'),
      false,
    );
    assert.equal(room.state.connection, 'connected');

    const automatic = await setting();
    automatic.server.answers.publish = () => [{ result: 0 }];
    await automatic.room.join(testToken());
    await server.settled();
    await automatic.server.settled();
    assert.deepEqual(
      automatic.events.of('operationFailed').map(({ name }) => name),
      ['media-connection-failed'],
    );
    assert.equal(automatic.room.state.connection, 'connected');
  });

  test('needs a device', async () => {
    const { room } = await joined({ localInfo: { audio: false, video: false } });
    assert.equal((await refused(room.publish())).name, 'no-media-requested');
  });

  test('follows when devices that were refused are had after all', async () => {
    const { room, server, environment, events } = await joined({
      prepare: ({ environment: { devices } }) =>
        (devices.refusals = { audio: deviceError('NotAllowedError'), video: deviceError('NotAllowedError') }),
    });
    assert.deepEqual(server.sent('publish'), []);
    environment.devices.refusals = {};
    await room.retryDevices();
    await server.settled();
    assert.deepEqual(events.names, ['mediaAllowed', 'streamPublished']);
    assert.equal(server.sent('publish').length, 1);
  });
});

describe('chat', () => {
  test('goes over the data channel once that is open', async () => {
    const { room, server, environment } = await joined();
    const { channel } = environment.pc('data');
    assert.deepEqual([channel?.label, channel?.options], ['data', { negotiated: true, id: 0 }]);
    channel!.open();
    const message = await room.sendMessage('Hello');
    await room.sendMessage('You only', ['client-b']);
    assert.deepEqual(
      channel!.sent.map((text) => JSON.parse(text) as unknown),
      [
        {
          type: 'chat',
          message: 'Hello',
          broadcast: true,
          clients: [],
          sender: 'Ada',
          senderId: 'client-1',
          timestamp: environment.now(),
        },
        {
          type: 'chat',
          message: 'You only',
          broadcast: false,
          clients: ['client-b'],
          sender: 'Ada',
          senderId: 'client-1',
          timestamp: environment.now(),
        },
      ],
    );
    assert.deepEqual(server.names, []);
    assert.equal(room.state.messages[0], message);
    assert.deepEqual([message.isSelf, message.text, message.from], [true, 'Hello', 'Ada']);
  });

  test('waits for the channel to open, and keeps its order', async () => {
    const { room, server, environment } = await joined();
    const sent = ['one', 'two', 'three'].map((text) => room.sendMessage(text));
    await server.settled();
    assert.deepEqual(room.state.messages, []);
    environment.pc('data').channel!.open();
    await Promise.all(sent);
    assert.deepEqual(
      environment.pc('data').channel!.sent.map((text) => (JSON.parse(text) as { message: string }).message),
      ['one', 'two', 'three'],
    );
    assert.deepEqual(
      room.state.messages.map(({ text }) => text),
      ['one', 'two', 'three'],
    );
  });

  test('goes over the socket when the channel does not open in time, in order', async () => {
    const { room, server, environment } = await joined();
    const sent = ['one', 'two'].map((text) => room.sendMessage(text));
    await environment.clock.advance(3999);
    assert.deepEqual(server.names, []);
    await environment.clock.advance(4001);
    await Promise.all(sent);
    assert.deepEqual(server.sent('sendDataStreamToRoom'), [
      { msg: 'one', broadcast: true, clients: [], type: 'chat' },
      { msg: 'two', broadcast: true, clients: [], type: 'chat' },
    ]);
  });

  test('goes over the socket at once where the room has no data connection', async () => {
    const { room, server } = await joined({ localInfo: { data: false } });
    await room.sendMessage('Hello');
    await room.sendUserData({ x: 1 }, ['client-b']);
    assert.deepEqual(server.sent('sendDataStreamToRoom'), [
      { msg: 'Hello', broadcast: true, clients: [], type: 'chat' },
      { msg: { x: 1 }, broadcast: false, clients: ['client-b'], type: 'user_data' },
    ]);
  });

  test('goes over the socket when it is too large for the channel', async () => {
    const { room, server, environment } = await joined();
    const { channel } = environment.pc('data');
    channel!.open();
    channel!.maxLength = 1000;
    await room.sendMessage('x'.repeat(2000));
    await room.sendMessage('short');
    assert.equal(server.sent('sendDataStreamToRoom').length, 1);
    assert.equal(channel!.sent.length, 1);
  });

  test('keeps its order also when one message takes the slow way', async () => {
    const { room, server, environment } = await joined();
    const { channel } = environment.pc('data');
    channel!.open();
    channel!.maxLength = 1000;
    server.hold('sendDataStreamToRoom');
    const sent = [room.sendMessage('x'.repeat(2000)), room.sendMessage('short')];
    await server.until('sendDataStreamToRoom');
    await server.settled();
    assert.deepEqual(channel!.sent, []);
    server.release('sendDataStreamToRoom');
    await Promise.all(sent);
    assert.equal(channel!.sent.length, 1);
  });

  test('that the server refuses rejects, is not shown, and does not block the next', async () => {
    const { room, server } = await joined({ localInfo: { data: false } });
    server.answers.sendDataStreamToRoom = ({ args }) =>
      (args[0] as { msg: string }).msg === 'bad' ? [{ result: 4162, msg: 'Slowly.' }] : [{ result: 0 }];
    const bad = refused(room.sendMessage('bad'));
    const good = room.sendMessage('good');
    assert.equal((await bad).name, 'rate-exceeded');
    await good;
    assert.deepEqual(
      room.state.messages.map(({ text }) => text),
      ['good'],
    );
  });

  test('without any text is refused', async () => {
    const { room } = await joined();
    for (const text of ['', '  \n\t'])
      assert.equal((await refused(room.sendMessage(text))).name, 'parameter-invalid');
  });

  test('arrives by channel and by socket, is shown and told, and own echoes are not', async () => {
    const { room, server, environment, events } = await joined();
    const envelope = (message: unknown, senderId: string, type = 'chat'): object => ({
      type,
      message,
      broadcast: true,
      clients: [],
      sender: 'Bo',
      senderId,
      timestamp: 42,
    });
    const { channel } = environment.pc('data');
    channel!.receive(JSON.stringify(envelope('by channel', 'client-b')));
    channel!.receive(JSON.stringify(envelope('own echo', 'client-1')));
    server.send('onDataStreamToRoom', envelope({ rich: true }, 'client-b'));
    server.send('onDataStreamToRoom', envelope({ x: 1 }, 'client-b', 'user_data'));
    await server.settled();
    assert.deepEqual(events.names, ['messageReceived', 'messageReceived', 'userDataReceived']);
    assert.deepEqual(
      room.state.messages.map(({ text, from, timestamp, isSelf }) => [text, from, timestamp, isSelf]),
      [
        ['by channel', 'Bo', 42, false],
        ['{"rich":true}', 'Bo', 42, false],
      ],
    );
    assert.deepEqual(events.of('userDataReceived')[0]?.data, { x: 1 });
  });

  test('survives everything that is no message', async () => {
    const { room, environment, events } = await joined();
    const { channel } = environment.pc('data');
    for (const text of [
      '[object Object]',
      '',
      'null',
      '5',
      '[]',
      '{}',
      '{"type":5}',
      '{"__proto__":{"type":"chat"}}',
    ])
      channel!.receive(text);
    channel!.receive(new ArrayBuffer(8));
    channel!.receive(undefined);
    assert.deepEqual([events.names, room.state.messages], [[], []]);
  });
});

describe('odd messages', () => {
  test('that nobody knows are ignored', async () => {
    const { room, server, events } = await joined();
    const { state } = room;
    for (const name of ['speed-of-light', 'constructor', '__proto__', 'toString', ''])
      for (const payload of [undefined, null, {}, [], 'text', 5]) server.send(name, payload);
    await server.settled();
    assert.deepEqual([events.names, room.state], [[], state]);
  });

  test('that are malformed are ignored, and the session goes on', async () => {
    const { room, server, events, environment } = await joined();
    const { state } = room;
    const names = [
      'user-connected',
      'user-disconnected',
      'active-talkers-updated',
      'media_engine_connecting',
      'user-audio-muted',
      'onDataStreamToRoom',
      'onRemoveStream',
      'onBandwidthAlert',
      'room-connected',
    ];
    const wrong = hostileValuesOnTheWire().filter(
      (value) =>
        !(
          value instanceof Object &&
          ['clientId', 'type', 'id', 'activeList'].some((key) => Object.hasOwn(value, key))
        ),
    );
    for (const name of names) for (const value of wrong) server.send(name, value);
    await server.settled();
    assert.deepEqual(events.names, []);
    assert.equal(room.state, state);
    assert.equal(environment.openConnections.length, 3);
    server.send('user-connected', { clientId: 'client-b', name: 'Bo' });
    await server.settled();
    assert.deepEqual(events.names, ['participantJoined']);
  });

  test('that ask for an acknowledgement get one', async () => {
    const { server } = await joined();
    const answers: unknown[] = [];
    const acknowledge = (answer: unknown): void => void answers.push(answer);
    server.send('hardmute-user-audio', {}, acknowledge);
    server.send('never-heard-of', acknowledge);
    server.send('user-connected', { clientId: 'client-b' }, acknowledge);
    await server.settled();
    assert.deepEqual(answers, [{ result: 0 }, { result: 0 }, { result: 0 }]);
  });
});

describe('repair', () => {
  test('of the own stream: a new connection, a new id, and the old one is taken back', async () => {
    const { room, server, environment, events } = await joined();
    const broken = environment.pc('publisher');
    broken.fail();
    await server.settled();
    assert.equal(broken.closed, true);
    assert.deepEqual(server.sent('unpublish'), ['stream-1']);
    assert.deepEqual(events.names, ['streamUnpublished', 'streamPublished']);
    assert.deepEqual(events.of('streamPublished'), [{ streamId: 'stream-2' }]);
    assert.deepEqual([room.state.published, environment.openConnections.length], [true, 3]);
  });

  test('of a muted stream keeps it muted', async () => {
    const { room, server, environment } = await joined();
    await room.setMicrophoneMuted(true);
    environment.pc('publisher').fail();
    await server.settled();
    assert.equal(environment.pc('publisher').sender('audio')?.track, null);
    assert.deepEqual((server.sent('publish') as [{ muteStream: object }])[0].muteStream, {
      audio: true,
      video: false,
    });
    await room.setMicrophoneMuted(false);
    assert.notEqual(environment.pc('publisher').sender('audio')?.track, null);
  });

  test('of the own stream when the server says it is gone', async () => {
    const { server, events, environment } = await joined();
    for (const payload of [{ id: 'stream-77' }, {}, null, 5, undefined])
      server.send('onRemoveStream', payload);
    await server.settled();
    assert.deepEqual(events.names, ['streamRemoved']);
    server.send('onRemoveStream', { id: 'stream-1' });
    await server.settled();
    assert.deepEqual(events.names.slice(1), ['streamRemoved', 'streamUnpublished', 'streamPublished']);
    assert.equal(environment.openConnections.length, 3);
  });

  test('is not set off by onRemoveStream without an id while the own stream has none yet', async () => {
    const { room, server, environment } = await setting();
    server.hold('publish');
    await room.join(testToken());
    await server.settled();
    server.send('onRemoveStream', {});
    await server.settled();
    assert.equal(environment.pc('publisher').closed, false);
    assert.equal(server.sent('publish').length, 1);
  });

  test('of what is received: a new connection for all slots, and the state shows its streams', async () => {
    const { room, server, environment, events } = await joined();
    const before = room.state.slotStreams;
    const broken = environment.pc('subscriber');
    broken.fail();
    await server.settled();
    assert.equal(broken.closed, true);
    assert.equal(server.sent('subscribe').length, 3);
    assert.deepEqual(offersOf(server), [1]);
    assert.equal(room.state.slotStreams.length, 3);
    assert.ok(room.state.slotStreams.every((stream) => !before.includes(stream)));
    assert.deepEqual(events.names, []);
  });

  test('of the data connection, and chat goes on over the new one', async () => {
    const { room, server, environment } = await joined();
    environment.pc('data').channel!.open();
    environment.pc('data').fail();
    await server.settled();
    assert.deepEqual(server.sent('addDataChannel'), [{ streamId: 999, singlePC: 'subs' }]);
    environment.pc('data').channel!.open();
    await room.sendMessage('still here');
    assert.equal(environment.pc('data').channel!.sent.length, 1);
    assert.equal(environment.openConnections.length, 3);
  });

  test('of receiving and data when the server lost the path', async () => {
    const { server, environment } = await joined();
    const [data, subscriber, publisher] = ['data', 'subscriber', 'publisher'].map((role) =>
      environment.pc(role as 'data'),
    );
    server.send('onBandwidthAlert', [{ streamId: 1, bw: 'low' }]);
    await server.settled();
    assert.equal(environment.peerConnections.length, 3);
    server.send('onBandwidthAlert', [{ streamId: 1, bw: 'low' }, null, { streamId: 2, bw: 'unknown' }]);
    await server.settled();
    assert.deepEqual([data?.closed, subscriber?.closed, publisher?.closed], [true, true, false]);
    assert.deepEqual(offersOf(server).sort(), [1, 999]);
    assert.equal(environment.openConnections.length, 3);
  });

  test('when no media comes about within 20 seconds', async () => {
    const { room, server, environment } = await setting({
      localInfo: { data: false, audio: false, video: false },
    });
    server.negotiates = false;
    await room.join(testToken());
    await server.settled();
    server.negotiates = true;
    await environment.clock.advance(20_000);
    await server.settled();
    assert.deepEqual(
      environment.peerConnections.map(({ closed }) => closed),
      [true, false],
    );
    await environment.clock.advance(60_000);
    assert.equal(environment.peerConnections.length, 2);
  });

  test('when the answer does not fit', async () => {
    const { server, environment } = await joined({
      prepare: (made) => {
        made.environment.onPeerConnection = (pc) => {
          if (pc.number === 2) pc.answerError = new Error('m-lines do not match');
        };
      },
    });
    assert.deepEqual(
      environment.peerConnections.map(({ closed }) => closed),
      [false, true, false, false],
    );
    assert.equal(server.names.length, 0);
  });

  test('gives up after seven times and builds the whole session anew', async () => {
    const { server, environment, events, room } = await joined();
    for (let time = 1; time <= 7; time++) {
      environment.pc('subscriber').fail();
      await server.settled();
    }
    assert.deepEqual(events.names, []);
    environment.pc('subscriber').fail();
    await server.settled();
    assert.deepEqual(events.names, ['connectionLost', 'streamUnpublished']);
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual(events.names.slice(2), ['reconnecting', 'reconnected', 'streamPublished']);
    assert.equal(room.state.connection, 'connected');
    assert.equal(environment.openConnections.length, 3);
  });
});

describe('losing the connection', () => {
  test('is told once, and an attempt to return follows almost at once', async () => {
    const made = await joined();
    const { room, server, environment, events } = made;
    server.cut();
    await server.settled();
    assert.deepEqual(events.names, ['connectionLost', 'streamUnpublished']);
    assert.equal(events.all[0]?.connection, 'reconnecting');
    assert.deepEqual(room.state.reconnect, { attempt: 0, maxAttempts: 3 });
    assert.deepEqual(environment.openConnections, []);
    assert.equal(environment.devices.open.length, 2, 'devices stay open');
    await environment.clock.advance(299);
    assert.equal(server.sockets.length, 1);
    await environment.clock.advance(1);
    await server.settled();
    assert.deepEqual(events.names, [
      'connectionLost',
      'streamUnpublished',
      'reconnecting',
      'reconnected',
      'streamPublished',
    ]);
    assert.deepEqual(events.of('reconnecting'), [{ attempt: 1, maxAttempts: 3 }]);
    assert.deepEqual(events.of('reconnected'), [{ room: { id: 'room-1', name: 'Daily' } }]);
    assert.deepEqual(
      [room.state.connection, room.state.clientId, room.state.reconnect, room.state.published],
      ['connected', 'client-2', undefined, true],
    );
    assert.equal(environment.openConnections.length, 3);
    assert.deepEqual(environment.devices.prompts, ['audio+video']);
  });

  test('lets the server know whose place is taken over', async () => {
    const { server, environment } = await joined();
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    const [message] = server.sent('token') as [Record<string, unknown>];
    assert.deepEqual(
      Object.fromEntries(
        [
          'tokenId',
          'isReconnecting',
          'reconnectAttempt',
          'reconnectCount',
          'oldClientIdForReconnect',
          'room',
          'role',
          'name',
          'user_ref',
        ].map((key) => [key, message[key]]),
      ),
      {
        tokenId: 'token-1',
        isReconnecting: true,
        reconnectAttempt: 1,
        reconnectCount: 1,
        oldClientIdForReconnect: 'client-1',
        room: 'room-1',
        role: 'participant',
        name: 'Ada',
        user_ref: 'ada-ref',
      },
    );
    assert.deepEqual(server.names.slice(0, 6), [
      'token',
      'addDataChannel',
      'subscribe',
      'subscribe',
      'subscribe',
      'publish',
    ]);
  });

  test('tries as often as the options say, an interval apart, then tells the end exactly once', async () => {
    const made = await joined();
    const { room, server, environment, events } = made;
    server.reachable = false;
    server.cut();
    await server.settled();
    for (const [index, waitMs] of [300, 10_000, 10_000].entries()) {
      await environment.clock.advance(waitMs - 1);
      await server.settled();
      assert.equal(events.count('reconnecting'), index);
      await environment.clock.advance(1);
      await server.settled();
      assert.equal(events.count('reconnecting'), index + 1);
    }
    assert.deepEqual(events.names, [
      'connectionLost',
      'streamUnpublished',
      'reconnecting',
      'reconnecting',
      'reconnecting',
      'disconnected',
      'exited',
    ]);
    assert.deepEqual(
      events.of('reconnecting').map(({ attempt }) => attempt),
      [1, 2, 3],
    );
    const end = only(events.of('exited'));
    assert.deepEqual([end.reason, end.code, room.state.ending], ['reconnect-failed', 5074, end]);
    assert.equal(room.state.connection, 'disconnected');
    assertReleased(made);
    await environment.clock.advance(600_000);
    assert.equal(server.sockets.length, 4);
    assert.equal(events.names.length, 7);
    assert.equal(environment.clock.pending, 0);
  });

  test('asks for a fresh token before every attempt when it can', async () => {
    let calls = 0;
    const { server, environment, events } = await joined({
      token: async () => testToken({ tokenId: `token-${++calls}` }),
    });
    server.reachable = false;
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    server.reachable = true;
    await environment.clock.advance(10_000);
    await server.settled();
    assert.equal(calls, 3);
    assert.equal(events.count('reconnected'), 1);
    assert.deepEqual(
      server.sent('token').map((message) => (message as { tokenId: string }).tokenId),
      ['token-3'],
    );
  });

  test('ends at once when reconnecting is not allowed', async () => {
    const made = await joined({ roomInfo: { allow_reconnect: false } });
    const { room, server, events } = made;
    server.cut();
    await server.settled();
    assert.deepEqual(events.names, ['connectionLost', 'streamUnpublished', 'disconnected', 'exited']);
    assert.deepEqual([room.state.ending?.reason, room.state.ending?.code], ['network', 1163]);
    assert.equal(server.sockets.length, 1);
    assertReleased(made);
    assert.equal(made.environment.clock.pending, 0);
  });

  test('counts a loss in the middle of coming back as a failed attempt, not as a new loss', async () => {
    const { server, environment, events } = await joined();
    const { admission } = server;
    server.admission = undefined;
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    server.cut();
    await server.settled();
    server.admission = admission;
    await environment.clock.advance(10_000);
    await server.settled();
    assert.deepEqual(events.names, [
      'connectionLost',
      'streamUnpublished',
      'reconnecting',
      'reconnecting',
      'reconnected',
      'streamPublished',
    ]);
  });

  test('a second time begins again with the first attempt', async () => {
    const { server, environment, events, room } = await joined();
    for (const round of [1, 2]) {
      server.cut();
      await server.settled();
      await environment.clock.advance(300);
      await server.settled();
      assert.equal(room.state.clientId, `client-${round + 1}`);
    }
    assert.deepEqual(
      events.of('reconnecting').map(({ attempt }) => attempt),
      [1, 1],
    );
    assert.equal(
      (server.sent('token')[1] as { oldClientIdForReconnect: string }).oldClientIdForReconnect,
      'client-2',
    );
  });

  test('tells who came and went meanwhile', async () => {
    const { server, environment, events, room } = await joined();
    server.send('user-connected', { clientId: 'gone', name: 'Gone' });
    server.send('user-connected', { clientId: 'stays', name: 'Stays' });
    await server.settled();
    events.clear();
    const { admission } = server;
    server.admission = (clientId) => ({
      ...admission!(clientId),
      userList: [
        { clientId: 'stays', name: 'Stays' },
        { clientId, name: 'Ada' },
        { clientId: 'new', name: 'New' },
      ],
    });
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual(events.names, [
      'connectionLost',
      'streamUnpublished',
      'reconnecting',
      'reconnected',
      'participantLeft',
      'participantJoined',
      'streamPublished',
    ]);
    assert.deepEqual(
      [events.of('participantLeft')[0]?.clientId, events.of('participantJoined')[0]?.clientId],
      ['gone', 'new'],
    );
    assert.deepEqual(
      room.state.participants.map(({ clientId }) => clientId),
      ['client-2', 'stays', 'new'],
    );
  });

  test('keeps chat and mutes', async () => {
    const { server, environment, room } = await joined();
    environment.pc('data').channel!.open();
    await room.sendMessage('before');
    server.cut();
    await server.settled();
    await room.setMicrophoneMuted(true);
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual(
      room.state.messages.map(({ text }) => text),
      ['before'],
    );
    assert.deepEqual((server.sent('publish') as [{ muteStream: object }])[0].muteStream, {
      audio: true,
      video: false,
    });
    assert.equal(environment.pc('publisher').sender('audio')?.track, null);
  });

  test('does not put a stream back that was taken out of the room', async () => {
    const { server, environment, room } = await joined();
    await room.unpublish();
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    assert.equal(room.state.connection, 'connected');
    assert.deepEqual(server.sent('publish'), []);
    await room.publish();
    await server.settled();
    assert.equal(room.state.published, true);
  });

  test('leaves the verbs refused until it is back', async () => {
    const { server, room } = await joined();
    server.cut();
    await server.settled();
    assert.equal((await refused(room.moderation.setLocked(true))).name, 'not-connected');
    assert.equal((await refused(room.publish())).name, 'not-connected');
    assert.equal((await refused(room.join(testToken()))).name, 'already-in-state');
  });

  test('keeps what is said meanwhile and sends it once it is back, once', async () => {
    const { server, room, environment } = await joined();
    server.cut();
    await server.settled();
    const said = room.sendMessage('hello');
    await server.settled();
    assert.deepEqual(room.state.messages, []);
    await environment.clock.advance(300);
    await server.settled();
    environment.pc('data').channel!.open();
    assert.equal((await said).text, 'hello');
    const sent = environment.peerConnections.flatMap((pc) => pc.channel?.sent ?? []);
    assert.deepEqual(
      sent.map((text) => (JSON.parse(text) as { message: string }).message),
      ['hello'],
    );
    assert.equal(room.state.messages.length, 1);
  });

  test('refuses what was said meanwhile when it does not come back', async () => {
    const { server, room } = await joined();
    server.cut();
    await server.settled();
    const said = refused(room.sendMessage('hello'));
    await room.disconnect();
    assert.equal((await said).name, 'not-connected');
    assert.deepEqual(room.state.messages, []);
  });

  test('can be ended by leaving, between two attempts', async () => {
    const made = await joined();
    const { server, room, events, environment } = made;
    server.cut();
    await server.settled();
    await room.disconnect();
    await environment.clock.advance(600_000);
    assert.deepEqual(events.names, ['connectionLost', 'streamUnpublished', 'disconnected', 'exited']);
    assert.equal(room.state.ending?.reason, 'left');
    assert.equal(server.sockets.length, 1);
    assertReleased(made);
  });

  test('can be ended by leaving, in the middle of an attempt', async () => {
    const made = await joined();
    const { server, room, events, environment } = made;
    server.hold('token');
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    const leaving = room.disconnect();
    await server.settled();
    await environment.clock.advance(1000);
    await leaving;
    server.release('token');
    await server.settled();
    await environment.clock.advance(600_000);
    assert.deepEqual(events.names, [
      'connectionLost',
      'streamUnpublished',
      'reconnecting',
      'disconnected',
      'exited',
    ]);
    assert.equal(room.state.ending?.reason, 'left');
    assertReleased(made);
  });

  test('ends as the server says when it does not want us back', async () => {
    const made = await joined();
    const { server, room, events, environment } = made;
    server.admission = undefined;
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    server.send('room-disconnected', { cause: { cause: 2011, msg: 'disconnected-by-moderator' } });
    await server.settled();
    await environment.clock.advance(600_000);
    assert.deepEqual(events.names, [
      'connectionLost',
      'streamUnpublished',
      'reconnecting',
      'disconnected',
      'exited',
    ]);
    assert.equal(room.state.ending?.reason, 'removed');
    assertReleased(made);
  });
});

describe('sharing a screen', () => {
  const notice = (clientId: string): object => ({
    clientId,
    name: 'Somebody',
    streamId: 101,
    layout: 'grid',
  });

  test('asks for the screen, for a turn, then publishes it over a connection of its own', async () => {
    const { room, server, environment, events } = await joined();
    await room.startScreenShare();
    await server.settled();
    assert.deepEqual(server.names.slice(0, 3), [
      'auxilaryPublishRequests',
      'publish',
      'signaling_message:offer',
    ]);
    assert.deepEqual(server.sent('auxilaryPublishRequests'), [
      { req: 'start', pubType: 'screen', override: true },
    ]);
    const publish = only(server.sent('publish')) as { screen: boolean; audio: boolean; attributes: object };
    assert.deepEqual([publish.screen, publish.audio, publish.attributes], [true, false, { name: 'Ada' }]);
    assert.equal(environment.openConnections.length, 4);
    assert.deepEqual(events.names, ['acknowledged'], 'the camera stream is another one');
    server.send('shareStarted', notice('client-1'));
    await server.settled();
    assert.deepEqual([room.state.share?.isSelf, events.names.slice(1)], [true, ['shareStarted']]);
    assert.deepEqual(room.state.share?.stream?.getTracks(), environment.devices.screens);
  });

  test('ends by verb, by the bar of the browser, and when the server wants it back', async () => {
    const endings: ((made: Setting) => unknown)[] = [
      ({ room }) => room.stopScreenShare(),
      ({ environment }) => environment.devices.screens[0]!.end(),
      ({ server }) => server.send('shareOverride', {}),
      ({ server }) => server.send('stopSharing', {}),
    ];
    for (const end of endings) {
      const made = await joined();
      const { room, server, environment } = made;
      await room.startScreenShare();
      await server.settled();
      await end(made);
      await server.settled();
      assert.deepEqual(server.sent('unpublish'), ['stream-2']);
      assert.equal(environment.devices.screens[0]?.stopped, true);
      assert.equal(environment.openConnections.length, 3);
      assert.equal(room.state.published, true);
    }
  });

  test('that the server refuses lets go of the screen and leaves no connection', async () => {
    for (const refusing of ['auxilaryPublishRequests', 'publish']) {
      const { room, server, environment } = await joined();
      server.answers[refusing] = () => [{ result: 4108, msg: 'No.' }];
      assert.equal((await refused(room.startScreenShare())).name, 'share-refused');
      assert.equal(environment.devices.screens[0]?.stopped, true);
      assert.equal(environment.openConnections.length, 3);
      delete server.answers[refusing];
      server.answers.publish = () => [{ result: 0, id: 'second-try' }];
      await room.startScreenShare();
      assert.equal(environment.openConnections.length, 4);
    }
  });

  test('is one at a time, also while the person is still choosing', async () => {
    const { room, environment } = await joined();
    environment.devices.hold();
    const first = room.startScreenShare();
    const second = refused(room.startScreenShare());
    environment.devices.answer();
    await first;
    assert.equal((await second).name, 'share-running');
    assert.equal((await refused(room.startScreenShare())).name, 'share-running');
    assert.equal(environment.devices.screenPrompts, 1);
  });

  test('that the person thinks better of is refused, and may be tried again', async () => {
    const { room, server, environment } = await joined();
    environment.devices.screenRefusal = deviceError('NotAllowedError');
    assert.equal((await refused(room.startScreenShare())).name, 'device-permission-denied');
    assert.deepEqual(server.names, []);
    environment.devices.screenRefusal = undefined;
    await room.startScreenShare();
    await room.disconnect();
    assert.equal(environment.devices.screens[0]?.stopped, true);
  });

  test('chosen only after leaving is let go at once', async () => {
    const made = await joined();
    made.environment.devices.hold();
    const sharing = refused(made.room.startScreenShare());
    await made.room.disconnect();
    made.environment.devices.answer();
    await sharing;
    assert.ok(made.environment.devices.screens.every(({ stopped }) => stopped));
    assertReleased(made);
  });

  test('comes back after a reconnect', async () => {
    const { room, server, environment } = await joined();
    await room.startScreenShare();
    await server.settled();
    server.received.length = 0;
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    assert.equal(server.sent('auxilaryPublishRequests').length, 1);
    assert.equal(server.sent('publish').length, 2);
    assert.equal(environment.devices.screens[0]?.stopped, false);
    assert.equal(environment.openConnections.length, 4);
  });

  test('whose connection breaks and is refused another is let go of, and told', async () => {
    const { room, server, environment, events } = await joined();
    await room.startScreenShare();
    await server.settled();
    server.answers.auxilaryPublishRequests = () => [{ result: 1151, msg: 'Somebody else is sharing.' }];
    environment.pc('publisher').fail();
    await server.settled();
    assert.equal(environment.devices.screens[0]?.stopped, true);
    assert.equal(events.count('operationFailed'), 1);
    delete server.answers.auxilaryPublishRequests;
    await room.startScreenShare();
  });

  describe('after a break', () => {
    /** Somebody shares, and the connection breaks; at its return a share is on or not. */
    async function back(on: boolean, sharer = 'client-b'): Promise<Setting> {
      const made = await joined();
      const { server, environment } = made;
      server.send('shareStarted', notice(sharer));
      await server.settled();
      const { admission } = server;
      server.admission = (clientId) => {
        const message = admission!(clientId) as { room: object };
        return { ...message, room: { ...message.room, shareOn: on } };
      };
      server.cut();
      await server.settled();
      await environment.clock.advance(300);
      await server.settled();
      return made;
    }
    const told = ({ events }: Setting): string[] => events.names.filter((name) => name.startsWith('share'));

    test('is told once: the server says it again', async () => {
      const made = await back(true);
      made.server.send('shareStarted', notice('client-b'));
      await made.server.settled();
      assert.deepEqual([made.room.state.share?.clientId, told(made)], ['client-b', ['shareStarted']]);
    });

    test('has ended when the room says that none is on', async () => {
      const made = await back(false);
      assert.deepEqual([made.room.state.share, told(made)], [undefined, ['shareStarted', 'shareStopped']]);
    });

    test('may be that of another', async () => {
      const made = await back(true);
      made.server.send('shareStarted', notice('client-c'));
      await made.server.settled();
      assert.deepEqual(
        made.events.of('shareStarted').map(({ clientId }) => clientId),
        ['client-b', 'client-c'],
      );
    });
  });

  test('that may not come back is let go of, and told', async () => {
    const { room, server, environment, events } = await joined();
    await room.startScreenShare();
    await server.settled();
    server.send('shareStarted', notice('client-1'));
    await server.settled();
    server.answers.auxilaryPublishRequests = () => [{ result: 1151, msg: 'Somebody else is sharing.' }];
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    assert.equal(environment.devices.screens[0]?.stopped, true);
    assert.deepEqual([room.state.share, events.count('shareStopped')], [undefined, 1]);
    assert.deepEqual(
      events.of('operationFailed').map(({ name }) => name),
      ['share-running'],
    );
  });

  test('comes back after a second break in the middle of its return', async () => {
    const { room, server, environment, events } = await joined();
    await room.startScreenShare();
    await server.settled();
    server.hold('auxilaryPublishRequests');
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    assert.equal(room.state.connection, 'connected');
    server.cut();
    await server.settled();
    server.release('auxilaryPublishRequests');
    server.received.length = 0;
    await environment.clock.advance(300);
    await server.settled();
    assert.equal(server.sent('auxilaryPublishRequests').length, 1);
    assert.equal(environment.devices.screens[0]?.stopped, false);
    assert.equal(events.count('operationFailed'), 0);
  });

  test('that was on before us shows once media is there, at servers that say no more of it', async () => {
    const shareIsOn = ({ server }: Setting): void => {
      const { admission } = server;
      server.admission = (clientId) => {
        const full = admission!(clientId);
        return { ...full, room: { ...(full.room as object), shareOn: true } };
      };
    };
    const made = await setting();
    shareIsOn(made);
    await made.room.join(testToken());
    await made.server.settled();
    const { share } = made.room.state;
    assert.deepEqual([share?.isSelf, share?.name], [false, '']);
    assert.ok(share?.stream);
    assert.equal(made.events.names.filter((name) => name === 'shareStarted').length, 1);
    made.server.send('shareStopped', notice('client-b'));
    await made.server.settled();
    assert.equal(made.room.state.share, undefined);

    // Our own, which ran when the connection broke, is not taken for somebody else's.
    const own = await joined();
    await own.room.startScreenShare();
    await own.server.settled();
    shareIsOn(own);
    own.server.cut();
    await own.server.settled();
    await own.environment.clock.advance(300);
    await own.server.settled();
    assert.deepEqual(
      own.events.names.filter((name) => name === 'shareStarted'),
      [],
    );
  });

  test("of somebody else shows with the share slot's stream, until it stops", async () => {
    const { room, server, events, environment } = await joined();
    server.send('shareStarted', notice('client-b'));
    await server.settled();
    assert.equal(room.state.share?.isSelf, false);
    const [, , , , sound, picture] = environment.pc('subscriber').transceivers;
    assert.deepEqual(room.state.share?.stream?.getTracks(), [sound?.receiver.track, picture?.receiver.track]);
    server.send('shareStopped', notice('client-b'));
    await server.settled();
    assert.deepEqual([room.state.share, events.names], [undefined, ['shareStarted', 'shareStopped']]);
  });
});

describe('muted by a moderator', () => {
  for (const [kind, mute, device] of [
    ['audio', (room: Room, muted: boolean) => room.setMicrophoneMuted(muted), 'microphone'],
    ['video', (room: Room, muted: boolean) => room.setCameraMuted(muted), 'camera'],
  ] as const) {
    test(`${device}: it is muted at once and cannot be unmuted until released; then it is one's own choice`, async () => {
      const { room, server, environment, events } = await joined();
      server.send(`hardmute-user-${kind}`, {}, () => {});
      await server.settled();
      assert.equal(room.state[device], 'muted');
      assert.equal(room.state.hardMuted[kind], true);
      assert.equal(environment.pc('publisher').sender(kind)?.track, null);
      assert.deepEqual(server.names, [`user-${kind}-muted`]);
      const error = await refused(mute(room, false));
      assert.deepEqual([error.name, error.code], ['hard-muted', 1201]);
      server.send(`hardunmute-user-${kind}`, {}, () => {});
      await server.settled();
      assert.deepEqual([room.state[device], room.state.hardMuted[kind]], ['muted', false]);
      await mute(room, false);
      assert.equal(room.state[device], 'on');
      assert.deepEqual(events.of('hardMuteChanged'), [
        { kind, muted: true, scope: 'user' },
        { kind, muted: false, scope: 'user' },
      ]);
    });
  }

  test('is told once, however often the server says it after a break, and again when it happens again', async () => {
    const { server, events } = await joined();
    const told = async (notice: string): Promise<number> => {
      server.send(notice, {}, () => {});
      await server.settled();
      return events.count('hardMuteChanged');
    };
    assert.equal(await told('hardmute-user-audio'), 1);
    assert.equal(await told('hardmute-user-audio'), 1);
    assert.equal(await told('hardunmute-user-audio'), 2);
    assert.equal(await told('hardmute-user-audio'), 3);
  });

  test('with the whole room, and for those who join later', async () => {
    const { room, server, events } = await joined();
    server.send('room-muted', {}, () => {});
    server.send('room-unmuted', {}, () => {});
    await server.settled();
    assert.deepEqual(
      events.of('hardMuteChanged').map(({ kind, muted, scope }) => [kind, muted, scope]),
      [
        ['audio', true, 'room'],
        ['audio', false, 'room'],
      ],
    );
    assert.equal(room.state.microphone, 'muted');

    const late = await joined({
      prepare: ({ server: target }) => {
        const { admission } = target;
        target.admission = (clientId) => ({
          ...admission!(clientId),
          room: { name: 'Daily', settings: {}, mute: true },
        });
      },
    });
    assert.equal(late.room.state.microphone, 'muted');
    assert.equal((await refused(late.room.setMicrophoneMuted(false))).name, 'hard-muted');
    assert.equal(late.environment.pc('publisher').sender('audio')?.track, null);
  });
});

describe('waiting for a moderator', () => {
  test('shows as awaiting after a first room-connected, and ends with the second half of it', async () => {
    const { room, server, events } = await setting();
    const { admission } = server;
    server.admission = (clientId) => {
      const full = admission!(clientId);
      return {
        ...full,
        streams: {},
        dataChannelStream: undefined,
        room: { name: 'Daily', settings: {}, waitRoom: true },
      };
    };
    const joining = room.join(testToken());
    await server.settled();
    assert.deepEqual([room.state.connection, room.state.awaiting], ['awaiting', 'wait_for_moderator']);
    server.send('roomManagementEvents', {
      id: 'wait-room-disabled',
      roomData: {
        streams: slotsOf(1, 2),
        userList: [{ clientId: 'mo', name: 'Mo', role: 'moderator' }],
        dataChannelStream: { id: 999 },
      },
    });
    await joining;
    await server.settled();
    assert.deepEqual([room.state.connection, room.state.awaiting], ['connected', undefined]);
    assert.deepEqual(
      events.names.filter((name) => !name.startsWith('media')),
      ['awaited', 'connected', 'streamPublished'],
    );
    assert.equal(server.sent('subscribe').length, 2);
    assert.equal(server.sent('addDataChannel').length, 1);
  });
});

describe('a moderator', () => {
  test('sees who knocks until that is settled', async () => {
    const { room, server, events } = await joined();
    const ids = (): string[] => room.state.guests.map(({ clientId }) => clientId);
    for (const clientId of ['a', 'b', 'c', 'a']) server.send('user-awaited', { clientId, name: clientId });
    await server.settled();
    assert.deepEqual(ids(), ['b', 'c', 'a']);
    server.send('roomManagementEvents', { id: 'user-allowed', msg: { clientId: 'c' } });
    server.send('roomManagementEvents', { id: 'user-denied', msg: { clientId: 'a' } });
    await server.settled();
    assert.deepEqual(ids(), ['b']);
    server.send('roomManagementEvents', { id: 'knock-disabled' });
    await server.settled();
    assert.deepEqual(ids(), []);
    assert.equal(events.count('guestAwaited'), 4);
    assert.equal(events.count('roomManaged'), 3);
  });

  test('sees whether the room is locked', async () => {
    const { room, server } = await joined();
    for (const [id, locked] of [
      ['room-locked', true],
      ['room-unlocked', false],
    ] as const) {
      server.send('roomManagementEvents', { id, msg: {} });
      await server.settled();
      assert.equal(room.state.locked, locked);
    }
  });

  const verbs: [
    description: string,
    run: (room: Room) => Promise<unknown>,
    name: string,
    payload: unknown,
  ][] = [
    ['locks', ({ moderation }) => moderation.setLocked(true), 'lockRoom', true],
    ['unlocks', ({ moderation }) => moderation.setLocked(false), 'lockRoom', false],
    ['turns knocking on', ({ moderation }) => moderation.setKnock(true), 'enableKnock', true],
    ['lets in', ({ moderation }) => moderation.admit('b'), 'user-allowed', 'b'],
    ['turns away', ({ moderation }) => moderation.deny('b'), 'user-denied', 'b'],
    ['removes', ({ moderation }) => moderation.drop(['b']), 'drop', { all: false, clientIds: ['b'] }],
    [
      'ends the session',
      ({ moderation }) => moderation.dismiss(),
      'drop',
      { all: true, clients: null, deleteRoom: false },
    ],
    [
      'mutes a microphone',
      ({ moderation }) => moderation.setUserMuted('b', 'audio', true),
      'hardmute-user-audio',
      { clientId: 'b' },
    ],
    [
      'releases a camera',
      ({ moderation }) => moderation.setUserMuted('b', 'video', false),
      'hardunmute-user-video',
      { clientId: 'b' },
    ],
    ['mutes everybody', ({ moderation }) => moderation.setRoomMuted(true), 'room-muted', {}],
    ['releases everybody', ({ moderation }) => moderation.setRoomMuted(false), 'room-unmuted', {}],
    ['hands over', ({ moderation }) => moderation.handOver('b'), 'switchUserRole', 'b'],
    [
      'sets roles',
      ({ moderation }) => moderation.setRoles([{ clientId: 'b', role: 'viewer' }]),
      'switchUserRole',
      [{ clientId: 'b', role: 'viewer' }],
    ],
    ['switches the mode', ({ moderation }) => moderation.setMode('lecture'), 'switchRoomMode', 'lecture'],
    ['extends the time', ({ moderation }) => moderation.extendDuration(), 'extendConferenceDuration', {}],
  ];
  for (const [description, run, name, payload] of verbs) {
    test(`${description} with ${name}, and hears it when the server refuses`, async () => {
      const { room, server } = await joined();
      await run(room);
      assert.deepEqual([server.names, server.sent(name)], [[name], [payload]]);
      server.answers[name] = () => [{ result: 4101, msg: 'Not you.' }];
      const error = await refused(run(room));
      assert.deepEqual([error.name, error.message], ['not-authorised', 'Not you.']);
      await room.disconnect();
      assert.equal((await refused(run(room))).name, 'not-connected');
    });
  }
});

describe('a moderator who mutes', () => {
  const held = (room: Room): boolean[] =>
    room.state.participants.filter(({ isSelf }) => !isSelf).map(({ audioHardMuted }) => audioHardMuted);

  test('knows whom, until they are released or heard again', async () => {
    const { room, server } = await joined();
    server.send('user-connected', { clientId: 'b', name: 'Bob', role: 'participant' });
    await server.settled();
    await room.moderation.setUserMuted('b', 'audio', true);
    assert.deepEqual(held(room), [true]);
    await room.moderation.setUserMuted('b', 'audio', false);
    assert.deepEqual(held(room), [false]);
    await room.moderation.setUserMuted('b', 'audio', true);
    server.send('user-audio-unmuted', { clientId: 'b' });
    await server.settled();
    assert.deepEqual(held(room), [false]);
    server.answers['hardmute-user-audio'] = () => [{ result: 4101, msg: 'Not you.' }];
    await refused(room.moderation.setUserMuted('b', 'audio', true));
    assert.deepEqual(held(room), [false]);
  });

  test('everybody, knows that too, and releases them with the room', async () => {
    const { room, server } = await joined();
    server.send('user-connected', { clientId: 'b', name: 'Bob', role: 'participant' });
    await server.settled();
    await room.moderation.setUserMuted('b', 'audio', true);
    await room.moderation.setRoomMuted(true);
    assert.deepEqual([room.state.roomMuted, held(room)], [true, [true]]);
    await room.moderation.setRoomMuted(false);
    assert.deepEqual([room.state.roomMuted, held(room)], [false, [false]]);
  });
});

describe('listeners', () => {
  test('that throw disturb nothing', async (context) => {
    const complaints = context.mock.method(console, 'error', () => {});
    const { room, server, events } = await setting();
    room.on('connected', () => {
      throw new Error('a bad day');
    });
    room.subscribe(({ connection }) => {
      if (connection === 'connected') throw new Error('another one');
    });
    await room.join(testToken());
    await server.settled();
    assert.equal(room.state.published, true);
    assert.equal(events.count('streamPublished'), 1);
    assert.ok(complaints.mock.callCount() >= 2);
  });

  test('that leave as soon as they are connected leave a clean room', async () => {
    const made = await setting();
    const { room, server, events } = made;
    room.on('connected', () => void room.disconnect());
    await room.join(testToken());
    await events.first('exited');
    await server.settled();
    assert.equal(events.names.at(-1), 'exited');
    assertReleased(made);
  });

  test('get every state from subscribe, beginning with the one at hand', async () => {
    const { room } = await setting();
    const states: string[] = [];
    const end = room.subscribe(({ connection }) => states.push(connection));
    await room.join(testToken());
    end();
    await room.disconnect();
    assert.deepEqual([...new Set(states)], ['idle', 'joining', 'connected']);
  });
});
