/**
 * The built element at a server of the protocol that is not ours: a small one, written from the protocol's text alone,
 * in the shapes which that text allows, without any capability of our own server.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { wait } from '../helpers/patience.js';
import type { Dialect } from '../helpers/protocol-server/dialect.js';
import { startProtocolServer } from '../helpers/protocol-server/protocol-server.js';
import { chat, sendData, withElements } from '../helpers/protocol-server/with-elements.js';
import { seeAndHear } from '../helpers/room-page.js';

const room = withElements();
const { join } = room;

describe('two elements in a room of an independent server see, hear and write to each other', () => {
  const dialects: Record<string, Partial<Dialect>> = {
    'with all fields': {},
    'with lists, text for ids, and candidates that come later': {
      lists: 'array',
      ids: 'string',
      candidates: 'objects',
    },
    'with the least that a join needs, and candidates as JSON text': { minimum: true, candidates: 'text' },
    'with "success" before each answer that may have it': { acks: 'success', talkers: 2 },
    'with lists, the least, and chat over the socket': { lists: 'array', minimum: true, dataChannel: false },
  };
  for (const [how, dialect] of Object.entries(dialects)) {
    test(how, async () => {
      const id = `call ${how}`;
      room.server.room(id, {}, dialect);
      const ann = await join(id, 'Ann');
      const bob = await join(id, 'Bob');
      await seeAndHear(ann, bob);
      await chat(ann, bob, 'hello');
      await chat(bob, ann, 'and to you', [room.server.person(id, 'Ann').clientId]);
      await sendData(ann, bob, { x: 1 });
      const overSocket = room.server.frames.filter(({ name }) => name === 'sendDataStreamToRoom');
      assert.equal(overSocket.length, dialect.dataChannel === false ? 3 : 0);
    });
  }
});

describe('what an element sends', () => {
  /** Every message of a client that the protocol knows. */
  const KNOWN = new Set(
    `token addDataChannel publish unpublish subscribe unsubscribe signaling_message getMaxNumberOfTalker
    getNumberOfTalker setNumberOfTalker setAdvancedOptions getAdvancedOptions user-audio-muted user-audio-unmuted
    user-video-muted user-video-unmuted cameraSwitched sendDataStreamToRoom drop auxilaryPublishRequests
    logClientEvents`.split(/\s+/),
  );

  interface Signal {
    streamId: unknown;
    msg: {
      type: string;
      sdp?: string;
      candidate?: { candidate: string; sdpMid: string; sdpMLineIndex: number };
    };
  }

  test('is what the protocol describes, in the described forms', async () => {
    const { server } = room;
    server.room('wire', {}, { talkers: 3 });
    const ann = await join('wire', 'Ann', { name: 'Änn', 'audio-muted': '' });
    const bob = await join('wire', 'Bob');
    await Promise.all([ann.talkers(['Bob']), ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
    await ann.page.evaluate(() => window.enx.unmuteAudio());
    await bob.hears('Ann');
    await ann.page.evaluate(() => window.enx.startScreenShare());
    // Camera, screen, what is received, and data.
    await server.until(
      () =>
        server
          .of('Ann', 'signaling_message')
          .filter(({ args }) => (args[0] as Signal).msg.candidate?.sdpMid === 'end').length === 4,
    );
    await ann.page.evaluate(() => window.enx.stopScreenShare());
    await ann.page.evaluate(() => window.enx.disconnect());

    const [handshake] = server.handshakes;
    assert.equal(handshake!.get('EIO'), '4');
    assert.equal(handshake!.get('transport'), 'websocket');

    const sent = server.frames.filter(({ who }) => who === 'Ann');
    assert.deepEqual(
      [...new Set(sent.map(({ name }) => name))].filter((name) => !KNOWN.has(name)),
      [],
      'no message that the protocol does not know',
    );
    assert.ok(
      sent.every(({ wantsAck }) => wantsAck),
      'every message asks for an answer',
    );

    const [token] = server.of('Ann', 'token')[0]!.args as [Record<string, unknown>];
    for (const [key, type] of Object.entries({
      version: 'string',
      hostType: 'string',
      hostVersion: 'string',
      hostDeviceType: 'string',
      userAgent: 'string',
      dataChannel: 'boolean',
    }))
      assert.equal(typeof token[key], type, key);
    assert.equal(token.singlePC, 'subs');
    assert.deepEqual(token.roomMeta, { settings: { quality: 'LD' } });
    assert.deepEqual(token.somethingElse, { kept: true }, 'the whole token is echoed');
    assert.ok(!('isReconnecting' in token));

    assert.deepEqual(server.of('Ann', 'addDataChannel')[0]!.args, [
      { streamId: 5000, singlePC: 'subs' },
      null,
    ]);
    assert.deepEqual(
      server.of('Ann', 'subscribe').map(({ args }) => [(args[0] as Signal).streamId, args[1]]),
      [1, 2, 3, 101, 102].map((id) => [id, null]),
    );
    for (const { args } of server.of('Ann', 'subscribe')) {
      const { audio, video, data, browser } = args[0] as Record<string, unknown>;
      assert.deepEqual([audio, video, data, browser], [true, true, false, 'chrome-stable']);
    }
    const [camera, screen] = server.of('Ann', 'publish').map(({ args }) => {
      assert.equal(args[1], null);
      return args[0] as Record<string, unknown>;
    });
    assert.deepEqual(
      [camera!.state, camera!.audio, camera!.video, camera!.screen, camera!.muteStream],
      ['media_engine', true, true, undefined, { audio: true, video: false }],
    );
    assert.equal(typeof camera!.minVideoBW, 'number');
    assert.equal(typeof camera!.maxVideoBW, 'number');
    assert.equal(screen!.screen, true);
    assert.deepEqual(
      server.of('Ann', 'auxilaryPublishRequests').map(({ args }) => (args[0] as Record<string, unknown>).req),
      ['start'],
    );
    for (const name of ['user-audio-muted', 'user-audio-unmuted'])
      assert.deepEqual(server.of('Ann', name)[0]!.args, [], `${name} carries nothing`);
    assert.deepEqual(server.of('Ann', 'drop')[0]!.args, [{ self: true }]);
    assert.equal(server.frames.findLast(({ who }) => who === 'Ann')!.name, 'drop');

    const signals = server.of('Ann', 'signaling_message').map(({ args }) => {
      assert.equal(args[1], null);
      return args[0] as Signal;
    });
    for (const streamId of new Set(signals.map((signal) => signal.streamId))) {
      const ofOne = signals.filter((signal) => signal.streamId === streamId).map(({ msg }) => msg);
      assert.equal(ofOne[0]!.type, 'offer', 'candidates come after the offer');
      const candidates = ofOne.flatMap(({ candidate }) => (candidate ? [candidate] : []));
      assert.ok(candidates.length > 1);
      assert.deepEqual(candidates.at(-1), { sdpMLineIndex: -1, sdpMid: 'end', candidate: 'end' });
      for (const { candidate, sdpMid, sdpMLineIndex } of candidates.slice(0, -1)) {
        assert.match(candidate, /^a=candidate:/);
        assert.equal(typeof sdpMid, 'string');
        assert.equal(typeof sdpMLineIndex, 'number');
      }
    }
    // One audio and one video line for every slot, in the order of the slots.
    const { sdp } = signals.find(({ streamId }) => streamId === 1)!.msg;
    const lines = [...sdp!.matchAll(/^m=(\w+)[^]*?^a=mid:(\S+)/gm)].map(([, kind, mid]) => `${mid} ${kind}`);
    assert.deepEqual(
      lines,
      Array.from({ length: 10 }, (_, index) => `${index} ${index % 2 ? 'video' : 'audio'}`),
    );
    assert.equal(sdp!.match(/^a=recvonly/gm)?.length, 10);
  });
});

