import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseLayers, type Demand, withinLimit } from '../../../server/src/media/worker/layer-choice.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

const LAYERS = [100, 300, 900];
const demand = (layersBps = LAYERS, current = -1, isFavoured = false): Demand => ({
  layersBps,
  current,
  isFavoured,
});
/** As if shown for long, so that nothing needs room to spare. */
const settled = (layersBps = LAYERS): Demand => demand(layersBps, layersBps.length - 1);

describe('sharing a budget', () => {
  test('where everything fits everybody gets the best', () => {
    assert.deepEqual(chooseLayers([demand(), demand(), demand([500])], 10_000, true), [2, 2, 0]);
  });

  test('every picture comes before any better picture', () => {
    assert.deepEqual(chooseLayers([demand(), demand(), demand()], 500, true), [0, 0, 0]);
  });

  test('better pictures go to the more important first, one step at a time', () => {
    assert.deepEqual(chooseLayers([demand(), demand(), demand()], 560, true), [1, 0, 0]);
    assert.deepEqual(chooseLayers([demand(), demand(), demand()], 1800, true), [2, 1, 1]);
  });

  test('a favoured one gets its best before others get a better one, but after all have one', () => {
    const demands = [demand(LAYERS, -1, true), demand(), demand()];
    assert.deepEqual(chooseLayers(demands, 1300, true), [2, 0, 0]);
    assert.deepEqual(chooseLayers(demands, 350, true), [0, 0, 0]);
  });

  test('what does not fit is left out, the least important first', () => {
    assert.deepEqual(chooseLayers([demand(), demand(), demand()], 250, true), [0, 0, -1]);
    assert.deepEqual(chooseLayers([demand(), demand(), demand()], 10, true), [-1, -1, -1]);
  });

  test('while nothing may be left out everybody keeps the smallest', () => {
    assert.deepEqual(chooseLayers([demand(), demand([500]), demand()], 10, false), [0, 0, 0]);
  });

  test('what is shown stays where something new would not fit', () => {
    for (const budget of [85, 100, 114]) {
      assert.deepEqual(chooseLayers([demand([100], 0)], budget, true), [0], `${budget}`);
      assert.deepEqual(chooseLayers([demand([100], -1)], budget, true), [-1], `${budget}`);
    }
    assert.deepEqual(chooseLayers([demand([100], 0)], 84, true), [-1]);
    assert.deepEqual(chooseLayers([demand([100], -1)], 116, true), [0]);
  });

  test('a less important picture makes way for a more important one', () => {
    assert.deepEqual(chooseLayers([demand([100], -1), demand([100], 0)], 110, true), [0, -1]);
  });

  test('nothing wanted is nothing chosen', () => {
    assert.deepEqual(chooseLayers([], 1000, true), []);
  });

  test('whatever is chosen exists and, where pictures may be left out, fits the link', () => {
    const random = seededRandom(71);
    for (let round = 0; round < 2000; round++) {
      const demands = Array.from({ length: pick(random, 0, 12) }, () => {
        const layersBps: number[] = [];
        for (let count = pick(random, 1, 3), bps = 0; count > 0; count--) {
          layersBps.push((bps += pick(random, 10, 500)));
        }
        return demand(layersBps, pick(random, -1, layersBps.length - 1), random() < 0.1);
      });
      const budget = pick(random, 0, 4000);
      const chosen = chooseLayers(demands, budget, true);
      let sum = 0;
      chosen.forEach((layer, index) => {
        assert.ok(layer >= -1 && layer < demands[index]!.layersBps.length);
        sum += demands[index]!.layersBps[layer] ?? 0;
      });
      assert.ok(sum * 0.85 <= budget + 1, `${sum} of ${budget}`);
      for (const layer of chooseLayers(demands, budget, false)) assert.ok(layer >= 0);
    }
  });

  test('the same budget leads to the same choice again: nothing comes and goes by itself', () => {
    const random = seededRandom(72);
    for (let round = 0; round < 500; round++) {
      const budget = pick(random, 0, 3000);
      let demands = Array.from({ length: 4 }, () => (random() < 0.5 ? demand() : settled()));
      let before = '';
      for (let step = 0; step < 6; step++) {
        const chosen = chooseLayers(demands, budget, true);
        demands = demands.map((one, index) => ({ ...one, current: chosen[index]! }));
        if (step > 3) assert.equal(String(chosen), before, `budget ${budget}`);
        before = String(chosen);
      }
    }
  });
});

describe('layers within a limit', () => {
  const layer = (width: number, height: number) => ({ size: { width, height } });
  const hd = [layer(320, 180), layer(640, 360), layer(1280, 720)];

  test('without a limit all of them', () => {
    assert.deepEqual(withinLimit(hd, undefined), hd);
  });

  test('the published sizes choose one layer each', () => {
    for (const [width, height, most] of [
      [1280, 720, 1280],
      [960, 540, 640],
      [640, 360, 640],
      [320, 180, 320],
    ] as const) {
      assert.equal(withinLimit(hd, { width, height }).at(-1)!.size.width, most, `${width}`);
    }
  });

  test('where all are too large the smallest stays', () => {
    assert.deepEqual(withinLimit(hd, { width: 10, height: 10 }), [hd[0]]);
    assert.deepEqual(withinLimit([hd[2]!], { width: 640, height: 360 }), [hd[2]]);
  });

  test('shape does not matter', () => {
    assert.equal(withinLimit([layer(240, 320), layer(480, 640)], { width: 640, height: 360 }).length, 2);
  });

  test('by index', () => {
    assert.equal(withinLimit(hd, { layer: 0 }).length, 1);
    assert.equal(withinLimit(hd, { layer: 2 }).length, 3);
    assert.equal(withinLimit(hd, { layer: 9 }).length, 3);
  });

  test('a layer that was not measured yet is not chosen by size', () => {
    assert.deepEqual(withinLimit([hd[0]!, { size: undefined }], { width: 1280, height: 720 }), [hd[0]]);
  });

  test('no layers stay none', () => {
    assert.deepEqual(withinLimit([], { width: 1, height: 1 }), []);
  });
});
