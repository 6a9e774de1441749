import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  type ConnectionCause,
  type ConnectionState,
  connectionCauses,
  connectionStates,
  nextState,
} from '../../src/engine/connection-state.js';

const no = undefined;
/** Written out by hand: every state against every cause. */
const expected: Record<ConnectionState, Record<ConnectionCause, ConnectionState | undefined>> = {
  idle: {
    join: 'joining',
    awaited: no,
    admitted: no,
    failed: no,
    dropped: no,
    gaveUp: no,
    ended: no,
    leave: no,
  },
  joining: {
    join: no,
    awaited: 'awaiting',
    admitted: 'connected',
    failed: 'disconnected',
    dropped: no,
    gaveUp: no,
    ended: no,
    leave: 'disconnected',
  },
  awaiting: {
    join: no,
    awaited: 'awaiting',
    admitted: 'connected',
    failed: 'disconnected',
    dropped: 'reconnecting',
    gaveUp: no,
    ended: no,
    leave: 'disconnected',
  },
  connected: {
    join: no,
    awaited: no,
    admitted: no,
    failed: no,
    dropped: 'reconnecting',
    gaveUp: no,
    ended: 'disconnected',
    leave: 'disconnected',
  },
  reconnecting: {
    join: no,
    awaited: 'awaiting',
    admitted: 'connected',
    failed: no,
    dropped: no,
    gaveUp: 'disconnected',
    ended: 'disconnected',
    leave: 'disconnected',
  },
  disconnected: {
    join: 'joining',
    awaited: no,
    admitted: no,
    failed: no,
    dropped: no,
    gaveUp: no,
    ended: no,
    leave: 'disconnected',
  },
};

describe('every state × cause', () => {
  test('the lists of states and causes are complete', () => {
    assert.deepEqual([...connectionStates].sort(), Object.keys(expected).sort());
    assert.deepEqual([...connectionCauses].sort(), Object.keys(expected.idle).sort());
  });

  for (const [state, causes] of Object.entries(expected) as [
    ConnectionState,
    Record<ConnectionCause, ConnectionState | undefined>,
  ][]) {
    for (const [cause, next] of Object.entries(causes) as [ConnectionCause, ConnectionState | undefined][]) {
      test(next ? `${cause} takes ${state} to ${next}` : `${cause} means nothing while ${state}`, () => {
        assert.equal(nextState(state, cause), next);
      });
    }
  }
});

describe('what the picture says', () => {
  test('is what the table says, way for way', () => {
    const page = readFileSync(new URL('../../docs/engine.md', import.meta.url), 'utf8');
    const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, causes]) =>
      causes!.split(', ').map((cause) => `${from} ${cause} ${to}`),
    );
    const ways = connectionStates.flatMap((from) =>
      connectionCauses.flatMap((cause) => {
        const to = nextState(from, cause);
        return to && to !== from ? [`${from} ${cause} ${to}`] : [];
      }),
    );
    assert.deepEqual(drawn.sort(), ways.sort());
  });

  const reach = (from: ConnectionState, ...causes: ConnectionCause[]): ConnectionState | undefined =>
    causes.reduce<ConnectionState | undefined>(
      (state, cause) => (state === undefined ? undefined : nextState(state, cause)),
      from,
    );

  test('the straight way leads from idle over joining to connected', () => {
    assert.equal(reach('idle', 'join', 'admitted'), 'connected');
  });

  test('a knock leads over awaiting to connected', () => {
    assert.equal(reach('idle', 'join', 'awaited', 'awaited', 'admitted'), 'connected');
  });

  test('a loss leads to reconnecting and back', () => {
    assert.equal(reach('connected', 'dropped', 'admitted', 'dropped', 'gaveUp'), 'disconnected');
  });

  test('leave ends every state but idle, and a second one changes nothing', () => {
    for (const state of connectionStates) {
      const left = nextState(state, 'leave');
      assert.equal(left, state === 'idle' ? undefined : 'disconnected');
      if (left) assert.equal(nextState(left, 'leave'), left);
    }
  });

  test('from disconnected there is a way back in, and it is join alone', () => {
    assert.equal(reach('disconnected', 'join', 'admitted'), 'connected');
    for (const cause of connectionCauses.filter((other) => other !== 'join'))
      assert.ok([undefined, 'disconnected'].includes(nextState('disconnected', cause)));
  });

  test('nothing leads back to idle', () => {
    for (const state of connectionStates)
      for (const cause of connectionCauses) assert.notEqual(nextState(state, cause), 'idle');
  });
});
