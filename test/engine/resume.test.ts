/** Coming back while media still flows, to a server that announces it can (src/protocol/README.md, `resume`). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RoomError } from '../../src/engine/errors.js';
import { defaultOptions, type RoomOptions } from '../../src/engine/options.js';
import { Room } from '../../src/engine/room.js';
import { EventRecord, TestEnvironment, testToken } from '../helpers/test-environment.js';

/** In a room whose server can resume; every media connection is up. */
async function joined(announced: string[] = ['resume'], options: Partial<RoomOptions> = {}) {
  const environment = new TestEnvironment();
  const { server } = environment;
  const plain = server.admission!;
  server.answers.token = () => ['success', { result: 0, clientId: 'client-1', connectedIP: '192.0.2.9' }];
  server.admission = (clientId) => ({ ...plain(clientId), capabilities: announced });
  const room = new Room(options, environment);
  await room.join(testToken());
  await server.settled();
  for (const pc of environment.peerConnections) pc.connect();
  if (options.localInfo?.data !== false) environment.pc('data').channel!.open();
  await server.settled();
  const events = new EventRecord(room);
  const tokenMessages = () => server.sent('token') as Record<string, unknown>[];
  /** What the server says of the next session. */
  const admits = (changes: Record<string, unknown>) => {
    server.admission = (clientId) => ({ ...plain(clientId), capabilities: announced, ...changes });
  };
  return { environment, server, room, events, tokenMessages, admits };
}

describe('a server that can resume', () => {
  test('is asked to go on, and nothing of the media is touched', async () => {
    const { environment, server, room, events, tokenMessages, admits } = await joined();
    const before = environment.openConnections;
    const { slotStreams } = room.state;
    admits({ resumed: true });
    server.cut();
    await server.settled();
    assert.deepEqual(environment.openConnections, before, 'while the socket is away');
    assert.deepEqual([room.state.connection, room.state.published], ['reconnecting', true]);
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual(events.names, ['connectionLost', 'reconnecting', 'reconnected']);
    assert.deepEqual(environment.openConnections, before);
    assert.equal(environment.peerConnections.length, 3, 'no new connection was made');
    assert.equal(room.state.slotStreams, slotStreams);
    const { resume, received, oldClientIdForReconnect } = tokenMessages().at(-1)!;
    assert.deepEqual([resume, received, oldClientIdForReconnect], [true, { socket: 0, data: 0 }, 'client-1']);
    assert.equal(server.sent('publish').length, 1, 'nothing is published again');
  });

  test('is told what arrived last on each way', async () => {
    const { environment, server, tokenMessages, admits } = await joined();
    const chat = (timestamp: number) => ({
      type: 'chat',
      message: 'hello',
      broadcast: true,
      clients: [],
      sender: 'Bo',
      senderId: 'client-b',
      timestamp,
    });
    server.send('onDataStreamToRoom', chat(2000));
    environment.pc('data').channel!.receive(JSON.stringify(chat(3000)));
    await server.settled();
    admits({ resumed: true });
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual(tokenMessages().at(-1)!.received, { socket: 2000, data: 3000 });
  });

  test('hears of a mute that happened meanwhile, which stopped the media at once', async () => {
    const { environment, server, room, admits } = await joined();
    const sender = environment.pc('publisher').transceivers.find(({ kind }) => kind === 'audio')!.sender;
    admits({ resumed: true });
    server.cut();
    await server.settled();
    await room.setMicrophoneMuted(true);
    assert.equal(sender.track, null, 'nothing is sent any more');
    assert.deepEqual(server.sent('user-audio-muted'), []);
    await environment.clock.advance(300);
    await server.settled();
    assert.equal(server.sent('user-audio-muted').length, 1);
    assert.equal(room.state.microphone, 'muted');
  });

  test('hears of a share that ended meanwhile', async () => {
    const { environment, server, room, admits } = await joined();
    await room.startScreenShare();
    await server.settled();
    environment.pc('publisher').connect();
    await server.settled();
    admits({ resumed: true });
    server.cut();
    await server.settled();
    await room.stopScreenShare();
    assert.deepEqual(server.sent('unpublish'), []);
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual(server.sent('unpublish'), ['stream-2']);
    assert.equal(room.state.connection, 'connected');
  });

  test('repairs what broke while there was no socket', async () => {
    const { environment, server, events, admits } = await joined();
    admits({ resumed: true });
    server.cut();
    await server.settled();
    // Up when asked, broken when answered.
    server.hold('token');
    await environment.clock.advance(300);
    await server.settled();
    environment.pc('subscriber').fail();
    await server.settled();
    assert.equal(environment.peerConnections.length, 3, 'there is nobody to offer to yet');
    server.release('token');
    await server.settled();
    assert.equal(environment.peerConnections.length, 4);
    assert.equal(environment.pc('subscriber').closed, false);
    assert.equal(events.count('reconnected'), 1);
  });

  test('that would not go on after all gets everything anew', async () => {
    const { environment, server, events, room } = await joined();
    server.cut();
    await server.settled();
    await environment.clock.advance(300);
    await server.settled();
    assert.deepEqual(events.names, [
      'connectionLost',
      'reconnecting',
      'streamUnpublished',
      'reconnected',
      'streamPublished',
    ]);
    assert.equal(environment.openConnections.length, 3);
    assert.equal(environment.peerConnections.length, 6);
    assert.equal(room.state.published, true);
  });

  test('is not asked to go on with media that broke as well', async () => {
    const { environment, server, tokenMessages } = await joined();
    environment.pc('publisher').connectionState = 'disconnected';
    server.cut();
    await server.settled();
    assert.deepEqual(environment.openConnections, [], 'the published way: all is closed');
    await environment.clock.advance(300);
    await server.settled();
    assert.equal('resume' in tokenMessages().at(-1)!, false);
    assert.deepEqual(tokenMessages().at(-1)!.received, { socket: 0, data: 0 });
  });
});

