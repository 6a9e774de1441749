import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Outbox, type Way } from '../../../server/src/rooms/outbox.js';
import type { DataMessage } from '../../../src/protocol/index.js';

let outbox: Outbox;
beforeEach(() => (outbox = new Outbox()));

const said = (timestamp: number): DataMessage => ({
  type: 'chat',
  message: `number ${timestamp}`,
  broadcast: true,
  clients: [],
  sender: 'Ann',
  senderId: 'ann',
  timestamp,
});
/** @returns acknowledges it */
const add = (timestamp: number, way: Way, bytes = 100, forgetBefore = 0) =>
  outbox.add(said(timestamp), bytes, way, forgetBefore);
const missing = (received?: { socket: number; data: number }, dataKept = false) =>
  outbox.missing(received, dataKept).map(({ message }) => message.timestamp);

describe('for a client that says what it has', () => {
  test('what is newer is missing, of each way by itself, oldest first', () => {
    add(1, 'socket');
    add(2, 'data');
    add(3, 'socket');
    add(4, 'data');
    add(5, 'none');
    assert.deepEqual(missing({ socket: 1, data: 2 }), [3, 4, 5]);
  });

  test('a data connection that goes on delivers by itself what went into it', () => {
    add(1, 'data');
    add(2, 'socket');
    add(3, 'none');
    assert.deepEqual(missing({ socket: 0, data: 0 }, true), [2, 3]);
  });

  test('what was sent once more counts as sent over the socket', () => {
    add(1, 'data');
    add(2, 'none');
    assert.deepEqual(missing({ socket: 0, data: 0 }), [1, 2]);
    assert.deepEqual(missing({ socket: 1, data: 0 }), [2]);
    assert.deepEqual(missing({ socket: 2, data: 0 }), []);
  });
});

describe('for a client that does not say', () => {
  test('only what went nowhere is certain to be missing', () => {
    add(1, 'socket');
    add(2, 'data');
    add(3, 'none');
    assert.deepEqual(missing(), [3]);
    assert.deepEqual(missing(), []);
  });

  test('once it has acknowledged anything, what it did not acknowledge is missing too', () => {
    add(1, 'socket')();
    add(2, 'socket');
    add(3, 'data');
    add(4, 'socket')();
    assert.deepEqual(missing(), [2]);
    const [again] = outbox.missing(undefined, false);
    again!.acknowledged();
    assert.deepEqual(missing(), []);
  });
});

describe('it forgets', () => {
  test('the oldest beyond its number', () => {
    for (let timestamp = 1; timestamp <= Outbox.MAX_MESSAGES + 2; timestamp++) add(timestamp, 'none');
    const left = missing();
    assert.deepEqual([left.length, left[0]], [Outbox.MAX_MESSAGES, 3]);
  });

  test('the oldest beyond its size, but never the newest', () => {
    add(1, 'none', Outbox.MAX_BYTES);
    add(2, 'none', Outbox.MAX_BYTES - 1);
    add(3, 'none', 1);
    assert.deepEqual(missing({ socket: 0, data: 0 }), [2, 3]);
    add(4, 'none', Outbox.MAX_BYTES + 1);
    assert.deepEqual(missing(), [4]);
  });

  test('what is too old to matter', () => {
    add(1, 'none');
    add(2, 'none');
    add(100, 'none', 100, 2);
    assert.deepEqual(missing(), [2, 100]);
  });
});
