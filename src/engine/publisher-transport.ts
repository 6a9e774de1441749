import type { StreamId } from '../protocol/index.js';
import { RoomError } from './errors.js';
import { PeerTransport, preferVp8, type TransportContext } from './peer-transport.js';
import { layerEncodings } from './simulcast.js';

export interface PublisherOptions {
  /** A shared screen instead of microphone and camera. */
  screen?: boolean;
  /** What is published: a kind that is false here cannot be switched on later. */
  audio: boolean;
  video: boolean;
  /** Published but not sent for now. */
  muted: { audio: boolean; video: boolean };
  attributes: Record<string, unknown>;
  minVideoKbps: number;
  maxVideoKbps: number;
  /** Simulcast layers that the server wants (1…3); 1 if absent. */
  maxLayers?: number;
}

/** Sends one stream: microphone and camera, or a screen. Muting takes the track off its sender, so that nothing of it leaves this machine. */
export class PublisherTransport extends PeerTransport {
  readonly #senders: { audio?: RTCRtpSender; video?: RTCRtpSender } = {};
  readonly #options: PublisherOptions;
  /** What the server allows beyond what was agreed on (protocol §12). */
  #capKbps = Infinity;
  /** Of the picture, as offered; 1 when the server or the browser wants no more. */
  #layers = 1;

  constructor(context: TransportContext, options: PublisherOptions) {
    super(context);
    this.#options = options;
  }

  /**
   * Announces the stream and offers it. Resolves with the server's id once the offer is on its way.
   * @param tracks what to send at once; kinds that are missing here are sent nothing until {@link setTrack}.
   * @throws {RoomError}
   */
  async publish(tracks: {
    audio?: MediaStreamTrack | undefined;
    video?: MediaStreamTrack | undefined;
  }): Promise<StreamId> {
    const { screen, audio, video, muted, attributes, minVideoKbps, maxVideoKbps } = this.#options;
    const acknowledged = this.context.signalling.request(
      'publish',
      {
        state: 'media_engine',
        audio,
        video,
        data: false,
        ...(screen ? { screen: true, shareMetadata: { layout: 'grid' } } : {}),
        attributes,
        muteStream: muted,
        minVideoBW: minVideoKbps,
        maxVideoBW: maxVideoKbps,
      },
      null,
    );
    // The offer is made while the server thinks about the announcement.
    const offered = this.#offer(tracks);
    offered.catch(() => {});
    const { id } = await acknowledged;
    if (typeof id !== 'number' && typeof id !== 'string') {
      throw new RoomError('media-connection-failed', 'The server gave the stream no id.');
    }
    this.sendOffer(id, await offered);
    return id;
  }

  /** Replaces what is sent without any signalling; `undefined` sends nothing. */
  async setTrack(kind: 'audio' | 'video', track: MediaStreamTrack | undefined): Promise<void> {
    await this.#senders[kind]?.replaceTrack(track ?? null);
    // Another camera may have a picture of another size.
    if (kind === 'video' && track && this.#layers > 1) await this.#setEncodings(track);
  }

  /** Sends no more than this of the picture, kbit/s, until another cap comes. Never rejects. */
  async capVideo(kbps: number): Promise<void> {
    this.#capKbps = kbps;
    await this.#setEncodings(this.#senders.video?.track ?? undefined);
  }

  /** Loudness of the microphone as it is sent, 0…1; 0 when unknown. */
  async audioLevel(): Promise<number> {
    const report = await this.#senders.audio?.getStats();
    for (const entry of report?.values() ?? []) {
      const { type, audioLevel } = entry as { type: string; audioLevel?: number };
      if (type === 'media-source' && audioLevel !== undefined) return audioLevel;
    }
    return 0;
  }

  async #offer(tracks: {
    audio?: MediaStreamTrack | undefined;
    video?: MediaStreamTrack | undefined;
  }): Promise<string> {
    const { audio, video } = this.#options;
    if (audio) {
      this.#senders.audio = this.pc.addTransceiver(tracks.audio ?? 'audio', { direction: 'sendonly' }).sender;
    }
    if (video) {
      const transceiver = this.#addVideo(tracks.video);
      preferVp8(transceiver, this.context.environment.userAgent());
      this.#senders.video = transceiver.sender;
    }
    return this.createOffer();
  }

  #addVideo(track: MediaStreamTrack | undefined): RTCRtpTransceiver {
    const add = (layers: number): RTCRtpTransceiver => {
      this.#layers = layers;
      return this.pc.addTransceiver(track ?? 'video', {
        direction: 'sendonly',
        sendEncodings: this.#encodings(track),
      });
    };
    const { maxLayers = 1 } = this.#options;
    try {
      return add(maxLayers);
    } catch (error) {
      // A browser that cannot do it sends one layer, as to a server that does not want more.
      if (maxLayers < 2) throw error;
      return add(1);
    }
  }

  #encodings(track: MediaStreamTrack | undefined): RTCRtpEncodingParameters[] {
    const { width = Infinity, height = Infinity } = (this.#layers > 1 && track?.getSettings()) || {};
    const { maxVideoKbps } = this.#options;
    const most = Math.min(maxVideoKbps || Infinity, this.#capKbps);
    return layerEncodings(this.#layers, Math.min(width, height), most === Infinity ? 0 : most);
  }

  /** A server that turns the layers down keeps the first, which is the smallest: it becomes the whole picture. */
  protected override answered(): void {
    if (this.#layers < 2 || /^a=simulcast:/m.test(this.pc.remoteDescription?.sdp ?? '')) return;
    this.#layers = 1;
    void this.#setEncodings(this.#senders.video?.track ?? undefined);
  }

  /** Never rejects: a picture of another size than it could have is better than none. */
  async #setEncodings(track: MediaStreamTrack | undefined): Promise<void> {
    const sender = this.#senders.video;
    const parameters = sender?.getParameters();
    if (!sender || !parameters?.encodings?.length) return;
    const wanted = this.#encodings(track);
    parameters.encodings.forEach((encoding, index) => {
      const { rid: _rid, ...values } = wanted[index] ?? { active: false };
      Object.assign(encoding, { active: true, scaleResolutionDownBy: 1 }, values);
    });
    await sender.setParameters(parameters).catch(() => {});
  }
}
