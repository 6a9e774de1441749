/** A room session on a media engine that only writes down what it is told: what depends on media being up. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { MediaEngine, MediaRoomListener, SlotFeed } from '../../../server/src/media/engine.js';
import { roomSettings } from '../../../server/src/rest/room-settings.js';
import { type ClientLink, Participant } from '../../../server/src/rooms/participant.js';
import { RoomSession, type RoomSessionOptions } from '../../../server/src/rooms/room-session.js';

type Payload = Record<string, unknown> & { activeList: Record<string, unknown>[] };

const camera = { state: 'media_engine', audio: true, video: true, data: false } as const;
const unmuted = { audio: false, video: false };

let media: MediaRoomListener;
/** Of each receiver, in the order of their slots: talkers 1 and 2, share, canvas. */
let slots: Map<string, SlotFeed[]>;
let session: RoomSession;

beforeEach(() => {
  slots = new Map();
  const engine: MediaEngine = {
    openRoom: (listener) => {
      media = listener;
      return {
        openPublisher: () => Promise.reject(new Error('not here')),
        openSubscriber: () => Promise.reject(new Error('not here')),
        openData: () => Promise.reject(new Error('not here')),
        setSlots: (subscriber, feeds) => void slots.set(subscriber, feeds),
        refresh: () => {},
        sendData: () => {},
        closeTransport: () => {},
        close: () => {},
      };
    },
    close: () => Promise.resolve(),
    workers: 1,
  };
  const logger = { child: () => ({ info: () => {}, error: () => {} }) };
  session = new RoomSession({
    record: {
      roomId: 'room',
      name: 'Room',
      ownerRef: 'tests',
      settings: roomSettings.parse({ max_active_talkers: 2, moderators: 2 }),
      created: '2026-01-01T00:00:00.000Z',
    },
    engine,
    logger: logger as unknown as RoomSessionOptions['logger'],
    now: () => 1_750_000_000_000,
    iceServers: () => [],
    detectionUrl: () => undefined,
    ended: () => {},
  });
});

interface Person extends Participant {
  readonly heard: { event: string; payload: Payload }[];
}

function person(name: string, role: 'moderator' | 'participant', tokenId = name): Person {
  const heard: Person['heard'] = [];
  const hear = (event: string, payload: unknown) =>
    void heard.push({ event, payload: structuredClone(payload) as Payload });
  const link: ClientLink = {
    remoteAddress: '192.0.2.1',
    host: undefined,
    send: hear,
    request: hear,
    close: () => {},
  };
  const identity = { clientId: `${tokenId}-id`, tokenId, name, role, userRef: name };
  return Object.assign(new Participant(identity, link), { heard });
}

function enter(name: string, role: 'moderator' | 'participant' = 'participant'): Person {
  const newcomer = person(name, role);
  session.admit(newcomer);
  return newcomer;
}

/** Publishes, and the media comes up. */
function send(from: Person, source: 'camera' | 'screen' = 'camera', muteStream = unmuted) {
  const screen = source === 'screen' ? { screen: true } : {};
  const publication = session.media.publish(from, { ...camera, ...screen, muteStream });
  media.transportReady(publication.transport);
  return publication;
}

/** Talker lists go out after all that happened at once. */
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));
const shares = ({ heard }: Person) =>
  heard
    .filter(({ event }) => event.startsWith('share'))
    .map(({ event, payload }) => [event, payload.clientId]);
const lastTalkers = ({ heard }: Person) =>
  heard
    .findLast(({ event }) => event === 'active-talkers-updated')!
    .payload.activeList.map(({ clientId, mediatype }) => [clientId, mediatype]);
const feedsOf = (receiver: Person) => slots.get(receiver.subscriberTransport)!;

test('a hard mute is enforced: what is muted reaches nobody, whatever the client says', async () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  const { transport } = send(bob);
  await settled();
  assert.deepEqual(lastTalkers(ann), [['bob-id', 'audiovideo']]);
  assert.deepEqual(feedsOf(ann)[0], { audio: transport, video: transport });

  session.moderation.hardMuteUser(ann, bob.clientId, 'audio', true);
  assert.throws(() => session.setMuted(bob, 'audio', false));
  await settled();
  assert.deepEqual(lastTalkers(ann), [['bob-id', 'video']]);
  assert.deepEqual(feedsOf(ann)[0], { video: transport });

  session.moderation.hardMuteUser(ann, bob.clientId, 'video', true);
  const next = send(bob);
  await settled();
  assert.deepEqual(lastTalkers(ann), [['bob-id', 'none']]);
  assert.deepEqual(feedsOf(ann)[0], {});

  session.moderation.hardMuteUser(ann, bob.clientId, 'audio', false);
  await settled();
  assert.deepEqual(feedsOf(ann)[0], { audio: next.transport });
});

