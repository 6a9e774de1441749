/**
 * People whose connection breaks, as bare sockets see it: who is told, what is kept for them, and how they come back.
 * Media is the matter of other tests. Numbers in comments are sections of the protocol description.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../helpers/patience.js';
import {
  CAMERA,
  floorEvent,
  MEANINGFUL,
  roomEvent,
  SCREEN,
  signallingRooms,
  skip,
  START_SHARE,
} from '../helpers/signalling-room.js';
import { SignallingSocket, type Wire } from '../helpers/signalling-socket.js';

/** Long enough for any test, so that nobody is given up in the middle of one. */
const LONG_S = 60;

describe('coming back', () => {
  const rooms = signallingRooms({ graceSeconds: LONG_S });
  const { again, counted, enter, enterWithToken, usersIn } = rooms;

  for (const [when, lose] of [
    ['before the loss was noticed', async () => {}],
    ['after the connection broke', (old: SignallingSocket) => rooms.lose(old)],
  ] as const) {
    it(`${when}: the same client id, the same rights, and nobody else is told`, async () => {
      const room = await rooms.server.createRoom();
      const ann = await enter(room, 'Ann', 'moderator');
      const { socket: old, token } = await enterWithToken(room, 'Bob');
      const { id } = await old.ok('publish', CAMERA);
      await skip(ann);
      await lose(old);
      assert.deepEqual(Object.keys(await usersIn(room)), ['Ann', 'Bob']);
      const { socket: bob, ack } = await again(token, old);
      assert.deepEqual([ack[0], ack[1].result, ack[1].clientId], ['success', 0, old.clientId]);
      const connected = await bob.next('room-connected');
      assert.equal(connected.clientId, old.clientId);
      assert.equal(connected.resumed, undefined);
      assert.deepEqual(Object.keys(connected.userList).sort(), [ann.clientId, bob.clientId].sort());
      // 14.7: soon after a join, even empty.
      await bob.next('active-talkers-updated');
      await ann.silence();
      const next = (await bob.ok('publish', CAMERA)).id;
      assert.notEqual(next, id);
      assert.deepEqual(await counted(), { rooms: 1, participants: 2, publications: 1 });
      await ann.silence();
    });
  }

  it('the connection that was replaced hears so and can do nothing any more', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await enterWithToken(room, 'Bob');
    await skip(ann);
    const { socket: bob } = await again(token, old);
    await bob.next('room-connected');
    assert.deepEqual((await old.next('room-disconnected')).cause, {
      cause: 2016,
      msg: 'replaced-by-newer-session',
    });
    for (const [name, ...args] of MEANINGFUL(ann.clientId)) {
      if (!['drop', 'unpublish', 'unsubscribe'].includes(name)) await old.refused(4161, name, ...args);
    }
    // 9.1: its client says goodbye, which is not the person's.
    await old.ok('drop', { self: true });
    old.vanish();
    await old.closed;
    await ann.silence();
    await bob.ok('getNumberOfTalker');
    assert.deepEqual(Object.keys(await usersIn(room)), ['Ann', 'Bob']);
  });

  it('works again and again', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket, token } = await enterWithToken(room, 'Bob');
    await skip(ann);
    let bob = socket;
    for (let times = 0; times < 4; times++) {
      if (times % 2) bob.vanish();
      const { socket: next, ack } = await again(token, bob);
      assert.deepEqual([ack[0], ack[1].clientId], ['success', socket.clientId]);
      await next.next('room-connected');
      bob = next;
    }
    await bob.ok('getMaxNumberOfTalker');
    await ann.silence();
  });

  it('works alone in a room, full, locked or with a knock', async () => {
    const room = await rooms.server.createRoom({ participants: 1, knock: true, adhoc: true });
    const { socket: old, token } = await enterWithToken(room, 'Ann', 'moderator');
    await old.ok('lockRoom', true);
    await rooms.lose(old);
    const { socket: ann } = await again(token, old);
    const { room: state } = await ann.next('room-connected');
    // The session is the same one.
    assert.equal(state.locked, true);
    await ann.ok('lockRoom', false);
    await ann.ok('enableKnock', false);
    const { socket: first, token: bobs } = await enterWithToken(room, 'Bob');
    await ann.ok('enableKnock', true);
    await ann.ok('lockRoom', true);
    await rooms.lose(first);
    const { socket: bob } = await again(bobs, first);
    await bob.next('room-connected');
    await bob.none('room-awaited');
  });

  it('a place that is kept for somebody is not given to others', async () => {
    const room = await rooms.server.createRoom({ participants: 1 });
    const { socket: bob } = await enterWithToken(room, 'Bob');
    await rooms.lose(bob);
    const late = await rooms.connect();
    const [, answer] = await late.token(await rooms.server.createToken(room, { name: 'Late' }));
    assert.equal(answer.result, 4158);
  });

  it('what others decided about the person stays in force', async () => {
    const room = await rooms.server.createRoom({ mode: 'lecture', moderators: 2 });
    const { socket: oldAnn, token: anns } = await enterWithToken(room, 'Ann', 'moderator');
    const { socket: oldBob, token: bobs } = await enterWithToken(room, 'Bob');
    const { socket: oldCid, token: cids } = await enterWithToken(room, 'Cid');
    const amy = await enter(room, 'Amy', 'moderator');
    await oldAnn.ok('hardmute-user-audio', { clientId: oldBob.clientId });
    await oldAnn.ok('hardmute-user-video', { clientId: oldBob.clientId });
    await oldBob.ok('processFloorRequest', oldBob.clientId, 'requestFloor');
    await oldAnn.ok('processFloorRequest', oldBob.clientId, 'grantFloor');
    await oldCid.ok('processFloorRequest', oldCid.clientId, 'requestFloor');
    await oldAnn.ok('switchUserRole', [{ clientId: oldAnn.clientId, role: 'viewer' }]);

    oldBob.vanish();
    const { socket: bob } = await again(bobs, oldBob);
    const connected = await bob.next('room-connected');
    assert.deepEqual(connected.hardMuted, { audio: true, video: true });
    assert.equal(connected.floor, 'granted');
    for (const kind of ['audio', 'video']) {
      // Its client starts anew and must be told.
      assert.equal((await bob.nextHeard(`hardmute-user-${kind}`)).wantsAck, true);
      await bob.refused(1201, `user-${kind}-unmuted`);
    }
    await bob.none('room-muted');
    await bob.ok('publish', CAMERA);
    const { socket: cid } = await again(cids, oldCid);
    assert.equal((await cid.next('room-connected')).floor, 'requested');
    await amy.ok('processFloorRequest', cid.clientId, 'grantFloor');
    await floorEvent(cid, 'floorGranted');

    const { socket: ann } = await again(anns, oldAnn);
    assert.equal((await ann.next('room-connected')).user.role, 'viewer');
    await ann.refused(4101, 'lockRoom', true);
    await ann.refused(4101, 'publish', CAMERA);
  });

  it('own mutes, pins, the spotlight and the turn to share are as before', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await enterWithToken(room, 'Bob');
    await old.ok('publish', { ...CAMERA, muteStream: { audio: true, video: false } });
    await old.ok('user-video-muted');
    await old.ok('auxilaryPublishRequests', START_SHARE);
    const pins = [{ id: 'update-pin-users', request: 'add', clientIds: [ann.clientId] }];
    await old.ok('setAdvancedOptions', pins);
    await ann.ok('setAdvancedOptions', [
      { id: 'spotlight-users', request: 'add', clientIds: [old.clientId] },
    ]);
    await skip(ann);
    old.vanish();
    const { socket: bob } = await again(token, old);
    const { user } = await bob.next('room-connected');
    assert.deepEqual([user.audioMuted, user.videoMuted], [true, true]);
    await ann.refused(1151, 'auxilaryPublishRequests', START_SHARE);
    await bob.ok('publish', SCREEN);
    await bob.ok('setAdvancedOptions', [{ ...pins[0], clientIds: [] }]);
    assert.deepEqual((await roomEvent(bob, 'update-pin-users')).clientIds, [ann.clientId]);
    await ann.ok('setAdvancedOptions', [{ id: 'spotlight-users', request: 'add', clientIds: [] }]);
    assert.deepEqual((await roomEvent(ann, 'spotlight-users')).clientIds, [old.clientId]);
    await ann.silence();
  });

  it('who was let out of the room mute stays out of it', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await enterWithToken(room, 'Bob');
    await ann.ok('room-muted', {});
    await ann.ok('hardunmute-user-audio', { clientId: old.clientId });
    const { socket: bob } = await again(token, old);
    assert.deepEqual((await bob.next('room-connected')).hardMuted, { audio: false, video: false });
    await bob.ok('user-audio-unmuted');
  });

  it('what happened in the meantime is in room-connected', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await enterWithToken(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await rooms.lose(old);
    await cid.ok('drop', { self: true });
    const dan = await enter(room, 'Dan');
    await dan.ok('user-video-muted');
    await ann.ok('room-muted', {});
    await ann.ok('lockRoom', true);
    await ann.ok('switchUserRole', [{ clientId: old.clientId, role: 'moderator' }]);
    // With the role, hard mutes of before would have ended.
    await ann.ok('hardmute-user-video', { clientId: old.clientId });
    await ann.ok('switchRoomMode', 'lecture');
    const { socket: bob } = await again(token, old);
    const connected = await bob.next('room-connected');
    assert.deepEqual(
      Object.keys(connected.userList).sort(),
      [ann.clientId, bob.clientId, dan.clientId].sort(),
    );
    assert.deepEqual(connected.videoMutedUsers, { [bob.clientId]: true, [dan.clientId]: true });
    assert.equal(connected.user.role, 'moderator');
    const { mute, locked, settings } = connected.room;
    assert.deepEqual([mute, locked, settings.mode], [true, true, 'lecture']);
    // A moderator is not under the room's mute.
    assert.deepEqual(connected.hardMuted, { audio: false, video: true });
  });

  it('a stranger takes nobody’s place, neither with a token of their own nor with a used one', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: bob, token: bobs } = await enterWithToken(room, 'Bob');
    await skip(ann);
    const fresh = await rooms.server.createToken(room, { name: 'Mallory' });
    const { socket: mallory, ack } = await again(fresh, ann);
    assert.equal(ack[0], 'success');
    assert.notEqual(ack[1].clientId, ann.clientId);
    assert.equal((await mallory.next('room-connected')).user.role, 'participant');
    await mallory.refused(4101, 'lockRoom', true);
    // Nor does it open a locked door.
    await ann.ok('lockRoom', true);
    const another = await rooms.server.createToken(room, { name: 'Eve' });
    assert.equal((await again(another, ann)).ack[1].result, 4122);
    const { ack: used } = await again(bobs, ann);
    assert.deepEqual([used[0], used[1].result], ['error', 4156]);
    await ann.none('room-disconnected');
    await bob.none('room-disconnected');
    assert.deepEqual(Object.keys(await usersIn(room)), ['Ann', 'Bob', 'Mallory']);
  });

  it('a token of one room takes no place in another', async () => {
    const [room, other] = await Promise.all([rooms.server.createRoom(), rooms.server.createRoom()]);
    const ann = await enter(room, 'Ann', 'moderator');
    const token = await rooms.server.createToken(other, { name: 'Mallory', role: 'moderator' });
    const { socket: mallory } = await again(token, ann);
    assert.equal((await mallory.next('room-connected')).id, other);
    await ann.silence();
  });

  it('who was removed or whose room was dismissed meanwhile does not come back', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: bob, token: bobs } = await enterWithToken(room, 'Bob');
    const { socket: cid, token: cids } = await enterWithToken(room, 'Cid');
    await rooms.lose(bob, cid);
    await skip(ann);
    await ann.ok('drop', { all: false, clientIds: [bob.clientId] });
    assert.equal((await ann.next('user-disconnected')).clientId, bob.clientId);
    assert.equal((await again(bobs, bob)).ack[1].result, 4156);
    await ann.ok('drop', { all: true, clients: null, deleteRoom: false });
    assert.equal((await again(cids, cid)).ack[1].result, 4156);
  });

  it('a guest who waits goes on waiting, and may be let in while their connection is broken', async () => {
    const room = await rooms.server.createRoom({ knock: true });
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await rooms.knockWithToken(room, 'Guest');
    await skip(ann);
    old.vanish();
    await old.closed;
    await ann.silence();
    const { socket: guest } = await again(token, old);
    await guest.next('room-awaited');
    await ann.silence();
    guest.vanish();
    await guest.closed;
    await ann.ok('user-allowed', guest.clientId);
    const { socket: back } = await again(token, guest, { resume: true });
    const connected = await back.next('room-connected');
    // It never was connected before, so there is nothing that could go on.
    assert.equal(connected.resumed, undefined);
    assert.equal((await ann.next('user-connected')).clientId, back.clientId);
    await ann.silence();
  });

  it('a new token brings somebody back who proves to have held the old one', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token: first } = await enterWithToken(room, 'Bob');
    await skip(ann);
    old.vanish();
    const second = await rooms.server.createToken(room, { name: 'Bob' });
    const { socket: bob, ack } = await again(second, old, { previousToken: proofOf(first) });
    assert.equal(ack[1].clientId, old.clientId);
    await bob.next('room-connected');
    await bob.ok('getNumberOfTalker');
    await ann.silence();
    // From now on it is the new one that counts.
    assert.equal((await again(first, bob)).ack[1].result, 4156);
    assert.equal((await again(second, bob)).ack[1].clientId, old.clientId);
  });

  it('somebody else’s new token proves nothing, and neither does a false proof', async () => {
    const room = await rooms.server.createRoom({ moderators: 2 });
    const { socket: ann, token: anns } = await enterWithToken(room, 'Ann', 'moderator');
    const elsewhere = await rooms.server.createRoom();
    const { token: others } = await enterWithToken(elsewhere, 'Ann');
    for (const [name, proof] of [
      ['Mallory', proofOf(anns)],
      ['Ann', { ...proofOf(anns), signature: 'guessed' }],
      ['Ann', { ...proofOf(anns), tokenId: proofOf(others).tokenId }],
      ['Ann', proofOf(others)],
      ['Ann', { tokenId: 'x', signature: 'y' }],
      ['Ann', 'nonsense'],
    ] as const) {
      const token = await rooms.server.createToken(room, { name });
      const { ack, socket } = await again(token, ann, { previousToken: proof });
      assert.equal(ack[0], 'success');
      assert.notEqual(ack[1].clientId, ann.clientId);
      await socket.ok('drop', { self: true });
    }
    await ann.none('room-disconnected');
  });
});

