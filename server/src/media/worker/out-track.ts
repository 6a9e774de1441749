import { RtpPacket, writeRtp, type OutgoingExtensions, type OutgoingHeader } from '../rtp/packet.js';
import { OutgoingNumbering, type Segment } from '../rtp/rewriter.js';
import { writeSenderReport } from '../rtp/rtcp.js';
import { emptyVp8, parseVp8, type Vp8Descriptor } from '../rtp/vp8.js';
import { ResendLimit } from './resend-limit.js';
import { clockRates, type Kind, type Source, type SourceListener, type SourcePacket } from './source.js';

/** Largest packet we ever write: an Ethernet frame plus room for extensions. */
const scratch = Buffer.alloc(2048);
const retransmitted = new RtpPacket();
const retransmittedVp8 = emptyVp8();

export interface OutTrackConfig {
  kind: Kind;
  ssrc: number;
  payloadType: number;
  cname: string;
  extensions: OutgoingExtensions;
  /** Encrypts and sends; the buffer is reused right after. */
  send(packet: Buffer): void;
  /** What a packet and the answer to it take at the moment. Default 0. */
  roundTripMs?(): number;
}

/**
 * One sending m-line of one receiver: a fixed SSRC into which any participant's audio or video can be switched.
 * Video begins at a key frame; until it comes, nothing is sent, or, for another layer of the same picture, what was
 * sent before goes on.
 */
export class OutTrack implements SourceListener {
  readonly #numbering: OutgoingNumbering;
  readonly #header: OutgoingHeader;
  #source: Source | undefined;
  /** Takes over from the source at its next key frame. */
  #next: Source | undefined;
  #segment: Segment | undefined;
  #packets = 0;
  #octets = 0;
  #bytes = 0;
  readonly #resends = new ResendLimit();

