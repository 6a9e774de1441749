import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TalkerList } from '../../src/engine/talkers.js';
import type { Talker } from '../../src/protocol/index.js';
import { TestClock, turn } from '../helpers/test-clock.js';
import { TestEnvironment } from '../helpers/test-environment.js';

const talker = (streamId: number, clientId: string, more: Partial<Talker> = {}): Talker => ({
  streamId,
  clientId,
  name: clientId.toUpperCase(),
  mediatype: 'audiovideo',
  ...more,
});

/** A list under a hand-made clock and hand-made levels. */
class Stage {
  readonly environment = new TestEnvironment();
  readonly clock: TestClock = this.environment.clock;
  readonly levels = new Map<number, number>();
  self: () => Promise<number> = async () => 0;
  changes = 0;
  readonly list = new TalkerList(
    this.environment,
    {
      slot: (slot) => this.levels.get(slot) ?? 0,
      self: () => this.self(),
      stream: (slot, picture) =>
        `${picture ? 'sound and picture' : 'sound'} of slot ${slot}` as unknown as MediaStream,
    },
    () => void this.changes++,
  );

  get talking(): number[] {
    return this.list.list.filter((entry) => entry.talking).map(({ slot }) => slot);
  }
}

function stageWith(...talkers: Talker[]): Stage {
  const stage = new Stage();
  stage.list.set({ active: false, activeList: talkers });
  return stage;
}

describe('the list', () => {
  test('keeps the order of the message, with the stream of each slot', () => {
    const stage = stageWith(talker(3, 'c', { pinned: true }), talker(1, 'a'));
    assert.deepEqual(stage.list.list, [
      {
        slot: 3,
        clientId: 'c',
        name: 'C',
        audio: true,
        video: true,
        talking: false,
        pinned: true,
        spotlighted: false,
        lowBandwidth: false,
        stream: 'sound and picture of slot 3',
      },
      {
        slot: 1,
        clientId: 'a',
        name: 'A',
        audio: true,
        video: true,
        talking: false,
        pinned: false,
        spotlighted: false,
        lowBandwidth: false,
        stream: 'sound and picture of slot 1',
      },
    ]);
  });

  test('reads from the media type who sends sound and who a picture', () => {
    const kinds = ['audiovideo', 'audio', 'audioOnly', 'video', 'none'] as const;
    const { list } = stageWith(
      ...kinds.map((mediatype, index) => talker(index + 1, mediatype, { mediatype })),
    );
    assert.deepEqual(
      list.list.map(({ clientId, audio, video, stream }) => [clientId, audio, video, stream]),
      [
        ['audiovideo', true, true, 'sound and picture of slot 1'],
        ['audio', true, false, 'sound of slot 2'],
        ['audioOnly', true, false, 'sound of slot 3'],
        ['video', false, true, 'sound and picture of slot 4'],
        ['none', false, false, 'sound of slot 5'],
      ],
    );
  });

  test('shows no picture of somebody whose video is muted', () => {
    const [entry] = stageWith(talker(1, 'a', { videomuted: true })).list.list;
    assert.deepEqual([entry?.video, entry?.stream], [false, 'sound of slot 1']);
  });

  test('is frozen', () => {
    const { list } = stageWith(talker(1, 'a'));
    assert.ok(Object.isFrozen(list.list) && Object.isFrozen(list.list[0]));
  });
});

