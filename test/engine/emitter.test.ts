import assert from 'node:assert/strict';
import { beforeEach, type Mock, mock, test } from 'node:test';
import { Emitter } from '../../src/engine/emitter.js';

interface Events {
  knock: { times: number };
  bell: string;
}
class Door extends Emitter<Events> {
  knock(times: number): void {
    this.emit('knock', { times });
  }
  ring(tone: string): void {
    this.emit('bell', tone);
  }
}

let complaints: Mock<typeof console.error>;
beforeEach(() => {
  mock.restoreAll();
  complaints = mock.method(console, 'error', () => {});
});

test('tells the listeners of an event, in the order they came, and nobody else', () => {
  const door = new Door();
  const heard: string[] = [];
  door.on('knock', ({ times }) => heard.push(`first ${times}`));
  door.on('knock', ({ times }) => heard.push(`second ${times}`));
  door.on('bell', (tone) => heard.push(tone));
  door.knock(3);
  assert.deepEqual(heard, ['first 3', 'second 3']);
});

test('those who hear every event hear it after the listeners of that event', () => {
  const door = new Door();
  const heard: unknown[] = [];
  door.onAny((name, payload) => heard.push([name, payload]));
  door.on('bell', () => heard.push('listener'));
  door.ring('ding');
  door.knock(1);
  assert.deepEqual(heard, ['listener', ['bell', 'ding'], ['knock', { times: 1 }]]);
});

test('a listener that throws is reported and disturbs neither the others nor the one who emits', () => {
  const door = new Door();
  const heard: string[] = [];
  const failure = new Error('a bad day');
  door.on('knock', () => {
    throw failure;
  });
  door.onAny(() => {
    throw failure;
  });
  door.on('knock', () => heard.push('listener'));
  door.onAny(() => heard.push('any'));
  assert.doesNotThrow(() => door.knock(1));
  assert.deepEqual(heard, ['listener', 'any']);
  assert.deepEqual(
    complaints.mock.calls.map(({ arguments: [, error] }) => error as unknown),
    [failure, failure],
  );
});

test('on and onAny return what takes the listener off again', () => {
  const door = new Door();
  let heard = 0;
  const off = door.on('knock', () => heard++);
  const offAny = door.onAny(() => heard++);
  door.knock(1);
  off();
  offAny();
  off();
  door.knock(1);
  assert.equal(heard, 2);
});

test('a listener that takes itself or others off does not upset the round it is in', () => {
  const door = new Door();
  const heard: string[] = [];
  const offFirst = door.on('knock', () => {
    heard.push('first');
    offFirst();
    offSecond();
  });
  const offSecond = door.on('knock', () => heard.push('second'));
  door.knock(1);
  door.knock(1);
  assert.deepEqual(heard, ['first', 'second']);
});

test('the same function listens once to one event', () => {
  const door = new Door();
  let heard = 0;
  const listener = (): void => void heard++;
  door.on('knock', listener);
  door.on('knock', listener);
  door.knock(1);
  assert.equal(heard, 1);
});

test('an event nobody listens to is no trouble', () => {
  assert.doesNotThrow(() => new Door().knock(1));
  assert.equal(complaints.mock.callCount(), 0);
});
