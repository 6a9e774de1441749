/**
 * Every message of the server that pages hear of (protocol §7), sent to a real Room: which DOM events it becomes, with
 * which detail. The last tests tie this table to the code's own, so that a message without a row here fails.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, describe, mock, test } from 'node:test';
import { fromOtherServers } from '../../scripts/lib/api-status.mjs';
import { ackEvents, messageEvents } from '../../src/elements/room/event-map.js';
import { noticeTable } from '../../src/engine/notices.js';
import type { Room } from '../../src/engine/room.js';
import { serverMessages } from '../../src/protocol/index.js';
import { bo, type EventPage, joinedPage, type Told } from '../helpers/event-page.js';

const cy = { clientId: 'cy', name: 'Cy', role: 'participant', user_ref: 'cy-ref' } as const;
const any = { some: 'thing' };
const canvas = { clientId: 'bo', name: 'Bo', streamId: 102, canvasType: 'Annotation' };
const floorOf = (clientId: string): object => ({ clientId, name: 'Bo', moderatorId: 'mo' });
const talker = { streamId: 1, clientId: 'bo', name: 'Bo', mediatype: 'audio', muteDueToBw: true };
const alert = { bandwidth: 200, stream_bandwidth: 400, number_of_videos: 2 };
const chat = { broadcast: true, clients: [], sender: 'Bo', senderId: 'bo', timestamp: 7 };

interface Row {
  /** Name on the wire. */
  wire: string;
  payload: unknown;
  /** What pages hear; order counts. */
  events: Told[];
}

const asMessage = (wire: string, name = wire, payload: unknown = any): Row => ({
  wire,
  payload,
  events: [[name, { message: payload }]],
});
const asData = (wire: string): Row => ({
  wire,
  payload: any,
  events: [[wire, { message: { data: any } }]],
});
const byName = (wire: string, key: string, content: string, name: string): Row => ({
  wire,
  payload: { [key]: name, [content]: any },
  events: [[name, { message: any }]],
});
const managed = (id: string, name = id, msg: unknown = any): Row => ({
  wire: 'roomManagementEvents',
  payload: { id, msg },
  events: [[name, { message: msg }]],
});
const floor = (id: string, name: string, clientId = 'bo'): Row => ({
  wire: 'floorManagementEvents',
  payload: { id, ...floorOf(clientId) },
  events: [[name, floorOf(clientId)]],
});
const roleRequest = (id: string, what: string): Row => ({
  wire: 'userRoleManagementEvents',
  payload: { id, clientId: 'bo', name: 'Bo', role: 'moderator' },
  events: [[what, { clientId: 'bo', name: 'Bo', role: 'moderator' }]],
});
const languageNotice = (wire: string): Row => ({
  wire,
  payload: { language: 'de' },
  events: [[wire, { language: 'de' }]],
});
const streaming = ['streaming-started', 'streaming-stopped', 'streaming-failed', 'streaming-updated'];
const hls = ['hls-started', 'hls-waiting', 'hls-failed', 'hls-stopped'];
const live = [
  'room-live-recording-on',
  'room-live-recording-off',
  'room-live-recording-failed',
  'room-live-recording-updated',
  'live-recording-notification',
];
const shares = [
  'share-permission-mode-changed',
  'share-permission-requested',
  'share-permission-granted',
  'share-permission-denied',
  'share-permission-released',
  'share-permission-cancelled',
];

