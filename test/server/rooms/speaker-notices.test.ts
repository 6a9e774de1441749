import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { type ClientLink, Participant } from '../../../server/src/rooms/participant.js';
import { People } from '../../../server/src/rooms/people.js';
import { SpeakerNotices } from '../../../server/src/rooms/speaker-notices.js';

let people: People;
let notices: SpeakerNotices;
/** Names of those heard, as each person was told. */
let told: Record<string, string[][]>;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_750_000_000_000 });
  people = new People();
  notices = new SpeakerNotices(people, Date.now);
  told = {};
});
afterEach(() => {
  notices.close();
  mock.timers.reset();
});

function enter(name: string, enable?: boolean): void {
  told[name] = [];
  const send = (event: string, payload: unknown): void => {
    assert.equal(event, 'genericEvents');
    const { id, data } = payload as { id: string; data: [{ users: { name: string }[] }, unknown] };
    assert.equal(id, 'speaker_notification');
    assert.deepEqual(data[1], { noise: true, users: [] });
    told[name]!.push(data[0].users.map((user) => user.name));
  };
  const link: ClientLink = { remoteAddress: '', host: undefined, send, request: send, close: () => {} };
  const identity = { clientId: name, tokenId: name, name, role: 'participant', userRef: name } as const;
  const participant = new Participant({ ...identity }, link);
  if (enable !== undefined)
    participant.advancedOptions.set('speaker-notification', { id: 'speaker-notification', enable });
  people.all.set(name, participant);
}

/** For so long, somebody of these is loud, as observed five times a second. */
function hear(levels: Record<string, number>, ms: number): void {
  for (let passed = 0; passed < ms; passed += 200) {
    notices.observe(new Map(Object.entries(levels)));
    mock.timers.tick(200);
  }
}

test('who asked for it is told when somebody begins to be heard and when they end, and nothing in between', () => {
  enter('ann', true);
  enter('bob');
  enter('cid', false);
  hear({ bob: -20 }, 3000);
  assert.deepEqual(told, { ann: [['bob']], bob: [], cid: [] });
  // In silence nothing is observed at all.
  mock.timers.tick(2000);
  assert.deepEqual(told.ann, [['bob'], []]);
});

test('several are heard at once, and a breath is no end', () => {
  enter('ann', true);
  enter('bob');
  enter('cid');
  hear({ bob: -20 }, 1000);
  hear({ cid: -20 }, 600);
  hear({ bob: -20, cid: -20 }, 1000);
  assert.deepEqual(told.ann, [['bob'], ['bob', 'cid']]);
});

test('what is quieter than speech is not heard, nor is who is gone', () => {
  enter('ann', true);
  enter('bob');
  hear({ bob: -70 }, 1000);
  assert.deepEqual(told.ann, []);
  hear({ bob: -20 }, 1000);
  people.all.delete('bob');
  hear({ bob: -20 }, 400);
  assert.deepEqual(told.ann, [['bob'], []]);
});