describe('a server that lets each message through once', () => {
  const { roomInfo, localInfo } = defaultOptions();
  const overSocket = { localInfo: { ...localInfo, data: false } };

  test('is sent again what was said in the minute before a break, however long that lasts', async () => {
    const { environment, server, room } = await joined(['dedupe'], {
      roomInfo: { ...roomInfo, number_of_attempts: 20 },
    });
    await room.sendMessage('long ago');
    await environment.clock.advance(61_000);
    await room.sendMessage('just before');
    server.reachable = false;
    server.cut();
    for (let seconds = 0; seconds < 110; seconds += 1) {
      await server.settled();
      await environment.clock.advance(1000);
      server.reachable = seconds >= 95;
    }
    assert.equal(room.state.connection, 'connected');
    // The data connection does not come about here, so it is the socket.
    assert.deepEqual(
      (server.sent('sendDataStreamToRoom') as { msg: string }[]).map(({ msg }) => msg),
      ['just before'],
    );
  });

  test('is sent again what was under way when the connection broke, under the same id', async () => {
    const { environment, server, room } = await joined(['dedupe'], overSocket);
    server.hold('sendDataStreamToRoom');
    const said = room.sendMessage('hello');
    await server.until('sendDataStreamToRoom');
    server.cut();
    await server.settled();
    server.release('sendDataStreamToRoom');
    await environment.clock.advance(300);
    await server.settled();
    assert.equal((await said).text, 'hello');
    const [first, again, ...more] = server.sent('sendDataStreamToRoom') as { id: string }[];
    assert.deepEqual([first!.id, more], [again!.id, []]);
    assert.equal(room.state.messages.length, 1);
  });

  test('and one that does not is not: whoever said it is told', async () => {
    const { server, room } = await joined([], overSocket);
    server.hold('sendDataStreamToRoom');
    const said = room.sendMessage('hello').catch((error: RoomError) => error.name);
    await server.until('sendDataStreamToRoom');
    server.cut();
    assert.equal(await said, 'server-unreachable');
  });
});

test('a server that announces nothing hears nothing of it', async () => {
  const { environment, server, tokenMessages } = await joined([]);
  server.cut();
  await server.settled();
  assert.deepEqual(environment.openConnections, []);
  await environment.clock.advance(300);
  await server.settled();
  const message = tokenMessages().at(-1)!;
  for (const key of ['resume', 'received', 'previousToken']) assert.equal(key in message, false, key);
});

test('with a new token for every attempt the old one is shown as proof', async () => {
  const environment = new TestEnvironment();
  const { server } = environment;
  const plain = server.admission!;
  server.admission = (clientId) => ({ ...plain(clientId), capabilities: ['resume'] });
  let calls = 0;
  const room = new Room({}, environment);
  await room.join(async () => testToken({ tokenId: `token-${++calls}`, signature: `signed-${calls}` }));
  await server.settled();
  server.cut();
  await server.settled();
  await environment.clock.advance(300);
  await server.settled();
  const message = server.sent('token').at(-1) as Record<string, unknown>;
  assert.equal(message.tokenId, 'token-2');
  assert.deepEqual(message.previousToken, { tokenId: 'token-1', signature: 'signed-1' });
});