const rows: Row[] = [
  { wire: 'user-connected', payload: cy, events: [['user-connected', cy]] },
  ...[0, 1, 2].map((reason): Row => ({
    wire: 'user-disconnected',
    payload: { ...bo, reason },
    events: [
      ['user-disconnected', bo],
      ['remote-user-leave-room', { userId: 'bo', reason }],
    ],
  })),
  {
    wire: 'user-updated',
    payload: { clientId: 'bo', key: 'media-modes', info: { publish: { audio: true, video: false } } },
    events: [
      [
        'user-updated',
        { clientId: 'bo', key: 'media-modes', info: { publish: { audio: true, video: false } } },
      ],
      ['user-audio-enabled', { clientId: 'bo' }],
      ['user-video-disabled', { clientId: 'bo' }],
    ],
  },
  {
    wire: 'user-updated',
    payload: { clientId: 'bo', key: 'media-modes', info: { publish: { audio: false, video: true } } },
    events: [
      [
        'user-updated',
        { clientId: 'bo', key: 'media-modes', info: { publish: { audio: false, video: true } } },
      ],
      ['user-audio-disabled', { clientId: 'bo' }],
      ['user-video-enabled', { clientId: 'bo' }],
    ],
  },
  ...(
    [
      [{ enx: 'hand', raised: true, since: 5 }, 'hand-changed', { clientId: 'bo', raised: true }],
      [{ enx: 'reaction', emoji: '👍' }, 'reaction-received', { clientId: 'bo', emoji: '👍' }],
    ] as const
  ).map(([message, name, detail]): Row => {
    const payload = { ...chat, type: 'user_data', message };
    const data = { from: 'Bo', senderId: 'bo', data: message, timestamp: 7, raw: payload };
    return {
      wire: 'onDataStreamToRoom',
      payload,
      events: [
        [name, detail],
        ['user-data-received', data],
      ],
    };
  }),
  {
    wire: 'user-awaited',
    payload: { clientId: 'guest', name: 'Di' },
    events: [['user-awaited', { clientId: 'guest', name: 'Di' }]],
  },
  {
    wire: 'user-subscribed',
    payload: { name: 'Bo', role: 'participant', user_ref: 'bo-ref', socket: 'x' },
    events: [['user-subscribed', { name: 'Bo', role: 'participant', user_ref: 'bo-ref' }]],
  },
  {
    wire: 'active-talkers-updated',
    payload: { active: true, activeList: [{ ...talker, streamId: 102 }] },
    events: [
      [
        'active-talkers-updated',
        { active: true, activeList: [{ ...talker, streamId: 102, user_ref: 'bo-ref' }] },
      ],
      ['user-muted-due-to-bw-crunch', { clientId: 'bo', streamId: 102 }],
    ],
  },
  ...(['audio', 'video'] as const).flatMap((kind) =>
    ([true, false] as const).map((muted): Row => {
      const name = `user-${kind}-${muted ? 'muted' : 'unmuted'}`;
      const user = { ...bo, [`${kind}Muted`]: muted };
      return { wire: name, payload: { clientId: 'bo' }, events: [[name, { clientId: 'bo', user }]] };
    }),
  ),
  ...(['audio', 'video'] as const).flatMap((kind) =>
    ([true, false] as const).map((muted): Row => {
      const name = `${muted ? 'hardmute' : 'hardunmute'}-user-${kind}`;
      return { wire: name, payload: {}, events: [[name, { muted }]] };
    }),
  ),
  { wire: 'room-muted', payload: {}, events: [['hard-mute-room', { muted: true }]] },
  { wire: 'room-unmuted', payload: {}, events: [['hard-unmute-room', { muted: false }]] },
  { wire: 'hardMute', payload: ['bo'], events: [['hard-mute', { users: ['bo'] }]] },

  managed('room-locked'),
  managed('room-unlocked'),
  managed('floor-opened'),
  managed('floor-closed'),
  managed('knock-enabled'),
  managed('knock-disabled'),
  managed('user-allowed', 'user-allowed', { clientId: 'guest' }),
  managed('user-denied', 'user-denied', { clientId: 'guest' }),
  managed('conference-remaining-duration', 'conference-remaining-duration', { timeLeft: 5 }),
  managed('update-pin-users', 'pinned-users', { clientIds: ['bo'] }),
  managed('spotlight-users', 'spotlight-users', { clientIds: ['bo'] }),
  managed('privacy-modes-updated', 'privacy-mode-updated'),
  managed('user-paused', 'user-paused', { clientId: 'bo', audio: true, video: false }),
  managed('user-resumed', 'user-resumed', { clientId: 'bo', audio: true, video: false }),
  managed('share-state-events'),
  managed('canvas-state-events'),

  floor('floorRequested', 'floor-requested'),
  floor('floorCancelled', 'floor-cancelled'),
  floor('floorFinished', 'floor-finished'),
  floor('floorRejected', 'floor-rejected'),
  floor('floorAccepted', 'floor-accepted'),
  floor('floorGranted', 'floor-granted'),
  floor('floorDenied', 'floor-denied'),
  floor('floorReleased', 'floor-released'),
  floor('cancelFloorInvite', 'floor-invite-cancelled'),
  floor('inviteToFloor', 'floor-invite-sent'),
  floor('inviteToFloor', 'floor-invited', 'client-1'),

  {
    wire: 'userRoleChanged',
    payload: { moderator: { old: 'mo', new: 'bo' } },
    events: [
      [
        'user-role-changed',
        {
          changes: [
            { clientId: 'mo', old: 'moderator', new: 'participant' },
            { clientId: 'bo', old: 'participant', new: 'moderator' },
          ],
          raw: { moderator: { old: 'mo', new: 'bo' } },
        },
      ],
    ],
  },
  {
    wire: 'userRoleChanged',
    payload: { clientsInfo: [{ clientId: 'bo', role: { old: 'participant', new: 'viewer' } }] },
    events: [
      [
        'user-role-changed',
        {
          changes: [{ clientId: 'bo', old: 'participant', new: 'viewer' }],
          raw: { clientsInfo: [{ clientId: 'bo', role: { old: 'participant', new: 'viewer' } }] },
        },
      ],
    ],
  },
  roleRequest('requestInitiated', 'user-role-change-requested'),
  roleRequest('requestCancelled', 'user-role-change-cancelled'),
  roleRequest('requestAccepted', 'user-role-change-accepted'),
  roleRequest('requestDenied', 'user-role-change-denied'),
  {
    wire: 'roomSwitched',
    payload: { moderator: 'mo', mode: 'group' },
    events: [['room-mode-switched', { mode: 'group', moderator: 'mo' }]],
  },

  {
    wire: 'shareStarted',
    payload: { clientId: 'bo', name: 'Bo', streamId: 101, layout: 'grid' },
    events: [['share-started', { clientId: 'bo', name: 'Bo', streamId: 101 }]],
  },
  {
    wire: 'shareStopped',
    payload: { clientId: 'bo', name: 'Bo', streamId: 101 },
    events: [['share-stopped', { clientId: 'bo', name: 'Bo', streamId: 101 }]],
  },
  {
    wire: 'canvasStarted',
    payload: canvas,
    events: [
      ['canvas-started', canvas],
      ['annotation-started', canvas],
    ],
  },
  {
    wire: 'canvasStopped',
    payload: canvas,
    events: [
      ['canvas-stopped', canvas],
      ['annotation-stopped', canvas],
    ],
  },
  ...shares.map((name) => byName('auxilaryPublishEvents', 'evnt', 'params', name)),
  asMessage('update-layout', 'layout-updated'),

  {
    wire: 'onDataStreamToRoom',
    payload: { ...chat, type: 'chat', message: 'Hello' },
    events: [
      [
        'message-received',
        {
          ...{ from: 'Bo', senderId: 'bo', message: 'Hello', broadcast: true, recipients: [], timestamp: 7 },
          raw: { ...chat, type: 'chat', message: 'Hello' },
        },
      ],
    ],
  },
  {
    wire: 'onDataStreamToRoom',
    payload: { ...chat, type: 'user_data', message: any },
    events: [
      [
        'user-data-received',
        {
          ...{ from: 'Bo', senderId: 'bo', data: any, timestamp: 7 },
          raw: { ...chat, type: 'user_data', message: any },
        },
      ],
    ],
  },
  ...(
    [
      ['fs-upload-started', 'file-upload-started'],
      ['fs-file-available', 'file-available'],
      ['fs-upload-cancelled', 'file-upload-cancelled'],
    ] as const
  ).map(([type, name]): Row => ({
    wire: 'onDataStreamToRoom',
    payload: { ...chat, type: 'data-internal-in', message: { type, name: 'a.pdf' } },
    events: [[name, { message: { type, name: 'a.pdf' } }]],
  })),
  {
    wire: 'onDataStream',
    payload: { id: 5, msg: 'x' },
    events: [['stream-data', { id: 5, msg: 'x' }]],
  },
  { wire: 'onAddStream', payload: { id: 5 }, events: [['stream-added', { stream: { id: 5 } }]] },
  { wire: 'onRemoveStream', payload: { id: 5 }, events: [['stream-removed', { streamId: 5 }]] },
  {
    wire: 'onUpdateAttributeStream',
    payload: { id: 5, attrs: any },
    events: [['stream-attributes-updated', { id: 5, attrs: any }]],
  },
  {
    wire: 'onRemoveTrack',
    payload: { id: { streamId: 5 } },
    events: [['track-removed', { streamId: 5 }]],
  },

  ...(
    [
      ['low', 'bw-alert'],
      ['fine', 'bw-restored'],
    ] as const
  ).flatMap(([bw, name]): Row[] => [
    {
      wire: 'onBandwidthAlert',
      payload: [{ streamId: 1, bw }],
      events: [
        ['bandwidth-updated', { streams: [{ streamId: 1, bw }] }],
        [name, { streamId: 1, bw }],
      ],
    },
    {
      wire: 'bandwidthEvents',
      payload: { id: 'bw-alert', msg: [{ streamId: 1, bw }] },
      events: [
        ['bandwidth-updated', { streams: [{ streamId: 1, bw }] }],
        [name, { streamId: 1, bw }],
      ],
    },
  ]),
  {
    wire: 'onSelfBandwidthAlert',
    payload: { message: 'SubscriberBandWidth', bandwidth: alert },
    events: [['room-bandwidth-alert', { ...alert, raw: alert }]],
  },
  {
    wire: 'genericEvents',
    payload: {
      id: 'speaker_notification',
      data: [
        { speech: true, users: ['bo'] },
        { noise: true, users: [] },
      ],
    },
    events: [['talker-notification', { message: { speech: ['bo'], noise: [] } }]],
  },
  ...['battery_updates', 'notify-video-resolution-change'].map((id): Row => ({
    wire: 'genericEvents',
    payload: { id, data: any },
    events: [['advanced-options-update', { id, data: any }]],
  })),
  {
    wire: 'onStatSubscription',
    payload: { statData: { stats: [any] } },
    events: [['media-stats', { stats: [any] }]],
  },

  asMessage('room-record-on', 'room-record-on', { moderatorId: 'mo' }),
  asMessage('room-record-off', 'room-record-off', { moderatorId: 'mo' }),
  asMessage('room-live-recording-on'),
  asMessage('room-live-recording-off'),
  asMessage('room-live-recording-failed'),
  ...live.map((name) => byName('onLiveRecordingNotification', 'type', 'data', name)),
  ...[
    'onStreamingNotification',
    'onHlsStreamingNotification',
    'onHlsStreamingNotificationToPublisher',
  ].flatMap((wire) => [...streaming, ...hls].map((name) => byName(wire, 'type', 'data', name))),
  languageNotice('room-transcription-on'),
  languageNotice('room-transcription-off'),
  languageNotice('self-transcription-on'),
  languageNotice('self-transcription-off'),
  asData('transcription-events'),
  asData('meeting-summary-events'),
  asData('meeting-summary-subscription'),
  {
    wire: 'dialStateEvents',
    payload: { number: '123', status: 'dtmf-collected', description: '5' },
    events: [
      ['dial-state-events', { number: '123', state: 'dtmf-collected', description: '5' }],
      ['dtmf-collected', { number: '123', description: '5' }],
    ],
  },
  asMessage('CustomDataSaved', 'custom-data-saved'),
  asMessage('CustomDataUpdated', 'custom-data-updated'),
  asMessage('invite-breakout-room', 'join-breakout-room', { room_id: 'r', requestor: 'bo' }),
  asMessage('invite-breakout-room', 'breakout-room-joining', { room_id: 'r', force_join: true }),
  asMessage('user-joined-breakout-room'),
  asMessage('breakout-user-disconnected', 'user-disconnected-breakout-room'),
  asMessage('breakout-room-destroyed'),

  { wire: 'switch-publish-media-codec', payload: { result: 1 }, events: [] },
  { wire: 'connection_failed', payload: undefined, events: [] },
  // Without a share of one's own these ask for nothing.
  { wire: 'shareOverride', payload: {}, events: [] },
  { wire: 'stopSharing', payload: { clientId: 'bo' }, events: [] },
];

