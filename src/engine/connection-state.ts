import type { RoomStateStore } from './room-state.js';

/**
 * Where a room's connection is; drawn in docs/engine.md, which a test holds to the table below.
 *
 * `leave` ends every state but `idle`; a second one changes nothing. Who comes back may have to wait again:
 * `reconnecting ─awaited─► awaiting`, and from there `dropped` leads back to `reconnecting`.
 */
export type ConnectionState = 'idle' | 'joining' | 'awaiting' | 'connected' | 'reconnecting' | 'disconnected';

/** What happened. `ended` = the server closed the session; `dropped` = the socket was lost. */
export type ConnectionCause =
  'join' | 'awaited' | 'admitted' | 'failed' | 'dropped' | 'gaveUp' | 'ended' | 'leave';

const transitions: Record<ConnectionState, Partial<Record<ConnectionCause, ConnectionState>>> = {
  idle: { join: 'joining' },
  joining: { awaited: 'awaiting', admitted: 'connected', failed: 'disconnected', leave: 'disconnected' },
  awaiting: {
    awaited: 'awaiting',
    admitted: 'connected',
    failed: 'disconnected',
    dropped: 'reconnecting',
    leave: 'disconnected',
  },
  connected: { dropped: 'reconnecting', ended: 'disconnected', leave: 'disconnected' },
  reconnecting: {
    awaited: 'awaiting',
    admitted: 'connected',
    gaveUp: 'disconnected',
    ended: 'disconnected',
    leave: 'disconnected',
  },
  disconnected: { join: 'joining', leave: 'disconnected' },
};

/** The only way a connection state moves. @returns false where the cause means nothing. */
export function move(store: RoomStateStore, cause: ConnectionCause): boolean {
  const from = store.current.connection;
  const to = nextState(from, cause);
  if (!to) return false;
  if (to !== from) console.info(`enx-room: ${from} → ${to} (${cause})`);
  store.update({ connection: to });
  return true;
}

/** The next state, or `undefined` where the cause means nothing in this state. */
export function nextState(state: ConnectionState, cause: ConnectionCause): ConnectionState | undefined {
  return transitions[state][cause];
}

export const connectionStates = Object.keys(transitions) as ConnectionState[];
export const connectionCauses: readonly ConnectionCause[] = [
  'join',
  'awaited',
  'admitted',
  'failed',
  'dropped',
  'gaveUp',
  'ended',
  'leave',
];
