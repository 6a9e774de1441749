import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { isAuthorised, sameSecret } from '../../server/src/auth/credentials.js';
import { type Redeemed, TOKEN_LIFETIME_MS, TokenService } from '../../server/src/auth/tokens.js';
import type { RoomRecord } from '../../server/src/store/store.js';
import {
  clientMessages,
  decodeToken,
  MAX_TOKEN_LENGTH,
  type TokenMessage,
} from '../../src/protocol/index.js';
import { disfigured } from '../helpers/hostile-values.js';
import { MemoryStore, roomRecord } from '../helpers/memory-store.js';
import { SeededRandom } from '../helpers/seeded-random.js';

const MINUTE = 60_000;
const start = 1_700_000_000_000;

let store: MemoryStore;
let nowMs: number;
let service: TokenService;
let room: RoomRecord;

beforeEach(async () => {
  store = new MemoryStore();
  nowMs = start;
  service = new TokenService(store, () => nowMs);
  room = roomRecord('Daily', { quality: 'HD' });
  await store.putRoom(room);
});

const ada = { name: 'Ada', role: 'moderator', userRef: 'ada-ref', data: { seat: 4 } } as const;

/** What a client sends who got this token. */
function messageOf(token: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const decoded = decodeToken(token);
  assert.ok(decoded.ok);
  return { ...decoded.raw, version: '3.1.5', ...more };
}

const issue = (): Record<string, unknown> =>
  messageOf(service.issue(room, ada, { host: 'rooms.example', secure: true }));

/** As the connection does it: the guard first. */
const redeem = (message: Record<string, unknown>, clientId = 'client-1'): Redeemed =>
  redeemAt(service, message, clientId);

/** As a join does it: checked, and used at once if it is good. */
function redeemAt(at: TokenService, message: Record<string, unknown>, clientId: string): Redeemed {
  const redeemed = at.check(message, clientMessages.token(message) as TokenMessage);
  if (redeemed.ok) at.use(redeemed.record, clientId);
  return redeemed;
}

function refused(redeemed: Redeemed, error: string): void {
  assert.ok(!redeemed.ok, 'the token was taken');
  assert.equal(redeemed.error, error);
  assert.match(redeemed.message, /^[A-Z].+\.$/);
}

function taken(redeemed: Redeemed): Extract<Redeemed, { ok: true }> {
  assert.ok(redeemed.ok, redeemed.ok ? '' : redeemed.error);
  return redeemed;
}