/** How a session goes; these change more than one event can show, and have tests of their own in room.test.ts. */
const sessionMessages = [
  'room-connected',
  'room-awaited',
  'room-disconnected',
  'media_engine_connecting',
] as const;

describe('a message of the server', () => {
  for (const { wire, payload, events } of rows) {
    const names = events.map(([name]) => name).join(', ') || 'nothing';
    const id = (payload as Record<string, unknown> | undefined)?.id;
    test(`${wire}${typeof id === 'string' ? ` ${id}` : ''} becomes ${names}`, async () => {
      const { server, told, room } = await joinedPage();
      server.send(wire, payload);
      await server.settled();
      assert.deepEqual(told, events);
      await room.disconnect();
    });
  }

  test('that nobody knows leaves one debug line and nothing else', async () => {
    const { server, told, room } = await joinedPage();
    const debug = mock.method(console, 'debug', () => {});
    after(() => debug.mock.restore());
    for (const name of ['made-up', 'constructor', '__proto__', 'toString', 'click']) {
      debug.mock.resetCalls();
      server.send(name, any);
      await server.settled();
      assert.equal(debug.mock.callCount(), 1, name);
    }
    assert.deepEqual(told, []);
    await room.disconnect();
  });

  test('cannot name an event that is not published', async () => {
    const { server, told, room } = await joinedPage();
    for (const name of ['click', 'submit', 'room-connected', 'exit-room', 'enx-leave-request', 'toString']) {
      server.send('roomManagementEvents', { id: name, msg: any });
      server.send('bandwidthEvents', { id: name, msg: any });
      server.send('genericEvents', { id: name, data: any });
      server.send('floorManagementEvents', { id: name, clientId: 'bo' });
      server.send('auxilaryPublishEvents', { evnt: name, params: any });
      for (const wire of [
        'onStreamingNotification',
        'onHlsStreamingNotification',
        'onHlsStreamingNotificationToPublisher',
        'onLiveRecordingNotification',
      ])
        server.send(wire, { type: name, data: any });
      server.send('onDataStreamToRoom', { ...chat, type: 'data-internal-in', message: { type: name } });
    }
    await server.settled();
    assert.deepEqual(told, []);
    await room.disconnect();
  });
});