describe('three in a room', () => {
  test('a private word reaches one only, and a slot that changes hands goes on without an offer', async () => {
    room.server.room('three', {}, { talkers: 1 });
    const ann = await join('three', 'Ann');
    const bob = await join('three', 'Bob');
    await seeAndHear(ann, bob);
    const cid = await join('three', 'Cid');
    await cid.talkers(['Ann']);
    await chat(ann, cid, 'only for Cid', [room.server.person('three', 'Cid').clientId]);
    await chat(ann, bob, 'for all');
    assert.deepEqual(await bob.page.evaluate(() => window.enx.room.state.messages.map(({ text }) => text)), [
      'for all',
    ]);
    const offers = () =>
      room.server
        .of('Ann', 'signaling_message')
        .filter(({ args }) => (args[0] as { msg: { type: string } }).msg.type === 'offer').length;
    const before = offers();
    await bob.page.evaluate(() => window.enx.disconnect());
    await ann.talkers(['Cid']);
    await Promise.all([ann.seesMovingPictures(1), ann.hears('Cid')]);
    assert.equal(offers(), before);
  });
});

describe('a token that an independent server refuses', () => {
  for (const how of ['soft', 'hard'] as const) {
    test(`is a room-error with the server’s number when the answer is ${how}`, async () => {
      room.server.room('refusing');
      room.server.refusals.set('Eve', { how, result: 4122, msg: 'the room is locked' });
      const eve = await join('refusing', 'Eve');
      assert.equal((await eve.event<{ code: number }>('room-error')).code, 4122);
      assert.equal(room.server.of('Eve', 'token').length, 1, 'asked once');
      assert.ok(!(await eve.eventNames()).includes('room-connected'));
    });
  }
});

