import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { appCredentials } from '../../server/src/auth/credentials.js';
import { validateConfig } from '../../server/src/config.js';
import { openLmdbStore } from '../../server/src/store/lmdb-store.js';
import type { Store, TokenRecord } from '../../server/src/store/store.js';
import { roomRecord } from '../helpers/memory-store.js';

let folder: string;
let dataDir: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enx-store-test-'));
  dataDir = join(folder, 'nested', 'data');
  store = openLmdbStore(dataDir);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function reopen(): Promise<void> {
  await store.close();
  store = openLmdbStore(dataDir);
}

const token = (tokenId: string, expiresAt: number): TokenRecord => ({
  tokenId,
  roomId: 'room-1',
  name: 'Ada – 日本 😀',
  role: 'viewer',
  userRef: 'ada',
  data: { deep: [1, { two: null }] },
  expiresAt,
});

test('rooms, tokens and secrets survive being closed and opened again', async () => {
  const room = { ...roomRecord('Größe 日本 😀'), data: { any: ['thing', null] }, sip: { enabled: false } };
  await store.putRoom(room);
  store.putToken(token('token-1', 5));
  store.putSecret('app-key', 'a secret');
  await reopen();
  assert.deepEqual(store.getRoom(room.roomId), room);
  assert.deepEqual(store.getToken('token-1'), token('token-1', 5));
  assert.equal(store.getSecret('app-key'), 'a secret');
});

test('what was written last counts, also after a reopening', async () => {
  const room = roomRecord('before');
  await store.putRoom(room);
  await store.putRoom({ ...room, name: 'after' });
  store.putToken(token('token-1', 5));
  store.putToken({ ...token('token-1', 5), usedAt: 7, clientIds: ['client-1'] });
  await reopen();
  assert.equal(store.getRoom(room.roomId)?.name, 'after');
  assert.deepEqual(
    [store.getToken('token-1')?.usedAt, store.getToken('token-1')?.clientIds],
    [7, ['client-1']],
  );
});

test('several tokens are put at once', async () => {
  store.putToken(token('token-1', 5));
  store.putTokens([{ ...token('token-1', 5), usedAt: 7, clientIds: [] }, token('token-2', 6)]);
  store.putTokens([]);
  assert.deepEqual([store.getToken('token-1')?.usedAt, store.getToken('token-2')?.expiresAt], [7, 6]);
  await reopen();
  assert.deepEqual([store.getToken('token-1')?.clientIds, store.getToken('token-2')?.expiresAt], [[], 6]);
});

test('a token that was put can be read at once, without waiting', () => {
  store.putToken(token('token-1', 5));
  assert.equal(store.getToken('token-1')?.expiresAt, 5);
});

test('rooms are listed in the order of their creation', async () => {
  const rooms = ['c', 'a', 'b'].map((name, index) => ({
    ...roomRecord(name),
    roomId: `${9 - index}`,
    created: new Date(index * 1000).toISOString(),
  }));
  for (const room of rooms.toReversed()) await store.putRoom(room);
  assert.deepEqual(
    store.listRooms().map(({ name }) => name),
    ['c', 'a', 'b'],
  );
});

test('a deleted room is gone, and deleting it again is no trouble', async () => {
  const room = roomRecord();
  await store.putRoom(room);
  await store.deleteRoom(room.roomId);
  await store.deleteRoom(room.roomId);
  await store.deleteRoom('never there');
  assert.equal(store.getRoom(room.roomId), undefined);
  assert.deepEqual(store.listRooms(), []);
  await reopen();
  assert.equal(store.getRoom(room.roomId), undefined);
});

test('tokens that expired before a moment are forgotten and counted, the others stay', async () => {
  for (const [id, expiresAt] of [
    ['old', 1],
    ['older', 0],
    ['edge', 2],
    ['new', 3],
  ] as const)
    store.putToken(token(id, expiresAt));
  assert.equal(await store.forgetTokens(2), 2);
  assert.deepEqual(
    ['old', 'older', 'edge', 'new'].map((id) => store.getToken(id)?.tokenId),
    [undefined, undefined, 'edge', 'new'],
  );
  assert.equal(await store.forgetTokens(2), 0);
});

test('keys of any kind that a message may hold are not found instead of being an error', () => {
  for (const key of [
    '',
    '\u0000',
    '__proto__',
    'constructor',
    '\ud800',
    '😀'.repeat(128),
    '../../etc/passwd',
  ]) {
    assert.equal(store.getRoom(key), undefined);
    assert.equal(store.getToken(key), undefined);
    assert.equal(store.getSecret(key), undefined);
  }
});

test('folder and file are readable by their owner only', () => {
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  assert.equal(statSync(join(dataDir, 'rooms.mdb')).mode & 0o777, 0o600);
});

test('credentials are made up at the first start and the same at every later one', async () => {
  const config = validateConfig({ dataDir });
  const first = appCredentials(config, store);
  assert.equal(first.generated, true);
  assert.ok(first.appKey.length >= 16);
  await reopen();
  assert.deepEqual(appCredentials(config, store), { ...first, generated: false });
  const configured = validateConfig({ dataDir, appId: 'mine', appKey: 'k'.repeat(16) });
  assert.deepEqual(appCredentials(configured, store), {
    appId: 'mine',
    appKey: 'k'.repeat(16),
    generated: false,
  });
});
