/** The estimate of a receiver's downlink, on a link that behaves as libwebrtc's receivers do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Downlink } from '../../../server/src/media/worker/downlink.js';
import { chooseLayers } from '../../../server/src/media/worker/layer-choice.js';
import { RateMeter } from '../../../server/src/media/rtp/rate-meter.js';
import { ReceiverModel } from '../../helpers/receiver-model.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

const STEP_MS = 20;
const ADAPT_MS = 240;
const AUDIO_BPS = 60_000;

/** A receiver of several pictures in three layers each, and sound. */
class Call {
  readonly downlink = new Downlink();
  readonly receiver: ReceiverModel;
  nowMs = 1_000_000;
  layers: number[];
  sent = AUDIO_BPS;
  /** Most pictures missing at once, and how often the choice changed. */
  missing = 0;
  changes = 0;
  /** Share of time with less than the best of all. */
  lessShare = 0;
  /** Called at every step. */
  happens: () => void = () => {};
  readonly #meter = new RateMeter();

  constructor(
    capacityBps: number,
    readonly pictures: number[][],
  ) {
    this.layers = pictures.map(() => -1);
    this.receiver = new ReceiverModel(capacityBps, this.nowMs);
  }

  get needed(): number {
    return this.pictures.reduce((sum, layers) => sum + layers.at(-1)!, AUDIO_BPS);
  }

  get isFull(): boolean {
    return this.layers.every((layer, index) => layer === this.pictures[index]!.length - 1);
  }

  /** @returns seconds until all was there, at most `seconds` */
  run(seconds: number, until: () => boolean = () => false): number {
    this.missing = this.changes = 0;
    this.receiver.overfull.ms = this.receiver.overfull.ofMs = 0;
    const startMs = this.nowMs;
    let lessMs = 0;
    while (this.nowMs < startMs + seconds * 1000 && !until()) {
      this.happens();
      this.receiver.step(this.sent, STEP_MS, this.downlink);
      this.#meter.add((this.sent * STEP_MS) / 8000, this.nowMs);
      if (this.nowMs % ADAPT_MS === 0) this.#adapt();
      if (!this.isFull) lessMs += STEP_MS;
      this.nowMs += STEP_MS;
    }
    this.lessShare = lessMs / (this.nowMs - startMs);
    return (this.nowMs - startMs) / 1000;
  }

  #adapt(): void {
    this.downlink.tick(this.#meter.bps(this.nowMs), this.needed, this.nowMs);
    const demands = this.pictures.map((layersBps, index) => ({
      layersBps,
      current: this.layers[index]!,
      isFavoured: false,
    }));
    const chosen = chooseLayers(demands, this.downlink.budgetBps - AUDIO_BPS, this.downlink.isSevere);
    if (String(chosen) !== String(this.layers)) this.changes += 1;
    this.layers = chosen;
    this.missing = Math.max(this.missing, chosen.filter((layer) => layer < 0).length);
    this.sent = chosen.reduce((sum, layer, index) => sum + (this.pictures[index]![layer] ?? 0), AUDIO_BPS);
  }
}

const three = [112_000, 315_000, 900_000];