describe('resuming', () => {
  const rooms = signallingRooms({ graceSeconds: LONG_S });
  const { again, enter, enterWithToken } = rooms;

  /** Ann, and Bob who is in and whose client has said something. */
  const pair = async (extra = {}) => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await enterWithToken(room, 'Bob', 'participant', extra);
    await skip(ann);
    return { room, ann, old, token };
  };

  it('is announced', async () => {
    const room = await rooms.server.createRoom();
    const bob = await rooms.knock(room, 'Bob');
    assert.ok((await bob.next('room-connected')).capabilities.includes('resume'));
  });

  it('goes on where the connection broke, when nothing of the media is lost', async () => {
    const { ann, old, token } = await pair();
    await rooms.lose(old);
    const { socket: bob } = await again(token, old, { resume: true });
    const connected = await bob.next('room-connected');
    assert.deepEqual([connected.resumed, connected.clientId], [true, old.clientId]);
    await bob.next('active-talkers-updated');
    await bob.silence();
    await ann.silence();
  });

  it('is a rejoin for media that was never there, or is gone', async () => {
    const { ann, old, token } = await pair();
    const { id } = await old.ok('publish', CAMERA);
    old.vanish();
    const { socket: bob } = await again(token, old, { resume: true });
    assert.equal((await bob.next('room-connected')).resumed, undefined);
    // What was published stays for a while, so that nobody sees it go and come.
    assert.equal((await rooms.counted()).publications, 1);
    await bob.ok('unpublish', id);
    await ann.none('user-disconnected');
  });

  it('chat that was said meanwhile is delivered once, in order, to whom it was meant', async () => {
    const { room, ann, old, token } = await pair({ dataChannel: false });
    const cid = await enter(room, 'Cid');
    const say = (msg: string, ...clients: string[]) =>
      ann.ok('sendDataStreamToRoom', { msg, broadcast: clients.length === 0, clients, type: 'chat' });
    await say('before');
    const before = await old.next('onDataStreamToRoom');
    await rooms.lose(old);
    await say('one');
    await say('for Cid only', cid.clientId);
    await say('two', old.clientId);
    await say('three');
    const received = { socket: before.timestamp };
    const { socket: bob } = await again(token, old, { resume: true, received });
    await bob.next('room-connected');
    await bob.settled();
    const heard = (socket: SignallingSocket) =>
      socket.heard.filter(({ name }) => name === 'onDataStreamToRoom').map(({ args }) => args[0] as Wire);
    assert.deepEqual(
      heard(bob).map(({ message, sender, senderId, broadcast }) => [message, sender, senderId, broadcast]),
      [
        ['one', 'Ann', ann.clientId, true],
        ['two', 'Ann', ann.clientId, false],
        ['three', 'Ann', ann.clientId, true],
      ],
    );
    const timestamps = heard(bob).map(({ timestamp }) => timestamp as number);
    assert.deepEqual(
      timestamps,
      [...new Set(timestamps)].sort((a, b) => a - b),
    );
    await say('four');
    assert.equal((await bob.next('onDataStreamToRoom', ({ message }) => message === 'four')).broadcast, true);

    // Once more, at once: all of it has arrived.
    const { socket: next } = await again(token, bob, {
      resume: true,
      received: { socket: heard(bob).at(-1)!.timestamp },
    });
    await next.next('room-connected');
    await next.none('onDataStreamToRoom');
    await old.none('onDataStreamToRoom');
  });

  it('a message that went into a dead connection before anybody knew is sent again', async () => {
    const { ann, old, token } = await pair({ dataChannel: false });
    await ann.ok('sendDataStreamToRoom', { msg: 'lost?', broadcast: true, type: 'chat' });
    // It did arrive, but the client may say that it did not.
    await old.next('onDataStreamToRoom');
    const { socket: bob } = await again(token, old, { resume: true, received: { socket: 0 } });
    assert.equal((await bob.next('onDataStreamToRoom')).message, 'lost?');
    // A client that does not say what it has gets nothing twice.
    const { socket: plain } = await again(token, bob);
    await plain.next('room-connected');
    await plain.none('onDataStreamToRoom');
  });

  it('a plain client gets what was said while it was away', async () => {
    const { ann, old, token } = await pair({ dataChannel: false });
    const say = (msg: string) =>
      ann.ok('sendDataStreamToRoom', { msg, broadcast: true, clients: [], type: 'chat' });
    await say('heard');
    await old.next('onDataStreamToRoom');
    await old.settled();
    await rooms.lose(old);
    await say('meanwhile');
    const { socket: bob } = await again(token, old);
    await bob.next('room-connected');
    assert.equal((await bob.next('onDataStreamToRoom')).message, 'meanwhile');
    await bob.none('onDataStreamToRoom');
  });
});

