/** The estimate of a receiver's downlink, on a link that behaves as libwebrtc's receivers do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Downlink } from '../../../server/src/media/worker/downlink.js';
import { chooseLayers } from '../../../server/src/media/worker/layer-choice.js';

const STEP_MS = 240;

/**
 * A link of some capacity and a receiver that estimates it: 8 % more per second, never more than 1.5 times what
 * arrives, 0.85 times what arrives when the link is overfull; once a second, and at once when it falls.
 */
class Link {
  remb = 300_000;
  #reportedMs = 0;
  #atMs = 0;

  constructor(public capacity: number) {}

  carry(sent: number, downlink: Downlink, nowMs: number): void {
    const elapsedS = this.#atMs ? (nowMs - this.#atMs) / 1000 : 0;
    this.#atMs = nowMs;
    const arrived = Math.min(sent, this.capacity);
    const before = this.remb;
    if (sent > this.capacity * 1.02) this.remb = Math.min(this.remb, arrived * 0.85);
    else if (this.remb < arrived * 1.5 + 10_000) {
      this.remb = Math.min(this.remb * 1.08 ** elapsedS, arrived * 1.5 + 10_000);
    }
    const lost = sent > this.capacity * 1.1 ? 1 - this.capacity / sent : 0;
    downlink.lost(lost, 100);
    if (this.remb < before * 0.97 || nowMs - this.#reportedMs >= 1000) {
      this.#reportedMs = nowMs;
      downlink.estimated(this.remb, nowMs);
    }
  }
}

/** A receiver of several pictures in three layers each. */
class Call {
  readonly downlink = new Downlink();
  nowMs = 1_000_000;
  sent = 0;
  layers: number[];
  /** Most pictures missing at once, and how often the choice changed. */
  missing = 0;
  changes = 0;

  constructor(
    readonly link: Link,
    readonly pictures: number[][],
  ) {
    this.layers = pictures.map(() => -1);
  }

  get needed(): number {
    return this.pictures.reduce((sum, layers) => sum + layers.at(-1)!, 0);
  }

  run(seconds: number): void {
    this.missing = this.changes = 0;
    for (const end = this.nowMs + seconds * 1000; this.nowMs < end; this.nowMs += STEP_MS) {
      this.link.carry(this.sent, this.downlink, this.nowMs);
      this.downlink.tick(this.sent, this.needed, this.nowMs);
      const demands = this.pictures.map((layersBps, index) => ({
        layersBps,
        current: this.layers[index]!,
        isFavoured: false,
      }));
      const chosen = chooseLayers(demands, this.downlink.budgetBps, this.downlink.isSevere);
      if (String(chosen) !== String(this.layers)) this.changes += 1;
      this.layers = chosen;
      this.missing = Math.max(this.missing, chosen.filter((layer) => layer < 0).length);
      this.sent = chosen.reduce((sum, layer, index) => sum + (this.pictures[index]![layer] ?? 0), 0);
    }
  }
}

const three = [112_000, 315_000, 900_000];

describe('on a link that carries everything', () => {
  test('everything is sent soon, and nothing is ever taken back', () => {
    const call = new Call(new Link(50_000_000), [three, three, three]);
    call.run(30);
    assert.deepEqual(call.layers, [2, 2, 2]);
    call.run(120);
    assert.equal(call.changes, 0);
    assert.equal(call.downlink.isKnown, false);
  });

  test('a picture without layers is there from the beginning', () => {
    const call = new Call(
      new Link(50_000_000),
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
    for (let nowMs = STEP_MS; nowMs < 20_000; nowMs += STEP_MS) {
      downlink.estimated((estimate *= 1.08 ** (STEP_MS / 1000)), nowMs);
      downlink.tick(900_000, 900_000, nowMs);
      assert.equal(downlink.isKnown, false);
    }
  });

  test('one dip of the estimate changes nothing: the receiver’s machine was busy', () => {
    const downlink = new Downlink();
    downlink.tick(900_000, 900_000, 0);
    downlink.estimated(1_350_000, 0);
    downlink.estimated(765_000, 100);
    for (let nowMs = STEP_MS, bps = 765_000; nowMs < 10_000; nowMs += STEP_MS) {
      bps = Math.min(1_350_000, bps * 1.1 ** (STEP_MS / 1000));
      downlink.estimated(bps, nowMs);
      downlink.tick(850_000, 900_000, nowMs);
    }
    assert.equal(downlink.isKnown, false);
  });

  test('a little loss changes nothing', () => {
    const downlink = new Downlink();
    for (let nowMs = 0; nowMs < 60_000; nowMs += STEP_MS) {
      downlink.lost(0.06, 100);
      downlink.tick(900_000, 900_000, nowMs);
    }
    assert.equal(downlink.isKnown, false);
  });
});

describe('on a link that is too small', () => {
  test('smaller layers come before missing pictures', () => {
    const call = new Call(new Link(1_000_000), [three, three, three]);
    call.run(20);
    assert.equal(call.missing, 0);
    assert.ok(call.sent < 1_000_000, `${call.sent}`);
    assert.deepEqual(
      call.layers.map((layer) => layer >= 0),
      [true, true, true],
    );
  });

  test('it fits most of the time: trials that fail become rarer', () => {
    const call = new Call(new Link(700_000), [three, three]);
    call.run(60);
    let over = 0;
    let steps = 0;
    for (let index = 0; index < 600; index++) {
      call.run(STEP_MS / 1000);
      steps += 1;
      if (call.sent > call.link.capacity) over += 1;
    }
    assert.ok(over / steps < 0.15, `too much for ${over} of ${steps} steps`);
  });

  test('where not even the smallest layers fit, the least important pictures go, one at least stays', () => {
    const call = new Call(new Link(250_000), [three, three, three, three]);
    call.run(30);
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
    const call = new Call(new Link(1_000_000), [[900_000], [900_000]]);
    call.run(1.5);
    assert.equal(call.missing, 0);
    call.run(20);
    assert.deepEqual(call.layers, [0, -1]);
  });

  test('what fits again is sent again, and stays', () => {
    const call = new Call(new Link(400_000), [three, three]);
    call.run(30);
    assert.ok(call.sent < 400_000);
    call.link.capacity = 20_000_000;
    call.run(120);
    assert.deepEqual(call.layers, [2, 2]);
    call.run(300);
    assert.equal(call.changes, 0);
    assert.equal(call.downlink.isKnown, false, 'it is over');
  });

  test('a link that becomes small in the middle of a call is noticed within seconds', () => {
    const call = new Call(new Link(20_000_000), [three, three]);
    call.run(60);
    assert.deepEqual(call.layers, [2, 2]);
    call.link.capacity = 600_000;
    call.run(4);
    assert.ok(call.sent <= 600_000, `${call.sent}`);
  });

  test('loss alone is enough, for receivers that estimate nothing', () => {
    const downlink = new Downlink();
    for (let nowMs = 0; nowMs < 10_000; nowMs += STEP_MS) {
      downlink.lost(0.3, 100);
      downlink.tick(900_000, 900_000, nowMs);
    }
    assert.ok(downlink.isKnown && downlink.isSevere);
    assert.ok(downlink.budgetBps < 900_000);
  });
});
