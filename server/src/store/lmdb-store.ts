import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { RoomRecord, Store, TokenRecord } from './store.js';

/** Opens (or creates) the database in `dataDir`, readable by its owner only: it holds keys. */
export function openLmdbStore(dataDir: string): Store {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'rooms.mdb');
  const root = open({ path, noSubdir: true, maxDbs: 8 });
  chmodSync(path, 0o600);
  const rooms = root.openDB<RoomRecord, string>({ name: 'rooms', encoding: 'json' });
  const tokens = root.openDB<TokenRecord, string>({ name: 'tokens', encoding: 'json' });
  const secrets = root.openDB<string, string>({ name: 'secrets', encoding: 'json' });
  return {
    getRoom: (roomId) => rooms.get(roomId),
    listRooms: () =>
      [...rooms.getRange().map(({ value }) => value)].sort((a, b) => a.created.localeCompare(b.created)),
    putRoom: async (room) => {
      await rooms.put(room.roomId, room);
    },
    deleteRoom: async (roomId) => {
      await rooms.remove(roomId);
    },
    getToken: (tokenId) => tokens.get(tokenId),
    putToken: (token) => void tokens.putSync(token.tokenId, token),
    putTokens: (records) => {
      tokens.transactionSync(() => {
        for (const token of records) void tokens.put(token.tokenId, token);
      });
    },
    forgetTokens: async (expiredBefore) => {
      let forgotten = 0;
      for (const { key, value } of tokens.getRange()) {
        if (value.expiresAt >= expiredBefore) continue;
        await tokens.remove(key);
        forgotten += 1;
      }
      return forgotten;
    },
    getSecret: (name) => secrets.get(name),
    putSecret: (name, value) => void secrets.putSync(name, value),
    close: () => root.close(),
  };
}
