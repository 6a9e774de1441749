/** What a receiver gets and is told: counts, wishes, pauses, and a downlink that is too small. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type {
  DownlinkNotice,
  MediaRoomListener,
  ReceiverView,
  SlotFeed,
} from '../../../server/src/media/engine.js';
import type { RoomSession } from '../../../server/src/rooms/room-session.js';
import {
  openTestSession,
  type TestPerson,
  testPerson,
  type TestSession,
} from '../../helpers/room-session.js';

interface Entry {
  streamId: number;
  clientId: string;
  mediatype: string;
  reason?: string;
  videomuted?: boolean;
  muteDueToBw?: boolean;
}
type Person = TestPerson<unknown>;

let media: MediaRoomListener;
let sent: TestSession['sent'];
let session: RoomSession;
let eve: Person;

beforeEach(() => {
  ({ session, media, sent } = openTestSession({ max_active_talkers: 4, moderators: 2 }));
});

function enter(name: string): Person {
  const newcomer = testPerson({ clientId: name, tokenId: name, name, role: 'participant' });
  session.admit(newcomer);
  return newcomer;
}

function publish(
  person: Person,
  { screen = false, muted = {} as { audio?: boolean; video?: boolean } } = {},
) {
  if (screen) session.sharing.start(person, false);
  const publication = session.media.publish(person, {
    state: 'media_engine',
    audio: !screen,
    video: true,
    data: false,
    ...(screen ? { screen } : {}),
    muteStream: { audio: false, video: false, ...muted },
  });
  media.transportReady(publication.transport);
  return publication.transport;
}

const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));
const heardOf = (person: Person, name: string): unknown[] =>
  person.heard.filter(({ event }) => event === name).map(({ payload }) => payload);
const talkers = (): Entry[] =>
  (heardOf(eve, 'active-talkers-updated').at(-1) as { activeList: Entry[] }).activeList;
const mediaTypes = (): string[] => talkers().map(({ mediatype }) => mediatype);
const feeds = (): SlotFeed[] => sent.get(eve.subscriberTransport)!.slots;
const view = (): ReceiverView => sent.get(eve.subscriberTransport)!.view;

/** Ann, Bob and Cid publish, Eve watches over a connection that is up. */
async function three(): Promise<{ people: Person[]; transports: string[] }> {
  const people = ['ann', 'bob', 'cid'].map(enter);
  eve = enter('eve');
  const transports = people.map((person) => publish(person));
  await session.media.answer(eve, 1, 999, 'an offer');
  await settled();
  return { people, transports };
}

const notice = (more: Partial<DownlinkNotice>): DownlinkNotice => ({ starved: [], slots: [], ...more });

describe('how many are heard and seen', () => {
  for (const [audio, video, expected] of [
    [4, 4, ['audiovideo', 'audiovideo', 'audiovideo']],
    [3, 1, ['audiovideo', 'audio', 'audio']],
    [1, 3, ['audiovideo', 'video', 'video']],
    [1, 2, ['audiovideo', 'video', 'none']],
    [3, 0, ['audio', 'audio', 'audio']],
  ] as const) {
    test(`${audio} and ${video}`, async () => {
      const { transports } = await three();
      eve.talkerLimits = { talkers: 4, audio, video };
      session.media.changed();
      await settled();
      assert.deepEqual(mediaTypes(), expected);
      assert.deepEqual(
        feeds().slice(0, 3),
        transports.map((transport, index) => ({
          ...(index < audio ? { audio: transport } : {}),
          ...(index < video ? { video: transport } : {}),
        })),
      );
    });
  }

  test('who is muted takes nobody’s place', async () => {
    const { people } = await three();
    eve.talkerLimits = { talkers: 4, audio: 2, video: 2 };
    session.setMuted(people[0]!, 'video', true);
    session.setMuted(people[1]!, 'audio', true);
    await settled();
    assert.deepEqual(mediaTypes(), ['audio', 'video', 'audiovideo']);
  });
});

describe('quality', () => {
  test('a size counts for all slots, until it is asked for without', async () => {
    await three();
    session.media.setQuality(eve, { video: { width: 640, height: 360, frameRate: 30 } });
    assert.deepEqual(view().limit, { width: 640, height: 360 });
    session.media.setQuality(eve, { video: { frameRate: 30 } });
    assert.equal(view().limit, undefined);
  });

  test('a layer may be named, −1 names none; a size asked for stays', async () => {
    await three();
    session.media.setQuality(eve, { video: { width: 640, height: 360 } });
    session.media.setQuality(eve, { qualityLayer: { spatialLayer: 1, temporalLayer: -1 } });
    assert.deepEqual(view().limit, { width: 640, height: 360, layer: 1 });
    session.media.setQuality(eve, { qualityLayer: { spatialLayer: -1, temporalLayer: -1 } });
    assert.deepEqual(view().limit, { width: 640, height: 360 });
  });

  test('odd values limit nothing', async () => {
    await three();
    for (const config of [
      {},
      { video: null },
      { video: true },
      { video: { width: 'wide', height: -1 } },
      { video: { width: NaN, height: Infinity } },
      { qualityLayer: 3 },
      { qualityLayer: { spatialLayer: '1' } },
      { slideShowMode: true },
    ]) {
      session.media.setQuality(eve, config);
      assert.equal(view().limit, undefined, JSON.stringify(config));
    }
  });
});

describe('importance', () => {
  test('the shared screen comes first and is favoured, then the talkers in order', async () => {
    const { people } = await three();
    assert.deepEqual(view(), { order: [0, 1, 2] });
    session.highlights.pin(eve, ['cid'], true);
    await settled();
    assert.deepEqual(view().order, [2, 0, 1]);
    publish(people[0]!, { screen: true });
    await settled();
    assert.deepEqual(view(), { order: [4, 2, 0, 1], favoured: 4 });
  });
});

