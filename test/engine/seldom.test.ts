/** Messages that most calls never hear of: the code that reads them is fetched with the first one. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import type { EngineEnvironment } from '../../src/engine/environment.js';
import { seldomNow } from '../../src/engine/seldom-part.js';
import { SignallingClient } from '../../src/engine/signalling-client.js';
import type { Token } from '../../src/protocol/index.js';

/** The socket of a client, at the server's mercy. */
class FakeSocket extends EventEmitter {
  readonly connected = true;
  #heard: ((name: string, ...args: unknown[]) => void) | undefined;

  onAny(listener: (name: string, ...args: unknown[]) => void): void {
    this.#heard = listener;
  }
  offAny(): void {
    this.#heard = undefined;
  }
  close(): void {}

  /** The server sends. */
  sends(name: string, payload: unknown, ...acknowledge: (() => void)[]): void {
    this.#heard?.(name, payload, ...acknowledge);
  }
}

function connect(): { socket: FakeSocket; told: unknown[]; ended: Promise<void> } {
  const socket = new FakeSocket();
  const told: unknown[] = [];
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const environment = {
    connectSocket: () => socket,
    pageIsSecure: () => true,
    setTimeout: () => 0,
    clearTimeout: () => {},
  } as unknown as EngineEnvironment;
  new SignallingClient({ host: 'rooms.example' } as Token, environment, {
    message: (name) => told.push(name),
    unknown: (name) => told.push(['unknown', name]),
    closed: (reason) => {
      told.push(['closed', reason]);
      end();
    },
  });
  return { socket, told, ended };
}

describe('a message that most calls never hear of', () => {
  // In this order: the first test fetches the code.
  test('is read when its code has come; what comes after it waits, the end of the socket too', async () => {
    assert.equal(seldomNow(), undefined, 'nothing has asked for it');
    const { socket, told, ended } = connect();
    let acknowledged = 0;
    socket.sends('shareStopped', { clientId: 'bo' });
    socket.sends('roomSwitched', { mode: 'lecture' }, () => (acknowledged += 1));
    socket.sends('user-disconnected', { clientId: 'bo' });
    socket.sends('nobody-knows', {});
    socket.emit('disconnect', 'transport close');
    assert.deepEqual(told, ['shareStopped'], 'only what came before');
    assert.equal(acknowledged, 1, 'the server need not wait');
    await ended;
    assert.deepEqual(told, [
      'shareStopped',
      'roomSwitched',
      'user-disconnected',
      ['unknown', 'nobody-knows'],
      ['closed', 'transport close'],
    ]);
  });

  test('is read at once when its code is there', () => {
    const { socket, told } = connect();
    socket.sends('roomSwitched', { mode: 'group' });
    socket.sends('nobody-knows', {});
    socket.emit('disconnect', 'transport close');
    assert.deepEqual(told, ['roomSwitched', ['unknown', 'nobody-knows'], ['closed', 'transport close']]);
  });

  test('that is malformed is ignored', () => {
    const { socket, told } = connect();
    socket.sends('userRoleManagementEvents', { id: 'nonsense' });
    assert.deepEqual(told, []);
  });
});