describe('not coming back', () => {
  const rooms = signallingRooms({ graceSeconds: 1 });
  const { again, enter, enterWithToken } = rooms;

  it('others are told when the time is up, and everything of the person is over', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: bob, token } = await enterWithToken(room, 'Bob');
    await bob.ok('publish', CAMERA);
    await bob.ok('auxilaryPublishRequests', START_SHARE);
    await skip(ann);
    bob.vanish();
    const { clientId, reason } = await ann.next('user-disconnected');
    assert.deepEqual([clientId, reason], [bob.clientId, 1]);
    assert.equal((await rooms.counted()).publications, 0);
    await ann.ok('auxilaryPublishRequests', START_SHARE);
    // The token opens the door once more, as anybody's would: locked, it stays shut.
    await ann.ok('lockRoom', true);
    assert.equal((await again(token, bob)).ack[1].result, 4122);
    await ann.ok('lockRoom', false);
    const { socket: next, ack } = await again(token, bob, { resume: true });
    assert.notEqual(ack[1].clientId, bob.clientId);
    assert.equal((await next.next('room-connected')).resumed, undefined);
    assert.equal((await ann.next('user-connected')).clientId, next.clientId);
    // As soon as the new session speaks, it is certain that its client has it.
    await next.ok('getMaxNumberOfTalker');
    assert.equal((await again(token, bob)).ack[0], 'error');
  });

  it('what was said before is not said twice by who comes back too late, on either token', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const [first, other] = [
      await enterWithToken(room, 'Bob'),
      await rooms.server.createToken(room, { name: 'Bob' }),
    ];
    const say = (socket: SignallingSocket, id: string) =>
      socket.ok('sendDataStreamToRoom', { msg: id, broadcast: true, type: 'chat', id });
    let { socket: bob } = first;
    await say(bob, 'one');
    for (const token of [first.token, other]) {
      bob.vanish();
      await ann.next('user-disconnected');
      const { socket } = await again(token, bob, { previousToken: proofOf(first.token) });
      await socket.next('room-connected');
      bob = socket;
      await say(bob, 'one');
      await say(bob, `as ${bob.clientId}`);
    }
    await ann.settled();
    const heard = ann.heard.filter(({ name }) => name === 'onDataStreamToRoom');
    assert.equal(heard.length, 3);
    assert.equal(heard.filter(({ args: [{ message, id }] }) => message === 'one' && id === 'one').length, 1);
  });

  it('a room is there as long as anybody is waited for, an ad hoc room too', async () => {
    const room = await rooms.server.createRoom({ adhoc: true });
    const { socket: ann } = await enterWithToken(room, 'Ann', 'moderator');
    const { socket: bob } = await enterWithToken(room, 'Bob');
    await rooms.lose(ann, bob);
    assert.equal((await rooms.counted()).rooms, 1);
    await until('the end of the session', async () => (await rooms.counted()).rooms === 0);
    await until(
      'the room to be gone',
      () => rooms.server.get<Wire>(`/rooms/${room}`),
      ({ result }) => result !== 0,
    );
  });

  it('a guest who does not come back is taken off the list', async () => {
    const room = await rooms.server.createRoom({ knock: true });
    const ann = await enter(room, 'Ann', 'moderator');
    const guest = await rooms.knock(room, 'Guest');
    guest.vanish();
    assert.equal((await roomEvent(ann, 'user-awaited-left')).clientId, guest.clientId);
  });
});

describe('a server that waits for nobody', () => {
  const rooms = signallingRooms({ graceSeconds: 0 });
  const { again, enter, enterWithToken } = rooms;

  it('tells others at once, and does not announce that one may resume', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await rooms.knock(room, 'Bob');
    assert.ok(!(await bob.next('room-connected')).capabilities.includes('resume'));
    bob.vanish();
    assert.equal((await ann.next('user-disconnected')).clientId, bob.clientId);
  });

  it('after the old session has ended the token still opens the door, once more', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await enterWithToken(room, 'Bob');
    old.vanish();
    await ann.next('user-disconnected');
    const { socket: bob, ack } = await again(token, old);
    assert.equal(ack[0], 'success');
    assert.equal((await bob.next('room-connected')).user.name, 'Bob');
    await bob.ok('getMaxNumberOfTalker');
    assert.equal((await again(token, old)).ack[0], 'error');
  });
});

/** What only somebody has who held the token. */
function proofOf(token: string): { tokenId: string; signature: string } {
  const { tokenId, signature } = JSON.parse(Buffer.from(token, 'base64').toString('latin1')) as Wire;
  return { tokenId, signature };
}
