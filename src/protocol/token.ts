/**
 * The token string: base64 of a JSON object, written in ASCII (protocol §2.1).
 *
 * Decoding is lenient (line breaks, missing padding, a JWT's middle part); nothing here checks a signature:
 * only the server that issued a token can say whether it is genuine.
 */
import {
  anything,
  check,
  dictionary,
  type Guarded,
  lenient,
  object,
  optional,
  text,
  boolean,
} from './guards.js';
import { MAX_TOKEN_LENGTH } from './constants.js';

// Base64 helpers exist in every runtime we support but not in the ES library typings.
declare function atob(data: string): string;
declare function btoa(data: string): string;

export const tokenGuard = object({
  /** `name[:port]` of the signalling server, no scheme. */
  host: text(512, 1),
  /** Connect here instead of `host`, which then goes into the query `X-Forwarded-Host`. */
  gateway: lenient(optional(text(512)), undefined),
  tokenId: lenient(optional(text(256)), undefined),
  signature: lenient(optional(text(256)), undefined),
  logId: lenient(optional(text(256)), undefined),
  /** Informative only: a client picks its scheme from the page it runs in. */
  secure: lenient(optional(boolean), undefined),
  roomMeta: lenient(optional(object({ settings: lenient(dictionary, {}) })), undefined),
});
/** What a client needs to know of a token. The full object travels back to the server unchanged. */
export type Token = Guarded<typeof tokenGuard>;

/** Why a string is not a token. */
export type TokenProblem = 'token-oversized' | 'token-malformed';

export type DecodedToken =
  | {
      ok: true;
      token: Token;
      /** Everything the string held; echoed in the `token` message. */ raw: Record<string, unknown>;
    }
  | { ok: false; problem: TokenProblem; reason: string };

/** Encodes in plain ASCII: characters above U+007F become `\uXXXX`, as clients decode byte-wise. */
export function encodeToken(token: Record<string, unknown>): string {
  const json = JSON.stringify(token).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return btoa(json);
}

/** Never throws. Accepts up to {@link MAX_TOKEN_LENGTH} characters. */
export function decodeToken(value: unknown): DecodedToken {
  if (typeof value !== 'string' || value === '') {
    return { ok: false, problem: 'token-malformed', reason: 'the token is empty or not a string' };
  }
  if (value.length > MAX_TOKEN_LENGTH) {
    return {
      ok: false,
      problem: 'token-oversized',
      reason: `the token is longer than ${MAX_TOKEN_LENGTH} characters`,
    };
  }
  let raw: Record<string, unknown>;
  try {
    raw = dictionary(parseBase64Json(value));
  } catch {
    return { ok: false, problem: 'token-malformed', reason: 'the token is not base64 of a JSON object' };
  }
  const checked = check(tokenGuard, raw);
  return checked.ok
    ? { ok: true, token: checked.value, raw }
    : { ok: false, problem: 'token-malformed', reason: `the token is incomplete: ${checked.error.message}` };
}

function parseBase64Json(value: string): unknown {
  const compact = value.replace(/\s+/g, '');
  const parts = compact.split('.');
  const base64 = (parts.length === 3 ? parts[1]! : compact)
    .replace(/-/g, '+')
    .replace(/_/g, '/')
    .replace(/=+$/, '');
  const bytes = atob(base64);
  return anything(JSON.parse(decodeUtf8(bytes)));
}

/** Tokens of other platforms may hold raw UTF-8; where the bytes are not UTF-8 they are read as Latin-1. */
function decodeUtf8(bytes: string): string {
  try {
    return decodeURIComponent(
      bytes.replace(/[%\u0080-\u00ff]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    );
  } catch {
    return bytes;
  }
}