/** Verb → the event that tells its answer. */
const verbs: [event: string, verb: (room: Room) => Promise<unknown>][] = [
  ['approve-awaited-user-ack', ({ moderation }) => moderation.admit('guest')],
  ['deny-awaited-user-ack', ({ moderation }) => moderation.deny('guest')],
  ['lock-room-ack', ({ moderation }) => moderation.setLocked(true)],
  ['unlock-room-ack', ({ moderation }) => moderation.setLocked(false)],
  ['drop-user-ack', ({ moderation }) => moderation.drop(['bo'])],
  ['destroy-ack', ({ moderation }) => moderation.dismiss()],
  ['switch-user-role-ack', ({ moderation }) => moderation.handOver('bo')],
  ['switch-room-mode-ack', ({ moderation }) => moderation.setMode('lecture')],
  ['conference-extended', ({ moderation }) => moderation.extendDuration()],
  ['hard-mute-room-ack', ({ moderation }) => moderation.setRoomMuted(true)],
  ['hard-unmute-room-ack', ({ moderation }) => moderation.setRoomMuted(false)],
  ['hardmute-user-audio-ack', ({ moderation }) => moderation.setUserMuted('bo', 'audio', true)],
  ['hardunmute-user-audio-ack', ({ moderation }) => moderation.setUserMuted('bo', 'audio', false)],
  ['hardmute-user-video-ack', ({ moderation }) => moderation.setUserMuted('bo', 'video', true)],
  ['hardunmute-user-video-ack', ({ moderation }) => moderation.setUserMuted('bo', 'video', false)],
  ['mute-room-ack', ({ moderation }) => moderation.setRoomPaused(true, { audio: true, video: true })],
  ['unmute-room-ack', ({ moderation }) => moderation.setRoomPaused(false, { audio: true, video: true })],
  ['add-spotlight-users-ack', ({ moderation }) => moderation.spotlight(['bo'])],
  ['remove-spotlight-users-ack', ({ moderation }) => moderation.unspotlight(['bo'])],
  ['stop-all-sharing-ack', ({ moderation }) => moderation.stopAllSharing('client-1')],
  ['set-talker-count-ack', (room) => room.setTalkerCount(3)],
  ['talker-count', (room) => room.getTalkerCount()],
  ['max-talkers', (room) => room.getMaxTalkers()],
  ['advanced-options', (room) => room.getAdvancedOptions()],
  ['pin-users-ack', (room) => room.pin(['bo'])],
  ['unpin-users-ack', (room) => room.unpin(['bo'])],
  ['subscribe-talker-notification-ack', (room) => room.subscribeTalkerNotification(true)],
  ['unsubscribe-talker-notification-ack', (room) => room.subscribeTalkerNotification(false)],
  ['request-floor-ack', (room) => room.floor.request()],
  ['cancel-floor-ack', (room) => room.floor.cancel()],
  ['finish-floor-ack', (room) => room.floor.finish()],
  ['process-floor-ack', (room) => room.floor.grant('bo')],
  ['process-floor-ack', (room) => room.floor.deny('bo')],
  ['process-floor-ack', (room) => room.floor.release('bo')],
  ['invite-to-floor-ack', (room) => room.floor.invite('bo')],
  ['request-share-permission-ack', (room) => room.sharePermissions.request('screen')],
  ['cancel-share-permission-ack', (room) => room.sharePermissions.cancel('screen')],
  ['grant-share-permission-ack', (room) => room.sharePermissions.grant('screen', 'bo')],
  ['deny-share-permission-ack', (room) => room.sharePermissions.deny('screen', 'bo')],
  ['release-share-permission-ack', (room) => room.sharePermissions.release('screen')],
  ['set-share-permission-mode-ack', (room) => room.sharePermissions.setMode('screen', 'open')],
];
/** Their requests are not the whole of what they do: made to fail in other ways below. */
const ownVerbs: typeof verbs = [
  ['screen-share-start-ack', (room) => room.startScreenShare()],
  ['send-message-ack', (room) => room.sendMessage('Hello')],
  ['send-data-ack', (room) => room.sendUserData({ a: 1 })],
];