  constructor(readonly config: OutTrackConfig) {
    this.#numbering = new OutgoingNumbering(clockRates[config.kind]);
    this.#header = {
      marker: false,
      payloadType: config.payloadType,
      sequence: 0,
      timestamp: 0,
      ssrc: config.ssrc,
      audioLevel: -1,
    };
  }

  /** What this track sends, or will send from the next key frame on. */
  get source(): Source | undefined {
    return this.#next ?? this.#source;
  }

  /** Bytes sent so far with headers, retransmissions excepted. */
  get bytesSent(): number {
    return this.#bytes;
  }

  /** Packets sent so far, retransmissions included. */
  get packetsSent(): number {
    return this.#packets;
  }

  /** Feeds this track from `source` from now on; `undefined` leaves it silent. The same source again changes nothing. */
  feed(source: Source | undefined): void {
    if (source === this.source) return;
    this.#callOff();
    if (source === this.#source) return;
    this.#source?.listeners.delete(this);
    this.#source = source;
    this.#segment = undefined;
    source?.listeners.add(this);
    if (source?.kind === 'video') source.wantKeyFrame();
  }

  /** The same, but what is sent now goes on until the key frame is there. */
  follow(source: Source): void {
    if (source === this.source) return;
    if (!this.#segment || source === this.#source) return this.feed(source);
    this.#callOff();
    this.#next = source;
    source.listeners.add(this);
    source.wantKeyFrame();
  }

  packet(packet: SourcePacket, nowMs: number): void {
    if (packet.source === this.#next) {
      if (!packet.vp8.keyFrame) return;
      this.#source!.listeners.delete(this);
      this.#source = this.#next;
      this.#next = this.#segment = undefined;
    } else if (packet.source !== this.#source) return;
    let segment = this.#segment;
    if (!segment) {
      if (this.config.kind === 'video' && !packet.vp8.keyFrame) return;
      segment = this.#segment = this.#numbering.switchTo(
        {
          sequence: packet.sequence,
          timestamp: packet.rtp.timestamp,
          pictureId: packet.vp8.pictureId,
          tl0: packet.vp8.tl0,
        },
        this.#source.ring,
        nowMs,
      );
      this.#write(packet.rtp, segment, packet.sequence, packet.audioLevel, packet.vp8, nowMs);
      this.report(nowMs);
      return;
    }
    this.#write(packet.rtp, segment, packet.sequence, packet.audioLevel, packet.vp8, nowMs);
  }

  /** Sends packets again that the receiver reports missing. */
  retransmit(sequences: number[], nowMs: number): void {
    for (const sequence of sequences.slice(0, 100)) {
      const found = this.#numbering.locate(sequence);
      const buffer = found?.segment.ring.get(found.sequence);
      if (!found || !buffer) continue;
      if (!this.#resends.allows(sequence, buffer.length, this.config.roundTripMs?.() ?? 0, nowMs)) continue;
      if (!retransmitted.parse(buffer)) continue;
      if (this.config.kind === 'video') {
        parseVp8(buffer, retransmitted.payloadOffset, retransmitted.payloadEnd, retransmittedVp8);
      }
      this.#write(retransmitted, found.segment, found.sequence, -1, retransmittedVp8, nowMs, false);
    }
  }

  requestKeyFrame(): void {
    if (this.source?.kind === 'video') this.source.wantKeyFrame();
  }

  /** Tells the receiver how our RTP clock relates to the wall clock, so that it plays audio and video in step. */
  report(nowMs: number): void {
    const sourceTime = this.#source?.rtpTimeAt(nowMs);
    if (sourceTime === undefined || !this.#segment) return;
    const { ssrc, cname } = this.config;
    const rtpTimestamp = (sourceTime + this.#segment.timestampDelta) >>> 0;
    this.config.send(writeSenderReport(ssrc, nowMs, rtpTimestamp, this.#packets, this.#octets, cname));
  }

  close(): void {
    this.feed(undefined);
  }

  #callOff(): void {
    this.#next?.listeners.delete(this);
    this.#next = undefined;
  }

  #write(
    rtp: RtpPacket,
    segment: Segment,
    sequence: number,
    level: number,
    vp8: Vp8Descriptor,
    nowMs: number,
    isNew = true,
  ): void {
    const out = this.#numbering.map(segment, sequence);
    if (out < 0) return;
    const header = this.#header;
    header.marker = rtp.marker;
    header.sequence = out & 0xffff;
    header.timestamp = (rtp.timestamp + segment.timestampDelta) >>> 0;
    header.audioLevel = level;
    const payloadLength = rtp.payloadEnd - rtp.payloadOffset;
    if (payloadLength > scratch.length - 64) return;
    const length = writeRtp(
      scratch,
      header,
      this.config.extensions,
      nowMs,
      rtp.buffer,
      rtp.payloadOffset,
      rtp.payloadEnd,
    );
    let pictureId = -1;
    let tl0 = -1;
    if (this.config.kind === 'video' && payloadLength > 0) {
      const shift = length - rtp.payloadEnd;
      if (vp8.pictureIdBits === 15) {
        pictureId = (vp8.pictureId + segment.pictureIdDelta) & 0x7fff;
        scratch.writeUInt16BE(0x8000 | pictureId, vp8.pictureIdOffset + shift);
      } else if (vp8.pictureIdBits === 7) {
        pictureId = (vp8.pictureId + segment.pictureIdDelta) & 0x7f;
        scratch[vp8.pictureIdOffset + shift] = pictureId;
      }
      if (vp8.tl0Offset >= 0) {
        tl0 = (vp8.tl0 + segment.tl0Delta) & 0xff;
        scratch[vp8.tl0Offset + shift] = tl0;
      }
    }
    this.#packets += 1;
    this.#octets += payloadLength;
    if (isNew) {
      this.#bytes += length;
      this.#resends.sent(length);
    }
    if (segment === this.#segment) this.#numbering.sent(out, header.timestamp, pictureId, tl0, nowMs);
    this.config.send(scratch.subarray(0, length));
  }
}
