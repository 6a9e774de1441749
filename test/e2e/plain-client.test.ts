/**
 * The real server against a client that was written from the protocol description alone
 * (`helpers/plain-client.js`), in a real browser with real media. Numbers in comments are sections of it.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, type PageServer } from '../helpers/browser.js';
import { until } from '../helpers/patience.js';
import {
  type Entry,
  type JoinOptions,
  PlainPage,
  servePlainClient,
  type SlotStats,
  type Talker,
} from '../helpers/plain-page.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';

/** Two shapes of the same fake picture, so that a test can tell whose camera it sees. */
const NARROW = { audio: true, video: { width: 320, height: 240, frameRate: 10 } };
const WIDE = { audio: true, video: { width: 320, height: 180, frameRate: 10 } };
const isNarrow = ({ width, height }: SlotStats) => height > 0 && Math.abs(width / height - 4 / 3) < 0.1;
const isWide = ({ width, height }: SlotStats) => height > 0 && Math.abs(width / height - 16 / 9) < 0.1;

interface Person extends JoinOptions {
  role?: 'moderator' | 'participant' | 'viewer';
}

let server: TestRoomServer;
let pages: PageServer;
let browser: Browser;
const present: PlainPage[] = [];

before(async () => {
  [server, pages, browser] = await Promise.all([startRoomServer(), servePlainClient(), launchBrowser()]);
});

after(async () => {
  try {
    await browser?.close();
    // Every page is gone, so nothing may be left of its rooms.
    if (server) {
      await until('an empty server', remains, (lines) => lines.every((line) => line.endsWith(' 0')));
    }
  } finally {
    await Promise.all([pages?.close(), server?.close()]);
  }
});

/** What the server counts as being there. */
const remains = async (): Promise<string[]> =>
  (await (await fetch(`${server.url}/metrics`)).text())
    .split('\n')
    .filter((line) => /^enx_(rooms|participants|publications) /.test(line));

afterEach(async () => {
  const pictures = await Promise.all(present.map((person) => person.picture().catch(() => undefined)));
  await Promise.all(present.splice(0).map((person) => person.close()));
  // Whatever a test was about: nothing the server sent may have tripped a client.
  assert.deepEqual(
    pictures.flatMap((picture) => picture?.errors ?? []),
    [],
  );
});

async function newPage(): Promise<PlainPage> {
  const page = await PlainPage.open(browser, pages.origin);
  present.push(page);
  return page;
}

/** A new page that has joined. */
async function enter(
  roomId: string,
  name: string,
  { role = 'participant', ...options }: Person = {},
): Promise<PlainPage> {
  const [page, token] = await Promise.all([newPage(), server.createToken(roomId, { name, role })]);
  const [status, answer] = (await page.join(token, options)) as [
    string,
    { result: number; clientId: string },
  ];
  assert.equal(status, 'success');
  assert.equal(answer.result, 0);
  await page.event('room-connected');
  return page;
}

const idOf = async (page: PlainPage): Promise<string> => (await page.picture()).clientId;
const talkersOf = async (page: PlainPage): Promise<Talker[]> =>
  (await page.picture()).talkers?.activeList ?? [];

/** Waits until one person's entry in another's talker list is as wanted; `undefined` when not listed. */
const listed = (
  page: PlainPage,
  what: string,
  clientId: string,
  isGood: (talker: Talker | undefined) => boolean,
): Promise<Talker | undefined> =>
  until(what, async () => (await talkersOf(page)).find((talker) => talker.clientId === clientId), isGood);

const channelOpen = (page: PlainPage) =>
  page.sees('an open data channel', ({ channel }) => channel === 'open');

