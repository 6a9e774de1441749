import type { RoomRecord, Store, TokenRecord } from '../../server/src/store/store.js';
import { newRoom } from '../../server/src/rest/rooms-api.js';
import { createRoomBody } from '../../server/src/rest/room-settings.js';

/** A store that forgets everything at the end of the test. Hands out copies, as a database does. */
export class MemoryStore implements Store {
  readonly rooms = new Map<string, RoomRecord>();
  readonly tokens = new Map<string, TokenRecord>();
  readonly secrets = new Map<string, string>();

  getRoom(roomId: string): RoomRecord | undefined {
    return structuredClone(this.rooms.get(roomId));
  }

  listRooms(): RoomRecord[] {
    return structuredClone([...this.rooms.values()]);
  }

  async putRoom(room: RoomRecord): Promise<void> {
    this.rooms.set(room.roomId, structuredClone(room));
  }

  async deleteRoom(roomId: string): Promise<void> {
    this.rooms.delete(roomId);
  }

  getToken(tokenId: string): TokenRecord | undefined {
    return structuredClone(this.tokens.get(tokenId));
  }

  putToken(token: TokenRecord): void {
    this.tokens.set(token.tokenId, structuredClone(token));
  }

  putTokens(tokens: TokenRecord[]): void {
    for (const token of tokens) this.putToken(token);
  }

  async forgetTokens(expiredBefore: number): Promise<number> {
    const old = [...this.tokens.values()].filter(({ expiresAt }) => expiresAt < expiredBefore);
    for (const { tokenId } of old) this.tokens.delete(tokenId);
    return old.length;
  }

  getSecret(name: string): string | undefined {
    return this.secrets.get(name);
  }

  putSecret(name: string, value: string): void {
    this.secrets.set(name, value);
  }

  async close(): Promise<void> {}
}

/** A room as the REST API makes it. */
export const roomRecord = (name = 'Daily', settings: Record<string, unknown> = {}): RoomRecord =>
  newRoom(createRoomBody.parse({ name, owner_ref: 'owner', settings }));
