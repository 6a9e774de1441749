/** What both ends of the wire agree on. No I/O, no DOM, no Node. */
export * from './ack.js';
export * from './all-messages.js';
export * from './client-messages.js';
export * from './constants.js';
export * from './error-codes.js';
export * from './guards.js';
export { type Role, roles, type StreamId, streamId } from './message-parts.js';
export * from './seldom-messages.js';
export * from './server-messages.js';
export * from './token.js';