describe('joining', () => {
  it('two plain clients see each other move and hear each other', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', publish: NARROW });
    const bob = await enter(room, 'Bob', { publish: WIDE });

    const [fromBob, fromAnn] = await Promise.all([ann.framesAdvance(1, 10), bob.framesAdvance(1, 10)]);
    assert.ok(isWide(fromBob), `Ann sees Bob's wide picture: ${fromBob.width}x${fromBob.height}`);
    assert.ok(isNarrow(fromAnn), `Bob sees Ann's narrow picture: ${fromAnn.width}x${fromAnn.height}`);
    await Promise.all([ann.energyGrows(1), bob.energyGrows(1)]);
    for (const [page, then] of [
      [ann, fromBob],
      [bob, fromAnn],
    ] as const) {
      await until(
        'a player that plays on',
        () => page.slot(1),
        (now) => now.currentTime > then.currentTime,
      );
    }

    const [annId, bobId] = await Promise.all([idOf(ann), idOf(bob)]);
    assert.notEqual(annId, bobId);
    assert.deepEqual(
      (await talkersOf(ann)).map(({ streamId, clientId, name, mediatype }) => ({
        streamId,
        clientId,
        name,
        mediatype,
      })),
      [{ streamId: 1, clientId: bobId, name: 'Bob', mediatype: 'audiovideo' }],
    );
    assert.deepEqual(
      (await talkersOf(bob)).map(({ clientId }) => clientId),
      [annId],
    );
    // 3.4: those who were there hear of the newcomer, with the user and not only an id.
    const { args } = await ann.event('user-connected');
    assert.equal(args[0].clientId, bobId);
    assert.equal(args[0].name, 'Bob');
    assert.equal(args[0].role, 'participant');
    assert.deepEqual(new Set((await bob.picture()).users), new Set([annId, bobId]));
  });

  it('room-connected carries all that a client dereferences', async () => {
    const room = await server.createRoom({ max_active_talkers: 3 });
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    const connected = (await ann.event('room-connected')).args[0];
    const ack = (await ann.call<[string, { clientId: string; connectedIP: string }]>(
      'entries',
      0,
    )) as unknown;
    assert.ok(ack);
    assert.equal(connected.id, room);
    assert.equal(connected.clientId, await idOf(ann));
    assert.equal(connected.user.clientId, connected.clientId);
    assert.equal(connected.user.name, 'Ann');
    assert.equal(connected.user.role, 'moderator');
    assert.equal(typeof connected.room.settings, 'object');
    assert.equal(connected.room.settings.mode, 'group');
    assert.equal(typeof connected.videoBitrateQualityMap, 'object');
    assert.equal(typeof connected.videoBitrateQualityMap.minBwKbpsToCheck, 'number');
    assert.equal(typeof connected.videoMutedUsers, 'object');
    assert.equal(connected.transcription, false);
    assert.ok(Array.isArray(connected.iceServers));
    assert.ok(Number(connected.defaultVideoBW) > 0 && Number(connected.maxVideoBW) > 0);
    for (const hands of ['raisedHands', 'approvedHands', 'floorInvites']) {
      assert.ok(Array.isArray(connected[hands]), `${hands} is a list`);
    }
    // 4.3: each slot announces both kinds, or the mapping of tracks to slots shifts.
    const slots = Object.values(connected.streams) as { id: number; audio: boolean; video: boolean }[];
    assert.deepEqual(
      slots.map(({ id }) => id).sort((a, b) => a - b),
      [1, 2, 3, 101, 102],
    );
    assert.ok(slots.every(({ audio, video }) => audio === true && video === true));
    const flags = connected.streams as Record<string, { screen: boolean; canvas?: boolean }>;
    assert.equal(flags[101]!.screen, true);
    assert.equal(flags[102]!.canvas, true);
    assert.notEqual(connected.dataChannelStream?.id, undefined);
  });

  it('room-connected says where to probe during an outage, and other origins may probe it', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false, data: false });
    const { internetDetectionUrl } = (await ann.event('room-connected')).args[0];
    // 8.1: a client that is not told asks its vendor, and never comes back where that cannot be reached.
    assert.equal(typeof internetDetectionUrl, 'string');
    const status = await ann.page.evaluate(
      async (url) => (await fetch(`${url}?rand=1`, { method: 'HEAD' })).status,
      internetDetectionUrl as string,
    );
    assert.ok(status >= 200 && status < 304);
  });

  it('a viewer sees and hears but may not publish', async () => {
    const room = await server.createRoom();
    await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob', { role: 'viewer' });
    await bob.framesAdvance(1);
    const media = { state: 'media_engine', audio: true, video: true, data: false };
    const [answer] = (await bob.emit('publish', media, null)) as [{ result: number }];
    assert.notEqual(answer.result, 0);
  });

  it('a room with sixteen talkers is one connection with a pair of lines for each slot', async () => {
    const room = await server.createRoom({ max_active_talkers: 16 });
    await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob');
    await bob.framesAdvance(1);
    const { subscriber } = await bob.call<{ subscriber: { answer: string } }>('descriptions');
    assert.equal(subscriber.answer.match(/^a=sendonly/gm)?.length, 36);
  });

  it('the receiving connection is named after the slot that was subscribed first', async () => {
    const room = await server.createRoom();
    await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    await bob.call('subscribeBackwards');
    const { subscriber } = await bob.sees('a connection', (picture) => picture.subscriber?.ready === 1);
    assert.equal(subscriber!.streamId, 102);
    await bob.framesAdvance(1);
  });

  it('the talker list comes soon after joining, even when it is empty', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false });
    const joined = await ann.event('room-connected');
    const list = await ann.event('active-talkers-updated', undefined, { timeoutMs: 5000 });
    assert.deepEqual(list.args[0].activeList, []);
    assert.equal(list.args[0].active, false);
    assert.ok(list.at - joined.at < 2000, `${Math.round(list.at - joined.at)} ms after room-connected`);
  });

  it('each of the three connections is answered at once, then told started and ready, each once', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW });
    const { publisher, subscriber, data, strays } = await ann.sees(
      'three ready connections',
      (picture) =>
        [picture.publisher, picture.subscriber, picture.data].every(
          (peer) => peer?.state === 'connected' && peer.ready > 0 && peer.started > 0 && peer.endSent,
        ) && picture.channel === 'open',
    );
    for (const peer of [publisher!, subscriber!, data!]) {
      assert.deepEqual([peer.offers, peer.answers, peer.started, peer.ready], [1, 1, 1, 1]);
      assert.ok(peer.candidatesSent > 0);
    }
    assert.deepEqual(publisher!.codecs!.sort(), ['opus', 'vp8']);
    assert.deepEqual([...new Set(subscriber!.codecs)].sort(), ['opus', 'vp8']);
    assert.deepEqual(data!.codecs, []);
    assert.deepEqual(strays, []);

    // 4.1: by streamId for publisher and data, by peerId (the id the offer came with) for the subscriber.
    const messages = await ann.received('media_engine_connecting');
    for (const { args } of messages) {
      const keys = Object.keys(args[0]).sort();
      assert.deepEqual(keys, keys.includes('peerId') ? ['msg', 'peerId'] : ['msg', 'streamId']);
    }
    for (const [key, id] of [
      ['streamId', publisher!.streamId],
      ['streamId', data!.streamId],
      ['peerId', subscriber!.streamId],
    ] as const) {
      assert.deepEqual(
        messages.filter(({ args }) => args[0][key] === id).map(({ args }) => args[0].msg.type),
        ['answer', 'started', 'ready'],
      );
    }
  });

  it('the subscriber is answered with one sendonly line per offered line, in the offered order', async () => {
    const room = await server.createRoom({ max_active_talkers: 2 });
    const ann = await enter(room, 'Ann');
    await ann.sees('a receiving connection', ({ subscriber }) => subscriber?.state === 'connected');
    const { subscriber } = await ann.call<{ subscriber: { offer: string; answer: string } }>('descriptions');
    const lines = (sdp: string, start: string) => sdp.split(/\r?\n/).filter((line) => line.startsWith(start));
    const mids = lines(subscriber.offer, 'a=mid:');
    assert.equal(mids.length, 8, 'two talkers, share and canvas, each audio and video');
    assert.deepEqual(lines(subscriber.answer, 'a=mid:'), mids);
    assert.deepEqual(
      lines(subscriber.answer, 'm=').map((line) =>
        line
          .split(' ')
          .filter((_, index) => index !== 1)
          .join(' '),
      ),
      Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0 ? 'm=audio UDP/TLS/RTP/SAVPF 111' : 'm=video UDP/TLS/RTP/SAVPF 96',
      ),
    );
    assert.equal(lines(subscriber.answer, 'a=sendonly').length, 8);
    assert.deepEqual(lines(subscriber.answer, 'a=group:BUNDLE'), lines(subscriber.offer, 'a=group:BUNDLE'));
    assert.ok(lines(subscriber.answer, 'a=candidate:').length > 0, 'candidates are in the answer');
    const ssrcs = new Set(lines(subscriber.answer, 'a=ssrc:').map((line) => line.split(' ')[0]));
    assert.equal(ssrcs.size, 8, 'each line has an ssrc of its own');
  });

  it('a client with only a microphone and one that joins muted are listed as what they send', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann');
    const bob = await enter(room, 'Bob', { publish: { audio: true, video: false } });
    const eve = await enter(room, 'Eve', { publish: NARROW, muteStream: { video: true } });
    const [bobId, eveId] = await Promise.all([idOf(bob), idOf(eve)]);
    const isAudio = (talker: Talker | undefined) => /^audio(Only)?$/.test(talker?.mediatype ?? '');
    const { streamId } = (await listed(ann, 'Bob as audio', bobId, isAudio))!;
    await listed(ann, 'Eve as audio', eveId, isAudio);
    await ann.energyGrows(streamId);
    await ann.event('user-video-muted', ({ clientId }) => clientId === eveId);
  });

  it('a late client sees at once who is there and who is muted', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    await ann.sees('Ann on the air', ({ publisher }) => (publisher?.ready ?? 0) > 0);
    await ann.call('setMuted', 'audio', true);
    const bob = await enter(room, 'Bob');
    const connected = (await bob.event('room-connected')).args[0];
    const annId = await idOf(ann);
    assert.equal(connected.userList[annId].audioMuted, true);
    assert.equal(connected.userList[annId].videoMuted, false);
    await listed(bob, 'Ann as video', annId, (talker) => talker?.mediatype === 'video');
    await bob.framesAdvance(1);
  });
});

