/** A room session on a media engine that only writes down what it is told: what depends on media being up. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { MediaRoomListener } from '../../../server/src/media/engine.js';
import type { RoomEvent } from '../../../server/src/rooms/attendance.js';
import type { RoomSession } from '../../../server/src/rooms/room-session.js';
import {
  openTestSession,
  type TestPerson,
  testPerson,
  type TestSession,
} from '../../helpers/room-session.js';

type Payload = Record<string, unknown> & { activeList: Record<string, unknown>[] };

const camera = { state: 'media_engine', audio: true, video: true, data: false } as const;
const unmuted = { audio: false, video: false };

let media: MediaRoomListener;
let sent: TestSession['sent'];
let session: RoomSession;
let revoked: string[];
let closed: string[];
let ended: TestSession['ended'];
let observed: RoomEvent[];

beforeEach(() => openSession());

function openSession(settings: Record<string, unknown> = {}): void {
  ({ session, media, sent, revoked, closed, ended, observed } = openTestSession(
    { max_active_talkers: 2, moderators: 2, ...settings },
    { graceMs: 15_000 },
  ));
}

type Person = TestPerson<Payload>;

const person = (name: string, role: 'moderator' | 'participant', tokenId = name): Person =>
  testPerson({ clientId: `${tokenId}-id`, tokenId, name, role });

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
const feedsOf = (receiver: Person) => sent.get(receiver.subscriberTransport)!.slots;

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

test('hard mutes of a participant end when they become moderator: nobody else may be left to end them', async () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  for (const kind of ['audio', 'video'] as const)
    session.moderation.hardMuteUser(ann, bob.clientId, kind, true);
  session.moderation.switchRoles(ann, bob.clientId);
  assert.deepEqual(bob.hardMuted, { audio: false, video: false });
  await settled();
  assert.equal(bob.isModerator, true);
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
  session.remove(bob, 'left');
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

test('who gets the floor, by an answer or an invitation, has neither asked nor been asked any more', () => {
  openSession({ mode: 'lecture' });
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  const { floor } = session;
  floor.process(bob, undefined, 'requestFloor');
  floor.invite(ann, 'bob-id');
  floor.process(bob, undefined, 'acceptFloor');
  assert.deepEqual(floor.view.raisedHands, []);
  floor.process(bob, undefined, 'finishFloor');

  floor.process(bob, undefined, 'requestFloor');
  floor.invite(ann, 'bob-id');
  floor.process(ann, 'bob-id', 'grantFloor');
  assert.deepEqual(floor.view.floorInvites, []);
  floor.process(bob, undefined, 'finishFloor');
  assert.throws(() => floor.process(bob, undefined, 'acceptFloor'), { error: 'request-not-found' });
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
  session.highlights.pin(ann, ['dan-id'], true);
  await settled();
  assert.ok(
    lastTalkers(ann).some(([id]) => id === 'dan-id'),
    'pinned',
  );
  session.highlights.pin(ann, ['dan-id'], false);
  session.highlights.spotlight(ann, ['dan-id'], true);
  await settled();
  for (const viewer of [ann, others[0]!, others[1]!]) {
    assert.ok(
      lastTalkers(viewer).some(([id]) => id === 'dan-id'),
      `in the spotlight for ${viewer.clientId}`,
    );
  }
});

/** Bob is in, heard of it, and everything he asked for is up. */
async function enterFully() {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  bob.confirmed = true;
  const { transport } = send(bob);
  await session.media.answer(bob, 1, 999, 'v=0');
  media.transportReady(bob.subscriberTransport);
  await settled();
  return { ann, bob, transport };
}
/** A new connection of somebody who is in already. */
function comeBack(who: Person, resume: boolean): Person {
  const next = person('next', 'participant');
  session.comeBack(who, next.link, { resume, wantsData: true });
  return next;
}
const resumed = ({ heard }: Person) =>
  Boolean(heard.find(({ event }) => event === 'room-connected')!.payload.resumed);

test('who resumes goes on publishing and receiving: no connection is closed, nobody is told', async () => {
  const { ann, bob, transport } = await enterFully();
  ann.heard.length = 0;
  session.lost(bob, bob.link);
  assert.deepEqual(feedsOf(ann)[0], { audio: transport, video: transport });
  const next = comeBack(bob, true);
  await settled();
  assert.equal(resumed(next), true);
  assert.deepEqual(closed, []);
  assert.deepEqual(ann.heard, []);
  assert.deepEqual(feedsOf(ann)[0], { audio: transport, video: transport });
});

