/** One client of the room: its socket, its peer connections, and what it publishes. */
import type { Socket } from 'socket.io';
import { type Answer, MediaPath } from './media-path.js';
import {
  isRtcp,
  keyFrameWishes,
  payloadOf,
  pictureLoss,
  receiverEstimate,
  SlotWriter,
  ssrcOf,
} from './rtp.js';

/** What somebody sends: camera and microphone, or a screen. */
export interface Publication {
  readonly id: number | string;
  readonly screen: boolean;
  path?: MediaPath;
  /** Payload types of the offer. */
  payloads: { audio?: number; video?: number };
  videoSsrc?: number;
}

/** One talker, share or canvas slot of one receiver. */
export interface ReceivingSlot {
  readonly id: number;
  audio: SlotWriter;
  video: SlotWriter;
  source?: Publication;
}

export class Person {
  readonly publications = new Map<string, Publication>();
  /** Slot ids by the sender's clientId: who is in a slot stays there. */
  readonly places = new Map<string, number>();
  slots: ReceivingSlot[] = [];
  subscriber?: MediaPath;
  data?: MediaPath;
  /** The stream with which the subscriber's first offer came. */
  subscriberId?: number | string;
  muted = { audio: false, video: false };
  /** Named by the client in `addDataChannel`. */
  dataStreamId?: number | string;
  awaited = false;
  hand: 'down' | 'raised' | 'floor' = 'down';
  readonly #paths = new Set<MediaPath>();
  #gone = false;
  #estimates?: NodeJS.Timeout;

  constructor(
    readonly socket: Socket,
    readonly clientId: string,
    readonly name: string,
    public role: string,
    readonly userRef: string,
  ) {}

  get camera(): Publication | undefined {
    return [...this.publications.values()].find(({ screen, path }) => !screen && path);
  }

  get screen(): Publication | undefined {
    return [...this.publications.values()].find(({ screen, path }) => screen && path);
  }

  /** Answers an offer. What it opens ends with this person, even when they have left meanwhile. */
  async answer(...offer: Parameters<typeof MediaPath.answer>): Promise<{ path: MediaPath; answer: Answer }> {
    const answered = await MediaPath.answer(...offer);
    this.#paths.add(answered.path);
    if (this.#gone) answered.path.close();
    return answered;
  }

  /** Lines up the media lines of the subscriber's offer with the slots. @returns SSRCs by `mid` */
  prepareSlots(
    ids: number[],
    offer: { media: { kind: string; mid: string; payload: number }[] },
  ): Map<string, number> {
    const ssrcs = new Map<string, number>();
    const lines = (kind: string): { mid: string; payload: number }[] =>
      offer.media.filter((line) => line.kind === kind);
    this.slots = ids.map((id, index) => {
      const writer = (kind: 'audio' | 'video'): SlotWriter => {
        const line = lines(kind)[index]!;
        const ssrc = 0x10000 + id * 16 + (kind === 'audio' ? 1 : 2);
        ssrcs.set(line.mid, ssrc);
        return new SlotWriter(ssrc, line.payload, kind);
      };
      return { id, audio: writer('audio'), video: writer('video') };
    });
    return ssrcs;
  }

  /** Hands on what this person asks of the senders: new key frames. */
  listenToReceiver(path: MediaPath): void {
    path.on('packet', (packet) => {
      if (!isRtcp(packet)) return;
      for (const ssrc of keyFrameWishes(packet)) {
        const slot = this.slots.find(({ video }) => video.ssrc === ssrc);
        askForKeyFrame(slot?.source);
      }
    });
  }

  /** Lets a publication flow to whoever has it in a slot. */
  listenToSender(publication: Publication, receivers: () => Iterable<Person>): void {
    const path = publication.path!;
    path.on('packet', (packet) => {
      if (isRtcp(packet)) return;
      const kind = payloadOf(packet) === publication.payloads.audio ? 'audio' : 'video';
      if (kind === 'video' && payloadOf(packet) !== publication.payloads.video) return;
      if (kind === 'video' && publication.videoSsrc === undefined) {
        publication.videoSsrc = ssrcOf(packet);
        path.send(receiverEstimate(publication.videoSsrc, 500));
      }
      for (const receiver of receivers()) {
        for (const slot of receiver.slots) {
          if (slot.source !== publication) continue;
          const written = slot[kind].write(packet);
          if (written) receiver.subscriber?.send(written);
          else askForKeyFrame(publication);
        }
      }
    });
    this.#estimates ??= setInterval(() => {
      for (const { path, videoSsrc } of this.publications.values())
        if (videoSsrc !== undefined) path?.send(receiverEstimate(videoSsrc, 500));
    }, 500).unref();
  }

  unpublish(id: unknown): Publication | undefined {
    const publication = this.publications.get(String(id));
    publication?.path?.close();
    this.publications.delete(String(id));
    return publication;
  }

  close(): void {
    this.#gone = true;
    clearInterval(this.#estimates);
    this.publications.clear();
    for (const path of this.#paths) path.close();
    this.socket.disconnect(true);
  }
}

const lastAsked = new WeakMap<Publication, number>();

export function askForKeyFrame(publication: Publication | undefined): void {
  if (publication?.videoSsrc === undefined) return;
  if (performance.now() - (lastAsked.get(publication) ?? -Infinity) < 300) return;
  lastAsked.set(publication, performance.now());
  publication.path?.send(pictureLoss(publication.videoSsrc));
}