describe('a token', () => {
  test('tells a client where to go and what quality the room has', () => {
    const decoded = decodeToken(service.issue(room, ada, { host: 'rooms.example:8443', secure: true }));
    assert.ok(decoded.ok);
    const { host, secure, roomMeta, tokenId, signature, logId } = decoded.token;
    assert.deepEqual([host, secure, roomMeta?.settings.quality], ['rooms.example:8443', true, 'HD']);
    assert.ok(tokenId && signature && logId);
    assert.deepEqual(decoded.raw.room, { _id: room.roomId, name: 'Daily' });
  });

  test('carries nothing of the person, and no secret', () => {
    const text = JSON.stringify(issue());
    for (const private_ of ['Ada', 'ada-ref', 'moderator', 'seat', store.getSecret('token-secret')!])
      assert.ok(!text.includes(private_), private_);
  });

  test('is another one each time', () => {
    const ids = Array.from({ length: 20 }, () => issue().tokenId);
    assert.equal(new Set(ids).size, 20);
  });

  test('connects once', () => {
    const message = issue();
    const { record, room: of } = taken(redeem(message));
    assert.deepEqual([record.name, of.roomId], ['Ada', room.roomId]);
    refused(redeem(message, 'client-2'), 'token-used');
    refused(redeem(message, 'client-1'), 'token-used');
  });

  test('connects for 15 minutes and not a millisecond longer', () => {
    assert.equal(TOKEN_LIFETIME_MS, 15 * MINUTE);
    const [early, late] = [issue(), issue()];
    nowMs = start + 15 * MINUTE - 1;
    taken(redeem(early));
    nowMs = start + 15 * MINUTE;
    refused(redeem(late), 'token-expired');
  });

  test('gives the person of our own record, whatever the message claims', () => {
    const message = {
      ...issue(),
      name: 'Mallory',
      role: 'participant',
      user_ref: 'mallory',
      userRef: 'mallory',
      data: { seat: 1 },
      roomId: 'other',
      room: { _id: 'other' },
      expiresAt: Infinity,
    };
    const { record, room: of } = taken(redeem(message));
    const { name, role, userRef, data, roomId } = record;
    assert.deepEqual({ name, role, userRef, data }, ada);
    assert.deepEqual([roomId, of.roomId], [room.roomId, room.roomId]);
  });

  test('does not connect to a room that is gone', async () => {
    const message = issue();
    await store.deleteRoom(room.roomId);
    refused(redeem(message), 'room-gone');
  });

  test('is not used up by a refusal', async () => {
    const message = issue();
    await store.deleteRoom(room.roomId);
    refused(redeem(message), 'room-gone');
    refused(redeem({ ...message, signature: 'forged' }), 'token-tampered');
    await store.putRoom(room);
    taken(redeem(message));
  });

  test('that we did not issue is unknown', () => {
    refused(redeem({ ...issue(), tokenId: 'made-up' }), 'token-unknown');
    const elsewhere = new TokenService(new MemoryStore());
    refused(redeem(messageOf(elsewhere.issue(room, ada, { host: 'h', secure: false }))), 'token-unknown');
  });

  test('whose signature does not match is tampered with', () => {
    const message = issue();
    const other = issue();
    for (const signature of ['', 'forged', undefined, 5, other.signature, `${String(message.signature)}x`])
      refused(redeem({ ...message, signature }), 'token-tampered');
    refused(redeem({ ...message, tokenId: other.tokenId }), 'token-tampered');
    taken(redeem(message));
  });

  test('is tampered with for a service with another secret', () => {
    const message = issue();
    store.putSecret('token-secret', 'another one');
    const other = new TokenService(store, () => nowMs);
    refused(redeemAt(other, message, 'c'), 'token-tampered');
  });

  test('without an id is malformed', () => {
    for (const tokenId of [undefined, '', 5, {}, 'x'.repeat(300)])
      refused(redeem({ ...issue(), tokenId }), 'token-malformed');
    refused(redeem({}), 'token-malformed');
  });

  test('that is too large is not even looked up', () => {
    const message = issue();
    const padded = (size: number): Record<string, unknown> => {
      const padding = size - JSON.stringify({ ...message, padding: '' }).length;
      return { ...message, padding: 'x'.repeat(padding) };
    };
    refused(redeem(padded(MAX_TOKEN_LENGTH + 1)), 'token-oversized');
    taken(redeem(padded(MAX_TOKEN_LENGTH)));
  });

  test('survives a restart of the server', () => {
    const message = issue();
    service = new TokenService(store, () => nowMs);
    taken(redeem(message));
    service = new TokenService(store, () => nowMs);
    refused(redeem(message), 'token-used');
  });

  test('in any disfigurement connects nobody who has not the real one', () => {
    const random = new SeededRandom(4156);
    let connected = 0;
    for (let index = 0; index < 2000; index++) {
      const message = issue();
      let sent: unknown;
      try {
        sent = JSON.parse(JSON.stringify(disfigured(message, random)));
      } catch {
        continue;
      }
      if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) continue;
      const { tokenId, signature } = sent as Record<string, unknown>;
      const genuine = tokenId === message.tokenId && signature === message.signature;
      const { ok } = redeem(sent as Record<string, unknown>);
      if (ok) connected++;
      assert.ok(genuine || !ok, `round ${index}`);
    }
    assert.ok(connected > 100, 'what is wrong elsewhere does no harm');
  });
});

describe('taking over', () => {
  const again = (
    oldClientIdForReconnect: unknown,
    isReconnecting: unknown = true,
  ): Record<string, unknown> => ({
    isReconnecting,
    oldClientIdForReconnect,
  });

  test('is for the session that used the token', () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    const { record } = taken(redeem({ ...message, ...again('client-1') }, 'client-2'));
    assert.equal(record.name, 'Ada');
  });

  test('can be done again and again, each time by the one before', () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    for (let round = 1; round <= 3; round++)
      taken(redeem({ ...message, ...again(`client-${round}`) }, `client-${round + 1}`));
    refused(redeem({ ...message, ...again('client-1') }, 'client-9'), 'token-used');
    refused(redeem({ ...message, ...again('client-2') }, 'client-9'), 'token-used');
  });

  test('is also for one whose next session broke before its client heard of it', () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    taken(redeem({ ...message, ...again('client-1') }, 'client-2'));
    taken(redeem({ ...message, ...again('client-1') }, 'client-3'));
  });

  test('is over for the one before as soon as the new session has spoken', () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    const { record } = taken(redeem({ ...message, ...again('client-1') }, 'client-2'));
    service.confirm(record.tokenId, 'client-2');
    refused(redeem({ ...message, ...again('client-1') }, 'client-3'), 'token-used');
    taken(redeem({ ...message, ...again('client-2') }, 'client-3'));
  });

  test('a token that is only looked at is not used', () => {
    const message = issue();
    service.check(message, clientMessages.token(message) as TokenMessage);
    taken(redeem(message));
  });

  test('is refused to everybody else', () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    for (const claim of [
      again('client-2'),
      again(''),
      again(undefined),
      again({ toString: 'client-1' }),
      again('client-1', false),
      again('client-1', 'true'),
      { oldClientIdForReconnect: 'client-1' },
      { isReconnecting: true },
      {},
    ])
      refused(redeem({ ...message, ...claim }, 'client-3'), 'token-used');
  });

  test('needs the signature all the same', () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    refused(redeem({ ...message, ...again('client-1'), signature: 'forged' }, 'client-2'), 'token-tampered');
  });

  test('works long after the token expired', () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    nowMs += 5 * 60 * MINUTE;
    taken(redeem({ ...message, ...again('client-1') }, 'client-2'));
  });

  test('of a token that nobody used is a first use, and expires like one', () => {
    const [early, late] = [issue(), issue()];
    taken(redeem({ ...early, ...again('whoever') }, 'client-1'));
    nowMs = start + 15 * MINUTE;
    refused(redeem({ ...late, ...again('whoever') }, 'client-1'), 'token-expired');
  });

  test('is not possible when the room is gone', async () => {
    const message = issue();
    taken(redeem(message, 'client-1'));
    await store.deleteRoom(room.roomId);
    refused(redeem({ ...message, ...again('client-1') }, 'client-2'), 'room-gone');
  });
});

