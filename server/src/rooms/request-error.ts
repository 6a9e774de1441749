import { codeOf, type ErrorName } from '../../../src/protocol/index.js';

/** Refusal of a client's request: a published error with a sentence. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly error: ErrorName,
    message: string,
  ) {
    super(message);
  }
  get answer(): { result: number; msg: string; error: string } {
    return { result: codeOf(this.error), msg: this.message, error: this.error };
  }
}
