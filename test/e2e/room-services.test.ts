/**
 * What rooms offer besides meeting, as bare sockets see it: permissions to share, requests of roles, canvas, data of the
 * application, pauses, and chat for those who come later. Numbers in comments are sections of the protocol description.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAMERA, roomEvent, SCREEN, signallingRooms, skip, START_SHARE } from '../helpers/signalling-room.js';
import type { SignallingSocket, Wire } from '../helpers/signalling-socket.js';

const rooms = signallingRooms({ graceSeconds: 60 });
const { again, counted, enter, knock, usersIn } = rooms;

const three = async (settings: Record<string, unknown> = {}) => {
  const room = await rooms.server.createRoom({ moderators: 2, ...settings });
  const ann = await enter(room, 'Ann', 'moderator');
  const amy = await enter(room, 'Amy', 'moderator');
  const bob = await enter(room, 'Bob');
  const cid = await enter(room, 'Cid');
  await skip(ann, amy, bob, cid);
  return { room, ann, amy, bob, cid };
};

describe('permission to share', () => {
  const permission = (req: string, more: object = {}) => ({ req, pubType: 'screen', ...more });
  const told = async (socket: SignallingSocket, what: string): Promise<Wire> =>
    (await socket.next('auxilaryPublishEvents', ({ evnt }) => evnt === `share-permission-${what}`)).params;
  const moderated = async () => {
    const people = await three();
    const { ann, amy, bob, cid } = people;
    await ann.ok('auxilaryPublishRequests', permission('set-permission-mode', { mode: 'moderated' }));
    for (const person of [ann, amy, bob, cid]) {
      const params = await told(person, 'mode-changed');
      assert.deepEqual(params, { pubType: 'screen', mode: 'moderated', clientId: ann.clientId });
    }
    return people;
  };

  it('is needed by participants once a moderator says so', async () => {
    const { ann, bob } = await moderated();
    await bob.refused(4108, 'auxilaryPublishRequests', START_SHARE);
    await bob.refused(4108, 'publish', SCREEN);
    await ann.ok('auxilaryPublishRequests', START_SHARE);
    await ann.ok('auxilaryPublishRequests', permission('stop'));
    await ann.refused(
      1177,
      'auxilaryPublishRequests',
      permission('set-permission-mode', { mode: 'moderated' }),
    );
    await ann.ok('auxilaryPublishRequests', permission('set-permission-mode', { mode: 'open' }));
    await bob.refused(1177, 'auxilaryPublishRequests', permission('req-permission'));
    await bob.ok('auxilaryPublishRequests', START_SHARE);
  });

  it('is asked for, granted, and in force until it is released', async () => {
    const { room, ann, amy, bob, cid } = await moderated();
    await bob.ok('auxilaryPublishRequests', permission('req-permission'));
    for (const moderator of [ann, amy]) {
      const { pubType, clientId, name } = await told(moderator, 'requested');
      assert.deepEqual([pubType, clientId, name], ['screen', bob.clientId, 'Bob']);
    }
    await bob.refused(1702, 'auxilaryPublishRequests', permission('req-permission'));
    const late = await knock(room, 'Late');
    const { sharePermissions } = (await late.next('room-connected')).room;
    assert.deepEqual(sharePermissions.screen, {
      mode: 'moderated',
      approved: [],
      pending: [bob.clientId],
      state: 'off',
    });
    assert.equal(sharePermissions.canvas.mode, 'open');
    await skip(ann, amy, bob, cid);
    await ann.ok('auxilaryPublishRequests', permission('grant-permission', { clientId: bob.clientId }));
    for (const person of [bob, amy]) assert.equal((await told(person, 'granted')).clientId, bob.clientId);
    await bob.ok('auxilaryPublishRequests', START_SHARE);
    await bob.ok('publish', SCREEN);
    assert.equal((await counted()).publications, 1);

    await amy.ok('auxilaryPublishRequests', permission('release-permission', { clientId: bob.clientId }));
    for (const person of [bob, ann]) await told(person, 'released');
    await bob.next('stopSharing');
    assert.equal((await counted()).publications, 0);
    await bob.refused(4108, 'auxilaryPublishRequests', START_SHARE);
    for (const person of [ann, amy, bob, cid]) await person.silence();
  });

  it('can be denied, and a request withdrawn', async () => {
    const { ann, amy, bob } = await moderated();
    await bob.ok('auxilaryPublishRequests', permission('req-permission'));
    await ann.ok('auxilaryPublishRequests', permission('deny-permission', { clientId: bob.clientId }));
    for (const person of [bob, amy]) await told(person, 'denied');
    await bob.ok('auxilaryPublishRequests', permission('req-permission'));
    await bob.ok('auxilaryPublishRequests', permission('cancel-permission'));
    for (const moderator of [ann, amy]) await told(moderator, 'cancelled');
    await ann.refused(
      1707,
      'auxilaryPublishRequests',
      permission('grant-permission', { clientId: bob.clientId }),
    );
    await ann.refused(
      1159,
      'auxilaryPublishRequests',
      permission('grant-permission', { clientId: 'nobody' }),
    );
    await bob.refused(4108, 'auxilaryPublishRequests', START_SHARE);
  });

  it('is not given by those who have none to give', async () => {
    const { ann, bob, cid } = await moderated();
    await cid.ok('auxilaryPublishRequests', permission('req-permission'));
    await skip(ann, cid);
    for (const req of ['grant-permission', 'deny-permission', 'release-permission'])
      await bob.refused(4101, 'auxilaryPublishRequests', permission(req, { clientId: cid.clientId }));
    await bob.refused(4101, 'auxilaryPublishRequests', permission('set-permission-mode', { mode: 'open' }));
    await bob.refused(1707, 'auxilaryPublishRequests', permission('release-permission'));
    await bob.refused(1707, 'auxilaryPublishRequests', permission('cancel-permission'));
    for (const person of [ann, bob, cid]) await person.silence();
    await cid.refused(4108, 'auxilaryPublishRequests', START_SHARE);
  });

  it('goes with the person, and not into the room where sharing is off', async () => {
    const { room, ann, bob } = await moderated();
    await bob.ok('auxilaryPublishRequests', permission('req-permission'));
    await bob.ok('drop', { self: true });
    const late = await knock(room, 'Late');
    assert.deepEqual((await late.next('room-connected')).room.sharePermissions.screen.pending, []);
    await ann.refused(
      1159,
      'auxilaryPublishRequests',
      permission('grant-permission', { clientId: bob.clientId }),
    );
    const dan = await enter(await rooms.server.createRoom({ screen_share: false }), 'Dan');
    await dan.refused(1170, 'auxilaryPublishRequests', permission('req-permission'));
  });
});

describe('asking for a role', () => {
  const event = (socket: SignallingSocket, id: string): Promise<Wire> =>
    socket.next('userRoleManagementEvents', (payload) => payload.id === id);
  const ask = (socket: SignallingSocket) =>
    socket.ok('changeUserRoleOption', { role: 'moderator' }, 'requestInitiate');

  it('moderators are told, and one of them may give it', async () => {
    const { room, ann, amy, bob, cid } = await three({ moderators: 3 });
    await ask(bob);
    for (const moderator of [ann, amy]) {
      const { clientId, name, role } = await event(moderator, 'requestInitiated');
      assert.deepEqual([clientId, name, role], [bob.clientId, 'Bob', 'moderator']);
    }
    await bob.refused(1702, 'changeUserRoleOption', { role: 'viewer' }, 'requestInitiate');
    const wire = { clientId: bob.clientId, name: 'Bob', role: 'moderator' };
    await amy.ok('drop', { self: true });
    const late = await knock(room, 'Late', 'moderator');
    assert.deepEqual((await late.next('room-connected')).userRoleChangeRequests, [wire]);
    await skip(ann, bob, cid);
    await ann.ok('changeUserRoleOption', { clientId: bob.clientId }, 'requestAccepted');
    for (const person of [bob, late])
      assert.equal((await event(person, 'requestAccepted')).role, 'moderator');
    for (const person of [ann, bob, cid]) {
      const { clientsInfo } = await person.next('userRoleChanged');
      assert.deepEqual(clientsInfo[0].role, { old: 'participant', new: 'moderator' });
      await person.silence();
    }
    assert.equal((await usersIn(room)).Bob.role, 'moderator');
    await ann.refused(1707, 'changeUserRoleOption', { clientId: bob.clientId }, 'requestAccepted');
  });

  it('it can be denied or taken back', async () => {
    const { room, ann, amy, bob, cid } = await three();
    await ask(bob);
    await ann.ok('changeUserRoleOption', { clientId: bob.clientId }, 'requestDenied');
    for (const person of [bob, amy]) await event(person, 'requestDenied');
    await ask(bob);
    await bob.ok('changeUserRoleOption', { role: 'moderator' }, 'requestCancel');
    for (const moderator of [ann, amy]) await event(moderator, 'requestCancelled');
    await bob.refused(1707, 'changeUserRoleOption', { role: 'moderator' }, 'requestCancel');
    await cid.silence();
    assert.equal((await usersIn(room)).Bob.role, 'participant');
  });

  it('nobody gives it to themselves, and a room gets no more moderators than it may have', async () => {
    const { room, ann, bob, cid } = await three({ moderators: 2 });
    await ask(bob);
    await skip(ann);
    for (const action of ['requestAccepted', 'requestDenied'])
      for (const person of [bob, cid])
        await person.refused(4101, 'changeUserRoleOption', { clientId: bob.clientId }, action);
    await bob.refused(1177, 'changeUserRoleOption', { role: 'participant' }, 'requestInitiate');
    await bob.refused(1155, 'changeUserRoleOption', {}, 'requestInitiate');
    await ann.refused(1159, 'changeUserRoleOption', { clientId: 'nobody' }, 'requestAccepted');
    await ann.refused(1155, 'changeUserRoleOption', { clientId: bob.clientId }, 'requestAccepted');
    for (const person of [ann, bob, cid]) await person.silence();
    assert.equal((await usersIn(room)).Bob.role, 'participant');
    // It is still there to be answered.
    await ann.ok('changeUserRoleOption', { clientId: bob.clientId }, 'requestDenied');
  });
});

describe('the canvas', () => {
  const START = { req: 'start', pubType: 'canvas' };
  const CANVAS = { ...CAMERA, audio: false, canvas: true, canvasType: 'Annotation' };

  it('is there in rooms that have one: a turn first, one at a time, beside a shared screen', async () => {
    const { ann, bob, cid } = await three({ canvas: true });
    await bob.refused(4108, 'publish', CANVAS);
    await bob.ok('auxilaryPublishRequests', START);
    const { id } = await bob.ok('publish', CANVAS);
    assert.ok(Number(id) > 102);
    await cid.refused(1151, 'auxilaryPublishRequests', START);
    await cid.ok('auxilaryPublishRequests', START_SHARE);
    await cid.ok('publish', SCREEN);
    assert.equal((await counted()).publications, 2);
    await ann.ok('stopAllSharing', ann.clientId);
    assert.equal((await counted()).publications, 0);
    await cid.ok('auxilaryPublishRequests', START);
    await cid.ok('auxilaryPublishRequests', { ...START, req: 'stop' });
    await cid.refused(4108, 'publish', CANVAS);
  });
});

describe('data of the application', () => {
  it('is kept for the session, others are told, and who comes later finds it', async () => {
    const { room, ann, amy, bob } = await three();
    await bob.ok('setCustomData', { scope: 'session', data: { topic: 'Budget ✓' } });
    for (const other of [ann, amy]) {
      const { result, scope, data, clientId } = await other.next('CustomDataUpdated');
      assert.deepEqual([result, scope, data, clientId], [0, 'session', { topic: 'Budget ✓' }, bob.clientId]);
    }
    assert.deepEqual((await ann.ok('getCustomData', { scope: 'session' })).data, { topic: 'Budget ✓' });
    assert.equal((await ann.ok('getCustomData', { scope: 'room' })).data, null);
    await ann.ok('saveCustomData', { scope: 'room', data: [1, 2] });
    assert.deepEqual((await bob.next('CustomDataSaved')).scope, 'room');
    await ann.ok('saveCustomData', { scope: 'session' });
    await bob.next('CustomDataSaved');
    const late = await knock(room, 'Late');
    const { customRoomData, customSessionData } = (await late.next('room-connected')).room;
    assert.deepEqual([customRoomData, customSessionData], [[1, 2], { topic: 'Budget ✓' }]);
    for (const person of [ann, amy, bob]) await person.none('CustomDataUpdated');
  });

  it('has a limit, and viewers only read it', async () => {
    const { room, ann, bob } = await three();
    const vic = await enter(room, 'Vic', 'viewer');
    await skip(ann);
    await bob.refused(1195, 'setCustomData', { scope: 'room', data: 'x'.repeat(65_536) });
    for (const name of ['setCustomData', 'saveCustomData'])
      await vic.refused(4101, name, { scope: 'room', data: 'x' });
    await vic.refused(4101, 'saveCustomData', { scope: 'room' });
    assert.equal((await vic.ok('getCustomData', { scope: 'room' })).data, null);
    await ann.silence();
    await bob.ok('setCustomData', { scope: 'room', data: 'x'.repeat(65_000) });
  });
});

describe('muting and pausing in other words', () => {
  it('one person is muted by a moderator', async () => {
    const { room, ann, bob, cid } = await three();
    await ann.ok('muteUser', bob.clientId);
    assert.equal((await bob.nextHeard('hardmute-user-audio')).wantsAck, true);
    await bob.refused(1201, 'user-audio-unmuted');
    assert.equal((await usersIn(room)).Bob.audioMuted, true);
    await cid.refused(4101, 'unMuteUser', bob.clientId);
    await ann.ok('unMuteUser', bob.clientId);
    await bob.ok('user-audio-unmuted');
    await ann.refused(1159, 'muteUser', 'nobody');
  });

  it('who turns to something else tells the others, and disturbs nobody', async () => {
    const { ann, bob, cid } = await three();
    await bob.ok('muteRoom', { audio: true, video: false });
    for (const other of [ann, cid])
      assert.deepEqual(await roomEvent(other, 'user-paused'), {
        clientId: bob.clientId,
        audio: true,
        video: false,
      });
    await bob.ok('unMuteRoom', { audio: true, video: false });
    await roomEvent(ann, 'user-resumed');
    await bob.silence();
  });
});

describe('opening and closing the floor', () => {
  it('decides whether it may be asked for', async () => {
    const { room, ann, bob } = await three({ mode: 'lecture' });
    await bob.refused(4101, 'openFloor', false);
    await ann.refused(1177, 'openFloor', true);
    await ann.ok('openFloor', false);
    await roomEvent(bob, 'floor-closed');
    await bob.refused(1170, 'processFloorRequest', bob.clientId, 'requestFloor');
    // An invitation is the moderators' own matter.
    await ann.ok('inviteToFloor', { clientId: bob.clientId });
    await bob.ok('processFloorRequest', bob.clientId, 'acceptFloor');
    const late = await knock(room, 'Late');
    assert.equal((await late.next('room-connected')).room.openFloor, false);
    await ann.ok('openFloor', true);
    await roomEvent(bob, 'floor-opened');
    await late.ok('processFloorRequest', late.clientId, 'requestFloor');
  });
});

describe('chat for those who come later', () => {
  const WANTED = { advancedOptions: [{ id: 'chat-history', enable: true }] };
  const say = (socket: SignallingSocket, msg: string, more: object = {}) =>
    socket.ok('sendDataStreamToRoom', { msg, broadcast: true, clients: [], type: 'chat', ...more });
  const heard = async (socket: SignallingSocket) => {
    await socket.settled();
    return socket.heard
      .filter(({ name }) => name === 'onDataStreamToRoom')
      .map(({ args }) => args[0] as Wire);
  };

  it('is delivered after admission, as it was said, to who asks for it', async () => {
    const { room, ann, bob } = await three({ chat_history: true });
    await say(bob, 'first');
    const first = await ann.next('onDataStreamToRoom');
    await say(bob, 'private', { broadcast: false, clients: [ann.clientId] });
    await say(bob, 'no chat', { type: 'user_data' });
    await bob.ok('drop', { self: true });
    await say(ann, 'second');
    const { socket: late } = await rooms.knockWithToken(room, 'Late', 'participant', WANTED);
    assert.ok((await late.next('room-connected')).capabilities.includes('chat-history'));
    await say(ann, 'third');
    const messages = await heard(late);
    assert.deepEqual(
      messages.map(({ message }) => message),
      ['first', 'second', 'third'],
    );
    assert.deepEqual(messages[0], first);
    // Asked again, nothing is said twice.
    await late.ok('setAdvancedOptions', WANTED.advancedOptions);
    assert.equal((await heard(late)).length, 3);
  });

  it('may be asked for once in the room, too', async () => {
    const { room, ann } = await three({ chat_history: true });
    await say(ann, 'early');
    const late = await enter(room, 'Late');
    await say(ann, 'live');
    assert.deepEqual(
      (await heard(late)).map(({ message }) => message),
      ['live'],
    );
    await late.ok('setAdvancedOptions', [{ id: 'chat-history', enable: false }]);
    await late.ok('setAdvancedOptions', WANTED.advancedOptions);
    assert.deepEqual(
      (await heard(late)).map(({ message }) => message),
      ['live', 'early'],
    );
  });

  it('is not kept in rooms that do not say so, nor for guests who wait', async () => {
    const plain = await three();
    await say(plain.ann, 'hello');
    const { socket: late } = await rooms.knockWithToken(plain.room, 'Late', 'participant', WANTED);
    assert.ok(!(await late.next('room-connected')).capabilities.includes('chat-history'));
    assert.deepEqual(await heard(late), []);

    const { room, ann } = await three({ chat_history: true });
    await say(ann, 'for those inside');
    await ann.ok('enableKnock', true);
    const { socket: guest } = await rooms.knockWithToken(room, 'Guest', 'participant', WANTED);
    await guest.next('room-awaited');
    assert.deepEqual(await heard(guest), []);
    await ann.ok('user-allowed', guest.clientId);
    assert.equal((await guest.next('onDataStreamToRoom')).message, 'for those inside');
  });

  it('is not told again to who was there and comes back', async () => {
    const room = await rooms.server.createRoom({ chat_history: true });
    const ann = await enter(room, 'Ann', 'moderator');
    await say(ann, 'early');
    const { socket: old, token } = await rooms.knockWithToken(room, 'Bob', 'participant', WANTED);
    await old.next('onDataStreamToRoom');
    await old.settled();
    await rooms.lose(old);
    const { socket: bob } = await again(token, old, WANTED);
    await bob.next('room-connected');
    await bob.ok('setAdvancedOptions', WANTED.advancedOptions);
    assert.deepEqual(await heard(bob), []);
    // As another session, a client says what it has.
    const [{ timestamp }] = await heard(old);
    await say(ann, 'later');
    const received = { socket: timestamp, data: 0 };
    const { socket: cid } = await rooms.knockWithToken(room, 'Cid', 'participant', { ...WANTED, received });
    assert.deepEqual(
      (await heard(cid)).map(({ message }) => message),
      ['later'],
    );
  });
});
