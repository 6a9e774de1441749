import type { Slot } from '../protocol/index.js';
import { hostType } from './host-type.js';
import { PeerTransport, preferVp8, type TransportContext } from './peer-transport.js';

/**
 * Receives all slots over one connection (protocol §4.3): one audio and one video section per slot, in ascending
 * order of slot ids. Who is in a slot changes without any signalling here.
 */
export class SubscriberTransport extends PeerTransport {
  /** Slot id → sound and picture; the objects live as long as this transport. */
  readonly streams: ReadonlyMap<number, MediaStream>;
  /**
   * Slot id → sound alone. A media element that holds a picture track without any picture stays silent, so whoever
   * sends only sound is played from here.
   */
  readonly sounds: ReadonlyMap<number, MediaStream>;
  readonly #slots: Slot[];
  readonly #receivers = new Map<number, RTCRtpReceiver>();

  constructor(context: TransportContext, slots: Slot[]) {
    super(context);
    this.#slots = [...slots].sort((a, b) => a.id - b.id);
    this.streams = new Map(this.#slots.map(({ id }) => [id, new MediaStream()]));
    this.sounds = new Map(this.#slots.map(({ id }) => [id, new MediaStream()]));
  }

  /** Asks for every slot; the one offer goes out with the first acknowledgement. @throws {RoomError} */
  async subscribe(): Promise<void> {
    const { signalling, environment } = this.context;
    for (const { id } of this.#slots) {
      const stream = this.streams.get(id)!;
      for (const kind of ['audio', 'video'] as const) {
        const transceiver = this.pc.addTransceiver(kind, { direction: 'recvonly' });
        if (kind === 'video') preferVp8(transceiver, environment.userAgent());
        else {
          this.#receivers.set(id, transceiver.receiver);
          this.sounds.get(id)!.addTrack(transceiver.receiver.track);
        }
        // The section stands for the slot, so its track can be handed out before anything was negotiated.
        stream.addTrack(transceiver.receiver.track);
      }
    }
    const [first] = this.#slots;
    if (!first) return;
    const offered = this.createOffer();
    offered.catch(() => {});
    const requests = this.#slots.map(({ id }) =>
      signalling.request(
        'subscribe',
        {
          streamId: id,
          audio: true,
          video: true,
          data: false,
          canvas: false,
          browser: hostType(environment.userAgent()),
          muteStream: { audio: false, video: false },
        },
        null,
      ),
    );
    for (const request of requests) request.catch(() => {});
    await requests[0];
    this.sendOffer(first.id, await offered);
  }

  /** The slot a media section belongs to: two sections per slot, in order (protocol §4.3). */
  slotOf(mid: string): number | undefined {
    const index = this.pc.getTransceivers().findIndex((transceiver) => transceiver.mid === mid);
    return index < 0 ? undefined : this.#slots[Math.floor(index / 2)]?.id;
  }

  /** Slot → size of the picture that arrives, pixels. */
  async pictureSizes(): Promise<Map<number, { width: number; height: number }>> {
    const sizes = new Map<number, { width: number; height: number }>();
    for (const entry of (await this.pc.getStats()).values()) {
      const { type, mid, frameWidth, frameHeight } = entry as {
        type: string;
        mid?: string;
        frameWidth?: number;
        frameHeight?: number;
      };
      if (type !== 'inbound-rtp' || mid === undefined || !frameWidth || !frameHeight) continue;
      const slot = this.slotOf(mid);
      if (slot !== undefined) sizes.set(slot, { width: frameWidth, height: frameHeight });
    }
    return sizes;
  }

  /** Loudness of a slot, 0…1, from the last packets; 0 when nothing arrives. */
  audioLevel(slot: number): number {
    const [source] = this.#receivers.get(slot)?.getSynchronizationSources() ?? [];
    if (!source) return 0;
    // Browsers disagree whether the timestamp counts from the epoch or from the page's start.
    const ageMs = Math.min(
      Math.abs(Date.now() - source.timestamp),
      Math.abs(performance.now() - source.timestamp),
    );
    return ageMs > 500 ? 0 : (source.audioLevel ?? 0);
  }
}
