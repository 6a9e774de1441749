import { isRtcp, RtpPacket } from '../rtp/packet.js';
import { steadyNowMs } from './clock.js';
import { ntpToMs } from '../rtp/reception.js';
import {
  readRtcp,
  type RtcpReader,
  writeNack,
  writePli,
  writeReceiverReport,
  writeRemb,
} from '../rtp/rtcp.js';
import { TransportFeedback } from '../rtp/transport-cc.js';
import { candidatesOf, MediaPipe, type PipeConfig } from './pipe.js';
import {
  acceptExtension,
  answeredCodecs,
  extensionUris,
  type Offer,
  OfferError,
  parseOffer,
  writeAnswer,
} from './sdp.js';
import { Demultiplexer, type SendLine } from './demultiplexer.js';
import type { Kind, Source } from './source.js';
import type { Stream } from './stream.js';
import type { PublisherBitrates } from '../engine.js';

/** Our SSRC as a receiver; never sends media, so one constant serves all connections. */
const RECEIVER_SSRC = 1;

/** What a simulcast sends altogether at most, compared with its largest layer alone … */
const SIMULCAST_SHARE = 1.5;
/** … and where it must begin so that the largest one is sent at all. */
const SIMULCAST_START_SHARE = 1.75;

export interface PublisherListener {
  open(): void;
  closed(): void;
  /** The first packet of this kind or of another layer of it arrived, or the browser started a new SSRC for it. */
  source(kind: Kind): void;
}

/** One publisher connection: answers the offer, receives, and gives the sender the feedback it needs to send well. */
export class Publisher {
  readonly answer: { sdp: string; media: ReturnType<typeof answeredCodecs> };
  readonly #pipe: MediaPipe;
  readonly #demultiplexer: Demultiplexer;
  readonly #lines: SendLine[] = [];
  readonly #rtp = new RtpPacket();
  readonly #feedback: TransportFeedback | undefined;
  /** Kinds whose sender agreed to send packets again. */
  readonly #nackKinds = new Set<Kind>();
  /** Server clock minus publisher clock, from its first sender report: one value keeps its tracks in sync. */
  #clockOffsetMs: number | undefined;
  readonly #rtcp: RtcpReader = {
    senderReport: (ssrc, seconds, fraction, rtpTimestamp) => {
      const nowMs = steadyNowMs();
      this.#clockOffsetMs ??= nowMs - ntpToMs(seconds, fraction);
      this.#demultiplexer
        .bySsrc(ssrc)
        ?.senderReport(seconds, fraction, rtpTimestamp, this.#clockOffsetMs, nowMs);
    },
  };