describe('tokens', () => {
  /** A second attempt in the same page. */
  const attempt = async (page: PlainPage, token: string, options: JoinOptions = {}) => {
    const ack = await page.join(token, options);
    await page.call('end');
    return ack as [string, { result: number; error?: string; msg?: string }];
  };
  const decode = (token: string) =>
    JSON.parse(Buffer.from(token, 'base64').toString('latin1')) as Record<string, unknown>;
  const encode = (token: object) => Buffer.from(JSON.stringify(token)).toString('base64');

  it('used, unknown, tampered, foreign, expired and malformed tokens are refused, each by its name', async () => {
    // A server of its own whose clock the test can move; it keeps the `Date.now` that it found at its start.
    const realNow = Date.now;
    let ahead = 0;
    Date.now = () => realNow() + ahead;
    const apart = await startRoomServer();
    try {
      const room = await apart.createRoom();
      const issue = () => apart.createToken(room, { name: 'Ann' });
      const page = await newPage();

      const once = await issue();
      assert.equal((await attempt(page, once))[0], 'success');
      const used = await attempt(page, once);
      const unknown = await attempt(page, encode({ ...decode(await issue()), tokenId: 'no-such-token' }));
      const tampered = await attempt(page, encode({ ...decode(await issue()), signature: 'A'.repeat(43) }));
      const late = await issue();
      ahead = 24 * 3_600_000 - 60_000;
      const expired = await attempt(page, late);
      ahead = 0;
      const malformed: Awaited<ReturnType<typeof attempt>>[] = [];
      for (const tokenMessage of [
        'token',
        17,
        true,
        [],
        {},
        { tokenId: 5 },
        { tokenId: { $ne: null } },
        null,
      ]) {
        malformed.push(await attempt(page, once, { tokenMessage }));
      }

      const names = Object.entries({ used, unknown, tampered, expired, malformed: malformed[0]! });
      for (const [name, [status, answer]] of names) {
        assert.equal(status, 'error', `${name}: ${JSON.stringify(answer)}`);
        assert.equal(typeof answer.result, 'number', name);
        assert.notEqual(answer.result, 0, name);
        assert.ok(answer.error && answer.msg, `${name} says what is wrong`);
      }
      for (const [status, answer] of malformed) {
        assert.equal(status, 'error');
        assert.equal(answer.error, malformed[0]![1].error);
      }
      const errors = names.map(([, [, { error }]]) => error);
      assert.equal(new Set(errors).size, names.length, `distinct: ${errors.join(', ')}`);
      // A refused token may not have been used up by the attempt of somebody else.
      assert.equal((await attempt(page, await issue()))[0], 'success');
    } finally {
      Date.now = realNow;
      await apart.close();
    }
  });

  it('a tampered copy does not use up the real token', async () => {
    const room = await server.createRoom();
    const token = await server.createToken(room, { name: 'Ann' });
    const page = await newPage();
    const [status] = await attempt(page, encode({ ...decode(token), signature: 'wrong' }));
    assert.equal(status, 'error');
    assert.equal((await attempt(page, token))[0], 'success');
  });

  it('name and role come from the record of the server, whatever the token says', async () => {
    const room = await server.createRoom();
    const token = await server.createToken(room, { name: 'Ann' });
    const page = await newPage();
    const [status] = await page.join(token, { extra: { name: 'Root', role: 'moderator', user_ref: 'root' } });
    assert.equal(status, 'success');
    const { user } = (await page.event('room-connected')).args[0];
    assert.deepEqual([user.name, user.role], ['Ann', 'participant']);
  });

  it('the token is plain ASCII whatever the room is called, and names arrive as they were written', async () => {
    const room = await server.createRoom({}, 'Grüße, 会议 🙂');
    const token = await server.createToken(room, { name: 'Jörg 🙂' });
    // 2.1: clients decode base64 byte by byte, so anything else would arrive as garbage.
    assert.match(Buffer.from(token, 'base64').toString('latin1'), /^[\x20-\x7e\s]+$/);
    const page = await newPage();
    assert.equal((await page.join(token, { subscribe: false }))[0], 'success');
    const { user, room: meta } = (await page.event('room-connected')).args[0];
    assert.equal(user.name, 'Jörg 🙂');
    assert.equal(meta.name, 'Grüße, 会议 🙂');
  });

  it('a second token on the same socket is refused, and the session goes on', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann');
    const another = await server.createToken(room, { name: 'Ann again' });
    const [status] = await ann.emit('token', decode(another));
    assert.equal(status, 'error');
    assert.equal((await ann.call<{ result: number }>('emitBare', 'getMaxNumberOfTalker')).result, 0);
    // And it may still be used by whom it is for.
    const page = await newPage();
    assert.equal((await page.join(another))[0], 'success');
  });

  it('a full room is a soft error', async () => {
    const room = await server.createRoom({ participants: 1 });
    await enter(room, 'Ann', { subscribe: false });
    const page = await newPage();
    const [status, answer] = await attempt(page, await server.createToken(room, { name: 'Bob' }));
    assert.equal(status, 'success');
    assert.notEqual(answer.result, 0);
    assert.equal(typeof answer.msg, 'string');
  });

  it('nothing but a token is served before the token', async () => {
    const page = await newPage();
    const token = encode({ ...decode(await server.createToken(await server.createRoom(), { name: 'Ann' })) });
    await page.join(token, { tokenMessage: 'no token' });
    for (const [name, payload] of [
      ['publish', { state: 'media_engine', audio: true, video: true }],
      ['sendDataStreamToRoom', { msg: 'hello', broadcast: true, clients: [], type: 'chat' }],
      ['drop', { all: true, clients: null, deleteRoom: true }],
    ] as const) {
      const [answer] = (await page.emit(name, payload)) as [{ result: number }];
      assert.notEqual(answer.result, 0, name);
    }
  });
});

