/** Our server and a client that writes every frame by hand, in the forms of the vendor's web SDK (protocol §2, §6). */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { FrameClient } from '../helpers/frame-client.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';

let server: TestRoomServer;
let open: FrameClient[] = [];

before(async () => {
  server = await startRoomServer();
});
after(() => server.close());
afterEach(() => {
  for (const client of open) client.close();
  open = [];
});

async function connect(query?: string): Promise<FrameClient> {
  const client = await FrameClient.open(server.url, query);
  open.push(client);
  return client;
}

/** @returns the client, and what `room-connected` told it */
async function enter(room: string, name: string, role: 'moderator' | 'participant' = 'participant') {
  const client = await connect();
  const ack = await client.join(await server.createToken(room, { name, role }), { dataChannel: true });
  assert.equal(ack[0], 'success');
  const [, connected] = JSON.parse((await client.frame(/^42\["room-connected"/)).slice(2)) as [
    string,
    { clientId: string; dataChannelStream: { id: number } },
  ];
  return { client, connected };
}

describe('the transport', () => {
  it('is a WebSocket from the first byte; a gateway may add its query', async () => {
    const polling = await fetch(`${server.url}/v3/socket.io/?EIO=4&transport=polling`);
    assert.equal(polling.status, 400);
    const room = await server.createRoom();
    const client = await connect('&X-Forwarded-Host=room.example%3A8443');
    const hello = JSON.parse((await client.frame(/^0/)).slice(1)) as Record<string, unknown>;
    assert.equal(typeof hello.sid, 'string');
    assert.equal(typeof hello.pingInterval, 'number');
    assert.match(await client.frame(/^40/), /^40\{"sid":"[^"]+"\}$/);
    const token = await server.createToken(room, { name: 'Ann' });
    const [word, accepted] = (await client.join(token)) as [string, Record<string, unknown>];
    assert.equal(word, 'success');
    assert.equal(accepted.result, 0);
    assert.ok(accepted.clientId);
    assert.ok(accepted.connectedIP, 'an empty address would make a return a first visit');
    // Accepted first, admitted after.
    await client.frame(/^42\["room-connected"/);
    const order = client.frames.map((frame) => frame.slice(0, 20));
    assert.ok(
      order.findIndex((frame) => frame.startsWith('430')) <
        order.findIndex((frame) => frame.startsWith('42["room-connected')),
    );
  });
});

describe('a moderator’s request', () => {
  it('that makes sense is done, whatever its form', async () => {
    const room = await server.createRoom({ canvas: true, moderators: 2 });
    const { client: mod, connected } = await enter(room, 'Mod', 'moderator');
    const { connected: other } = await enter(room, 'Bob');
    const muteStream = { audio: false, video: false };
    const publication = { state: 'media_engine', data: false, muteStream, minVideoBW: 0, maxVideoBW: 500 };
    const signal = (msg: object): unknown[] => ['signaling_message', { streamId: 1, msg }, null];
    const self = connected.clientId;
    const { clientId } = other;
    const requests: unknown[][] = [
      // sendSDP: a second argument, null where there is none
      ['addDataChannel', { streamId: connected.dataChannelStream.id, singlePC: 'subs' }, null],
      [
        'publish',
        { ...publication, audio: true, video: true, metadata: {}, scheme: 'notify-break-recover' },
        null,
      ],
      [
        'subscribe',
        {
          streamId: 1,
          audio: true,
          video: { width: 640, height: 360, frameRate: 30 },
          data: false,
          canvas: false,
          browser: 'chrome-stable',
          muteStream,
        },
        null,
      ],
      signal({
        type: 'candidate',
        candidate: { sdpMLineIndex: 0, sdpMid: '0', candidate: 'a=candidate:1 1 udp 1 192.0.2.1 9 typ host' },
      }),
      signal({ type: 'candidate', candidate: { sdpMLineIndex: -1, sdpMid: 'end', candidate: 'end' } }),
      signal({ type: 'updatestream', sdp: 'v=0' }),
      signal({ type: 'updatestream', config: { qualityLayer: { spatialLayer: -1, temporalLayer: -1 } } }),
      signal({
        type: 'control',
        action: { name: 'controlhandlers', enable: true, publisherSide: true, handlers: [] },
      }),
      // sendEvent: nothing at all
      ['getMaxNumberOfTalker'],
      ['getNumberOfTalker'],
      ['getAdvancedOptions'],
      ['user-audio-muted'],
      ['user-audio-unmuted'],
      ['user-video-muted'],
      ['user-video-unmuted'],
      ['room-muted'],
      ['room-unmuted'],
      // emitEvent, sendParamEvent, sendMessage: one argument of any kind
      ['setNumberOfTalker', { numTalkers: 2, numAudioTalkers: 3, numVideoTalkers: 2 }],
      [
        'setAdvancedOptions',
        [
          { id: 'reset-streams', sIds: [1] },
          { id: 'publisher-video-bw-update', streamId: 1, min: 0, max: 9 },
        ],
      ],
      ['sendDataStreamToRoom', { msg: 'hello', broadcast: true, clients: null, type: 'transcription' }],
      ['lockRoom', true],
      ['lockRoom', false],
      ['enableKnock', true],
      ['enableKnock', false],
      ['openFloor', false],
      ['openFloor', true],
      ['getAwaitedUser', null],
      ['room-muted', {}],
      ['room-unmuted', {}],
      ['hardmute-user-audio', { clientId }],
      ['hardunmute-user-audio', { clientId }],
      ['hardmute-user-video', { clientId }],
      ['hardunmute-user-video', { clientId }],
      ['muteUser', clientId],
      ['unMuteUser', clientId],
      ['muteRoom', { audio: true, video: true }],
      ['unMuteRoom', { audio: true, video: true }],
      ['auxilaryPublishRequests', { req: 'start', pubType: 'screen', override: true }],
      ['auxilaryPublishRequests', { req: 'stop', pubType: 'screen' }],
      ['stopAllSharing', self],
      ['saveCustomData', { scope: 'room', options: {}, data: { a: 1 } }],
      ['getCustomData', { scope: 'room', query: {} }],
      ['cameraSwitched', {}],
      ['getStreamStats', 1],
      ['clientStats', { media: {} }],
      ['logClientEvents', { eventType: 'x' }],
      ['clientLogPosted', 'log', 'text'],
      ['pingBack', {}],
      ['unsubscribe', 1],
      ['unpublish', 1],
      ['switchRoomMode', 'lecture'],
      ['inviteToFloor', { clientId }],
      ['processFloorRequest', clientId, 'cancelFloorInvite'],
      ['switchRoomMode', 'group'],
      ['switchUserRole', clientId],
      ['a-request-of-tomorrow', [{ deep: [] }], null],
    ];
    for (const request of requests) {
      const answer = await mod.ask(...request);
      assert.equal(answer.length, 1, String(request[0]));
      assert.equal((answer[0] as { result?: unknown }).result, 0, JSON.stringify([request, answer]));
    }
  });
});

describe('a message that the server wants acknowledged', () => {
  it('carries an id, and no other does that clients do not acknowledge', async () => {
    const room = await server.createRoom();
    const { client: mod } = await enter(room, 'Mod', 'moderator');
    const { client: bob, connected } = await enter(room, 'Bob');
    const { clientId } = connected;
    for (const name of [
      'hardmute-user-audio',
      'hardunmute-user-audio',
      'hardmute-user-video',
      'hardunmute-user-video',
    ]) {
      await mod.ask(name, { clientId });
      await bob.frame(new RegExp(`^42\\d+\\["${name}",\\{`));
    }
    for (const name of ['room-muted', 'room-unmuted']) {
      await mod.ask(name, {});
      await bob.frame(new RegExp(`^42\\d+\\["${name}",\\{`));
    }
    const withId = bob.frames.flatMap((frame) => /^42\d+\["([^"]+)"/.exec(frame)?.[1] ?? []);
    assert.deepEqual(
      withId.filter((name) => !/^(hard|room-)(un)?mute/.test(name)),
      [],
    );
  });
});