  /**
   * @throws {OfferError}
   */
  constructor(
    name: string,
    sdp: string,
    config: PipeConfig,
    private readonly bitrates: PublisherBitrates,
    private readonly listener: PublisherListener,
  ) {
    const offer = parseOffer(sdp);
    const sections = offer.sections.map((section) => this.#answerSection(section));
    if (!sections.some(Boolean))
      throw new OfferError('the offer has neither opus audio nor VP8 video to send');
    if (this.#lines.some((line) => line.transportCcId !== 0)) this.#feedback = new TransportFeedback();
    this.#demultiplexer = new Demultiplexer(this.#lines, this.#rtp, (kind) => listener.source(kind));
    this.#pipe = new MediaPipe(name, offer, config, {
      open: () => listener.open(),
      closed: () => listener.closed(),
      packet: (buffer) => this.#received(buffer),
    });
    this.answer = {
      sdp: writeAnswer(offer, this.#pipe.local, candidatesOf(config), sections),
      media: answeredCodecs(offer, sections),
    };
  }

  streamOf(kind: Kind): Stream | undefined {
    return this.#demultiplexer.streamOf(kind);
  }

  close(): void {
    this.#pipe.close();
    for (const source of this.#sources) source.listeners.clear();
  }

  /** Every 20 ms: what was lost, and key frames that somebody waits for. */
  repair(nowMs: number): void {
    for (const stream of this.#demultiplexer.streams) {
      for (const source of stream.layers) {
        const { sequences, gaveUp } = source.nack.due(nowMs);
        // A hole in what nobody receives harms nobody: whoever comes later begins behind it.
        if (source.listeners.size === 0) continue;
        if (sequences.length > 0 && this.#nackKinds.has(source.kind))
          this.#pipe.send(writeNack(RECEIVER_SSRC, source.ssrc, sequences));
        if (gaveUp && source.kind === 'video') source.wantKeyFrame();
        // A layer that was switched off answers no request, but a browser makes all layers pay for it.
        if (!stream.isStalled(source, nowMs) && source.takeKeyFrameRequest(nowMs))
          this.#pipe.send(writePli(RECEIVER_SSRC, source.ssrc));
      }
    }
  }

  /** Every 60 ms: arrival times, from which the sender estimates its uplink. */
  sendArrivals(): void {
    if (!this.#feedback) return;
    const [first] = this.#sources;
    const report = first && this.#feedback.write(RECEIVER_SSRC, first.ssrc);
    if (report) this.#pipe.send(report);
  }

  /** Every second: receiver reports, and REMB for senders without transport-wide feedback. */
  report(nowMs: number): void {
    const sources = this.#sources;
    if (sources.length === 0) return;
    const blocks = sources.map((source) => source.statistics.report(nowMs));
    const packets = [writeReceiverReport(RECEIVER_SSRC, blocks)];
    if (!this.#feedback) {
      const share = this.#lines.some(isSimulcast) ? SIMULCAST_SHARE : 1;
      const ssrcs = sources.map(({ ssrc }) => ssrc);
      packets.push(writeRemb(RECEIVER_SSRC, ssrcs, this.bitrates.maximumKbps * 1000 * share));
    }
    this.#pipe.send(Buffer.concat(packets));
  }

  get #sources(): Source[] {
    return this.#demultiplexer.sources;
  }

  #answerSection(section: Offer['sections'][number]) {
    const { kind, payloadType } = section;
    if (section.rejected || payloadType === undefined || (kind !== 'audio' && kind !== 'video'))
      return undefined;
    if (section.direction === 'recvonly' || section.direction === 'inactive') return undefined;
    const extensions = new Map<string, number>();
    const accept = (uri: string): number => acceptExtension(section, extensions, uri);
    const transportCcId = section.feedback.has('transport-cc') ? accept(extensionUris.transportCc) : 0;
    if (transportCcId === 0) accept(extensionUris.absSendTime);
    const audioLevelId = kind === 'audio' ? accept(extensionUris.audioLevel) : 0;
    // Without the extension that names them, layers could not be told apart.
    const layers = section.extensions.has(extensionUris.rid) ? section.layers : [];
    if (layers.length > 0) accept(extensionUris.mid);
    const line: SendLine = {
      kind,
      payloadType,
      audioLevelId,
      transportCcId,
      ridId: layers.length > 0 ? accept(extensionUris.rid) : 0,
      repairedRidId: layers.length > 0 ? accept(extensionUris.repairedRid) : 0,
      layers,
      layerSsrcs: layers.length > 0 ? [] : section.layerSsrcs,
    };
    this.#lines.push(line);
    const startShare = isSimulcast(line) ? SIMULCAST_START_SHARE : 1;
    if (section.feedback.has('nack')) this.#nackKinds.add(kind);
    const wanted =
      kind === 'video'
        ? ['nack', 'nack pli', 'ccm fir', transportCcId === 0 ? 'goog-remb' : 'transport-cc']
        : ['nack', 'transport-cc'];
    return {
      direction: 'recvonly' as const,
      feedback: wanted.filter((value) => section.feedback.has(value)),
      extensions,
      ...(layers.length > 0 ? { layers } : {}),
      ...(kind === 'video' ? { startKbps: this.bitrates.startKbps * startShare } : {}),
    };
  }

  #received(buffer: Buffer): void {
    if (isRtcp(buffer)) return readRtcp(buffer, this.#rtcp);
    const rtp = this.#rtp;
    if (!rtp.parse(buffer)) return;
    const line = this.#demultiplexer.lineOf(rtp.payloadType);
    if (!line) return;
    const nowMs = steadyNowMs();
    if (this.#feedback && line.transportCcId !== 0) {
      const at = rtp.extensionOffset(line.transportCcId, 2);
      if (at >= 0) this.#feedback.received(buffer.readUInt16BE(at), Math.round(performance.now() * 1000));
    }
    this.#demultiplexer.sourceOf(nowMs)?.received(line.audioLevelId, nowMs);
  }
}

const isSimulcast = ({ layers, layerSsrcs }: SendLine): boolean => layers.length > 0 || layerSsrcs.length > 0;
