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
import { type Kind, Source } from './source.js';
import type { PublisherBitrates } from '../engine.js';

/** Our SSRC as a receiver; never sends media, so one constant serves all connections. */
const RECEIVER_SSRC = 1;

interface Line {
  kind: Kind;
  audioLevelId: number;
  transportCcId: number;
  source: Source | undefined;
}

export interface PublisherListener {
  open(): void;
  closed(): void;
  /** The first packet of this kind arrived, or the browser started a new SSRC for it. */
  source(kind: Kind, source: Source): void;
}

/** One publisher connection: answers the offer, receives, and gives the sender the feedback it needs to send well. */
export class Publisher {
  readonly answer: { sdp: string; media: ReturnType<typeof answeredCodecs> };
  readonly #pipe: MediaPipe;
  readonly #lines = new Map<number, Line>();
  readonly #sources = new Map<number, Source>();
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
      this.#sources.get(ssrc)?.senderReport(seconds, fraction, rtpTimestamp, this.#clockOffsetMs, nowMs);
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
    if ([...this.#lines.values()].some((line) => line.transportCcId !== 0))
      this.#feedback = new TransportFeedback();
    this.#pipe = new MediaPipe(name, offer, config, {
      open: () => listener.open(),
      closed: () => listener.closed(),
      packet: (buffer) => this.#received(buffer),
    });
    this.answer = {
      sdp: writeAnswer(offer, this.#pipe.local, candidatesOf(config), sections),
      media: answeredCodecs(offer),
    };
  }

  get sources(): Iterable<Source> {
    return this.#sources.values();
  }

  sourceOf(kind: Kind): Source | undefined {
    for (const line of this.#lines.values()) if (line.kind === kind && line.source) return line.source;
    return undefined;
  }

  close(): void {
    this.#pipe.close();
    for (const source of this.#sources.values()) source.listeners.clear();
  }

  /** Every 20 ms: what was lost, and key frames that somebody waits for. */
  repair(nowMs: number): void {
    for (const source of this.#sources.values()) {
      const { sequences, gaveUp } = source.nack.due(nowMs);
      if (sequences.length > 0 && this.#nackKinds.has(source.kind))
        this.#pipe.send(writeNack(RECEIVER_SSRC, source.ssrc, sequences));
      if (gaveUp && source.kind === 'video') source.wantKeyFrame();
      if (source.takeKeyFrameRequest(nowMs)) this.#pipe.send(writePli(RECEIVER_SSRC, source.ssrc));
    }
  }

  /** Every 60 ms: arrival times, from which the sender estimates its uplink. */
  sendArrivals(): void {
    const [first] = this.#sources.keys();
    const report = first === undefined ? undefined : this.#feedback?.write(RECEIVER_SSRC, first);
    if (report) this.#pipe.send(report);
  }

  /** Every second: receiver reports, and REMB for senders without transport-wide feedback. */
  report(nowMs: number): void {
    const ssrcs = [...this.#sources.keys()];
    if (ssrcs.length === 0) return;
    const blocks = [...this.#sources.values()].map((source) => source.statistics.report(nowMs));
    const packets = [writeReceiverReport(RECEIVER_SSRC, blocks)];
    if (!this.#feedback) packets.push(writeRemb(RECEIVER_SSRC, ssrcs, this.bitrates.maximumKbps * 1000));
    this.#pipe.send(Buffer.concat(packets));
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
    this.#lines.set(payloadType, { kind, audioLevelId, transportCcId, source: undefined });
    if (section.feedback.has('nack')) this.#nackKinds.add(kind);
    const wanted =
      kind === 'video'
        ? ['nack', 'nack pli', 'ccm fir', transportCcId === 0 ? 'goog-remb' : 'transport-cc']
        : ['nack', 'transport-cc'];
    return {
      direction: 'recvonly' as const,
      feedback: wanted.filter((value) => section.feedback.has(value)),
      extensions,
      ...(kind === 'video' ? { startKbps: this.bitrates.startKbps } : {}),
    };
  }

  #received(buffer: Buffer): void {
    if (isRtcp(buffer)) return readRtcp(buffer, this.#rtcp);
    const rtp = this.#rtp;
    if (!rtp.parse(buffer)) return;
    const line = this.#lines.get(rtp.payloadType);
    if (!line) return;
    const nowMs = steadyNowMs();
    if (this.#feedback && line.transportCcId !== 0) {
      const at = rtp.extensionOffset(line.transportCcId, 2);
      if (at >= 0) this.#feedback.received(buffer.readUInt16BE(at), Math.round(performance.now() * 1000));
    }
    if (line.source?.ssrc !== rtp.ssrc) {
      const known = this.#sources.get(rtp.ssrc);
      // A sender that restarts with a new SSRC replaces its old one; more than a few is not a browser.
      if (!known && this.#sources.size >= 8) return;
      line.source = known ?? new Source(line.kind, rtp.ssrc, rtp);
      this.#sources.set(rtp.ssrc, line.source);
      this.listener.source(line.kind, line.source);
    }
    line.source.received(line.audioLevelId, nowMs);
  }
}
