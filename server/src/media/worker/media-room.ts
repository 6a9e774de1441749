import { AudioMeter } from '../rtp/audio-meter.js';
import type {
  DownlinkNotice,
  MediaAnswer,
  PublisherBitrates,
  ReceiverView,
  SlotFeed,
  TransportId,
} from '../engine.js';
import { steadyNowMs } from './clock.js';
import { candidatesOf, DataPipe, type PipeConfig } from './pipe.js';
import { Publisher } from './publisher.js';
import { parseOffer, OfferError, writeDataAnswer } from './sdp.js';
import { Subscriber } from './subscriber.js';
import type { Kind } from './source.js';
import type { Stream } from './stream.js';

export interface WorkerRoomListener {
  ready(transport: TransportId): void;
  closed(transport: TransportId): void;
  text(transport: TransportId, text: string): void;
  downlink(subscriber: TransportId, notice: DownlinkNotice): void;
}

/** Inside the worker: who publishes, who receives, and which source feeds which slot of whom. */
export class WorkerRoom {
  readonly #publishers = new Map<TransportId, Publisher>();
  readonly #subscribers = new Map<TransportId, Subscriber>();
  readonly #data = new Map<TransportId, DataPipe>();
  /** Kept apart from the subscribers: it may be set before their offer and survives a new one. */
  readonly #slots = new Map<TransportId, { slots: SlotFeed[]; view: ReceiverView }>();

  constructor(
    private readonly config: PipeConfig,
    private readonly listener: WorkerRoomListener,
  ) {}

  openPublisher(id: TransportId, sdp: string, bitrates: PublisherBitrates): MediaAnswer {
    const publisher: Publisher = new Publisher(id, sdp, this.config, bitrates, {
      open: () => this.listener.ready(id),
      closed: () => {
        if (this.#publishers.get(id) === publisher) this.#lost(id);
      },
      source: (kind) => this.#feedAll(id, kind),
    });
    // Only now: an offer that could not be answered must not cost the connection that works.
    this.#publishers.get(id)?.close();
    this.#publishers.set(id, publisher);
    this.#feedAll(id, 'audio');
    this.#feedAll(id, 'video');
    return publisher.answer;
  }

  openSubscriber(id: TransportId, sdp: string): MediaAnswer {
    const subscriber: Subscriber = new Subscriber(id, sdp, this.config, {
      open: () => this.listener.ready(id),
      closed: () => {
        if (this.#subscribers.get(id) === subscriber) this.#lost(id);
      },
    });
    this.#subscribers.get(id)?.close();
    this.#subscribers.set(id, subscriber);
    this.#feed(id);
    return subscriber.answer;
  }

  openData(id: TransportId, sdp: string): MediaAnswer {
    const offer = parseOffer(sdp);
    if (offer.sections.length !== 1 || offer.sections[0]!.kind !== 'application') {
      throw new OfferError('a data offer has exactly one application section');
    }
    const pipe: DataPipe = new DataPipe(id, sdp, this.config, {
      open: () => this.listener.ready(id),
      closed: () => {
        if (this.#data.get(id) === pipe) this.#lost(id);
      },
      text: (text) => this.listener.text(id, text),
    });
    this.#data.get(id)?.close();
    this.#data.set(id, pipe);
    return { sdp: writeDataAnswer(offer, pipe.local, candidatesOf(this.config)), media: [] };
  }

  setSlots(subscriber: TransportId, slots: SlotFeed[], view: ReceiverView): void {
    this.#slots.set(subscriber, { slots, view });
    this.#feed(subscriber);
  }

  refresh(subscriber: TransportId): void {
    for (const track of this.#subscribers.get(subscriber)?.tracks ?? []) track.requestKeyFrame();
  }

  sendData(transports: TransportId[], text: string): void {
    for (const id of transports) this.#data.get(id)?.send(text);
  }

  closeTransport(id: TransportId): void {
    this.#closeConnections(id);
    this.#slots.delete(id);
  }

  close(): void {
    for (const id of [...this.#publishers.keys(), ...this.#subscribers.keys(), ...this.#data.keys()]) {
      this.closeTransport(id);
    }
  }

  repair(nowMs: number): void {
    for (const publisher of this.#publishers.values()) publisher.repair(nowMs);
  }

  sendArrivals(): void {
    for (const publisher of this.#publishers.values()) publisher.sendArrivals();
  }

  report(nowMs: number): void {
    for (const publisher of this.#publishers.values()) publisher.report(nowMs);
    for (const subscriber of this.#subscribers.values()) subscriber.report(nowMs);
  }

  /** A few times a second: every receiver gets what its downlink carries. */
  adapt(nowMs: number): void {
    for (const id of this.#subscribers.keys()) this.#adapt(id, nowMs);
  }

  /** Publishers that are not silent. */
  levels(nowMs: number): [TransportId, number][] {
    const levels: [TransportId, number][] = [];
    for (const [id, publisher] of this.#publishers) {
      const level = publisher.streamOf('audio')?.first?.meter?.levelDbov(nowMs) ?? AudioMeter.SILENCE_DBOV;
      if (level > AudioMeter.SILENCE_DBOV + 1) levels.push([id, Math.round(level)]);
    }
    return levels;
  }

  /** The room may have said already what the connection that follows is to be sent, so that is kept. */
  #lost(id: TransportId): void {
    this.#closeConnections(id);
    this.listener.closed(id);
  }

  #closeConnections(id: TransportId): void {
    for (const connections of [this.#publishers, this.#subscribers, this.#data]) {
      connections.get(id)?.close();
      connections.delete(id);
    }
  }

  #feed(subscriberId: TransportId): void {
    const subscriber = this.#subscribers.get(subscriberId);
    if (!subscriber) return;
    const { slots, view } = this.#slots.get(subscriberId) ?? { slots: [], view: { order: [] } };
    const streamOf = (publisher: TransportId | undefined, kind: Kind): Stream | undefined =>
      publisher === undefined ? undefined : this.#publishers.get(publisher)?.streamOf(kind);
    subscriber.video.setView(view);
    for (let index = 0; index < subscriber.slotCount; index++) {
      const { audio, video } = slots[index] ?? {};
      subscriber.track(index, 'audio')?.feed(streamOf(audio, 'audio')?.first);
      subscriber.video.set(index, streamOf(video, 'video'), video);
    }
    this.#adapt(subscriberId, steadyNowMs());
  }

  #adapt(subscriberId: TransportId, nowMs: number): void {
    const notice = this.#subscribers.get(subscriberId)?.adapt(nowMs);
    if (notice) this.listener.downlink(subscriberId, notice);
  }

  /** A publisher has a new source: whoever should hear or see it is switched to it. */
  #feedAll(publisher: TransportId, kind: Kind): void {
    for (const [subscriber, { slots }] of this.#slots) {
      if (slots.some((slot) => slot[kind] === publisher)) this.#feed(subscriber);
    }
  }
}
