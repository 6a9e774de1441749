import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Chat, chatText, readEnvelope } from '../../src/engine/chat.js';
import { hostileValues, explosive } from '../helpers/hostile-values.js';

const message = (text: string) => ({
  senderId: 'client-2',
  from: 'Bo',
  text,
  timestamp: 5,
  broadcast: true,
  recipients: [],
  isSelf: false,
});

describe('the conversation', () => {
  test('keeps messages in the order they appeared, each with an id of its own', () => {
    const chat = new Chat();
    const added = ['one', 'two', 'three'].map((text) => chat.add(message(text)));
    assert.deepEqual(
      chat.messages.map(({ text }) => text),
      ['one', 'two', 'three'],
    );
    assert.deepEqual(chat.messages, added);
    assert.ok(added[0]!.id < added[1]!.id && added[1]!.id < added[2]!.id);
  });

  test('is frozen, and a new list after every message', () => {
    const chat = new Chat();
    const before = chat.messages;
    chat.add(message('one'));
    assert.notEqual(chat.messages, before);
    assert.deepEqual(before, []);
    assert.ok(Object.isFrozen(chat.messages) && Object.isFrozen(chat.messages[0]));
  });

  test('keeps the last thousand', () => {
    const chat = new Chat();
    for (let index = 1; index <= 1002; index++) chat.add(message(`${index}`));
    assert.equal(chat.messages.length, 1000);
    assert.equal(chat.messages[0]?.text, '3');
    assert.equal(chat.messages.at(-1)?.text, '1002');
  });

  test('takes the same message once, by the id its sender gave it or by sender, time and text', () => {
    const chat = new Chat();
    const said = { ...message('one'), timestamp: 1_700_000_000_000 };
    assert.ok(chat.add(said, 'm-1'));
    assert.equal(chat.add({ ...said, timestamp: said.timestamp + 9 }, 'm-1'), undefined);
    assert.ok(chat.add(said));
    assert.equal(chat.add(said), undefined);
    assert.ok(chat.add({ ...said, senderId: 'client-9' }));
    assert.equal(chat.messages.length, 3);
  });

  test('takes what a person says again under another client id once, and not for another person’s words', () => {
    const chat = new Chat();
    assert.ok(chat.add(message('one'), 'm-1'));
    assert.equal(chat.add({ ...message('one'), senderId: 'client-3', timestamp: 9 }, 'm-1'), undefined);
    assert.ok(chat.add({ ...message('two'), senderId: 'client-4', from: 'Al' }, 'm-1'));
  });

  test('starts over empty, but never gives an id twice', () => {
    const chat = new Chat();
    const { id } = chat.add(message('one'))!;
    chat.clear();
    assert.deepEqual(chat.messages, []);
    assert.ok(chat.add(message('two'))!.id > id);
  });

  test('remembers what was said for twice as long as it shows it, and no longer', () => {
    const chat = new Chat();
    const said = (number: number) => chat.add(message(`message ${number}`), `id-${number}`);
    for (let number = 0; number <= 2000; number++) said(number);
    assert.equal(said(1), undefined, 'not shown any more, but not new either');
    assert.ok(said(0), 'forgotten');
    assert.equal(chat.messages.length, 1000);
  });
});

describe('reading an envelope', () => {
  test('takes a full one and one with the least there is', () => {
    const full = {
      type: 'chat',
      message: 'Hello',
      broadcast: false,
      clients: ['client-1'],
      sender: 'Bo',
      senderId: 'client-2',
      timestamp: 9,
    };
    assert.deepEqual(readEnvelope(full), full);
    assert.deepEqual(readEnvelope({ type: 'user_data' }), {
      type: 'user_data',
      broadcast: true,
      clients: [],
      sender: '',
      senderId: '',
      timestamp: 0,
    });
  });

  test('makes nothing of what is none, and never throws', () => {
    for (const value of hostileValues()) {
      const isMeantAsOne = typeof value === 'object' && value !== null && Object.hasOwn(value, 'type');
      if (!isMeantAsOne) assert.equal(readEnvelope(value), undefined);
    }
    assert.equal(readEnvelope(explosive('type')), undefined);
    assert.equal(readEnvelope('[object Object]'), undefined);
  });
});

describe('the text of a message', () => {
  test('is the text itself, never looked into', () => {
    assert.equal(chatText('<b>bold</b>'), '<b>bold</b>');
  });

  test('of anything else is its JSON, or empty where there is none', () => {
    assert.equal(chatText({ a: [1] }), '{"a":[1]}');
    assert.equal(chatText(5), '5');
    assert.equal(chatText(null), 'null');
    assert.equal(chatText(undefined), '');
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    assert.equal(chatText(circular), '');
  });

  test('is always a string', () => {
    for (const value of hostileValues()) assert.equal(typeof chatText(value), 'string');
  });
});