/** What the page would write. */
const verbText = (verb: (room: Room) => unknown): string =>
  String(verb)
    .replace(/^.*?=>\s*(?:room\.)?/s, '')
    .replaceAll('"', "'");

describe('the answer to a verb', () => {
  const withoutData = async (): Promise<EventPage> => {
    const made = await joinedPage({}, undefined, 'moderator');
    made.environment.pc('data').channel!.open();
    return made;
  };

  for (const [event, verb] of [...verbs, ...ownVerbs]) {
    test(`of ${verbText(verb)} is told as ${event}, once, with result 0`, async () => {
      const { room, told } = await withoutData();
      await verb(room);
      const answers = told.filter(([name]) => name === event);
      assert.equal(answers.length, 1);
      assert.equal((answers[0]![1] as { result: number }).result, 0);
    });
  }

  for (const [event, verb] of verbs) {
    test(`of ${verbText(verb)} is told as ${event} when it is refused, with the number the server gave`, async () => {
      const { room, told, server } = await withoutData();
      for (const name of requestNames) server.answers[name] = () => ['error', { result: 4101, msg: 'no' }];
      await assert.rejects(verb(room), { code: 4101 });
      assert.deepEqual(
        told.filter(([name]) => name === event),
        [[event, { result: 4101, msg: 'no' }]],
      );
    });
  }

  test('of ending a share is told as screen-share-stop-ack', async () => {
    const { room, told } = await withoutData();
    await room.startScreenShare();
    await room.stopScreenShare();
    assert.equal(told.filter(([name]) => name === 'screen-share-stop-ack').length, 1);
  });
});

