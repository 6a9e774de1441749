import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { initialRoomState, type RoomState, RoomStateStore } from '../../src/engine/room-state.js';

test('begins idle, with nobody and nothing in it', () => {
  assert.equal(new RoomStateStore().current, initialRoomState);
  assert.equal(initialRoomState.connection, 'idle');
  for (const key of ['participants', 'talkers', 'slotStreams', 'messages'] as const)
    assert.deepEqual(initialRoomState[key], []);
});

test('is frozen, at the beginning and after every change', () => {
  const store = new RoomStateStore();
  assert.ok(Object.isFrozen(store.current));
  for (const list of [initialRoomState.participants, initialRoomState.talkers, initialRoomState.deviceErrors])
    assert.ok(Object.isFrozen(list));
  store.update({ roomName: 'Daily' });
  assert.ok(Object.isFrozen(store.current));
  assert.throws(() => ((store.current as { roomName: string }).roomName = 'changed'), TypeError);
});

test('a change makes a new object and leaves the old one as it was', () => {
  const store = new RoomStateStore();
  const before = store.current;
  store.update({ roomName: 'Daily', active: true });
  assert.notEqual(store.current, before);
  assert.deepEqual(store.current, { ...before, roomName: 'Daily', active: true });
  assert.equal(before.roomName, '');
});

test('nothing happens when nothing changes', () => {
  const store = new RoomStateStore();
  store.update({ roomName: 'Daily' });
  const before = store.current;
  store.subscribe(() => assert.fail('nothing changed'));
  store.update({ roomName: 'Daily', participants: before.participants, error: undefined });
  store.update({});
  assert.equal(store.current, before);
});

test('one change is told once, however many keys it has, and with the state it made', () => {
  const store = new RoomStateStore();
  const seen: RoomState[] = [];
  store.subscribe((state) => seen.push(state));
  store.update({ roomName: 'Daily', active: true, role: 'moderator' });
  assert.deepEqual(seen, [store.current]);
});

test('a subscription ends when it is told to', () => {
  const store = new RoomStateStore();
  let told = 0;
  const end = store.subscribe(() => told++);
  store.update({ active: true });
  end();
  store.update({ active: false });
  assert.equal(told, 1);
});

test('a subscriber that throws is reported and disturbs neither the others nor the one who updates', () => {
  const complaints = mock.method(console, 'error', () => {});
  const store = new RoomStateStore();
  let told = 0;
  store.subscribe(() => {
    throw new Error('a bad day');
  });
  store.subscribe(() => told++);
  assert.doesNotThrow(() => store.update({ active: true }));
  assert.equal(told, 1);
  assert.equal(store.current.active, true);
  assert.equal(complaints.mock.callCount(), 1);
  complaints.mock.restore();
});

test('a change made by a subscriber is the one that all subscribers end with', () => {
  const store = new RoomStateStore();
  const last: RoomState[] = [];
  store.subscribe(({ active }) => {
    if (active) store.update({ active: false });
  });
  store.subscribe((state) => (last[0] = state));
  store.update({ active: true });
  assert.equal(last[0], store.current);
  assert.equal(store.current.active, false);
});
