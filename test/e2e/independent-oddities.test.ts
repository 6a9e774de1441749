/** What servers may say that ours never says: odd shapes, missing fields, messages out of place, nonsense. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Dialect } from '../helpers/protocol-server/dialect.js';
import { wait } from '../helpers/patience.js';
import { chat, withElements } from '../helpers/protocol-server/with-elements.js';
import { seeAndHear } from '../helpers/room-page.js';

const room = withElements();
const { join } = room;

describe('a call works all the same', () => {
  const oddities: Record<string, Partial<Dialect>> = {
    'with slots as text, candidates before the answer, and media lines under names of their own': {
      lists: 'array',
      candidates: 'early',
      slotsAsText: true,
    },
    'with a server that never says started or ready and names no codecs': { silent: true },
    'with fields that make no sense': {
      extra: {
        iceServers: [{}, null, { urls: 'nonsense' }, { url: 'stun:old.example' }, 'stun:x'],
        videoBitrateQualityMap: { minBwKbpsToCheck: 0, bpsQualityMapTable: 'none' },
        defaultVideoBW: 'much',
        maxVideoBW: null,
        maxVideoLayers: 99,
        videoMutedUsers: [],
        awaitedParticipants: 'nobody',
        subscription: null,
        capabilities: { resume: true },
        internetDetectionUrl: 'javascript:alert(1)',
        fileShareService: { maxSize: -1 },
      },
      talkerExtra: { reason: 17, videoaspectratio: null, pinned: 'yes', unknown: [[[]]] },
    },
  };
  for (const [how, dialect] of Object.entries(oddities)) {
    test(how, async () => {
      const id = `odd ${how}`;
      room.server.room(id, {}, dialect);
      const ann = await join(id, 'Ann');
      const bob = await join(id, 'Bob');
      await seeAndHear(ann, bob);
      await chat(ann, bob, 'hello');
    });
  }

  test('through a gateway, which is told the host', async () => {
    room.server.room('gate');
    const ann = await join('gate', 'Ann', { host: 'room.example:8443' });
    await ann.event('stream-published');
    assert.equal(room.server.handshakes[0]!.get('X-Forwarded-Host'), 'room.example:8443');
  });
});

describe('somebody who comes while a screen is shared', () => {
  test('sees it, though the server says no more than that it is on', async () => {
    const { server } = room;
    server.room('late', {}, { minimum: false });
    const ann = await join('late', 'Ann');
    await ann.event('stream-published');
    await ann.page.evaluate(() => window.enx.startScreenShare());
    await server.until(() => server.of('Ann', 'publish').length === 2);
    await ann.event('share-started');
    const bob = await join('late', 'Bob');
    await bob.page.waitForFunction(
      () =>
        window.enx
          .shadowRoot!.querySelector('enx-stage')
          ?.shadowRoot!.querySelector('enx-player[data-key="screen"][data-playing]'),
      undefined,
      wait,
    );
    await ann.page.evaluate(() => window.enx.stopScreenShare());
    await bob.event('share-stopped');
  });
});

describe('messages that nobody expects', () => {
  test('leave a call as it was', async () => {
    const { server } = room;
    const home = server.room('nonsense');
    const ann = await join('nonsense', 'Ann');
    const bob = await join('nonsense', 'Bob');
    await seeAndHear(ann, bob);
    const { socket, clientId: annId, data } = server.person('nonsense', 'Ann');
    const bobId = server.person('nonsense', 'Bob').clientId;
    const stranger = { clientId: 'nobody', name: '<img src=x onerror=alert(1)>', role: 'king' };
    const messages: [string, ...unknown[]][] = [
      // Twice, about strangers, about oneself, and without what they are about.
      ['user-connected', { clientId: bobId, name: 'Bob' }],
      ['user-connected', { clientId: annId, name: 'Ann' }],
      ['user-connected', stranger],
      ['user-disconnected', { clientId: 'never-here' }],
      ['user-disconnected', stranger],
      ['user-audio-unmuted', { clientId: 'never-here' }],
      ['user-video-unmuted', {}],
      ['user-audio-muted', { clientId: annId }],
      ['user-updated', { clientId: bobId, key: 'media-modes', info: {} }],
      ['user-subscribed', { name: 'x', socket: 'y' }],
      ['room-muted', null],
      ['room-unmuted'],
      ['hardMute', 'all'],
      ['shareStopped', { clientId: bobId }],
      ['stopSharing', { clientId: bobId }],
      ['shareOverride'],
      ['canvasStarted', { clientId: bobId, name: 'Bob', streamId: 102, canvasType: 'Annotation' }],
      ['canvasStopped', { clientId: bobId, streamId: 102 }],
      ['auxilaryPublishEvents', { evnt: 'share-permission-granted', params: { pubType: 'screen' } }],
      ['auxilaryPublishEvents', { evnt: '__proto__', params: null }],
      ['update-layout', { clientId: bobId, layout: 'x' }],
      [
        'onDataStreamToRoom',
        { type: 'chat', message: { text: ['not', 'text'] }, sender: 'Bob', senderId: bobId },
      ],
      ['onDataStreamToRoom', '[object Object]'],
      ['onDataStream', { id: 1, msg: 'legacy' }],
      ['onAddStream', { id: 77, clientId: bobId, audio: true, video: true, data: false, screen: false }],
      ['onRemoveStream', { id: 'unknown' }],
      ['onUpdateAttributeStream', { id: 1, attrs: null }],
      ['onBandwidthAlert', [{ streamId: 3, bw: 'low' }, 'x', null]],
      ['bandwidthEvents', { id: 'publisher-bw', msg: { message: 'PublisherBandwidth', bandwidth: 300 } }],
      ['onSelfBandwidthAlert', { message: 'SubscriberBandWidth', bandwidth: { bandwidth: 1 } }],
      ['onSelfBandwidthAlert', { message: 'ShareBandwidth', bandwidth: -5 }],
      ['genericEvents', { id: 'speaker_notification', data: [{ speech: true }, { noise: true, users: 3 }] }],
      ['genericEvents', { id: 'room-connected', data: {} }],
      ['roomManagementEvents', { id: 'exit-room', msg: { reason: 0 } }],
      ['roomManagementEvents', { id: 'privacy-modes-updated', modes: { userListHidden: true } }],
      ['roomManagementEvents', { id: 'wait-room-disabled', roomData: null }],
      ['roomManagementEvents', { id: 'conf-media-activated' }],
      ['floorManagementEvents', { id: 'floorGranted' }],
      ['floorManagementEvents', { id: 'nothing', clientId: 5 }],
      ['userRoleChanged', { moderator: { old: 'a', new: 'b' } }],
      ['userRoleChanged', { clientsInfo: [{ clientId: 'never-here', role: { old: 'x', new: 'viewer' } }] }],
      [
        'userRoleManagementEvents',
        { id: 'requestInitiated', clientId: bobId, name: 'Bob', role: 'moderator' },
      ],
      ['dialStateEvents', { number: 1, status: null }],
      ['invite-breakout-room', {}],
      ['switch-publish-media-codec', { result: 0, mediaConfiguration: 'default' }],
      ['connection_failed'],
      ['media_engine_connecting', { streamId: 1, msg: { type: 'offer', sdp: 'v=0' } }],
      ['media_engine_connecting', { peerId: 1, msg: { type: 'answer', sdp: 'v=0\r\n', media: [] } }],
      ['media_engine_connecting', { peerId: 1, msg: { type: 'candidate', candidate: 'no json' } }],
      ['media_engine_connecting', { streamId: 'unknown', msg: { type: 'ready' } }],
      ['room-connected', { room: null }],
      ['room-awaited', 5],
      ['a-message-of-tomorrow', { any: 'thing' }],
      ['token', {}],
    ];
    for (const [name, ...payload] of messages) socket.emit(name, ...payload);
    // Those that want an answer get one, known or not.
    for (const name of [
      'room-muted',
      'room-unmuted',
      'hardmute-user-video',
      'hardunmute-user-video',
      'tomorrow',
    ])
      assert.notEqual(await socket.timeout(10_000).emitWithAck(name, {}), undefined, name);
    for (const text of [
      '[object Object]',
      '',
      '{"type":"chat"}',
      'null',
      '[]',
      '{"type":5}',
      '{"__proto__":{}}',
    ])
      assert.ok(data!.sendText(text));
    // Slots that there are not, nobody, and one person twice.
    const lists = [
      { active: true, activeList: [{ streamId: 77, clientId: bobId, mediatype: 'audiovideo' }] },
      { active: 'yes', activeList: [null, {}, { streamId: 1 }] },
      { activeList: { 0: { streamId: 1, clientId: bobId, mediatype: 'hologram' } } },
      {},
      null,
    ];
    for (const list of lists) socket.emit('active-talkers-updated', list);
    // The truth again, and a call as before.
    home.updateTalkers();
    await chat(bob, ann, 'are you there?');
    await ann.page.evaluate(() => Promise.all([window.enx.unmuteAudio(), window.enx.unmuteVideo()]));
    await seeAndHear(ann, bob);
    assert.deepEqual(
      await ann.page.evaluate(() => window.enx.room.state.participants.map(({ name }) => name).sort()),
      ['Ann', 'Bob'],
    );
    for (const gone of ['room-disconnected', 'exit-room', 'reconnect'])
      assert.ok(!(await ann.eventNames()).includes(gone), gone);
    assert.equal(await ann.state(), 'connected');
  });
});