const requestNames = [
  ...['user-allowed', 'user-denied', 'lockRoom', 'drop', 'switchUserRole', 'switchRoomMode'],
  ...['extendConferenceDuration', 'room-muted', 'room-unmuted', 'muteRoom', 'unMuteRoom', 'stopAllSharing'],
  ...['hardmute-user-audio', 'hardunmute-user-audio', 'hardmute-user-video', 'hardunmute-user-video'],
  ...[
    'setAdvancedOptions',
    'getAdvancedOptions',
    'setNumberOfTalker',
    'getNumberOfTalker',
    'getMaxNumberOfTalker',
  ],
  ...['processFloorRequest', 'inviteToFloor', 'auxilaryPublishRequests'],
];

const serverFolder = fileURLToPath(new URL('../../server/src', import.meta.url));
/** What our server's own code sends, by the words in it. */
const serverSource = readdirSync(serverFolder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(serverFolder, path), 'utf8'))
  .join('\n')
  // What it refuses by name it does not send.
  .replace(/export const notOffered[^;]*;/, '');
const sends = (word: string): boolean =>
  serverSource.includes(`'${word}'`) ||
  // As in `share-permission-${what}`.
  (word.split('-').length > 2 && serverSource.includes(`\`${word.replace(/-[a-z]+$/, '-$')}`));

