import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Participants } from '../../src/engine/participants.js';
import type { User } from '../../src/protocol/index.js';

const user = (clientId: string, more: Partial<User> = {}): User => ({
  clientId,
  name: clientId.toUpperCase(),
  role: 'participant',
  ...more,
});
const ids = (users: readonly { clientId: string }[]): string[] => users.map(({ clientId }) => clientId);

function room(...others: string[]): Participants {
  const participants = new Participants();
  participants.reset('me', [...others.map((id) => user(id)), user('me')]);
  return participants;
}

test('lists oneself first and the others in the order they came', () => {
  const participants = room('a', 'b');
  participants.add(user('c'));
  assert.deepEqual(ids(participants.list), ['me', 'a', 'b', 'c']);
  assert.deepEqual(ids(participants.others), ['a', 'b', 'c']);
  assert.deepEqual(
    participants.list.map(({ isSelf }) => isSelf),
    [true, false, false, false],
  );
});

test('describes a participant in full, with mutes off where nothing is said', () => {
  const participants = new Participants();
  participants.reset('me', [user('a', { role: 'moderator', videoMuted: true })]);
  assert.deepEqual(participants.list, [
    {
      ...{ clientId: 'a', name: 'A', role: 'moderator', isSelf: false, audioMuted: false, videoMuted: true },
      ...{ audioHardMuted: false, videoHardMuted: false },
    },
  ]);
});

test('hands out frozen snapshots that later changes leave alone', () => {
  const participants = room('a');
  const before = participants.list;
  participants.setMuted('a', 'audio', true);
  assert.ok(Object.isFrozen(before) && before.every((entry) => Object.isFrozen(entry)));
  assert.equal(before[1]?.audioMuted, false);
  assert.equal(participants.list[1]?.audioMuted, true);
});

test('says whether somebody is new', () => {
  const participants = room();
  assert.equal(participants.add(user('a')), true);
  assert.equal(participants.add(user('a', { name: 'Renamed' })), false);
  assert.equal(participants.get('a')?.name, 'Renamed');
  assert.deepEqual(ids(participants.list), ['me', 'a']);
});

test('gives back whom it removed, once', () => {
  const participants = room('a');
  assert.equal(participants.remove('a')?.name, 'A');
  assert.equal(participants.remove('a'), undefined);
  assert.equal(participants.remove('nobody'), undefined);
});

test('says whether a mute changed anything', () => {
  const participants = room('a');
  assert.equal(participants.setMuted('a', 'video', true), true);
  assert.equal(participants.setMuted('a', 'video', true), false);
  assert.equal(participants.setMuted('nobody', 'video', true), false);
  assert.equal(participants.setMuted('a', 'video', false), true);
  assert.equal(participants.setMuted('a', 'audio', true), true);
  assert.deepEqual([participants.get('a')?.audioMuted, participants.get('a')?.videoMuted], [true, false]);
});

test('a new list tells who came and who went, and never names oneself under the old or the new id', () => {
  const participants = room('a', 'b');
  const { joined, left } = participants.reset('me-again', [user('b'), user('me-again'), user('c')]);
  assert.deepEqual(ids(joined), ['c']);
  assert.deepEqual(ids(left), ['a']);
  assert.deepEqual(ids(participants.list), ['me-again', 'b', 'c']);
});

test('the first list names everybody else as come', () => {
  const { joined, left } = new Participants().reset('me', [user('me'), user('a')]);
  assert.deepEqual(ids(joined), ['a']);
  assert.deepEqual(left, []);
});

test('ids that objects have by nature are ids like any other', () => {
  const participants = room();
  for (const id of ['__proto__', 'constructor', 'toString']) {
    assert.equal(participants.get(id), undefined);
    assert.equal(participants.add(user(id)), true);
    assert.equal(participants.get(id)?.clientId, id);
  }
});