describe('on a link that carries everything', () => {
  test('everything is sent soon, and nothing is ever taken back', () => {
    const call = new Call(50_000_000, [three, three, three]);
    call.run(30);
    assert.deepEqual(call.layers, [2, 2, 2]);
    call.run(120);
    assert.equal(call.changes, 0);
    assert.equal(call.downlink.isKnown, false);
  });

  test('a picture without layers is there from the beginning', () => {
    const call = new Call(
      50_000_000,
      Array.from({ length: 12 }, () => [900_000]),
    );
    call.run(60);
    assert.equal(call.missing, 0);
  });

  test('an estimate that lags behind a better picture is no congestion', () => {
    const downlink = new Downlink();
    downlink.tick(150_000, 900_000, 0);
    downlink.estimated(235_000, 0);
    let estimate = 235_000;
    for (let nowMs = ADAPT_MS; nowMs < 20_000; nowMs += ADAPT_MS) {
      downlink.estimated((estimate *= 1.08 ** (ADAPT_MS / 1000)), nowMs);
      downlink.tick(900_000, 900_000, nowMs);
      assert.equal(downlink.isKnown, false);
    }
  });

  test('one dip of the estimate changes nothing: the receiver’s machine was busy', () => {
    const downlink = new Downlink();
    downlink.tick(900_000, 900_000, 0);
    downlink.estimated(1_350_000, 0);
    downlink.estimated(765_000, 100);
    for (let nowMs = ADAPT_MS, bps = 765_000; nowMs < 10_000; nowMs += ADAPT_MS) {
      bps = Math.min(1_350_000, bps * 1.1 ** (ADAPT_MS / 1000));
      downlink.estimated(bps, nowMs);
      downlink.tick(850_000, 900_000, nowMs);
    }
    assert.equal(downlink.isKnown, false);
  });

  test('a little loss changes nothing', () => {
    const downlink = new Downlink();
    for (let nowMs = 0; nowMs < 60_000; nowMs += ADAPT_MS) {
      downlink.lost(0.06, 100);
      downlink.tick(900_000, 900_000, nowMs);
    }
    assert.equal(downlink.isKnown, false);
  });
});

describe('on a link that is too small', () => {
  test('smaller layers come before missing pictures', () => {
    const call = new Call(900_000, [three, three, three]);
    call.run(20);
    call.run(10, () => call.sent < 900_000);
    assert.equal(call.missing, 0);
    assert.ok(call.sent < 900_000, `${call.sent}`);
    assert.deepEqual(
      call.layers.map((layer) => layer >= 0),
      [true, true, true],
    );
  });

  for (const capacity of [150_000, 250_000, 400_000, 600_000, 900_000, 1_200_000, 1_500_000]) {
    test(`${capacity / 1000} kbit/s are kept to most of the time: trials are short and rare`, () => {
      const call = new Call(capacity, [three, three, three]);
      call.run(60);
      call.run(600);
      const { ms, ofMs } = call.receiver.overfull;
      assert.ok(ms / ofMs < 0.16, `too much for ${((ms / ofMs) * 100).toFixed(1)} % of the time`);
      assert.ok(call.changes < 150, `${call.changes} changes in ten minutes`);
    });
  }

  test('where not even the smallest layers fit, the least important pictures go, one at least stays', () => {
    const call = new Call(250_000, [three, three, three, three]);
    call.run(30);
    call.run(10, () => call.sent < 250_000);
    assert.ok(call.layers.includes(-1));
    assert.ok(call.layers[0]! >= 0);
    assert.ok(call.sent < 250_000, `${call.sent}`);
    const first = call.layers.indexOf(-1);
    assert.ok(
      call.layers.slice(first).every((layer) => layer < 0),
      'the first ones stay',
    );
  });

  test('pictures without layers go only when congestion goes on', () => {
    const call = new Call(1_000_000, [[900_000], [900_000]]);
    call.run(1.5);
    assert.equal(call.missing, 0);
    call.run(5);
    assert.deepEqual(call.layers, [0, -1]);
  });

  test('a picture that fits stays while more is tried', () => {
    const call = new Call(250_000, [three, three, three]);
    call.run(60);
    call.run(600);
    assert.ok(call.missing < 3);
  });

  test('what fits again is sent again, and stays', () => {
    const call = new Call(400_000, [three, three]);
    call.run(30);
    assert.ok(call.sent < 400_000);
    call.receiver.capacityBps = 20_000_000;
    call.run(30);
    assert.deepEqual(call.layers, [2, 2]);
    call.run(300);
    assert.equal(call.changes, 0);
    assert.equal(call.downlink.isKnown, false, 'it is over');
  });

  test('a link that becomes small in the middle of a call is noticed within seconds', () => {
    const call = new Call(20_000_000, [three, three]);
    call.run(60);
    assert.deepEqual(call.layers, [2, 2]);
    call.receiver.capacityBps = 600_000;
    call.run(4);
    assert.ok(call.sent <= 600_000, `${call.sent}`);
  });

  test('loss alone is enough, for receivers that estimate nothing', () => {
    const downlink = new Downlink();
    for (let nowMs = 0; nowMs < 10_000; nowMs += ADAPT_MS) {
      downlink.lost(0.3, 100);
      downlink.tick(900_000, 900_000, nowMs);
    }
    assert.ok(downlink.isKnown && downlink.isSevere);
    assert.ok(downlink.budgetBps < 900_000);
  });
});