for (const [what, happens] of [
  ['sent', ({ transport }: { transport: string }) => media.transportClosed(transport)],
  ['received', ({ bob }: { bob: Person }) => media.transportClosed(bob.subscriberTransport)],
  ['carried by a worker', () => media.mediaLost()],
  ['offered anew', ({ bob }: { bob: Person }) => session.media.answer(bob, 1, 999, 'v=0')],
] as const) {
  test(`nothing goes on when what was ${what} is gone: all of it is closed, to be built anew`, async () => {
    const { ann, bob, transport } = await enterFully();
    await happens({ bob, transport });
    session.lost(bob, bob.link);
    ann.heard.length = 0;
    const next = comeBack(bob, true);
    assert.equal(resumed(next), false);
    assert.ok(closed.includes(bob.subscriberTransport) && closed.includes(bob.dataTransport));
    assert.ok(!ann.heard.some(({ event }) => event.startsWith('user-')));
  });
}

test('who starts anew keeps the place among the talkers, until the new stream takes it', async () => {
  const { ann, bob, transport } = await enterFully();
  send(enter('cid'));
  await settled();
  const before = lastTalkers(ann);
  ann.heard.length = 0;
  session.lost(bob, bob.link);
  comeBack(bob, false);
  await settled();
  assert.ok(closed.includes(transport));
  const again = send(bob);
  await settled();
  assert.equal(bob.publications.size, 1);
  assert.deepEqual(ann.heard, [], 'no talker list that differs');
  assert.deepEqual(feedsOf(ann)[0], { audio: again.transport, video: again.transport });
  assert.deepEqual(before[0], ['bob-id', 'audiovideo']);
});

test('a stream that is to replace another and never comes up takes the place with it', async () => {
  const { ann, bob } = await enterFully();
  const next = session.media.publish(bob, { ...camera, muteStream: unmuted });
  await settled();
  assert.deepEqual(lastTalkers(ann), [['bob-id', 'audiovideo']]);
  media.transportClosed(next.transport);
  await settled();
  assert.deepEqual(lastTalkers(ann), []);
});

test('who starts anew and does not publish again has stopped publishing', async (context) => {
  const { ann, bob } = await enterFully();
  session.sharing.start(bob, false);
  send(bob, 'screen');
  context.mock.timers.enable({ apis: ['setTimeout'] });
  session.lost(bob, bob.link);
  comeBack(bob, false);
  assert.deepEqual(shares(ann), [['shareStarted', 'bob-id']]);
  context.mock.timers.tick(10_000);
  await settled();
  assert.equal(bob.publications.size, 0);
  assert.deepEqual(lastTalkers(ann), []);
  assert.deepEqual(shares(ann).at(-1), ['shareStopped', 'bob-id']);
});

test('a share goes on through a new start of its sharer: others hear nothing, newcomers hear of it', async () => {
  const { ann, bob } = await enterFully();
  session.sharing.start(bob, false);
  send(bob, 'screen');
  session.lost(bob, bob.link);
  const next = comeBack(bob, false);
  // A client that heard of a share now would not begin one (protocol §5.5).
  assert.deepEqual(shares(next), []);
  const { payload } = next.heard.find(({ event }) => event === 'room-connected')!;
  assert.equal((payload.room as { shareOn: boolean }).shareOn, false);
  session.sharing.start(bob, true);
  const again = session.media.publish(bob, { ...camera, screen: true, muteStream: unmuted });
  const late = enter('late');
  assert.deepEqual(shares(late), [['shareStarted', 'bob-id']]);
  media.transportReady(again.transport);
  await settled();
  assert.deepEqual(shares(next), [['shareStarted', 'bob-id']]);
  assert.deepEqual(shares(ann), [['shareStarted', 'bob-id']]);
  assert.equal(feedsOf(ann)[2]!.video, again.transport);
  session.media.unpublish(bob, again.streamId);
  assert.deepEqual(shares(ann).at(-1), ['shareStopped', 'bob-id']);
});

test('a connection that was replaced speaks for nobody', () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  const old = bob.link;
  comeBack(bob, false);
  session.lost(bob, old);
  assert.equal(bob.away, false);
  session.leave(bob, old);
  assert.ok(session.participants.has('bob-id'));
  assert.ok(!session.isCurrent(bob, old) && session.isCurrent(bob, bob.link));
  assert.deepEqual(revoked, []);
  session.leave(bob, bob.link);
  assert.deepEqual(revoked, ['bob']);
  assert.ok(ann.heard.some(({ event }) => event === 'user-disconnected'));
});

