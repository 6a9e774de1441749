import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import type { ServerConfig } from '../config.js';
import type { Store } from '../store/store.js';

/** Who may use the REST API. */
export interface AppCredentials {
  appId: string;
  appKey: string;
  /** True on the very first start, when the pair was just made up and nobody knows it yet. */
  generated: boolean;
}

/** The configured pair, or one that is made at the first start and kept in the store. */
export function appCredentials(config: ServerConfig, store: Store): AppCredentials {
  if (config.appId && config.appKey) return { appId: config.appId, appKey: config.appKey, generated: false };
  const appId = store.getSecret('app-id');
  const appKey = store.getSecret('app-key');
  if (appId && appKey) return { appId, appKey, generated: false };
  const made = { appId: randomBytes(12).toString('hex'), appKey: randomBytes(24).toString('base64url') };
  store.putSecret('app-id', made.appId);
  store.putSecret('app-key', made.appKey);
  return { ...made, generated: true };
}

/** Compares without telling by its duration how much matched. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Checks an `Authorization: Basic …` header (RFC 7617). */
export function isAuthorised(header: string | undefined, credentials: AppCredentials): boolean {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (!encoded) return false;
  return sameSecret(
    Buffer.from(encoded, 'base64').toString('utf8'),
    `${credentials.appId}:${credentials.appKey}`,
  );
}