describe('coming back to an independent server', () => {
  test('a cut socket is replaced, and the newcomer takes the place of the old one', async () => {
    const { server } = room;
    server.room('cut');
    const ann = await join('cut', 'Ann');
    const bob = await join('cut', 'Bob');
    await seeAndHear(ann, bob);
    const old = server.person('cut', 'Ann').clientId;
    await ann.page.evaluate(() => window.enx.muteAudio());
    await bob.event('user-audio-muted');
    server.cut('Ann');
    await ann.event('connection-lost');
    await ann.event('user-reconnect-success');
    assert.notEqual(server.person('cut', 'Ann').clientId, old);
    const {
      isReconnecting,
      oldClientIdForReconnect,
      reconnectAttempt,
      room: roomId,
    } = server.of('Ann', 'token').at(-1)!.args[0] as Record<string, unknown>;
    assert.deepEqual(
      { isReconnecting, oldClientIdForReconnect, roomId },
      { isReconnecting: true, oldClientIdForReconnect: old, roomId: 'cut' },
    );
    assert.equal(typeof reconnectAttempt, 'number');
    await bob.talkers(['Ann']);
    await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1), ann.hears('Bob')]);
    // What was muted stays muted.
    await bob.page.waitForFunction(() => window.enx.room.state.talkers[0]?.audio === false, undefined, wait);
    await ann.page.evaluate(() => window.enx.unmuteAudio());
    await bob.hears('Ann');
    await chat(ann, bob, 'back again');
    await chat(bob, ann, 'welcome');
  });

  test('a server that is gone for good ends the session once', async () => {
    const other = await startProtocolServer();
    other.room('gone');
    const ann = await join('gone', 'Ann', { 'number-of-attempts': '2', 'timeout-interval': '1' }, other);
    await ann.event('stream-published');
    await other.close();
    assert.equal((await ann.event<{ reason: string }>('room-disconnected')).reason, 'reconnect-failed');
    await ann.event('exit-room');
    const names = await ann.eventNames();
    assert.equal(names.filter((name) => name === 'reconnect').length, 2);
    assert.equal(names.filter((name) => name === 'room-disconnected').length, 1);
  });

  test('media that breaks alone is offered anew, while the socket stays', async () => {
    const { server } = room;
    server.room('media');
    const ann = await join('media', 'Ann');
    const bob = await join('media', 'Bob');
    await seeAndHear(ann, bob);
    // A closed connection would be noticed only after many seconds.
    const { camera } = server.person('media', 'Ann');
    server.person('media', 'Ann').socket.emit('onRemoveStream', { id: camera!.id });
    await ann.page.waitForFunction(
      (lost) =>
        window.enxEvents.some(
          ({ name, detail }) =>
            name === 'stream-published' && (detail as { streamId: unknown }).streamId !== lost,
        ),
      camera!.id,
      wait,
    );
    await Promise.all([bob.seesMovingPictures(1), bob.hears('Ann')]);
    assert.equal(server.of('Ann', 'publish').length, 2);
    assert.equal(server.of('Ann', 'token').length, 1);
  });
});