describe('requests', () => {
  /** Every client event of section 6, in its form, with a payload as the SDK sends it; leaving comes apart. */
  const everyEvent = (self: string, other: string): [name: string, ...args: unknown[]][] => [
    ['addDataChannel', { streamId: 999, singlePC: 'subs' }, null],
    [
      'publish',
      {
        state: 'media_engine',
        audio: true,
        video: true,
        data: false,
        muteStream: { audio: false, video: false },
        minVideoBW: 0,
        maxVideoBW: 500,
      },
      null,
    ],
    ['unpublish', 4711],
    ['subscribe', { streamId: 1, audio: true, video: true, data: false, browser: 'chrome-stable' }, null],
    ['subscribe', { streamId: 4711, audio: true, video: true, data: false }, null],
    ['unsubscribe', 1],
    ['signaling_message', { streamId: 4711, msg: { type: 'offer', sdp: 'v=0' } }, null],
    [
      'signaling_message',
      { streamId: 1, msg: { type: 'updatestream', config: { slideShowMode: true } } },
      null,
    ],
    [
      'signaling_message',
      { streamId: 1, msg: { type: 'control', action: { name: 'x', enable: true } } },
      null,
    ],
    ['getMaxNumberOfTalker'],
    ['getNumberOfTalker'],
    ['setNumberOfTalker', { numTalkers: 2, numAudioTalkers: 3, numVideoTalkers: 2 }],
    ['setAdvancedOptions', [{ id: 'speaker-notification', enable: true }]],
    ['setAdvancedOptions', [{ id: 'reset-streams', sIds: [1, 2] }]],
    ['getAdvancedOptions'],
    ['user-audio-muted'],
    ['user-audio-unmuted'],
    ['user-video-muted'],
    ['user-video-unmuted'],
    ['cameraSwitched', {}],
    ['sendDataStreamToRoom', { msg: 'hello', broadcast: true, clients: [], type: 'chat' }],
    ['sendDataStream', { id: 1, msg: 'hello' }],
    ['updateStreamAttributes', { id: 1, attrs: { a: 1 } }],
    ['removeTrack', { streamId: 1, msg: 'track-removed' }, null],
    ['lockRoom', true],
    ['lockRoom', false],
    ['enableKnock', true],
    ['enableKnock', false],
    ['openFloor', true],
    ['user-allowed', other],
    ['user-denied', 'nobody'],
    ['getAwaitedUser', null],
    ['room-muted', {}],
    ['room-unmuted', {}],
    ['room-muted'],
    ['room-unmuted'],
    ['hardmute-user-audio', { clientId: other }],
    ['hardunmute-user-audio', { clientId: other }],
    ['hardmute-user-video', { clientId: other }],
    ['hardunmute-user-video', {}],
    ['muteUser', other],
    ['unMuteUser', other],
    ['muteRoom', { audio: true, video: true }],
    ['unMuteRoom', { audio: true, video: true }],
    ['processFloorRequest', other, 'grantFloor'],
    ['processFloorRequest', self, 'requestFloor'],
    ['inviteToFloor', { clientId: other }],
    ['switchUserRole', [{ clientId: other, role: 'participant' }]],
    ['changeUserRoleOption', { role: 'moderator' }, 'requestInitiate'],
    ['switchRoomMode', 'group'],
    ['extendConferenceDuration', {}],
    ['subscriber-video-mute', { streamId: 1 }],
    ['auxilaryPublishRequests', { req: 'start', pubType: 'screen', override: true }],
    ['auxilaryPublishRequests', { req: 'stop', pubType: 'screen' }],
    ['auxilaryPublishRequests', { req: 'grant-permission', pubType: 'canvas', clientId: other }],
    ['stopAllSharing', self],
    ['startRecord', {}],
    ['stopRecord', {}],
    ['startStreaming', { urlDetails: [] }],
    ['stopStreaming', {}],
    ['setStreamingParams', {}],
    ['startLiveRecording', { urlDetails: {} }],
    ['stopLiveRecording', { urlDetails: {} }],
    ['setLiveRecordingParams', {}],
    ['invalidateTranscoding', {}],
    ['sendLayoutData', { layout: 'grid', service: 'stream' }],
    ['startLiveTranscription', { language: 'english-us' }],
    ['stopLiveTranscription', {}],
    ['startLiveMeetingAnalytics', {}],
    ['stopLiveMeetingAnalytics', {}],
    ['getLiveMeetingAnalytics', {}],
    ['subscribeForLiveSummary', {}],
    ['saveCustomData', { scope: 'room', data: {} }],
    ['setCustomData', { scope: 'room', data: {} }],
    ['getCustomData', { scope: 'room', query: {} }],
    ['makeOutboundCall', { number: '1', caller_id: '2', options: {} }],
    ['cancelOutboundCall', { number: '1' }],
    ['sendDTMF', { number: '1', digits: '5' }],
    ['create-breakout-room', { count: 1 }],
    ['create-invite-breakout-room', { count: 1 }],
    ['join-breakout-room', { room_id: 'x' }],
    ['invite-breakout-room', { room_id: 'x' }],
    ['reject-breakout-room', { room_id: 'x' }],
    ['user-joined-breakout-room', {}],
    ['getStreamStats', 1],
    ['subscribeStreamStatsForClient', { streamId: '1', statsEnabled: true }],
    ['clientStats', { media: { subscribers: { totalAvailableBw: 1000 } } }],
    ['logClientEvents', { eventType: 'clientConnSuccess', roomId: 'x', logId: 'y', timestamp: 1 }],
    ['clientLogPosted', 'log', 'text'],
    ['pingBack', {}],
    ['startClientUsage', {}],
    ['stopClientUsage', {}],
    ['drop', { all: false, clientIds: ['nobody'] }],
    // 14: also what no version of the protocol knows.
    ['no-such-event', { whatever: true }],
    ['constructor', {}],
    ['__proto__', {}],
    ['toString'],
  ];

  it('every client event is acknowledged, known or not, in the form its caller reads', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    const events = everyEvent(await idOf(ann), await idOf(bob));
    const acks = await ann.call<unknown[][]>('emitAll', events);
    events.forEach(([name, ...args], index) => {
      const ack = acks[index]!;
      assert.ok(ack.length > 0 && ack[0] !== undefined, `${name}: an empty acknowledgement`);
      // 2.3: only sendSDP callers read null, as an error, and they want its reason beside it.
      if (ack[0] === null) assert.ok(args.length === 2 && ack[1], `${name}: ${JSON.stringify(ack)}`);
    });
    const first = (name: string) =>
      acks[events.findIndex((event) => event[0] === name)]![0] as Record<string, unknown>;
    assert.equal(first('getMaxNumberOfTalker').result, 0);
    assert.equal(typeof first('getMaxNumberOfTalker').maxTalkers, 'number');
    assert.equal(typeof first('getNumberOfTalker').numTalkers, 'number');
    assert.deepEqual(
      ['result', 'numTalkers', 'numAudioTalkers', 'numVideoTalkers'].map(
        (key) => first('setNumberOfTalker')[key],
      ),
      [0, 2, 3, 2],
    );
    assert.equal(first('getAdvancedOptions').result, 0);
    assert.ok(Array.isArray(first('getAdvancedOptions').options));
    assert.equal(first('publish').result, 0);
    assert.ok(['number', 'string'].includes(typeof first('publish').id));
    for (const name of ['startStreaming', 'stopStreaming', 'startLiveRecording', 'stopLiveRecording']) {
      const { status } = first(name) as { status: { resultCode: unknown } };
      assert.equal(typeof status.resultCode, 'number', name);
    }
    assert.equal((first('subscribeStreamStatsForClient') as { status?: unknown }).status, 'Success');
    assert.equal(first('no-such-event').result, 0);

    // Nobody was thrown out by any of it.
    assert.equal((await ann.picture()).socket, true);
    assert.equal((await bob.picture()).socket, true);
    const [last] = (await ann.emit('drop', { self: true })) as [{ result: number }];
    assert.equal(last.result, 0);
    await bob.event('user-disconnected');
  });

  it('nonsense in place of a payload is acknowledged too, and nobody is hurt', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW });
    const bob = await enter(room, 'Bob');
    await bob.framesAdvance(1);
    const names = [...new Set(everyEvent('', '').map(([name]) => name))].filter((name) => name !== 'drop');
    const offers = ['', 'v=0', 'v=0\r\nm=video 9 X\r\n', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(200)];
    const nonsense: unknown[][] = [
      ...names.map((name) => [name]),
      ...names.map((name) => [name, [{ streamId: {} }], { deep: [[[]]] }]),
      ...names.map((name) => [name, { streamId: -1, msg: null, clients: 5, id: '__proto__' }, 'x', 'y']),
      // 4.1: an offer for a connection nobody asked for, and offers no browser makes.
      ...offers.flatMap((sdp) =>
        [1, 999, 4711, '1'].map((streamId) => [
          'signaling_message',
          { streamId, msg: { type: 'offer', sdp } },
          null,
        ]),
      ),
    ];
    const acks = await bob.call<unknown[][]>('emitAll', nonsense);
    acks.forEach((ack, index) => assert.ok(ack.length > 0, JSON.stringify(nonsense[index])));
    assert.equal((await bob.picture()).socket, true);
    await ann.sees('Ann still on the air', ({ publisher }) => publisher?.state === 'connected');
    const eve = await enter(room, 'Eve');
    await eve.framesAdvance(1);
  });
});