describe('a revoked token', () => {
  const back = (clientId: string) => ({ isReconnecting: true, oldClientIdForReconnect: clientId });

  test('serves nobody any more, whether it was used or not, also after a restart', () => {
    const [used, fresh] = [issue(), issue()];
    taken(redeem(used, 'client-1'));
    service.revoke([String(used.tokenId), String(fresh.tokenId), 'never issued']);
    for (const at of [service, new TokenService(store, () => nowMs)]) {
      refused(redeemAt(at, { ...used, ...back('client-1') }, 'client-2'), 'token-used');
      refused(redeemAt(at, fresh, 'client-3'), 'token-used');
    }
  });

  test('leaves others alone', () => {
    const [one, other] = [issue(), issue()];
    taken(redeem(one, 'client-1'));
    service.revoke([String(other.tokenId)]);
    service.revoke([]);
    taken(redeem({ ...one, ...back('client-1') }, 'client-1'));
  });
});

describe('the token before', () => {
  const record = (message: Record<string, unknown>) => store.getToken(String(message.tokenId))!;
  const proofOf = ({ tokenId, signature }: Record<string, unknown>) => ({
    tokenId: String(tokenId),
    signature: String(signature),
  });

  test('is proved by its signature', () => {
    const [old, next] = [issue(), issue()];
    assert.equal(service.previous(record(next), proofOf(old))?.tokenId, old.tokenId);
    const { signature } = proofOf(next);
    for (const wrong of [signature, '', 'x']) {
      assert.equal(service.previous(record(next), { ...proofOf(old), signature: wrong }), undefined);
    }
    assert.equal(service.previous(record(next), { ...proofOf(old), tokenId: 'unknown' }), undefined);
  });

  test('is of the same person and of the same room', async () => {
    const old = issue();
    const endpoint = { host: 'rooms.example', secure: true };
    const another = messageOf(service.issue(room, { ...ada, userRef: 'bob-ref' }, endpoint));
    assert.equal(service.previous(record(another), proofOf(old)), undefined);
    const elsewhere = roomRecord('Weekly');
    await store.putRoom(elsewhere);
    const there = messageOf(service.issue(elsewhere, ada, endpoint));
    assert.equal(service.previous(record(there), proofOf(old)), undefined);
  });
});

test('old tokens are called by their name for a day, then forgotten', async () => {
  const message = issue();
  nowMs = start + TOKEN_LIFETIME_MS + 24 * 60 * MINUTE;
  assert.equal(await service.forgetOld(), 0);
  refused(redeem(message), 'token-expired');
  nowMs += 1;
  assert.equal(await service.forgetOld(), 1);
  refused(redeem(message), 'token-unknown');
});

describe('credentials of the REST API', () => {
  const credentials = { appId: 'my-app', appKey: 'key:with:colons-1234', generated: false };
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  test('are HTTP Basic, and nothing else passes', () => {
    assert.equal(isAuthorised(basic('my-app:key:with:colons-1234'), credentials), true);
    assert.equal(
      isAuthorised(basic('my-app:key:with:colons-1234').replace('Basic', 'basic'), credentials),
      true,
    );
    for (const header of [
      undefined,
      '',
      'Basic',
      'Basic ',
      'Bearer my-app:key:with:colons-1234',
      'my-app:key:with:colons-1234',
      basic('my-app:'),
      basic(':key:with:colons-1234'),
      basic('my-app:key:with:colons-123'),
      basic('my-app:key:with:colons-12345'),
      basic('MY-APP:key:with:colons-1234'),
      basic(''),
      `${basic('my-app:key:with:colons-1234')} extra`,
      `Basic ${'A'.repeat(100_000)}`,
    ])
      assert.equal(isAuthorised(header, credentials), false, header?.slice(0, 60));
  });

  test('are compared whole, whatever their lengths', () => {
    assert.equal(sameSecret('', ''), true);
    assert.equal(sameSecret('a', ''), false);
    assert.equal(sameSecret('secret', 'secret'), true);
    assert.equal(sameSecret('secret', 'secreT'), false);
    assert.equal(sameSecret('ä', 'a\u0308'), false);
  });
});