test('time runs out once, for those who are not back', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  const gone = () => ann.heard.filter(({ event }) => event === 'user-disconnected').length;
  session.lost(bob, bob.link);
  context.mock.timers.tick(14_999);
  assert.deepEqual([gone(), bob.away], [0, true]);
  comeBack(bob, false);
  context.mock.timers.tick(60_000);
  assert.deepEqual([gone(), bob.away], [0, false]);
  session.lost(bob, bob.link);
  context.mock.timers.tick(15_000);
  assert.equal(gone(), 1);
  session.lost(ann, ann.link);
  context.mock.timers.tick(15_000);
  assert.equal(ended(), 1);
});

test('the canvas has its slot after the screen, without sound, and everybody hears of it', async () => {
  openSession({ canvas: true });
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  session.sharing.start(bob, false);
  const screen = send(bob, 'screen');
  session.canvas.start(bob, false);
  const canvas = session.media.publish(bob, {
    ...camera,
    canvas: true,
    canvasType: 'Annotation',
    muteStream: unmuted,
  });
  media.transportReady(canvas.transport);
  await settled();
  assert.equal(feedsOf(ann)[2]!.video, screen.transport);
  assert.deepEqual(feedsOf(ann)[3], { video: canvas.transport });
  assert.deepEqual(feedsOf(bob)[3], {});
  const late = enter('late');
  const heardOf = ({ heard }: Person) =>
    heard.filter(({ event }) => event.startsWith('canvas')).map(({ event, payload }) => [event, payload]);
  const notice = { clientId: 'bob-id', name: 'bob', streamId: 102 };
  for (const person of [ann, bob, late])
    assert.deepEqual(heardOf(person), [['canvasStarted', { ...notice, canvasType: 'Annotation' }]]);
  session.media.unpublish(bob, canvas.streamId);
  assert.deepEqual(heardOf(ann).at(-1), ['canvasStopped', notice]);
  assert.deepEqual(shares(ann), [['shareStarted', 'bob-id']]);
});

test('who pauses gets nothing of that kind, until they resume or start anew', async () => {
  const { ann, bob, transport } = await enterFully();
  session.pause(ann, { audio: true, video: false }, true);
  await settled();
  assert.deepEqual(feedsOf(ann)[0], { video: transport });
  assert.deepEqual(lastTalkers(ann), [['bob-id', 'video']]);
  session.pause(ann, { audio: false, video: true }, true);
  await settled();
  assert.deepEqual(feedsOf(ann)[0], {});
  session.pause(ann, { audio: true, video: true }, false);
  await settled();
  assert.deepEqual(feedsOf(ann)[0], { audio: transport, video: transport });
  session.pause(bob, { audio: true, video: true }, true);
  comeBack(bob, false);
  assert.deepEqual(bob.paused, { audio: false, video: false });
});

test('who waits for a moderator takes no part, and does from then on', () => {
  openSession({ wait_for_moderator: true });
  const gaveUp = enter('cid');
  session.leave(gaveUp, gaveUp.link);
  assert.equal(observed.length, 0);
  openSession({ wait_for_moderator: true });
  enter('bob');
  enter('ann', 'moderator');
  enter('dan');
  const joined = observed.flatMap((event) => (event.kind === 'joined' ? [event.user.name] : []));
  assert.deepEqual([observed[0]!.kind, joined], ['started', ['ann', 'bob', 'dan']]);
});

test('account is kept of who came and went, how, and for how long', () => {
  const ann = enter('ann', 'moderator');
  const bob = enter('bob');
  session.lost(bob, bob.link);
  comeBack(bob, false);
  session.remove(bob, 'removed');
  session.leave(ann, ann.link);
  assert.deepEqual(
    observed.map((event) => [
      event.kind,
      'user' in event ? event.user.name : undefined,
      'reason' in event ? event.reason : undefined,
    ]),
    [
      ['started', undefined, undefined],
      ['joined', 'ann', undefined],
      ['joined', 'bob', undefined],
      ['left', 'bob', 'removed'],
      ['left', 'ann', 'left'],
      ['ended', undefined, 'left'],
    ],
  );
});