describe('chat', () => {
  it('goes both ways through the data channel, to everybody or to one, and never back', async () => {
    const room = await server.createRoom();
    const [ann, bob, eve] = [
      await enter(room, 'Ann', { subscribe: false }),
      await enter(room, 'Bob', { subscribe: false }),
      await enter(room, 'Eve', { subscribe: false }),
    ];
    await Promise.all([ann, bob, eve].map(channelOpen));
    const bobId = await idOf(bob);
    const annId = await idOf(ann);

    await ann.call('say', 'for Bob only', [bobId]);
    await ann.call('say', 'for all — grüße 👋');
    const texts = async (page: PlainPage) => (await page.messages()).map(({ message }) => message);
    // The channel keeps the order: with the second message there, the first had its chance.
    await until(
      'both at Bob',
      () => texts(bob),
      (list) => list.length === 2,
    );
    await until(
      'one at Eve',
      () => texts(eve),
      (list) => list.length > 0,
    );
    await bob.call('say', 'back to all');
    await until(
      'an answer at Ann',
      () => texts(ann),
      (list) => list.length > 0,
    );
    await until(
      'an answer at Eve',
      () => texts(eve),
      (list) => list.length > 1,
    );
    await eve.call('say', { any: ['json', 1, null] }, [], 'user_data');
    await until(
      'data at Ann',
      () => texts(ann),
      (list) => list.length > 1,
    );
    await until(
      'data at Bob',
      () => texts(bob),
      (list) => list.length > 2,
    );

    assert.deepEqual(await texts(ann), ['back to all', { any: ['json', 1, null] }]);
    assert.deepEqual(await texts(bob), ['for Bob only', 'for all — grüße 👋', { any: ['json', 1, null] }]);
    assert.deepEqual(await texts(eve), ['for all — grüße 👋', 'back to all']);
    const [privately, toAll] = await bob.messages();
    assert.deepEqual(
      [privately!.type, privately!.broadcast, privately!.clients, privately!.sender, privately!.senderId],
      ['chat', false, [bobId], 'Ann', annId],
    );
    assert.equal(typeof privately!.timestamp, 'number');
    assert.equal(toAll!.broadcast, true);
    for (const page of [ann, bob, eve]) {
      assert.ok((await page.messages()).every(({ via }) => via === 'channel'));
    }
  });

  it('reaches clients without a data connection over the socket, both ways', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false, data: false });
    await channelOpen(ann);
    assert.equal((await bob.picture()).data, null);

    await ann.call('say', 'over the channel');
    await until(
      'it at Bob',
      () => bob.messages(),
      (list) => list.length === 1,
    );
    const [ack] = (await bob.call<unknown[]>('say', 'over the socket')) as [{ result: number }];
    assert.equal(ack.result, 0);
    await until(
      'it at Ann',
      () => ann.messages(),
      (list) => list.length === 1,
    );
    await bob.call('say', 'only for Ann', [await idOf(ann)]);
    await until(
      'it at Ann',
      () => ann.messages(),
      (list) => list.length === 2,
    );
    await ann.call('say', 'only for Bob', [await idOf(bob)]);
    await until(
      'it at Bob',
      () => bob.messages(),
      (list) => list.length === 2,
    );

    const [atBob] = await bob.messages();
    assert.deepEqual([atBob!.via, atBob!.message, atBob!.sender], ['socket', 'over the channel', 'Ann']);
    const [toAll, toOne] = await ann.messages();
    assert.deepEqual(
      [toAll!.message, toAll!.type, toAll!.broadcast, toAll!.sender, toAll!.senderId],
      ['over the socket', 'chat', true, 'Bob', await idOf(bob)],
    );
    assert.equal(typeof toAll!.timestamp, 'number');
    assert.deepEqual([toOne!.broadcast, toOne!.clients], [false, [await idOf(ann)]]);
  });

  it('a client that wants no data connection is not offered one', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false, data: false });
    // 3.3: a data stream in room-connected makes a client open the connection, none makes it chat over the socket.
    const { dataChannelStream } = (await ann.event('room-connected')).args[0];
    assert.equal(dataChannelStream, undefined);
  });

  it('survives what is not an envelope, and nobody can speak in the name of another', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    await Promise.all([ann, bob].map(channelOpen));
    const annId = await idOf(ann);
    const envelope = { type: 'chat', broadcast: true, clients: [], timestamp: 1 };
    for (const text of [
      '[object Object]',
      '',
      '{',
      'null',
      '[]',
      '17',
      '"text"',
      '{}',
      '{"type":"chat"}',
      JSON.stringify({ ...envelope, type: 5, message: 'x' }),
      JSON.stringify({ ...envelope, clients: 'all', broadcast: 'no', message: 'x' }),
    ]) {
      await bob.call('sendRaw', text);
    }
    await bob.call('sendBytes', [0, 255, 1, 254]);
    await bob.call(
      'sendRaw',
      JSON.stringify({ ...envelope, message: 'it was me', sender: 'Ann', senderId: annId }),
    );
    await until(
      'the last one',
      () => ann.messages(),
      (list) => list.at(-1)?.message === 'it was me',
    );
    const { sender, senderId } = (await ann.messages()).at(-1)!;
    assert.deepEqual([sender, senderId], ['Bob', await idOf(bob)]);
    assert.equal((await bob.picture()).channel, 'open');
    await ann.call('say', 'still here');
    await until(
      'an answer',
      () => bob.messages(),
      (list) => list.at(-1)?.message === 'still here',
    );
  });

  it('carries a long text whole', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    await Promise.all([ann, bob].map(channelOpen));
    const text = 'long '.repeat(20_000);
    await ann.call('say', text);
    await until(
      'it at Bob',
      async () => (await bob.messages()).length,
      (count) => count === 1,
    );
    assert.equal((await bob.messages())[0]!.message, text);
  });
});

describe('muting', () => {
  it('is told to the others with clientId and user, and the talker list follows', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob');
    const annId = await idOf(ann);
    await listed(bob, 'Ann with both', annId, (talker) => talker?.mediatype === 'audiovideo');
    await bob.framesAdvance(1);

    const steps = [
      ['audio', true, /^video$/],
      ['video', true, /^none$/],
      ['audio', false, /^audio(Only)?$/],
      ['video', false, /^audiovideo$/],
    ] as const;
    for (const [kind, muted, expected] of steps) {
      const from = await bob.mark();
      await ann.call('setMuted', kind, muted);
      const notice = await bob.event(`user-${kind}-${muted ? 'muted' : 'unmuted'}`, undefined, { from });
      const { clientId, user } = notice.args[0];
      assert.equal(clientId, annId);
      // 14.14: without the user the SDK's handler crashes.
      assert.equal(user.clientId, annId);
      assert.equal(user.name, 'Ann');
      assert.equal(user[`${kind}Muted`], muted);
      await listed(
        bob,
        `Ann as ${expected.source}`,
        annId,
        (talker) =>
          expected.test(talker?.mediatype ?? '') ||
          // Who sends nothing may as well be left out.
          (talker === undefined && expected.source === '^none$'),
      );
    }
    await bob.framesAdvance(1);
    await bob.energyGrows(1);
    assert.deepEqual(await ann.received('user-audio-muted'), [], 'who mutes is not told');
  });
});

