import type { PictureLimit } from '../engine.js';
import type { PictureSize } from './source.js';

/** What one slot could show: pure numbers, so that the choice can be tried without any media. */
export interface Demand {
  /** Bitrate of each layer that is there and wanted, smallest first; at least one. */
  layersBps: number[];
  /** Index of the layer it shows now, −1 for none. */
  current: number;
  /** Gets its best layer before any other slot gets a better one (a shared screen). */
  isFavoured: boolean;
}

/** More than what is there now must fit with room to spare, so that it does not come and go … */
const MARGIN = 1.15;
/** … and what is there now may stay while it fits the link itself, below which every estimate aims. */
const ALLOWANCE = 0.85;

/**
 * Shares the budget out among the slots: first every slot gets its smallest layer, then the better ones go round.
 * @param demands the most important slot first
 * @param mayDrop slots that do not fit get nothing; else all get their smallest layer whatever it costs
 * @returns for each demand the index of its layer, −1 for none
 */
export function chooseLayers(demands: readonly Demand[], budgetBps: number, mayDrop: boolean): number[] {
  let leftBps = budgetBps;
  const chosen = demands.map(() => -1);
  const costOf = ({ layersBps, current }: Demand, layer: number): number =>
    layer < 0 ? 0 : layersBps[layer]! * (layer > current ? 1 : ALLOWANCE);
  const tryLayer = (index: number, layer: number, force = false): void => {
    const demand = demands[index]!;
    const more = costOf(demand, layer) - costOf(demand, chosen[index]!);
    // Nothing is gained by waiting for room while a less important picture takes it.
    const waits = layer > 0 || !demands.slice(index + 1).some((other) => other.current >= 0);
    const spare = layer > demand.current && waits ? demand.layersBps[layer]! * (MARGIN - 1) : 0;
    if (!force && more + spare > leftBps) return;
    leftBps -= more;
    chosen[index] = layer;
  };
  const raise = (index: number, layer: number): void => {
    if (chosen[index] === layer - 1 && layer < demands[index]!.layersBps.length) tryLayer(index, layer);
  };
  const most = Math.max(0, ...demands.map(({ layersBps }) => layersBps.length));
  demands.forEach((_, index) => tryLayer(index, 0, !mayDrop));
  demands.forEach(({ isFavoured }, index) => {
    for (let layer = 1; isFavoured && layer < most; layer++) raise(index, layer);
  });
  for (let layer = 1; layer < most; layer++) demands.forEach((_, index) => raise(index, layer));
  return chosen;
}

/**
 * Layers that are no larger than wanted; the smallest one if all of them are.
 * @param layers smallest first
 */
export function withinLimit<T extends { size: PictureSize | undefined }>(
  layers: readonly T[],
  limit: PictureLimit | undefined,
): T[] {
  if (!limit) return [...layers];
  const { width = Infinity, height = Infinity, layer = Infinity } = limit;
  const most = width * height * TOLERANCE;
  const fitting = layers.filter(
    ({ size }, index) =>
      index <= layer && (most === Infinity || (size !== undefined && size.width * size.height <= most)),
  );
  return fitting.length > 0 ? fitting : layers.slice(0, 1);
}

/** Cameras have odd formats, some of them upright: 640 × 480 is as good as 640 × 360, 1280 × 720 is not 960 × 540. */
const TOLERANCE = 1.4;