describe('the table of this test', () => {
  const wires = new Set([...rows.map(({ wire }) => wire), ...sessionMessages]);
  const names = new Set(rows.flatMap(({ events }) => events.map(([name]) => name)));

  test('has a row for every message we read, and no other', () => {
    const known = new Set([...Object.keys(serverMessages), ...Object.keys(noticeTable)]);
    assert.deepEqual([...wires].sort(), [...known].sort());
  });

  test('has a row for every event that carries a message as it came', () => {
    assert.deepEqual(
      messageEvents.filter((name) => !names.has(name)),
      [],
    );
  });

  test('knows of every event whether our own server sends what it comes from', () => {
    const wordsOf = ({ wire, payload }: Row): string[] => {
      const { id, evnt, type, message } = (payload ?? {}) as Record<string, unknown>;
      const inner = (message as { type?: unknown } | undefined)?.type;
      const named = [id, evnt, type === 'data-internal-in' ? inner : wire.endsWith('Notification') && type];
      return [wire, ...named.filter((word): word is string => typeof word === 'string')];
    };
    const sent = new Set(
      rows.filter((row) => wordsOf(row).every(sends)).flatMap(({ events }) => events.map(([name]) => name)),
    );
    assert.deepEqual(
      // Battery and picture sizes are this browser's own to tell.
      [...names].filter((name) => !sent.has(name) && name !== 'advanced-options-update').sort(),
      [...fromOtherServers].filter((name) => names.has(name)).sort(),
    );
  });

  test('has a verb for every answer', () => {
    const told = new Set([...verbs, ...ownVerbs].map(([event]) => event));
    assert.deepEqual(ackEvents.filter((name) => !told.has(name)).sort(), ['screen-share-stop-ack']);
  });
});
