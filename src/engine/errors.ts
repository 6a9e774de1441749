// Not by way of the index: before a call nothing else of the protocol is fetched.
import { codeOf, type ErrorName, nameOf } from '../protocol/error-codes.js';

/** Errors after which the same call may well succeed. */
const retryableNames: ReadonlySet<string> = new Set<ErrorName>([
  'server-unreachable',
  'connect-failed',
  'media-connection-failed',
  'media-unavailable',
  'device-in-use',
  'device-not-found',
  'device-permission-denied',
  'room-full',
  'room-locked',
  'rate-exceeded',
  'network-changed',
  'reconnect-timeout',
  'reconnect-failed',
  'server-shutdown',
  'internal-error',
]);

/**
 * Whatever goes wrong in the room. Branch on `name`; `message` is a sentence for people.
 */
export class RoomError extends Error {
  /** Stable kebab-case word. Numbers that are not ours read `unknown`. */
  override readonly name: ErrorName;
  /** Published number (api-facts §4). */
  readonly code: number;
  /** Trying the same again may help. */
  readonly retryable: boolean;

  constructor(
    name: ErrorName,
    message: string,
    options: { code?: number; cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.code = options.code ?? codeOf(name);
    this.retryable = options.retryable ?? retryableNames.has(name);
  }

  /** An error another party reported by number, perhaps with a word of its own. */
  static fromCode(code: number, message: string, cause?: unknown): RoomError {
    return new RoomError(nameOf(code), message, { code, cause });
  }

  /** Any thrown value as a RoomError; those that are one already pass through. */
  static from(error: unknown, name: ErrorName = 'unknown'): RoomError {
    if (error instanceof RoomError) return error;
    return new RoomError(name, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Some code of the room could not be fetched. */
export const partMissing = (cause: unknown): RoomError =>
  new RoomError(
    'connect-failed',
    'A part of the room could not be loaded. Check your connection, then try again.',
    { cause },
  );

export const notConnected = (): RoomError => new RoomError('not-connected', 'The room is not connected.');

/** What a join rejects with when it was called off. */
export const leftWhileJoining = (): RoomError =>
  new RoomError('normal-disconnect', 'The room was left while joining.');