describe('on a link that was too small for a while', () => {
  const histories = [[120], [200], [400], [700], [1100, 120], [1100, 200], [700, 250, 120]];
  for (const history of histories) {
    test(`everything is back within 30 seconds after ${history.join(', then ')} kbit/s, however long that was`, () => {
      const took: number[] = [];
      for (const pictures of [1, 2, 3]) {
        for (const seconds of [5, 15, 30, 60, 120, 300]) {
          const call = new Call(
            50_000_000,
            Array.from({ length: pictures }, () => three),
          );
          call.run(40);
          assert.ok(call.isFull);
          for (const kbps of history) {
            call.receiver.capacityBps = kbps * 1000;
            call.run(seconds);
          }
          call.receiver.capacityBps = 50_000_000;
          took.push(call.run(60, () => call.isFull));
        }
      }
      const [median, longest] = [took.sort((a, b) => a - b)[took.length >> 1]!, took.at(-1)!];
      assert.ok(median <= 20, `half the time after more than ${median} s`);
      assert.ok(longest <= 30, `after ${longest} s`);
    });
  }
});

describe('a receiver whose machine is busy', () => {
  for (const everyS of [2, 5, 30]) {
    test(`stalls of half a second, every ${everyS} s on average, take no picture away`, () => {
      const call = new Call(50_000_000, [three, three, three]);
      const random = seededRandom(everyS);
      call.happens = () => {
        if (random() < STEP_MS / (everyS * 1000)) call.receiver.stall(pick(random, 150, 850));
      };
      call.run(40);
      call.run(600);
      assert.ok(call.lessShare < 0.02, `less for ${(call.lessShare * 100).toFixed(1)} % of the time`);
    });

    test(`stalls every ${everyS} s keep nothing away that fits again`, () => {
      const call = new Call(50_000_000, [three, three]);
      const random = seededRandom(everyS);
      call.happens = () => {
        if (random() < STEP_MS / (everyS * 1000)) call.receiver.stall(300);
      };
      call.run(40);
      call.receiver.capacityBps = 200_000;
      call.run(40);
      call.receiver.capacityBps = 50_000_000;
      const took = call.run(60, () => call.isFull);
      assert.ok(took <= 40, `after ${took} s`);
    });
  }

  test('a falling estimate is believed of a receiver that says nothing of its queue', () => {
    const downlink = new Downlink();
    downlink.estimated(1_350_000, 0);
    for (let nowMs = 0, bps = 800_000; nowMs < 4000; nowMs += ADAPT_MS) {
      downlink.estimated((bps *= 0.95), nowMs);
      downlink.tick(900_000, 900_000, nowMs);
    }
    assert.equal(downlink.isKnown, true);
  });

  test('one that says that nothing queues up and nothing is lost keeps its pictures', () => {
    const downlink = new Downlink();
    downlink.estimated(1_350_000, 0);
    for (let nowMs = 0, bps = 800_000; nowMs < 4000; nowMs += ADAPT_MS) {
      downlink.roundTrip(30, nowMs);
      downlink.lost(0, 100);
      downlink.estimated((bps *= 0.95), nowMs);
      downlink.tick(900_000, 900_000, nowMs);
    }
    assert.equal(downlink.isKnown, false);
  });
});