describe('moderation', () => {
  it('a guest who knocks waits until a moderator lets them in, or turns them away', async () => {
    const room = await server.createRoom({ knock: true });
    const ann = await enter(room, 'Ann', { role: 'moderator', publish: NARROW, subscribe: false });
    const bob = await newPage();
    const knock = async (page: PlainPage, name: string, options: JoinOptions = {}) => {
      const [status] = await page.join(await server.createToken(room, { name }), options);
      assert.equal(status, 'success', 'the token is good, admission comes apart');
      await page.event('room-awaited');
      const { args } = await ann.event('user-awaited', (guest) => guest.name === name);
      assert.equal(args[0].clientId, await idOf(page));
      assert.deepEqual(await page.received('room-connected'), []);
      return args[0].clientId as string;
    };

    const bobId = await knock(bob, 'Bob');
    const [allowed] = (await ann.emit('user-allowed', bobId)) as [{ result: number }];
    assert.equal(allowed.result, 0);
    await bob.event('room-connected');
    await ann.event('user-connected', ({ clientId }) => clientId === bobId);
    await bob.framesAdvance(1);

    const eve = await newPage();
    const eveId = await knock(eve, 'Eve');
    const [overreaching] = (await bob.emit('user-allowed', eveId)) as [{ result: number }];
    assert.notEqual(overreaching.result, 0, 'only a moderator lets people in');
    const [denied] = (await ann.emit('user-denied', eveId)) as [{ result: number }];
    assert.equal(denied.result, 0);
    const { args } = await eve.event('room-disconnected');
    assert.ok(args[0].cause);
    assert.deepEqual(await eve.received('room-connected'), []);
    assert.deepEqual(
      (await ann.received('user-connected')).map((entry) => entry.args[0].clientId),
      [bobId],
    );
  });

  it('people who wait for the moderator get streams and media once there is one', async () => {
    const room = await server.createRoom({ wait_for_moderator: true });
    const bob = await enter(room, 'Bob', { publish: WIDE });
    const connected = (await bob.event('room-connected')).args[0];
    assert.equal(connected.room.waitRoom, true);
    assert.deepEqual(Object.keys(connected.streams), []);
    assert.equal(connected.dataChannelStream, undefined);
    const media = { state: 'media_engine', audio: true, video: true, data: false };
    const [early] = (await bob.emit('publish', media, null)) as [{ result: number }];
    assert.notEqual(early.result, 0, 'nothing is published before');

    const ann = await enter(room, 'Ann', { role: 'moderator', publish: NARROW });
    const { args } = await bob.event('roomManagementEvents', ({ id }) => id === 'wait-room-disabled');
    const { streams, userList, dataChannelStream, videoMutedUsers } = args[0].roomData;
    assert.ok(streams && userList && dataChannelStream && videoMutedUsers);
    await Promise.all([ann.framesAdvance(1), bob.framesAdvance(1), channelOpen(bob)]);
  });

  it('a hard mute asks the one it is for, and the others see a mute', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    const bob = await enter(room, 'Bob', { publish: NARROW, subscribe: false });
    const bobId = await idOf(bob);
    const as = (mediatype: string) =>
      listed(ann, `Bob as ${mediatype}`, bobId, (talker) => talker?.mediatype === mediatype);
    await as('audiovideo');
    for (const [request, notice, mediatype] of [
      ['hardmute-user-audio', 'user-audio-muted', 'video'],
      ['hardunmute-user-audio', 'user-audio-unmuted', 'audiovideo'],
      ['hardmute-user-video', 'user-video-muted', 'audio'],
      ['hardunmute-user-video', 'user-video-unmuted', 'audiovideo'],
    ] as const) {
      const [refused] = (await bob.emit(request, { clientId: await idOf(ann) })) as [{ result: number }];
      assert.notEqual(refused.result, 0, 'a participant may not');
      const from = await ann.mark();
      const [answer] = (await ann.emit(request, { clientId: bobId })) as [{ result: number }];
      assert.equal(answer.result, 0);
      // Without a callback the client has failed by now, and the test with it.
      await bob.event(request);
      await ann.event(notice, ({ clientId, user }) => clientId === bobId && user.clientId === bobId, {
        from,
      });
      await as(mediatype);
    }
  });

  it('a hard mute of the room reaches those in it and is known to those who come', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    const bob = await enter(room, 'Bob', { publish: NARROW, subscribe: false });
    const bobId = await idOf(bob);
    await listed(ann, 'Bob', bobId, (talker) => talker?.mediatype === 'audiovideo');
    await ann.emit('room-muted', {});
    await bob.event('room-muted');
    await listed(ann, 'Bob, silent', bobId, (talker) => talker?.mediatype === 'video');
    const eve = await enter(room, 'Eve', { subscribe: false });
    assert.equal((await eve.event('room-connected')).args[0].room.mute, true);
    await ann.emit('room-unmuted', {});
    await bob.event('room-unmuted');
    await listed(ann, 'Bob, audible', bobId, (talker) => talker?.mediatype === 'audiovideo');
  });

  it('a locked room lets nobody in until it is unlocked', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    const lock = async (page: PlainPage, locked: boolean) =>
      ((await page.emit('lockRoom', locked)) as [{ result: number }])[0].result;
    assert.notEqual(await lock(bob, true), 0, 'a participant may not');
    assert.equal(await lock(ann, true), 0);
    await bob.event('roomManagementEvents', ({ id }) => id === 'room-locked');
    assert.equal(await lock(ann, true), 4121);
    const eve = await newPage();
    const [status, answer] = (await eve.join(await server.createToken(room, { name: 'Eve' }))) as [
      string,
      { result: number },
    ];
    assert.equal(status, 'success');
    assert.notEqual(answer.result, 0);
    await eve.call('end');
    assert.equal(await lock(ann, false), 0);
    await bob.event('roomManagementEvents', ({ id }) => id === 'room-unlocked');
    await enter(room, 'Eve', { subscribe: false });
  });
});

describe('sharing', () => {
  it('a screen is in slot 101 of the others, from the notice that it began to the notice that it ended', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', publish: NARROW });
    const bob = await enter(room, 'Bob');
    const annId = await idOf(ann);
    assert.equal((await bob.event('room-connected')).args[0].room.share, true);
    await bob.framesAdvance(1);
    assert.equal((await ann.call<{ result: number }>('share')).result, 0);
    for (const page of [ann, bob]) {
      const { args } = await page.event('shareStarted');
      assert.deepEqual(args[0], { clientId: annId, name: 'Ann', streamId: 101, layout: 'grid' });
    }
    const seen = await bob.framesAdvance(101);
    assert.ok(Math.abs(seen.width / seen.height - 4) < 0.3, `${seen.width}x${seen.height} is the screen`);
    assert.ok(isNarrow(await bob.framesAdvance(1)), 'the camera goes on in its own slot');
    assert.notEqual((await bob.call<{ result: number }>('share')).result, 0, 'one at a time');
    assert.equal((await bob.picture()).subscriber!.offers, 1);

    // Who comes later is told, and sees it.
    const eve = await enter(room, 'Eve');
    assert.equal((await eve.event('room-connected')).args[0].room.shareOn, true);
    await eve.event('shareStarted');
    await eve.framesAdvance(101);

    await ann.call('unshare');
    for (const page of [ann, bob, eve]) {
      const { args } = await page.event('shareStopped');
      assert.deepEqual([args[0].clientId, args[0].streamId], [annId, 101]);
    }
    await bob.framesAdvance(1);
  });
});