test('a refused unmute does not come true when the hard mute is lifted', async () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  send(bob);
  session.setMuted(bob, 'audio', true);
  session.moderation.hardMuteUser(ann, bob.clientId, 'audio', true);
  assert.throws(() => session.setMuted(bob, 'audio', false));
  session.moderation.hardMuteUser(ann, bob.clientId, 'audio', false);
  await settled();
  assert.deepEqual(lastTalkers(ann), [['bob-id', 'video']]);
});

test('a share is announced when its media flows, to newcomers too, and its end once', () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  session.sharing.start(bob, false);
  const { streamId } = session.media.publish(bob, { ...camera, screen: true, muteStream: unmuted });
  assert.deepEqual(shares(ann), []);
  media.transportReady(`${bob.clientId}/${streamId}`);
  media.transportReady(`${bob.clientId}/${streamId}`);
  const late = enter('late');
  for (const someone of [ann, bob, late]) assert.deepEqual(shares(someone), [['shareStarted', 'bob-id']]);
  session.media.unpublish(bob, streamId);
  session.remove(bob);
  assert.deepEqual(shares(ann), [
    ['shareStarted', 'bob-id'],
    ['shareStopped', 'bob-id'],
  ]);
});

test('of an overridden share everybody hears the end before the next one begins', () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  session.sharing.start(bob, false);
  const { streamId } = send(bob, 'screen');
  session.sharing.start(ann, true);
  send(ann, 'screen');
  // His client obeys, too late to matter.
  session.media.unpublish(bob, streamId);
  assert.deepEqual(shares(ann), [
    ['shareStarted', 'bob-id'],
    ['shareStopped', 'bob-id'],
    ['shareStarted', 'ann-id'],
  ]);
  assert.deepEqual(shares(bob), [
    ['shareStarted', 'bob-id'],
    ['shareOverride', 'ann-id'],
    ['shareStopped', 'bob-id'],
    ['shareStarted', 'ann-id'],
  ]);
});

test('a share that a moderator stops is over, whether the sharer’s client obeys or not', async () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  session.sharing.start(bob, false);
  const { transport } = send(bob, 'screen');
  await settled();
  assert.equal(feedsOf(ann)[2]!.video, transport);
  session.sharing.stopAll(ann);
  await settled();
  assert.deepEqual(feedsOf(ann)[2], {});
  assert.equal(bob.publications.size, 0);
  assert.deepEqual(shares(ann).at(-1), ['shareStopped', 'bob-id']);
});

test('lecture mode takes participants out of the talkers, and the share too', async () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  send(ann);
  send(bob);
  session.sharing.start(bob, false);
  send(bob, 'screen');
  await settled();
  session.switchMode(ann, 'lecture');
  await settled();
  assert.deepEqual(lastTalkers(ann), []);
  assert.deepEqual(lastTalkers(bob), [['ann-id', 'audiovideo']]);
  assert.deepEqual(shares(ann).at(-1), ['shareStopped', 'bob-id']);
});

test('pins and the spotlight follow a person into their next session', async () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  session.pin(ann, [bob.clientId], true);
  session.spotlight(ann, [bob.clientId], true);
  const again = person('bob', 'participant', 'bob-again');
  session.admit(again, bob);
  send(again);
  await settled();
  const { activeList } = ann.heard.findLast(({ event }) => event === 'active-talkers-updated')!.payload;
  assert.deepEqual(
    activeList.map(({ clientId, pinned, spotlighted }) => [clientId, pinned, spotlighted]),
    [['bob-again-id', true, true]],
  );
});

test('pinned people are seen before those who talk, and the spotlight is seen by all', async () => {
  const ann = enter('ann', 'moderator');
  const others = ['bob', 'cid', 'dan'].map((name) => enter(name));
  for (const other of others) send(other);
  await settled();
  assert.deepEqual(
    lastTalkers(ann).map(([id]) => id),
    ['bob-id', 'cid-id'],
  );
  session.pin(ann, ['dan-id'], true);
  await settled();
  assert.ok(
    lastTalkers(ann).some(([id]) => id === 'dan-id'),
    'pinned',
  );
  session.pin(ann, ['dan-id'], false);
  session.spotlight(ann, ['dan-id'], true);
  await settled();
  for (const viewer of [ann, others[0]!, others[1]!]) {
    assert.ok(
      lastTalkers(viewer).some(([id]) => id === 'dan-id'),
      `in the spotlight for ${viewer.clientId}`,
    );
  }
});
