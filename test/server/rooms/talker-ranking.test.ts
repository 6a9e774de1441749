import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assignSlots, TalkerRanking } from '../../../server/src/rooms/talker-ranking.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

const START = 1_750_000_000_000;
/** Observations come five times a second. */
const TICK = 200;
const SPEECH = -30;
const NOISE = -60;

/** A room with these people, and a clock that goes on with every observation. */
class Room {
  readonly ranking = new TalkerRanking();
  nowMs = START;

  constructor(...ids: string[]) {
    for (const id of ids) this.ranking.add(id);
  }

  /** Observes the same levels some times in a row; returns whether any of them changed the order. */
  hear(levels: Record<string, number>, times = 1): boolean {
    let changed = false;
    for (; times > 0; times--) {
      changed = this.ranking.observe(new Map(Object.entries(levels)), this.nowMs) || changed;
      this.nowMs += TICK;
    }
    return changed;
  }

  /** Nobody can be heard at all, so there are no observations. */
  quiet(ms: number): void {
    this.nowMs += ms;
  }

  get order(): string {
    return this.ranking.order.join('');
  }
}

describe('ranking', () => {
  test('who never spoke stands in order of arrival', () => {
    assert.equal(new Room('a', 'b', 'c').order, 'abc');
  });

  test('who is added twice stands there once, in the old place', () => {
    assert.equal(new Room('a', 'b', 'a').order, 'ab');
  });

  test('who speaks through two observations comes to the front', () => {
    const room = new Room('a', 'b', 'c');
    assert.equal(room.hear({ c: SPEECH }), false);
    assert.equal(room.order, 'abc');
    assert.equal(room.hear({ c: SPEECH }), true);
    assert.equal(room.order, 'cab');
  });

  test('one loud observation, a cough, changes nothing', () => {
    const room = new Room('a', 'b');
    assert.equal(room.hear({ b: -5 }), false);
    assert.equal(room.hear({ b: NOISE }, 20), false);
    assert.equal(room.order, 'ab');
  });

  test('two coughs with a second between them are not a speech', () => {
    const room = new Room('a', 'b');
    room.hear({ b: -5 });
    room.hear({ b: NOISE }, 4);
    room.hear({ b: -5 });
    assert.equal(room.order, 'ab');
  });

  test('nor are they when nobody at all can be heard in between', () => {
    const room = new Room('a', 'b');
    room.hear({ b: -5 });
    room.quiet(1_000);
    room.hear({ b: -5 });
    assert.equal(room.order, 'ab');
  });

  test('nor when somebody else goes on speaking meanwhile', () => {
    const room = new Room('a', 'b');
    room.hear({ a: SPEECH, b: -5 });
    room.hear({ a: SPEECH }, 3);
    room.hear({ a: SPEECH, b: -5 });
    assert.equal(room.order, 'ab');
  });

  test('an observation that comes a little late still counts as the next one', () => {
    const room = new Room('a', 'b');
    room.hear({ b: SPEECH });
    room.quiet(150);
    room.hear({ b: SPEECH });
    assert.equal(room.order, 'ba');
  });

  test('just −50 dBov is not speech, a little more is', () => {
    const room = new Room('a', 'b');
    room.hear({ b: TalkerRanking.SPEECH_DBOV }, 10);
    assert.equal(room.order, 'ab');
    room.hear({ b: TalkerRanking.SPEECH_DBOV + 0.1 }, 2);
    assert.equal(room.order, 'ba');
  });

  test('silence never moves anybody, however long it lasts', () => {
    const room = new Room('a', 'b', 'c');
    room.hear({ b: SPEECH }, 3);
    assert.equal(room.hear({}, 500), false);
    assert.equal(room.hear({ a: NOISE, b: -127, c: NOISE }, 500), false);
    assert.equal(room.order, 'bac');
  });

  test('who goes on speaking is not moved again; who began later stays in front', () => {
    const room = new Room('a', 'b', 'c');
    room.hear({ b: SPEECH }, 2);
    room.hear({ b: -10, c: SPEECH }, 2);
    assert.equal(room.order, 'cba');
    assert.equal(room.hear({ b: -10, c: SPEECH }, 50), false);
    assert.equal(room.order, 'cba');
  });

  test('after a pause for breath it is still the same speech', () => {
    const room = new Room('a', 'b');
    room.hear({ a: SPEECH }, 5);
    room.hear({ b: SPEECH }, 5);
    assert.equal(room.order, 'ba');
    room.quiet(300);
    assert.equal(room.hear({ a: SPEECH }, 10), false);
    assert.equal(room.order, 'ba');
  });

  test('after more than a second and a half of silence a new speech begins', () => {
    const room = new Room('a', 'b');
    room.hear({ a: SPEECH }, 5);
    room.hear({ b: SPEECH }, 9);
    assert.equal(room.order, 'ba');
    assert.equal(room.hear({ a: SPEECH }), false);
    assert.equal(room.hear({ a: SPEECH }), true);
    assert.equal(room.order, 'ab');
  });

  test('of several who begin at once the loudest is first', () => {
    const room = new Room('a', 'b', 'c', 'd');
    room.hear({ b: -40, c: -20, d: -30 }, 2);
    assert.equal(room.order, 'cdba');
  });

  test('who already stands in front begins to speak, and nothing changes', () => {
    const room = new Room('a', 'b');
    assert.equal(room.hear({ a: SPEECH }, 5), false);
    assert.equal(room.order, 'ab');
  });

  test('two who stand in front begin at once in the order in which they stand, and nothing changes', () => {
    const room = new Room('a', 'b', 'c');
    assert.equal(room.hear({ a: -20, b: -30 }, 5), false);
    assert.equal(room.order, 'abc');
  });

  test('a newcomer stands at the end until they speak', () => {
    const room = new Room('a', 'b');
    room.hear({ b: SPEECH }, 2);
    room.ranking.add('c');
    assert.equal(room.order, 'bac');
    room.hear({ c: SPEECH }, 2);
    assert.equal(room.order, 'cba');
  });

  test('who leaves is gone, the others keep their order', () => {
    const room = new Room('a', 'b', 'c');
    room.ranking.remove('b');
    assert.equal(room.order, 'ac');
    room.ranking.remove('nobody');
    assert.equal(room.order, 'ac');
    assert.equal(room.hear({ b: SPEECH }, 5), false);
    assert.equal(room.order, 'ac');
  });

  test('who comes back begins anew, without what they said before', () => {
    const room = new Room('a', 'b');
    room.hear({ b: SPEECH });
    room.ranking.remove('b');
    room.ranking.add('b');
    assert.equal(room.hear({ b: SPEECH }), false);
    assert.equal(room.hear({ b: SPEECH }), true);
  });

  test('levels of strangers are ignored', () => {
    const room = new Room('a');
    assert.equal(room.hear({ stranger: 0 }, 10), false);
    assert.equal(room.order, 'a');
  });

  test('whatever happens, everybody stands there once and a change is reported exactly when there was one', () => {
    const random = seededRandom(70);
    const people = [...'abcdefgh'];
    for (let round = 0; round < 50; round++) {
      const room = new Room();
      const present = new Set<string>();
      for (let step = 0; step < 200; step++) {
        const id = people[pick(random, 0, 7)]!;
        const what = random();
        if (what < 0.1) {
          room.ranking.add(id);
          present.add(id);
        } else if (what < 0.13) {
          room.ranking.remove(id);
          present.delete(id);
        } else if (what < 0.2) room.quiet(pick(random, 0, 3_000));
        else {
          const before = room.order;
          const levels: Record<string, number> = {};
          for (const person of people) if (random() < 0.5) levels[person] = pick(random, -80, 0);
          const changed = room.hear(levels);
          assert.equal(changed, room.order !== before);
        }
        assert.deepEqual([...room.ranking.order].sort(), [...present].sort());
      }
    }
  });
});

