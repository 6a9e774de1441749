/** What survives a restart. Records are plain JSON; every write is durable when the call returns or resolves. */

export interface RoomRecord {
  roomId: string;
  name: string;
  ownerRef: string;
  /** Validated by rest/room-settings.ts. */
  settings: RoomSettings;
  data?: Record<string, unknown>;
  sip?: Record<string, unknown>;
  /** ISO 8601. */
  created: string;
}

import type { RoomSettings } from '../rest/room-settings.js';

export interface TokenRecord {
  tokenId: string;
  roomId: string;
  name: string;
  role: 'moderator' | 'participant' | 'viewer';
  userRef: string;
  data?: Record<string, unknown>;
  /** Milliseconds since the epoch; the token connects until then. */
  expiresAt: number;
  /** Set at the first use. */
  usedAt?: number;
  /** Sessions that used it: only they may use it again, to reconnect. Newest last; none = it serves no more. */
  clientIds?: string[];
}

export interface Store {
  getRoom(roomId: string): RoomRecord | undefined;
  /** In order of creation. */
  listRooms(): RoomRecord[];
  putRoom(room: RoomRecord): Promise<void>;
  deleteRoom(roomId: string): Promise<void>;
  getToken(tokenId: string): TokenRecord | undefined;
  /** Synchronous, so that no second use of a token can slip in between check and write. */
  putToken(token: TokenRecord): void;
  /** All of them or, if the process dies, none. */
  putTokens(tokens: TokenRecord[]): void;
  /** Forgets tokens that expired before this moment. @returns how many. */
  forgetTokens(expiredBefore: number): Promise<number>;
  getSecret(name: string): string | undefined;
  putSecret(name: string, value: string): void;
  close(): Promise<void>;
}
