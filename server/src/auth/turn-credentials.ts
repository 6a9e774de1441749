import { createHmac } from 'node:crypto';
import type { IceServer } from '../../../src/protocol/index.js';

/** Longer than any session should last; a reconnect gets new ones. */
const LIFETIME_S = 12 * 3600;

/**
 * Time-limited credentials as coturn's `use-auth-secret` checks them (draft-uberti-behave-turn-rest-00 §2.2):
 * the user name is when they end and whose they are, the password its HMAC.
 */
export function turnServers(
  urls: string[],
  secret: string | undefined,
  clientId: string,
  nowMs: number,
): IceServer[] {
  if (urls.length === 0 || !secret) return [];
  const username = `${Math.floor(nowMs / 1000) + LIFETIME_S}:${clientId}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return [{ urls, username, credential }];
}
