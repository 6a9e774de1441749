import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ending, exitReason } from '../../src/engine/endings.js';
import { endingFrom } from '../../src/engine/server-endings.js';
import type { EndingReason } from '../../src/engine/room-state.js';

/** reason → its number for `exit-room` (0 left, 1 removed, 2 dismissed). */
const exits: Record<EndingReason, 0 | 1 | 2> = {
  left: 0,
  removed: 1,
  dismissed: 2,
  'room-empty': 2,
  denied: 1,
  expired: 2,
  replaced: 0,
  'reconnect-failed': 0,
  network: 0,
};

test('every reason has a sentence and a number for exit-room', () => {
  for (const [reason, number] of Object.entries(exits) as [EndingReason, number][]) {
    const end = ending(reason, 1);
    assert.equal(end.reason, reason);
    assert.match(end.message, /^[A-Z].+\.$/);
    assert.equal(exitReason(reason), number);
    assert.ok(Object.isFrozen(end));
  }
});

describe('what a server says of an ending', () => {
  const words: [word: string, code: number, reason: EndingReason][] = [
    ['disconnected-by-moderator', 2011, 'removed'],
    ['normal-disconnect', 2006, 'left'],
    ['room-dismissed', 2012, 'dismissed'],
    ['room-expired', 2013, 'expired'],
    ['room-empty', 2014, 'room-empty'],
    ['entry-denied', 2015, 'denied'],
    ['replaced-by-newer-session', 2016, 'replaced'],
  ];
  for (const [word, code, reason] of words) {
    test(`"${word}" means ${reason}, and its number is kept`, () => {
      const end = endingFrom({ cause: { cause: code, msg: word } });
      assert.equal(end.reason, reason);
      assert.equal(end.code, code);
    });
  }

  test('the word may stand beside the cause instead of inside', () => {
    assert.equal(endingFrom({ msg: 'room-expired', result: 77 }).reason, 'expired');
    assert.equal(endingFrom({ msg: 'room-expired', result: 77 }).code, 77);
    assert.equal(endingFrom({ cause: { msg: 'room-empty' }, msg: 'room-expired' }).reason, 'room-empty');
  });

  test('no word, or one we do not know, counts as the room being closed', () => {
    for (const payload of [{}, { cause: {} }, { msg: 'server-shutdown' }, { msg: 'who knows' }]) {
      const end = endingFrom(payload);
      assert.equal(end.reason, 'dismissed');
      assert.equal(end.code, 2002);
    }
  });

  test('a word that objects have by nature is no reason', () => {
    for (const msg of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      assert.equal(endingFrom({ msg }).reason, 'dismissed');
  });
});
