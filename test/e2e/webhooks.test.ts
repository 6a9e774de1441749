/** What an application server is told of rooms, over HTTP, by a real server with people on bare sockets. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { signallingRooms } from '../helpers/signalling-room.js';
import { isGenuine, receiveWebhooks, type Taken, type WebhookReceiver } from '../helpers/webhook-receiver.js';
import { startRoomServer } from '../helpers/room-server.js';
import { SignallingSocket } from '../helpers/signalling-socket.js';

const SECRET = 'shared-secret-0123456789';
const receiver: WebhookReceiver = await receiveWebhooks();
const told = { webhookUrl: receiver.url, webhookSecret: SECRET };

after(() => receiver.close());

/** What was told of a room, once there is as much as this. */
async function toldOf(room: string, count: number): Promise<Taken['event'][]> {
  const of = () => receiver.requests.filter(({ event }) => event.room_id === room).map(({ event }) => event);
  while (of().length < count) await receiver.until(receiver.requests.length + 1);
  return of();
}

describe('an application server is told', () => {
  const rooms = signallingRooms({ ...told, graceSeconds: 1 });
  const { enter, enterWithToken } = rooms;

  before(() => (receiver.requests.length = 0));

  it('of a session from the first person to the last, in order, signed', async () => {
    const room = await rooms.server.createRoom();
    const ann = await enter(room, 'Ann', 'moderator');
    const bob = await enter(room, 'Bob');
    const cid = await enter(room, 'Cid');
    await bob.ok('drop', { self: true });
    await ann.ok('drop', { all: false, clientIds: [cid.clientId] });
    await ann.ok('drop', { self: true });
    const events = await toldOf(room, 8);
    assert.deepEqual(
      events.map(({ type, user, reason }) => [type, user?.name, reason]),
      [
        ['session-started', undefined, undefined],
        ['participant-joined', 'Ann', undefined],
        ['participant-joined', 'Bob', undefined],
        ['participant-joined', 'Cid', undefined],
        ['participant-left', 'Bob', 'left'],
        ['participant-left', 'Cid', 'removed'],
        ['participant-left', 'Ann', 'left'],
        ['roomdrop', undefined, 'left'],
      ],
    );
    assert.equal(events[1].user.clientId, ann.clientId);
    assert.deepEqual([events[1].user.role, events[1].user.user_ref], ['moderator', 'Ann']);
    assert.equal(new Set(events.map(({ session_id: id }) => id)).size, 1);
    assert.equal(new Set(events.map(({ event_id: id }) => id)).size, 8);
    for (const { app_id: app, conf_num: conf, trans_date: date } of events) {
      assert.deepEqual([app, conf], ['test-app', room]);
      assert.ok(Math.abs(date - Date.now() / 1000) < 600);
    }
    for (const { headers, body } of receiver.requests) assert.ok(isGenuine(SECRET, headers, body));
    await enter(room, 'Dan');
    const again = await toldOf(room, 10);
    assert.equal(again[8].type, 'session-started');
    assert.notEqual(again[8].session_id, again[0].session_id);
  });

  it('nothing of a connection that broke and came back, and of one that did not when its time is up', async () => {
    const room = await rooms.server.createRoom();
    await enter(room, 'Ann', 'moderator');
    const { socket: old, token } = await enterWithToken(room, 'Bob');
    const { socket: bob } = await rooms.again(token, old);
    await bob.next('room-connected');
    await rooms.lose(bob);
    const events = await toldOf(room, 4);
    assert.deepEqual(
      events.slice(2).map(({ type, user, reason }) => [type, user.name, reason]),
      [
        ['participant-joined', 'Bob', undefined],
        ['participant-left', 'Bob', 'timed-out'],
      ],
    );
  });

  it('nothing of guests who are not let in', async () => {
    const room = await rooms.server.createRoom({ knock: true });
    const guest = await rooms.knock(room, 'Guest');
    await guest.next('room-awaited');
    const ann = await enter(room, 'Ann', 'moderator');
    await ann.ok('user-denied', guest.clientId);
    await ann.ok('drop', { all: true, clients: null, deleteRoom: false });
    const events = await toldOf(room, 4);
    assert.deepEqual(
      events.map(({ type, user, reason }) => [type, user?.name, reason]),
      [
        ['session-started', undefined, undefined],
        ['participant-joined', 'Ann', undefined],
        ['participant-left', 'Ann', 'dismissed'],
        ['roomdrop', undefined, 'dismissed'],
      ],
    );
  });
});

describe('the end of the server', () => {
  it('is told of every session before it stops', async () => {
    const own = await startRoomServer(told);
    const [first, second] = await Promise.all([own.createRoom(), own.createRoom()]);
    for (const room of [first, second]) {
      const socket = await SignallingSocket.open(own.url);
      await socket.token(await own.createToken(room, { name: 'Ann' }));
      await socket.next('room-connected');
    }
    await own.close();
    for (const room of [first, second]) {
      const of = receiver.requests.filter(({ event }) => event.room_id === room).map(({ event }) => event);
      assert.deepEqual(
        of.map(({ type, reason }) => [type, reason]),
        [
          ['session-started', undefined],
          ['participant-joined', undefined],
          ['participant-left', 'server-shutdown'],
          ['roomdrop', 'server-shutdown'],
        ],
      );
    }
  });

  it('and the rooms do not mind that nobody listens', async () => {
    const own = await startRoomServer({ ...told, webhookUrl: 'http://127.0.0.1:9/' });
    const room = await own.createRoom();
    const socket = await SignallingSocket.open(own.url);
    await socket.token(await own.createToken(room, { name: 'Ann' }));
    await socket.next('room-connected');
    await socket.ok('getNumberOfTalker');
    await own.close();
    await socket.closed;
  });
});
