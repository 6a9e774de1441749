import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import {
  encodeToken,
  type ErrorName,
  MAX_TOKEN_LENGTH,
  type PreviousToken,
  type TokenMessage,
} from '../../../src/protocol/index.js';
import type { RoomRecord, Store, TokenRecord } from '../store/store.js';
import { sameSecret } from './credentials.js';

/** How long after its issue a token connects (api-facts §1.1). */
export const TOKEN_LIFETIME_MS = 15 * 60_000;
/** Expired and used tokens are remembered this long, so that they are called by their name and not "unknown". */
const MEMORY_MS = 24 * 3_600_000;
/** How many sessions of one token are remembered, newest last. */
const REMEMBERED_SESSIONS = 2;

export interface TokenRequest {
  name: string;
  role: TokenRecord['role'];
  userRef: string;
  data?: Record<string, unknown>;
}

export type Redeemed =
  { ok: true; record: TokenRecord; room: RoomRecord } | { ok: false; error: ErrorName; message: string };

/** Issues tokens and takes them back, each once. The signature only covers ids: all else is in our own record. */
export class TokenService {
  readonly #secret: string;

  constructor(
    private readonly store: Store,
    private readonly now: () => number = Date.now,
  ) {
    let secret = store.getSecret('token-secret');
    if (!secret) store.putSecret('token-secret', (secret = randomBytes(32).toString('base64url')));
    this.#secret = secret;
  }

  /** @param host `name[:port]` that clients reach, put into the token. */
  issue(room: RoomRecord, request: TokenRequest, endpoint: { host: string; secure: boolean }): string {
    const record: TokenRecord = {
      tokenId: randomUUID(),
      roomId: room.roomId,
      name: request.name,
      role: request.role,
      userRef: request.userRef,
      expiresAt: this.now() + TOKEN_LIFETIME_MS,
      ...(request.data ? { data: request.data } : {}),
    };
    this.store.putToken(record);
    return encodeToken({
      host: endpoint.host,
      secure: endpoint.secure,
      tokenId: record.tokenId,
      signature: this.#sign(record),
      logId: record.tokenId.slice(0, 8),
      version: '1',
      room: { _id: room.roomId, name: room.name },
      roomMeta: {
        settings: { quality: room.settings.quality, media_configuration: room.settings.media_configuration },
      },
    });
  }

  /**
   * Says whether a token is good. The same token serves again only to take over the very session that used it
   * (`isReconnecting` with that session's client id).
   * @param raw the message as received, for its size.
   */
  check(raw: unknown, message: TokenMessage): Redeemed {
    if (JSON.stringify(raw).length > MAX_TOKEN_LENGTH) {
      return refuse('token-oversized', 'The token is too large.');
    }
    if (!message.tokenId) return refuse('token-malformed', 'The token has no id.');
    const record = this.store.getToken(message.tokenId);
    if (!record) return refuse('token-unknown', 'This server did not issue the token.');
    if (!sameSecret(message.signature, this.#sign(record))) {
      return refuse('token-tampered', 'The signature of the token does not match.');
    }
    const takeover =
      record.usedAt !== undefined &&
      message.isReconnecting === true &&
      message.oldClientIdForReconnect !== undefined &&
      (record.clientIds ?? []).includes(message.oldClientIdForReconnect);
    if (record.usedAt !== undefined && !takeover) return refuse('token-used', 'The token was used already.');
    if (!takeover && record.expiresAt <= this.now()) return refuse('token-expired', 'The token has expired.');
    const room = this.store.getRoom(record.roomId);
    if (!room) return refuse('room-gone', 'The room of this token no longer exists.');
    return { ok: true, record, room };
  }

  /**
   * Marks a token as used by this session. Apart from {@link check}, so that a full or locked room costs nobody their
   * token; nothing else can come in between, as both are synchronous.
   */
  use(record: TokenRecord, clientId: string): void {
    // A session may break between the answer to its token and its admission; then its predecessor is still the one
    // that its client names.
    const others = (record.clientIds ?? []).filter((id) => id !== clientId);
    const clientIds = [...others.slice(-REMEMBERED_SESSIONS + 1), clientId];
    this.store.putToken({ ...record, usedAt: this.now(), clientIds });
  }

  /** Their people left or were sent away: these tokens serve no more, now or later, also not to reconnect. */
  revoke(tokenIds: string[]): void {
    const records = tokenIds.flatMap((tokenId) => this.store.getToken(tokenId) ?? []);
    this.store.putTokens(records.map((record) => ({ ...record, usedAt: this.now(), clientIds: [] })));
  }

  /**
   * Whether somebody who comes with a new token held this one before: the same person, in the same room.
   * @returns the record of the old one.
   */
  previous(record: TokenRecord, { tokenId, signature }: PreviousToken): TokenRecord | undefined {
    const old = this.store.getToken(tokenId);
    if (!old || !sameSecret(signature, this.#sign(old))) return undefined;
    return old.roomId === record.roomId && old.userRef === record.userRef ? old : undefined;
  }

  /** A session has spoken, so its client knows of its admission: the one before it cannot come back any more. */
  confirm(tokenId: string, clientId: string): void {
    const record = this.store.getToken(tokenId);
    if (record?.clientIds?.includes(clientId)) this.store.putToken({ ...record, clientIds: [clientId] });
  }

  forgetOld(): Promise<number> {
    return this.store.forgetTokens(this.now() - MEMORY_MS);
  }

  #sign(record: TokenRecord): string {
    return createHmac('sha256', this.#secret)
      .update(`${record.tokenId}.${record.roomId}`)
      .digest('base64url');
  }
}

function refuse(error: ErrorName, message: string): Redeemed {
  return { ok: false, error, message };
}
