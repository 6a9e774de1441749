import { createHmac } from 'node:crypto';

/** Seconds since the epoch at which a request was sent. */
export const TIMESTAMP_HEADER = 'x-enx-timestamp';
export const SIGNATURE_HEADER = 'x-enx-signature';

/**
 * What a request proves its origin with: HMAC-SHA256 of `<timestamp>.<body>`, so that neither can be exchanged.
 * @param timestamp as in its header
 * @param body exactly as sent
 */
export const sign = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
