/** Lectures: who may speak, and what that means for what one sends (protocol §11.4); roles and requests for them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Room } from '../../src/engine/room.js';
import { EventRecord, TestEnvironment, testToken } from '../helpers/test-environment.js';

async function joined(
  role: string,
  mode: 'group' | 'lecture' = 'lecture',
  more: Record<string, unknown> = {},
) {
  const environment = new TestEnvironment();
  const { server } = environment;
  const plain = server.admission!;
  server.admission = (clientId) => ({
    ...plain(clientId),
    user: { clientId, name: 'Ada', role },
    userList: [
      { clientId, name: 'Ada', role },
      { clientId: 'client-b', name: 'Bo', role: 'participant' },
    ],
    room: { name: 'Daily', settings: { mode, quality: 'SD' } },
    ...more,
  });
  const room = new Room({}, environment);
  await room.join(testToken());
  await server.settled();
  const events = new EventRecord(room);
  const floor = async (id: string, clientId = room.state.clientId) => {
    server.send('floorManagementEvents', { id, clientId, name: clientId === 'client-b' ? 'Bo' : 'Ada' });
    await server.settled();
  };
  const requests = () =>
    server.received.filter(({ name }) => name === 'processFloorRequest').map(({ args }) => args);
  const published = () => server.sent('publish').length;
  return { environment, server, room, events, floor, requests, published };
}

describe('a participant of a lecture', () => {
  test('sends nothing until the floor is granted, and nothing any more when it is taken', async () => {
    const { room, floor, requests, published, server } = await joined('participant');
    assert.equal(published(), 0);
    await room.floor.request();
    assert.deepEqual(requests(), [['client-1', 'requestFloor']]);
    assert.equal(room.state.floor.own, 'requested');
    await floor('floorGranted');
    assert.equal(room.state.floor.own, 'granted');
    assert.deepEqual([published(), room.state.published], [1, true]);
    await floor('floorReleased');
    assert.deepEqual([room.state.floor.own, room.state.published], ['none', false]);
    assert.equal(server.sent('unpublish').length, 1);
  });

  test('takes an accepted request for what it is, whatever number says so', async () => {
    const { room, server } = await joined('participant');
    server.answers.processFloorRequest = () => [{ result: 1701, msg: 'accepted' }];
    await room.floor.request();
    assert.equal(room.state.floor.own, 'requested');
  });

  test('may be denied, and may think better of it', async () => {
    const { room, floor } = await joined('participant');
    await room.floor.request();
    await floor('floorDenied');
    assert.equal(room.state.floor.own, 'none');
    await room.floor.request();
    await room.floor.cancel();
    assert.equal(room.state.floor.own, 'none');
  });

  test('may be invited, and accepts or rejects', async () => {
    const { room, floor, published } = await joined('participant');
    await floor('inviteToFloor');
    assert.equal(room.state.floor.own, 'invited');
    await room.floor.reject();
    assert.equal(room.state.floor.own, 'none');
    await floor('inviteToFloor');
    await room.floor.accept();
    await floor('floorGranted');
    assert.deepEqual([room.state.floor.own, published()], ['granted', 1]);
    await room.floor.finish();
    assert.equal(room.state.floor.own, 'none');
  });

  test('raises a hand by asking for the floor', async () => {
    const { room, requests } = await joined('participant');
    await room.raiseHand(true);
    assert.deepEqual(requests(), [['client-1', 'requestFloor']]);
    await room.raiseHand(false);
    assert.deepEqual(requests().at(-1), ['client-1', 'cancelFloor']);
  });
});

describe('a moderator of a lecture', () => {
  test('sends at once, and sees who asks, who has the floor and who is invited', async () => {
    const { room, floor, published } = await joined('moderator', 'lecture', {
      raisedHands: [{ clientId: 'client-c', name: 'Cy' }],
      approvedHands: [],
      floorInvites: [],
    });
    assert.equal(published(), 1);
    assert.deepEqual(
      room.state.hands.map(({ clientId }) => clientId),
      ['client-c'],
    );
    await floor('floorRequested', 'client-b');
    assert.deepEqual(room.state.floor.requests, [
      { clientId: 'client-c', name: 'Cy' },
      { clientId: 'client-b', name: 'Bo' },
    ]);
    await room.floor.grant('client-b');
    assert.deepEqual(room.state.floor.granted, [{ clientId: 'client-b', name: 'Bo' }]);
    await room.floor.deny('client-c');
    assert.deepEqual(room.state.floor.requests, []);
    await room.floor.release('client-b');
    await room.floor.invite('client-b');
    assert.deepEqual(room.state.floor.invited, [{ clientId: 'client-b', name: 'Bo' }]);
    await room.floor.cancelInvite('client-b');
    assert.deepEqual(room.state.floor, { own: 'none', requests: [], granted: [], invited: [] });
  });

  test('loses the lists with the role, and what is sent with it', async () => {
    const { room, server } = await joined('moderator', 'lecture', {
      raisedHands: [{ clientId: 'client-c', name: 'Cy' }],
    });
    server.send('userRoleChanged', {
      clientsInfo: [{ clientId: 'client-1', role: { old: 'moderator', new: 'viewer' } }],
    });
    await server.settled();
    assert.equal(room.state.role, 'viewer');
    assert.deepEqual(room.state.floor.requests, []);
    assert.equal(room.state.published, false);
  });
});

describe('the mode of a room', () => {
  test('that becomes a lecture takes from participants what they send, and gives it back', async () => {
    const { room, server, events } = await joined('participant', 'group');
    assert.equal(room.state.published, true);
    // Published servers say only that it changed (protocol §7).
    server.send('roomSwitched', { moderator: 'client-b' });
    await server.settled();
    assert.deepEqual([room.state.mode, room.state.published], ['lecture', false]);
    server.send('roomSwitched', { moderator: 'client-b' });
    await server.settled();
    assert.deepEqual([room.state.mode, room.state.published], ['group', true]);
    assert.deepEqual(
      events.of('modeSwitched').map(({ mode }) => mode),
      ['lecture', 'group'],
    );
  });
});

describe('roles', () => {
  test('change in the old form as in the new one', async () => {
    const { room, server, events } = await joined('moderator', 'group');
    server.send('userRoleChanged', { moderator: { old: 'client-1', new: 'client-b' } });
    await server.settled();
    const roleOf = (id: string) => room.state.participants.find(({ clientId }) => clientId === id)?.role;
    assert.deepEqual(
      [room.state.role, roleOf('client-1'), roleOf('client-b')],
      ['participant', 'participant', 'moderator'],
    );
    server.send('userRoleChanged', {
      clientsInfo: [
        { clientId: 'client-1', role: { old: 'participant', new: 'moderator' } },
        { clientId: 'client-b', role: { old: 'moderator', new: 'participant' } },
      ],
      awaitedParticipants: [{ clientId: 'client-g', name: 'Guest' }],
    });
    await server.settled();
    assert.deepEqual([room.state.role, roleOf('client-b')], ['moderator', 'participant']);
    assert.deepEqual(room.state.guests, [{ clientId: 'client-g', name: 'Guest' }]);
    assert.equal(events.count('rolesChanged'), 2);
  });

  test('are asked for and answered', async () => {
    const { room, server, events } = await joined('moderator', 'group');
    const request = { clientId: 'client-b', name: 'Bo', role: 'moderator' };
    server.send('userRoleManagementEvents', { id: 'requestInitiated', ...request });
    await server.settled();
    assert.deepEqual(room.state.roleRequests, [request]);
    await room.requestRole('accept', 'moderator', 'client-b');
    const sent = server.received.find(({ name }) => name === 'changeUserRoleOption')!;
    assert.deepEqual(sent.args, [{ clientId: 'client-b', role: 'moderator' }, 'requestAccepted']);
    server.send('userRoleManagementEvents', { id: 'requestAccepted', ...request });
    await server.settled();
    assert.deepEqual(room.state.roleRequests, []);
    assert.deepEqual(
      events.of('roleRequest').map(({ what }) => what),
      ['requested', 'accepted'],
    );
  });
});

test('hands and reactions travel as custom data, so that every server carries them', async () => {
  const { room, server, environment, events } = await joined('participant', 'group');
  environment.pc('data').channel!.open();
  await room.raiseHand(true);
  await room.react('👍');
  const sent = environment
    .pc('data')
    .channel!.sent.map((text) => JSON.parse(text) as Record<string, unknown>);
  assert.deepEqual(
    sent.map(({ type, message }) => [type, (message as { enx: string }).enx]),
    [
      ['user_data', 'hand'],
      ['user_data', 'reaction'],
    ],
  );
  const say = (message: object) =>
    environment.pc('data').channel!.receive(
      JSON.stringify({
        type: 'user_data',
        message,
        broadcast: true,
        clients: [],
        sender: 'Bo',
        senderId: 'client-b',
        timestamp: 1,
      }),
    );
  say({ enx: 'hand', raised: true, since: 5 });
  say({ enx: 'reaction', emoji: '🎉' });
  assert.deepEqual(
    room.state.hands.map(({ clientId }) => clientId),
    ['client-b', 'client-1'],
  );
  assert.deepEqual(events.of('reactionReceived').at(-1), { clientId: 'client-b', emoji: '🎉' });
  server.send('user-disconnected', { clientId: 'client-b', name: 'Bo' });
  await server.settled();
  assert.deepEqual(
    room.state.hands.map(({ clientId }) => clientId),
    ['client-1'],
  );
});
