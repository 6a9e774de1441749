/** The five ways an acknowledgement is given (protocol §2.3), and what each comes to. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Answer, readAck } from '../../src/protocol/index.js';
import { hostileValues } from '../helpers/hostile-values.js';

const accepted = (value: Record<string, unknown> = {}): Answer => ({ ok: true, value });
const refused = (code: number, reason: string, value: Record<string, unknown> = {}): Answer => ({
  ok: false,
  code,
  reason,
  value,
});

type Row = [description: string, args: unknown[], answer: Answer];

const dialects: Record<string, Row[]> = {
  'sendMessage: a word, then the payload': [
    [
      '("success", object) is the object',
      ['success', { result: 0, clientId: 'c' }],
      accepted({ result: 0, clientId: 'c' }),
    ],
    ['("success") alone is fine', ['success'], accepted()],
    ['("success", true) is fine', ['success', true], accepted()],
    [
      '("success", object with a result other than 0) is a soft refusal',
      ['success', { result: 4122, msg: 'Locked.' }],
      refused(4122, 'Locked.', { result: 4122, msg: 'Locked.' }),
    ],
    [
      '("error", object) is a hard refusal',
      ['error', { result: 4156, error: 'token-used', msg: 'Used.' }],
      refused(4156, 'Used.', { result: 4156, error: 'token-used', msg: 'Used.' }),
    ],
    [
      '("error", object with result 0) is a refusal all the same',
      ['error', { result: 0 }],
      refused(1150, 'refused with 1150', { result: 0 }),
    ],
    ['("error", text) gives the text as reason', ['error', 'no way in'], refused(1150, 'no way in')],
    ['("error", number) gives the number', ['error', 4119], refused(4119, 'refused with 4119')],
    ['("error") alone is a refusal of unknown reason', ['error'], refused(1150, 'refused with 1150')],
    ['(true) is fine', [true], accepted()],
    ['(object with status) is the object', [{ status: 'Success' }], accepted({ status: 'Success' })],
    ['(other, object) passes the second on', ['whatever', { id: 7 }], accepted({ id: 7 })],
    [
      '(other, refusal) is a refusal',
      [1, { result: 1168, error: 'moderators only' }],
      refused(1168, 'moderators only', { result: 1168, error: 'moderators only' }),
    ],
  ],
  'sendSDP: both arguments as they are, null first means error': [
    ['(object, null) is the object', [{ result: 0, id: 5 }, null], accepted({ result: 0, id: 5 })],
    ['(id, undefined) is fine', ['stream-5', undefined], accepted()],
    ['(null, text) is a refusal with the text', [null, 'no such stream'], refused(1150, 'no such stream')],
    [
      '(null, object) is a refusal with its number',
      [null, { result: 1159, desc: 'gone' }],
      refused(1159, 'gone', { result: 1159, desc: 'gone' }),
    ],
    ['(null, null) is a refusal', [null, null], refused(1150, 'refused with 1150')],
    ['(null, object that says result 0) is none', [null, { result: 0 }], accepted({ result: 0 })],
  ],
  'emitEvent: the payload first': [
    ['(object) is the object', [{ result: 0, numTalkers: 4 }], accepted({ result: 0, numTalkers: 4 })],
    ['(object, note) is the object', [{ result: 0 }, 'note'], accepted({ result: 0 })],
    [
      '(refusal, object) is a refusal',
      [{ result: 4101 }, { result: 0 }],
      refused(4101, 'refused with 4101', { result: 4101 }),
    ],
  ],
  'sendEvent: the payload alone': [
    ['(object) is the object', [{ result: 0, maxTalkers: 6 }], accepted({ result: 0, maxTalkers: 6 })],
    ['() is fine', [], accepted()],
    ['(null) is fine, as acknowledgements without content arrive that way', [null], accepted()],
    ['("anything") is fine', ['anything'], accepted()],
  ],
  'sendParamEvent: the payload alone': [
    [
      '(object with a message) is the object',
      [{ result: 0, msg: 'done' }],
      accepted({ result: 0, msg: 'done' }),
    ],
    [
      '(refusal) is a refusal',
      [{ result: 1170, msg: 'no' }],
      refused(1170, 'no', { result: 1170, msg: 'no' }),
    ],
    ['(list) is fine and has no keys', [[{ result: 5 }]], accepted()],
  ],
};

for (const [dialect, rows] of Object.entries(dialects)) {
  describe(dialect, () => {
    for (const [description, args, answer] of rows) {
      test(description, () => assert.deepEqual(readAck(args), answer));
    }
  });
}

test('the reason is the first text among msg, error and desc', () => {
  const reasonOf = (body: object): string => {
    const answer = readAck([{ result: 1, ...body }]);
    assert.ok(!answer.ok);
    return answer.reason;
  };
  assert.equal(reasonOf({ msg: 'a', error: 'b', desc: 'c' }), 'a');
  assert.equal(reasonOf({ msg: '', error: 'b', desc: 'c' }), 'b');
  assert.equal(reasonOf({ msg: 5, error: {}, desc: 'c' }), 'c');
  assert.equal(reasonOf({}), 'refused with 1');
});

test('a refusal without a number gets the code the caller asked for', () => {
  assert.deepEqual(readAck(['error'], 1161), refused(1161, 'refused with 1161'));
  assert.deepEqual(readAck(['error', { result: '4101' }], 1161).ok, false);
  assert.equal((readAck(['error', { result: '4101' }], 1161) as { code: number }).code, 1161);
});

test('no acknowledgement, however odd, makes it throw', () => {
  for (const first of hostileValues()) {
    for (const second of hostileValues()) {
      for (const args of [[first], [first, second], ['error', second], [null, second]]) {
        assert.equal(typeof readAck(args).ok, 'boolean');
      }
    }
  }
});
