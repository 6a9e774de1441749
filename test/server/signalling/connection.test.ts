import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { Socket } from 'socket.io';
import { Connection } from '../../../server/src/signalling/connection.js';
import type { SignallingContext } from '../../../server/src/signalling/handler.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_750_000_000_000 }));
afterEach(() => mock.timers.reset());

/** A connection whose other end is the test. */
function connect() {
  const events = new EventEmitter();
  let receive: (name: string, ...args: unknown[]) => void = () => {};
  const state = { disconnected: 0 };
  const socket = {
    handshake: { address: '192.0.2.1', headers: { host: 'rooms.example' } },
    on: events.on.bind(events),
    onAny: (listener: typeof receive) => void (receive = listener),
    emit: () => true,
    disconnect: () => {
      state.disconnected += 1;
      events.emit('disconnect');
    },
  };
  const errors: unknown[] = [];
  const context = {
    now: Date.now,
    logger: { info: () => {}, error: (details: unknown) => void errors.push(details) },
  } as unknown as SignallingContext;
  const connection = new Connection(socket as unknown as Socket, context);
  const request = (name: string, ...args: unknown[]) =>
    new Promise<unknown[]>((resolve) => receive(name, ...args, (...answer: unknown[]) => resolve(answer)));
  return { connection, state, errors, request, receive: (name: string) => receive(name), events };
}

test('a socket that shows no token is closed after fifteen seconds, however busy it is', async () => {
  const { state, request } = connect();
  mock.timers.tick(14_000);
  const [answer] = (await request('getNumberOfTalker')) as [{ result: number }];
  assert.equal(answer.result, 4161);
  mock.timers.tick(999);
  assert.equal(state.disconnected, 0);
  mock.timers.tick(1);
  assert.equal(state.disconnected, 1);
});

test('a socket that has joined is left alone', () => {
  const { connection, state } = connect();
  connection.joined = { session: { lost: () => {} }, participant: {} } as never;
  mock.timers.tick(60_000);
  assert.equal(state.disconnected, 0);
});

test('a socket that went by itself is not closed again', () => {
  const { state, events } = connect();
  events.emit('disconnect');
  mock.timers.tick(60_000);
  assert.equal(state.disconnected, 0);
});

test('a message that wants no answer is taken all the same', () => {
  const { receive, errors } = connect();
  for (const name of ['token', 'publish', 'test-unknown']) assert.doesNotThrow(() => receive(name));
  assert.deepEqual(errors, []);
});

test('an error in the server is answered and reported, and the connection lives on', async () => {
  const { connection, request, errors, state } = connect();
  connection.joined = {
    session: {
      isCurrent: () => true,
      get record(): never {
        throw new TypeError('test error');
      },
    },
    participant: { clientId: 'ann', confirmed: true },
  } as never;
  const [answer] = (await request('getMaxNumberOfTalker')) as [{ result: number; msg: string }];
  assert.equal(answer.result, 4164);
  assert.doesNotMatch(answer.msg, /test error/);
  assert.equal(errors.length, 1);
  assert.equal(state.disconnected, 0);
});