describe('repairs', () => {
  it('a second subscriber offer replaces the first, and media goes on', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob');
    await bob.framesAdvance(1);
    for (const count of [2, 3]) {
      await bob.call('repairSubscriber');
      const { subscriber } = await bob.sees(
        'a new receiving connection',
        (picture) =>
          picture.subscribers === count &&
          picture.subscriber?.state === 'connected' &&
          picture.subscriber.ready === 1,
      );
      assert.deepEqual([subscriber!.answers, subscriber!.started], [1, 1]);
      await bob.framesAdvance(1);
      await bob.energyGrows(1);
    }
    assert.equal((await ann.picture()).publisher?.state, 'connected');
  });

  it('all slots go on after one was unsubscribed and all were subscribed again', async () => {
    const room = await server.createRoom();
    await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob');
    await bob.framesAdvance(1);
    await bob.call('unsubscribe', 3);
    await bob.call('subscribeAll');
    await bob.sees('a new receiving connection', ({ subscriber }) => subscriber?.ready === 1);
    await bob.framesAdvance(1);
  });

  it('publishing again after unpublishing gets a new id and the same slot, without a new offer below', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob');
    const annId = await idOf(ann);
    await bob.framesAdvance(1);
    const oldId = (await ann.picture()).publisher!.streamId;

    await ann.call('unpublish');
    await listed(bob, 'nothing of Ann', annId, (talker) => !talker || talker.mediatype === 'none');
    const newId = await ann.call('publish');
    assert.notEqual(newId, oldId);
    await ann.sees('Ann on the air again', ({ publisher }) => (publisher?.ready ?? 0) > 0);
    const talker = await listed(bob, 'Ann again', annId, (entry) => entry?.mediatype === 'audiovideo');
    await bob.framesAdvance(talker!.streamId);
    await bob.energyGrows(talker!.streamId);
    assert.equal((await bob.picture()).subscriber!.offers, 1);
    assert.equal((await bob.picture()).subscribers, 1);
  });

  it('an offer that cannot be answered leaves the connections that work alone', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW });
    const bob = await enter(room, 'Bob', { publish: WIDE });
    await Promise.all([ann.framesAdvance(1), bob.framesAdvance(1), channelOpen(bob)]);
    const { publisher } = await bob.call<{ publisher: { offer: string } }>('descriptions');
    const oldId = (await bob.picture()).publisher!.streamId;
    await bob.call('unpublish');
    const newId = await bob.call<number>('publish');
    await bob.sees('Bob on the air again', (picture) => (picture.publisher?.ready ?? 0) > 0);
    // An offer may still be on its way when its stream is unpublished; the others are nonsense.
    for (const [streamId, sdp] of [
      [oldId, publisher.offer],
      [4711, 'v=0'],
      [1, 'v=0'],
      [newId, 'v=0'],
      [999, 'v=0'],
    ]) {
      const from = await bob.mark();
      const msg = { type: 'offer', sdp };
      const [ack] = (await bob.emit('signaling_message', { streamId, msg }, null)) as [{ result: number }];
      assert.notEqual(ack.result, 0);
      assert.deepEqual(await bob.received('media_engine_connecting', from), [], `no answer for ${streamId}`);
      await Promise.all([bob.framesAdvance(1), ann.framesAdvance(1)]);
    }
    await bob.call('say', 'still talking');
    await until(
      'the message at Ann',
      () => ann.messages(),
      (list) => list.length === 1,
    );
  });

  it('after the death of a media worker, clients that repair as they are told have media again', async () => {
    const apart = await startRoomServer();
    const usual = server;
    server = apart;
    try {
      const room = await apart.createRoom();
      const ann = await enter(room, 'Ann', { publish: NARROW });
      const bob = await enter(room, 'Bob', { publish: WIDE });
      await Promise.all([ann.framesAdvance(1), bob.framesAdvance(1)]);
      const [worker] = apart.server.workerPids;
      process.kill(worker!, 'SIGKILL');
      await Promise.all(
        [ann, bob].map((page) =>
          page.sees(
            'new connections',
            ({ publisher, subscriber, subscribers }) =>
              subscribers === 2 && subscriber?.ready === 1 && publisher?.ready === 1,
          ),
        ),
      );
      assert.notEqual(apart.server.workerPids[0], worker);
      await Promise.all([ann.framesAdvance(1), bob.framesAdvance(1)]);
    } finally {
      server = usual;
      await apart.close();
    }
  });

  it('a lost socket comes back with its token and its old client id, and others see a pause at most', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann');
    const token = await server.createToken(room, { name: 'Bob' });
    const bob = await newPage();
    await bob.join(token, { publish: NARROW });
    await bob.event('room-connected');
    const id = await idOf(bob);
    await ann.framesAdvance(1);
    const from = await ann.mark();
    const extra = await bob.call<Record<string, unknown>>('reconnectFields');
    await bob.call('end');
    const [status] = await bob.join(token, { publish: NARROW, extra });
    assert.equal(status, 'success');
    await bob.event('room-connected');
    assert.equal(await idOf(bob), id);
    await bob.sees('Bob on the air', ({ publisher }) => (publisher?.ready ?? 0) > 0);
    await ann.framesAdvance(1);
    for (const name of ['user-connected', 'user-disconnected', 'active-talkers-updated']) {
      assert.deepEqual(await ann.received(name, from), [], name);
    }
    assert.equal((await ann.picture()).subscriber!.offers, 1);
  });

  it('with the capability for it, a new socket takes the place of a lost one and the media goes on', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: WIDE });
    const bob = await enter(room, 'Bob', { publish: NARROW });
    await Promise.all([ann.framesAdvance(1), bob.framesAdvance(1), channelOpen(ann), channelOpen(bob)]);
    const [before, from] = [await bob.picture(), await ann.mark()];
    const since = await bob.mark();
    const [status, answer] = await bob.call<[string, { clientId: string }]>('resume');
    assert.deepEqual([status, answer.clientId], ['success', before.clientId]);
    await bob.event('room-connected', ({ resumed }) => resumed === true);
    await Promise.all([ann.framesAdvance(1, 10), bob.framesAdvance(1, 10), bob.energyGrows(1)]);
    await ann.call('say', 'still there?');
    await until(
      'the message at Bob',
      () => bob.messages(),
      (list) => list.length === 1,
    );
    const now = await bob.picture();
    assert.equal(now.subscriber!.offers, before.subscriber!.offers);
    assert.equal(now.subscribers, before.subscribers);
    assert.deepEqual(await bob.received('media_engine_connecting', since), []);
    for (const name of ['user-connected', 'user-disconnected', 'active-talkers-updated']) {
      assert.deepEqual(await ann.received(name, from), [], name);
    }
    // The session is fully theirs: what they ask on the new socket happens.
    await bob.call('setMuted', 'audio', true);
    await ann.event('user-audio-muted', ({ clientId }) => clientId === before.clientId);
  });

  it('a client comes back before the server has noticed that it was gone', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false });
    const token = await server.createToken(room, { name: 'Bob' });
    const [before, bob] = [await newPage(), await newPage()];
    await before.join(token, { publish: NARROW });
    await before.event('room-connected');
    const oldId = await idOf(before);
    await listed(ann, 'the old Bob', oldId, (talker) => talker?.mediatype === 'audiovideo');

    // Somebody else may not take the session over, even knowing the token.
    const [refused] = await bob.join(token, {
      extra: { isReconnecting: true, oldClientIdForReconnect: 'somebody' },
    });
    assert.equal(refused, 'error');
    await bob.call('end');

    const extra = await before.call<Record<string, unknown>>('reconnectFields');
    assert.equal((await bob.join(token, { publish: NARROW, extra }))[0], 'success');
    await bob.event('room-connected');
    assert.equal(await idOf(bob), oldId);
    await before.event('room-disconnected');
    await bob.sees('Bob on the air', ({ publisher }) => (publisher?.ready ?? 0) > 0);
    for (const page of [ann, bob]) {
      assert.deepEqual(new Set((await page.picture()).users), new Set([await idOf(ann), oldId]));
    }
    await listed(ann, 'Bob', oldId, (talker) => talker?.mediatype === 'audiovideo');
    assert.deepEqual(await ann.received('user-disconnected'), []);
  });
});

