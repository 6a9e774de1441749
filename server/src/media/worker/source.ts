import { AudioMeter } from '../rtp/audio-meter.js';
import { NackTracker } from '../rtp/nack-tracker.js';
import type { RtpPacket } from '../rtp/packet.js';
import { PacketRing } from '../rtp/packet-ring.js';
import { ntpToMs, ReceptionStatistics } from '../rtp/reception.js';
import { RateMeter } from '../rtp/rate-meter.js';
import { SequenceUnwrapper } from '../rtp/sequence.js';
import { emptyVp8, keyFrameSize, parseVp8, type Vp8Descriptor } from '../rtp/vp8.js';

export type Kind = 'audio' | 'video';
export const clockRates = { audio: 48_000, video: 90_000 } as const;

/** A packet on its way from a source to the receivers. One instance per source, refilled per packet. */
export interface SourcePacket {
  readonly source: Source;
  rtp: RtpPacket;
  /** Unwrapped. */
  sequence: number;
  /** Raw byte of the audio-level extension, −1 if absent. */
  audioLevel: number;
  vp8: Vp8Descriptor;
}

export interface PictureSize {
  width: number;
  height: number;
}

/** Someone who is sent what the source receives. */
export interface SourceListener {
  packet(packet: SourcePacket, nowMs: number): void;
}

/**
 * One received RTP stream (one SSRC; of a simulcast, one layer): what arrived, what is missing, how loud, who listens.
 * Knows nothing of sockets; its publisher sends the RTCP it asks for.
 */
export class Source {
  /** At most one key-frame request in this time, however many receivers ask (media-engine facts). */
  static readonly #KEY_FRAME_INTERVAL_MS = 300;

  readonly ring: PacketRing;
  readonly statistics: ReceptionStatistics;
  readonly nack = new NackTracker();
  readonly meter: AudioMeter | undefined;
  readonly listeners = new Set<SourceListener>();
  /** Of the last key frame. */
  size: PictureSize | undefined;
  lastPacketMs = -Infinity;
  readonly #rate = new RateMeter();
  readonly #unwrapper = new SequenceUnwrapper();
  readonly #packet: SourcePacket;
  #keyFrameAskedMs = -Infinity;
  #keyFrameWanted = false;
  #report: { rtpTimestamp: number; atMs: number } | undefined;

  constructor(
    readonly kind: Kind,
    readonly ssrc: number,
    rtp: RtpPacket,
  ) {
    this.ring = new PacketRing(kind === 'video' ? 1024 : 256);
    this.statistics = new ReceptionStatistics(ssrc, clockRates[kind]);
    this.meter = kind === 'audio' ? new AudioMeter() : undefined;
    this.#packet = { source: this, rtp, sequence: 0, audioLevel: -1, vp8: emptyVp8() };
  }

  /** Takes the packet that `rtp` holds at this moment. @param audioLevelId extension id, 0 if not negotiated. */
  received(audioLevelId: number, nowMs: number): void {
    const packet = this.#packet;
    const { rtp } = packet;
    this.lastPacketMs = nowMs;
    this.#rate.add(rtp.buffer.length, nowMs);
    packet.sequence = this.#unwrapper.unwrap(rtp.sequence);
    this.nack.received(packet.sequence, nowMs);
    this.statistics.packet(packet.sequence, rtp.timestamp, nowMs);
    this.ring.put(packet.sequence, rtp.buffer);
    packet.audioLevel = -1;
    if (this.kind === 'audio') {
      const at = audioLevelId ? rtp.extensionOffset(audioLevelId) : -1;
      if (at >= 0) {
        packet.audioLevel = rtp.buffer[at]!;
        this.meter!.packet(packet.audioLevel, nowMs);
      }
    } else {
      parseVp8(rtp.buffer, rtp.payloadOffset, rtp.payloadEnd, packet.vp8);
      if (packet.vp8.keyFrame) {
        this.#keyFrameWanted = false;
        this.size = keyFrameSize(rtp.buffer, rtp.payloadOffset, rtp.payloadEnd) ?? this.size;
        this.nack.forgetBefore(packet.sequence);
      }
    }
    for (const listener of this.listeners) listener.packet(packet, nowMs);
  }

  /** What it takes at the moment, bit/s. */
  bitrateBps(nowMs: number): number {
    return this.#rate.bps(nowMs);
  }

  wantKeyFrame(): void {
    this.#keyFrameWanted = true;
  }

  /** True when a key-frame request should go out now; asks again until one arrives. */
  takeKeyFrameRequest(nowMs: number): boolean {
    if (!this.#keyFrameWanted || nowMs - this.#keyFrameAskedMs < Source.#KEY_FRAME_INTERVAL_MS) return false;
    this.#keyFrameAskedMs = nowMs;
    return true;
  }

  /** @param offsetMs server clock minus publisher clock. */
  senderReport(
    ntpSeconds: number,
    ntpFraction: number,
    rtpTimestamp: number,
    offsetMs: number,
    nowMs: number,
  ): void {
    this.statistics.senderReport(ntpSeconds, ntpFraction, nowMs);
    this.#report = { rtpTimestamp, atMs: ntpToMs(ntpSeconds, ntpFraction) + offsetMs };
  }

  /** The source's RTP clock at a moment of the server's clock; `undefined` before the first sender report. */
  rtpTimeAt(nowMs: number): number | undefined {
    if (!this.#report) return undefined;
    return (
      this.#report.rtpTimestamp + Math.round(((nowMs - this.#report.atMs) * clockRates[this.kind]) / 1000)
    );
  }
}
