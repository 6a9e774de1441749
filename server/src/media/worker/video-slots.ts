import type { DownlinkNotice, ReceiverView, TransportId } from '../engine.js';
import { BandwidthAlert } from './bandwidth-alert.js';
import { Downlink } from './downlink.js';
import { chooseLayers, type Demand, withinLimit } from './layer-choice.js';
import type { OutTrack } from './out-track.js';
import type { Source } from './source.js';
import type { Stream } from './stream.js';

/** For the room's alert; what a slot shows is told sooner and forgotten sooner. */
const ROOM_ALERT = { fallMs: 2000, riseMs: 4000, margin: 1.1 };
const SLOT_ALERT = { fallMs: 2000, riseMs: 2000, margin: 1 };
/** A picture of which nothing was measured yet is counted as this much. */
const LEAST_BPS = 30_000;

interface Slot {
  track: OutTrack | undefined;
  stream: Stream | undefined;
  /** Who sends the stream. */
  publisher: TransportId | undefined;
  alert: BandwidthAlert;
  /** There was no bandwidth for its picture. */
  isStarved: boolean;
}

/** What a slot can show now, and what it should: the best is last. */
interface Wanted {
  index: number;
  layers: Source[];
  bps: number[];
}

/** The pictures of one receiver: which slot shows which layer, so that they fit its downlink. */
export class VideoSlots {
  readonly downlink = new Downlink();
  readonly #alert = new BandwidthAlert(ROOM_ALERT);
  readonly #slots: Slot[];
  #view: ReceiverView = { order: [] };
  #starved = '';

  /** @param tracks in the order of the slots */
  constructor(tracks: readonly (OutTrack | undefined)[]) {
    this.#slots = tracks.map((track) => ({
      track,
      stream: undefined,
      publisher: undefined,
      alert: new BandwidthAlert(SLOT_ALERT),
      isStarved: false,
    }));
  }

  setView(view: ReceiverView): void {
    this.#view = view;
  }

  /** What a slot is to show; the choice of its layer follows with {@link adapt}. */
  set(index: number, stream: Stream | undefined, publisher: TransportId | undefined): void {
    const slot = this.#slots[index];
    if (!slot) return;
    if (publisher !== slot.publisher) slot.isStarved = false;
    slot.stream = stream;
    slot.publisher = publisher;
  }

  /**
   * Chooses layers anew. Called a few times a second and after every change.
   * @param sentBps what this receiver is sent at the moment, sound included, without what is sent again
   * @param audioBps the sound of it
   * @returns what the room should know, if anything has changed.
   */
  adapt(sentBps: number, audioBps: number, nowMs: number): DownlinkNotice | undefined {
    const wanted = this.#wanted(nowMs);
    const neededBps = wanted.reduce((sum, { bps }) => sum + bps.at(-1)!, 0);
    this.downlink.tick(sentBps, neededBps + audioBps, nowMs);
    const demands = wanted.map(({ index, layers, bps }): Demand => {
      const source = this.#slots[index]!.track!.source;
      const current = source ? layers.indexOf(source) : -1;
      return { layersBps: bps, current, isFavoured: index === this.#view.favoured };
    });
    const budgetBps = this.downlink.budgetBps - audioBps;
    const chosen = chooseLayers(demands, budgetBps, this.downlink.isSevere);
    const idle = new Set(this.#slots.keys());
    wanted.forEach(({ index, layers }, order) => {
      idle.delete(index);
      this.#show(this.#slots[index]!, layers[chosen[order]!]);
    });
    for (const index of idle) {
      this.#slots[index]!.track?.feed(undefined);
      this.#slots[index]!.isStarved = false;
    }
    return this.#notice(wanted, chosen, neededBps, budgetBps, nowMs);
  }

  /** Slots with a picture that can be had, the most important first. */
  #wanted(nowMs: number): Wanted[] {
    const ranked = [...new Set([...this.#view.order, ...this.#slots.keys()])];
    return ranked.flatMap((index): Wanted[] => {
      const { stream, track } = this.#slots[index] ?? {};
      if (!stream || !track) return [];
      const limit = index === this.#view.favoured ? undefined : this.#view.limit;
      const layers = withinLimit(stream.liveLayers(nowMs), limit);
      if (layers.length === 0) return [];
      const bps = layers.map((layer) => Math.max(LEAST_BPS, layer.bitrateBps(nowMs)));
      // A better picture that takes less, for the moment, is no reason to think it always will.
      bps.forEach((value, layer) => (bps[layer] = Math.max(value, bps[layer - 1] ?? 0)));
      return [{ index, layers, bps }];
    });
  }

  #show(slot: Slot, layer: Source | undefined): void {
    const track = slot.track!;
    slot.isStarved = !layer;
    const isSameStream = track.source !== undefined && slot.stream!.layers.includes(track.source);
    if (layer && isSameStream) track.follow(layer);
    else track.feed(layer);
  }

  #notice(
    wanted: Wanted[],
    chosen: number[],
    neededBps: number,
    budgetBps: number,
    nowMs: number,
  ): DownlinkNotice | undefined {
    const known = this.downlink.isKnown || this.#alert.isLow;
    const change = this.#alert.observe(known ? budgetBps : Infinity, neededBps, nowMs);
    const slots = wanted.flatMap(({ index, layers }, order) => {
      const slotChange = this.#slots[index]!.alert.observe(chosen[order]! + 1, layers.length, nowMs);
      return slotChange ? [{ slot: index, isLow: slotChange === 'low' }] : [];
    });
    const starved = this.#slots.flatMap(({ isStarved, publisher }, slot) =>
      isStarved && publisher !== undefined ? [{ slot, publisher }] : [],
    );
    const before = this.#starved;
    this.#starved = JSON.stringify(starved);
    if (!change && slots.length === 0 && this.#starved === (before || '[]')) return undefined;
    const alert = {
      isLow: change === 'low',
      bandwidthKbps: Math.floor(budgetBps / 1000),
      neededKbps: Math.ceil(neededBps / 1000),
      videos: wanted.length,
    };
    return { starved, slots, ...(change ? { alert } : {}) };
  }
}