describe('pausing pictures', () => {
  test('what is not looked at is not sent, its sound is; an empty list resumes all', async () => {
    const { people, transports } = await three();
    const shared = publish(people[1]!, { screen: true });
    await settled();
    session.media.pausePictures(eve, [2, 101]);
    assert.deepEqual(feeds().slice(0, 5), [
      { audio: transports[0], video: transports[0] },
      { audio: transports[1] },
      { audio: transports[2], video: transports[2] },
      {},
      {},
    ]);
    session.media.pausePictures(eve, []);
    assert.equal(feeds()[1]!.video, transports[1]);
    assert.equal(feeds()[4]!.video, shared);
  });

  test('the talker list stays as it is: it says what talkers send, and the receiver knows what it asked for', async () => {
    await three();
    const before = heardOf(eve, 'active-talkers-updated').length;
    session.media.pausePictures(eve, [1]);
    await settled();
    assert.equal(heardOf(eve, 'active-talkers-updated').length, before);
  });

  test('a client that starts anew has paused nothing', async () => {
    const { transports } = await three();
    session.media.pausePictures(eve, [1]);
    session.media.welcome(eve);
    assert.equal(feeds()[0]!.video, transports[0]);
  });

  test('nobody else is touched', async () => {
    const { people, transports } = await three();
    session.media.pausePictures(eve, [1, 2, 3]);
    assert.equal(sent.get(people[0]!.subscriberTransport)!.slots[0]!.video, transports[1]);
  });
});

describe('a downlink that is too small', () => {
  test('a picture left out is told in the talker list, its sound stays, and it goes on being wanted', async () => {
    const { transports } = await three();
    media.downlinkChanged(
      eve.subscriberTransport,
      notice({ starved: [{ slot: 1, publisher: transports[1]! }] }),
    );
    await settled();
    const [ann, bob] = talkers();
    assert.deepEqual(
      [ann!.mediatype, ann!.reason, ann!.videomuted, ann!.muteDueToBw],
      ['audiovideo', 'user', false, undefined],
    );
    assert.deepEqual(
      [bob!.mediatype, bob!.reason, bob!.videomuted, bob!.muteDueToBw],
      ['audio', 'bw', true, true],
    );
    assert.deepEqual(feeds()[1], { audio: transports[1], video: transports[1] });
    media.downlinkChanged(eve.subscriberTransport, notice({}));
    await settled();
    assert.deepEqual(mediaTypes(), ['audiovideo', 'audiovideo', 'audiovideo']);
  });

  test('somebody else in that slot does not inherit it', async () => {
    const { transports } = await three();
    media.downlinkChanged(
      eve.subscriberTransport,
      notice({ starved: [{ slot: 1, publisher: `${transports[1]}-before` }] }),
    );
    await settled();
    assert.deepEqual(mediaTypes(), ['audiovideo', 'audiovideo', 'audiovideo']);
  });

  test('a camera that is off is off, whatever the downlink', async () => {
    const { people, transports } = await three();
    media.downlinkChanged(
      eve.subscriberTransport,
      notice({ starved: [{ slot: 1, publisher: transports[1]! }] }),
    );
    session.setMuted(people[1]!, 'video', true);
    await settled();
    assert.deepEqual([talkers()[1]!.reason, talkers()[1]!.muteDueToBw], ['user', undefined]);
  });

  test('a new receiving connection begins without what was known of the old one', async () => {
    const { transports } = await three();
    media.downlinkChanged(
      eve.subscriberTransport,
      notice({ starved: [{ slot: 0, publisher: transports[0]! }] }),
    );
    await settled();
    assert.equal(mediaTypes()[0], 'audio');
    await session.media.answer(eve, 1, 999, 'another offer');
    session.media.changed();
    await settled();
    assert.equal(mediaTypes()[0], 'audiovideo');
  });

  test('alerts have the published form, for this receiver alone', async () => {
    const { people } = await three();
    const alert = { isLow: true, bandwidthKbps: 240, neededKbps: 1800, videos: 2 };
    media.downlinkChanged(eve.subscriberTransport, notice({ alert }));
    assert.deepEqual(heardOf(eve, 'onSelfBandwidthAlert'), [
      {
        message: 'SubscriberBandWidth',
        bandwidth: { bandwidth: 240, stream_bandwidth: 900, number_of_videos: 2 },
      },
    ]);
    assert.deepEqual(heardOf(people[0]!, 'onSelfBandwidthAlert'), []);
  });

  test('slots are named by their ids and the people in them', async () => {
    const { people } = await three();
    publish(people[2]!, { screen: true });
    await settled();
    const slots = [
      { slot: 1, isLow: true },
      { slot: 4, isLow: false },
    ];
    media.downlinkChanged(eve.subscriberTransport, notice({ slots }));
    assert.deepEqual(heardOf(eve, 'onBandwidthAlert'), [
      [
        { streamId: 2, bw: 'low', type: 'media', name: 'bob' },
        { streamId: 101, bw: 'normal', type: 'media', name: 'cid' },
      ],
    ]);
  });

  test('news of somebody who has gone are nobody’s', async () => {
    await three();
    session.leave(eve, eve.link);
    media.downlinkChanged(eve.subscriberTransport, notice({ slots: [{ slot: 0, isLow: true }] }));
    assert.deepEqual(heardOf(eve, 'onBandwidthAlert'), []);
  });
});