describe('slots', () => {
  const assign = (previous: Record<string, number>, wanted: string, count: number): Record<string, number> =>
    Object.fromEntries(assignSlots(new Map(Object.entries(previous)), [...wanted], count));

  test('at first they are given in order of rank, from 1', () => {
    assert.deepEqual(assign({}, 'abc', 5), { a: 1, b: 2, c: 3 });
  });

  test('there are no more than there are slots', () => {
    assert.deepEqual(assign({}, 'abcd', 2), { a: 1, b: 2 });
    assert.deepEqual(assign({ a: 1 }, 'a', 0), {});
  });

  test('another order of the same people moves nobody', () => {
    assert.deepEqual(assign({ a: 1, b: 2, c: 3 }, 'cab', 3), { a: 1, b: 2, c: 3 });
  });

  test('whoever comes in gets the slot of whoever drops out', () => {
    assert.deepEqual(assign({ a: 1, b: 2, c: 3 }, 'dac', 3), { a: 1, d: 2, c: 3 });
  });

  test('a gap is filled before a higher slot is used', () => {
    assert.deepEqual(assign({ a: 1, c: 3 }, 'acd', 5), { a: 1, c: 3, d: 2 });
  });

  test('a gap without anybody to fill it stays', () => {
    assert.deepEqual(assign({ a: 1, b: 2, c: 3 }, 'ac', 3), { a: 1, c: 3 });
  });

  test('with fewer slots, who stays keeps theirs if it still exists, the others move down', () => {
    assert.deepEqual(assign({ a: 1, b: 2, c: 3, d: 4 }, 'dbac', 2), { d: 1, b: 2 });
  });

  test('with more slots, newcomers take the new ones', () => {
    assert.deepEqual(assign({ a: 1, b: 2 }, 'dcab', 4), { a: 1, b: 2, d: 3, c: 4 });
  });

  test('what was given before is not changed by giving anew', () => {
    const previous = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    assignSlots(previous, ['c'], 1);
    assert.deepEqual(
      [...previous],
      [
        ['a', 1],
        ['b', 2],
      ],
    );
  });

  test('through random changes, slots are unique, in range, complete, and stable for whoever stays', () => {
    const random = seededRandom(71);
    const people = Array.from({ length: 15 }, (_, index) => `p${index}`);
    let previous = new Map<string, number>();
    let kept = 0;
    for (let step = 0; step < 5_000; step++) {
      const slotCount = random() < 0.9 ? 6 : pick(random, 0, 10);
      const wanted = people.filter(() => random() < 0.6).sort(() => random() - 0.5);
      const assigned = assignSlots(previous, wanted, slotCount);
      assert.deepEqual([...assigned.keys()].sort(), wanted.slice(0, slotCount).sort());
      const slots = [...assigned.values()];
      assert.equal(new Set(slots).size, slots.length, 'a slot was given twice');
      assert.ok(slots.every((slot) => Number.isInteger(slot) && slot >= 1 && slot <= slotCount));
      for (const [id, slot] of assigned) {
        const before = previous.get(id);
        if (before === undefined || before > slotCount) continue;
        assert.equal(slot, before);
        kept += 1;
      }
      previous = assigned;
    }
    assert.ok(kept > 5_000);
  });
});