describe('who is talking', () => {
  test('is found out five times a second, once started', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.levels.set(1, 0.5);
    await stage.clock.advance(1000);
    assert.equal(stage.list.level(1), 0);
    stage.list.start();
    await stage.clock.advance(199);
    assert.deepEqual(stage.talking, []);
    await stage.clock.advance(1);
    assert.deepEqual(stage.talking, [1]);
    assert.equal(stage.list.level(1), 0.5);
    assert.equal(stage.changes, 1);
  });

  test('begins above the threshold and not at it', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.list.start();
    stage.levels.set(1, 0.02);
    await stage.clock.advance(400);
    assert.deepEqual(stage.talking, []);
    stage.levels.set(1, 0.021);
    await stage.clock.advance(200);
    assert.deepEqual(stage.talking, [1]);
  });

  test('lasts over a pause for breath and ends 600 ms after the last sound', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.list.start();
    stage.levels.set(1, 0.5);
    await stage.clock.advance(200);
    stage.levels.set(1, 0);
    await stage.clock.advance(400);
    assert.deepEqual(stage.talking, [1]);
    await stage.clock.advance(200);
    assert.deepEqual(stage.talking, []);
    assert.equal(stage.changes, 2);
  });

  test('goes on while the voice sinks to half the threshold, but not below', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.list.start();
    stage.levels.set(1, 0.5);
    await stage.clock.advance(200);
    stage.levels.set(1, 0.011);
    await stage.clock.advance(2000);
    assert.deepEqual(stage.talking, [1]);
    stage.levels.set(1, 0.01);
    await stage.clock.advance(600);
    assert.deepEqual(stage.talking, []);
  });

  test('is told when it changes and only then', async () => {
    const stage = stageWith(talker(1, 'a'), talker(2, 'b'));
    stage.list.start();
    stage.levels.set(1, 0.5).set(2, 0.5);
    await stage.clock.advance(3000);
    assert.equal(stage.changes, 1);
    assert.deepEqual(stage.talking, [1, 2]);
  });

  test('includes oneself', async () => {
    const stage = new Stage();
    stage.self = async () => 0.3;
    stage.list.start();
    await stage.clock.advance(200);
    assert.equal(stage.list.selfTalking, true);
    assert.equal(stage.list.level('self'), 0.3);
    assert.equal(stage.changes, 1);
  });

  test('does not pass on to the next one in the same slot', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.list.start();
    stage.levels.set(1, 0.5);
    await stage.clock.advance(200);
    stage.levels.set(1, 0);
    stage.list.set({ active: false, activeList: [talker(1, 'b')] });
    assert.deepEqual(stage.talking, []);
    assert.equal(stage.list.level(1), 0);
    await stage.clock.advance(200);
    assert.deepEqual(stage.talking, []);
  });

  test('ends with the place in the list', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.list.start();
    stage.levels.set(1, 0.5);
    await stage.clock.advance(200);
    stage.list.set({ active: false, activeList: [] });
    assert.equal(stage.list.level(1), 0);
    stage.list.set({ active: false, activeList: [talker(1, 'a')] });
    assert.deepEqual(stage.talking, []);
  });

  test('stays with somebody whose entry is merely repeated', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.list.start();
    stage.levels.set(1, 0.5);
    await stage.clock.advance(200);
    stage.list.set({ active: true, activeList: [talker(2, 'b'), talker(1, 'a')] });
    assert.deepEqual(stage.talking, [1]);
  });
});

describe('stopping', () => {
  test('forgets levels and voices, and leaves no timer', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.self = async () => 0.5;
    stage.levels.set(1, 0.5);
    stage.list.start();
    await stage.clock.advance(200);
    stage.list.stop();
    assert.deepEqual(stage.talking, []);
    assert.equal(stage.list.selfTalking, false);
    assert.equal(stage.list.level(1), 0);
    assert.equal(stage.clock.pending, 0);
  });

  test('holds also when it comes while a level is being asked for', async () => {
    const stage = new Stage();
    let answer!: (level: number) => void;
    stage.self = () => new Promise((resolve) => (answer = resolve));
    stage.list.start();
    await stage.clock.advance(200);
    stage.list.stop();
    answer(0.9);
    await turn(3);
    assert.equal(stage.clock.pending, 0);
    assert.equal(stage.list.selfTalking, false);
    assert.equal(stage.list.level('self'), 0);
    assert.equal(stage.changes, 0);
  });

  test('and starting again while a level is being asked for leaves one poll running, not two', async () => {
    const stage = new Stage();
    const answers: ((level: number) => void)[] = [];
    stage.self = () => new Promise((resolve) => answers.push(resolve));
    stage.list.start();
    await stage.clock.advance(200);
    stage.list.start();
    answers[0]!(0);
    await turn(3);
    assert.equal(stage.clock.pending, 1);
  });

  test('twice, or before any start, is no trouble', () => {
    const stage = new Stage();
    stage.list.stop();
    stage.list.stop();
    assert.equal(stage.clock.pending, 0);
  });

  test('starting again does not take an old voice for a new one', async () => {
    const stage = stageWith(talker(1, 'a'));
    stage.levels.set(1, 0.5);
    stage.list.start();
    await stage.clock.advance(200);
    stage.levels.set(1, 0);
    stage.list.start();
    await stage.clock.advance(200);
    assert.deepEqual(stage.talking, []);
  });
});

test('a level that cannot be had does not end the polling', async () => {
  const stage = stageWith(talker(1, 'a'));
  stage.self = () => Promise.reject(new Error('no statistics'));
  stage.list.start();
  await stage.clock.advance(200);
  stage.levels.set(1, 0.5);
  await stage.clock.advance(200);
  assert.deepEqual(stage.talking, [1]);
});