describe('leaving', () => {
  it('by drop is told to the others with the user', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { publish: NARROW });
    const bob = await enter(room, 'Bob', { publish: WIDE });
    await ann.framesAdvance(1);
    const bobId = await idOf(bob);
    await bob.call('leave');
    const { args } = await ann.event('user-disconnected');
    assert.equal(args[0].clientId, bobId);
    assert.equal(args[0].name, 'Bob');
    await listed(ann, 'no Bob', bobId, (talker) => talker === undefined);
    const own = await bob.call<Entry[]>('entries');
    const drop = own.find(({ dir, name }) => dir === 'ack' && name === 'drop')!;
    assert.equal((drop.args[0] as { result: number }).result, 0);
    assert.equal((await ann.picture()).socket, true);
    assert.equal((await ann.received('user-disconnected')).length, 1);
  });

  it('by closing the page is told to the others too', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    const bobId = await idOf(bob);
    await bob.close();
    await ann.event('user-disconnected', ({ clientId }) => clientId === bobId);
  });

  it('somebody whom a moderator drops gets room-disconnected and the rest go on', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    const eve = await enter(room, 'Eve', { subscribe: false });
    const [bobId, eveId] = [await idOf(bob), await idOf(eve)];
    const [refused] = (await bob.emit('drop', { all: false, clientIds: [eveId] })) as [{ result: number }];
    assert.notEqual(refused.result, 0, 'a participant may not drop anybody');
    await ann.emit('drop', { all: false, clientIds: [bobId] });
    const { args } = await bob.event('room-disconnected');
    assert.equal(typeof args[0], 'object');
    await bob.sees('the end of the session', ({ socket }) => !socket);
    await ann.event('user-disconnected', ({ clientId }) => clientId === bobId);
    await eve.event('user-disconnected', ({ clientId }) => clientId === bobId);
    assert.deepEqual(new Set((await eve.picture()).users), new Set([await idOf(ann), eveId]));
  });

  it('a dismissed room ends for everybody', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    const bob = await enter(room, 'Bob', { subscribe: false });
    await ann.emit('drop', { all: true, clients: null, deleteRoom: false });
    await bob.event('room-disconnected');
    await Promise.all([ann, bob].map((page) => page.sees('the end', ({ socket }) => !socket)));
    const { users } = await server.get<{ users: unknown[] | null }>(`/rooms/${room}/users`);
    assert.equal(users, null);
  });

  it('a dismissed room can be entered again and has media', async () => {
    const room = await server.createRoom();
    const ann = await enter(room, 'Ann', { role: 'moderator', subscribe: false });
    // Whether it is acknowledged is the matter of the test before.
    await ann.emit('drop', { all: true, clients: null, deleteRoom: false }).catch(() => {});
    await ann.event('room-disconnected');
    await ann.call('end');
    await enter(room, 'Bob', { publish: NARROW, subscribe: false });
    const eve = await enter(room, 'Eve');
    await eve.framesAdvance(1);
  });
});

describe('talkers', () => {
  it('a receiver gets as many as it asks for, and no pictures in audio-only mode', async () => {
    const room = await server.createRoom({ max_active_talkers: 4 });
    await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    await enter(room, 'Bob', { publish: NARROW, subscribe: false });
    const eve = await enter(room, 'Eve');
    await eve.sees('both', ({ talkers }) => talkers?.activeList.length === 2);
    await eve.framesAdvance(1);

    const ask = async (numTalkers: number, numVideoTalkers: number) => {
      const counts = { numTalkers, numAudioTalkers: 3, numVideoTalkers };
      const [ack] = (await eve.emit('setNumberOfTalker', counts)) as [Record<string, number>];
      assert.deepEqual(
        [ack.result, ack.numTalkers, ack.numAudioTalkers, ack.numVideoTalkers],
        [0, numTalkers, 3, numVideoTalkers],
      );
      const [now] = (await eve.emit('getNumberOfTalker')) as [Record<string, number>];
      assert.deepEqual([now.result, now.numTalkers], [0, numTalkers]);
    };
    await ask(1, 1);
    await eve.sees('one', ({ talkers }) => talkers?.activeList.length === 1);
    assert.equal((await talkersOf(eve))[0]!.streamId, 1);
    await eve.framesAdvance(1);
    await ask(2, 0);
    await eve.sees(
      'two, only to be heard',
      ({ talkers }) =>
        talkers?.activeList.length === 2 &&
        talkers.activeList.every(({ mediatype }) => /^audio(Only)?$/.test(mediatype)),
    );
    await eve.energyGrows(1);
    await ask(4, 4);
    await eve.sees(
      'both, with pictures',
      ({ talkers }) =>
        talkers?.activeList.length === 2 &&
        talkers.activeList.every(({ mediatype }) => mediatype === 'audiovideo'),
    );
    await Promise.all([eve.framesAdvance(1), eve.framesAdvance(2)]);
    assert.equal((await eve.picture()).subscriber!.offers, 1);
  });

  it('the only slot moves to whoever speaks and keeps decoding without a new offer', async () => {
    const room = await server.createRoom({ max_active_talkers: 1 });
    const ann = await enter(room, 'Ann', { publish: NARROW, subscribe: false });
    const bob = await enter(room, 'Bob', { publish: WIDE, muteStream: { audio: true }, subscribe: false });
    // The third one publishes as well, and watches.
    const eve = await enter(room, 'Eve', { publish: NARROW, muteStream: { audio: true } });
    const [annId, bobId] = await Promise.all([idOf(ann), idOf(bob)]);
    assert.equal((await eve.event('room-connected')).args[0].streams[2], undefined, 'there is one slot');
    const inSlot = async (id: string, looks: (slot: SlotStats) => boolean, what: string) => {
      await listed(eve, `${what} in slot 1`, id, (talker) => talker?.streamId === 1);
      assert.equal((await talkersOf(eve)).length, 1);
      await eve.framesAdvance(1);
      await until(`${what} to be seen`, () => eve.slot(1), looks);
    };

    await inSlot(annId, isNarrow, 'Ann');
    await eve.energyGrows(1);
    let before = await eve.slot(1);
    for (const [silent, speaking, id, looks, what] of [
      [ann, bob, bobId, isWide, 'Bob'],
      [bob, ann, annId, isNarrow, 'Ann'],
    ] as const) {
      await silent.call('setMuted', 'audio', true);
      await speaking.call('setMuted', 'audio', false);
      await inSlot(id, looks, what);
      await eve.energyGrows(1);
      const now = await eve.slot(1);
      assert.ok(now.framesDecoded > before.framesDecoded, 'the same decoder goes on');
      assert.ok(now.keyFramesDecoded > before.keyFramesDecoded, 'the switch was on a key frame');
      assert.equal(now.videoPacketsLost, 0, 'the numbering of packets has no gap');
      before = now;
    }
    const { subscriber, subscribers } = await eve.picture();
    assert.deepEqual([subscriber!.offers, subscriber!.answers, subscribers], [1, 1, 1]);
  });
});
