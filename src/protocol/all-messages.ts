import type { Guarded } from './guards.js';
import { seldomMessages } from './seldom-messages.js';
import { callMessages } from './server-messages.js';

/** Everything the server may send that this client reads: event name → guard of its one argument. */
export const serverMessages = { ...callMessages, ...seldomMessages } as const;
export type ServerMessages = { [K in keyof typeof serverMessages]: Guarded<(typeof serverMessages)[K]> };
