import type { DownlinkNotice } from '../engine.js';
import { isRtcp } from '../rtp/packet.js';
import { steadyNowMs } from './clock.js';
import { RateMeter } from '../rtp/rate-meter.js';
import { roundTripMs } from '../rtp/reception.js';
import { readRtcp, type RtcpReader } from '../rtp/rtcp.js';
import { OutTrack } from './out-track.js';
import { candidatesOf, MediaPipe, type PipeConfig } from './pipe.js';
import {
  acceptExtension,
  answeredCodecs,
  extensionUris,
  OfferError,
  parseOffer,
  type SectionAnswer,
  writeAnswer,
} from './sdp.js';
import type { Kind } from './source.js';
import { VideoSlots } from './video-slots.js';

export interface SubscriberListener {
  open(): void;
  closed(): void;
}

/** One receiving browser: a pair of tracks per slot over one connection. */
export class Subscriber {
  readonly answer: { sdp: string; media: ReturnType<typeof answeredCodecs> };
  readonly video: VideoSlots;
  readonly #pipe: MediaPipe;
  /** In the order of the offer's m-lines of that kind, which is the order of the slots (protocol §4.3). */
  readonly #tracks: Record<Kind, (OutTrack | undefined)[]> = { audio: [], video: [] };
  readonly #bySsrc = new Map<number, OutTrack>();
  readonly #meters = { audio: new RateMeter(), video: new RateMeter() };
  readonly #metered = { audio: 0, video: 0 };
  /** Packets of each track when its receiver last reported, and when that was. */
  readonly #reported = new Map<number, { packets: number; atMs: number }>();
  readonly #rtcp: RtcpReader = {
    nack: (ssrc, sequences) => this.#bySsrc.get(ssrc)?.retransmit(sequences, steadyNowMs()),
    keyFrameRequest: (ssrc) => this.#bySsrc.get(ssrc)?.requestKeyFrame(),
    remb: (bitrateBps) => this.video.downlink.estimated(bitrateBps, steadyNowMs()),
    receiverReport: (ssrc, fractionLost, _jitter, lastSr, delaySinceLastSr) => {
      const nowMs = steadyNowMs();
      const roundTrip = roundTripMs(lastSr, delaySinceLastSr, nowMs);
      if (roundTrip !== undefined) this.video.downlink.roundTrip(roundTrip, nowMs);
      const packets = this.#bySsrc.get(ssrc)?.packetsSent;
      if (packets === undefined) return;
      const last = this.#reported.get(ssrc) ?? { packets: 0, atMs: -Infinity };
      this.video.downlink.lost(fractionLost / 256, packets - last.packets, last.atMs);
      this.#reported.set(ssrc, { packets, atMs: nowMs });
    },
  };

  /** @throws {OfferError} */
  constructor(name: string, sdp: string, config: PipeConfig, listener: SubscriberListener) {
    const offer = parseOffer(sdp);
    // SSRCs only have to be unique within this connection.
    let nextSsrc = 0x10000 + Math.floor(Math.random() * 0x7fff0000);
    const sections = offer.sections.map((section): SectionAnswer | undefined => {
      const { kind, payloadType } = section;
      if (kind !== 'audio' && kind !== 'video') return undefined;
      const slot = this.#tracks[kind].length;
      if (
        section.rejected ||
        payloadType === undefined ||
        section.direction === 'sendonly' ||
        section.direction === 'inactive'
      ) {
        this.#tracks[kind].push(undefined);
        return undefined;
      }
      const extensions = new Map<string, number>();
      const accept = (uri: string): number => acceptExtension(section, extensions, uri);
      const ssrc = nextSsrc++;
      const stream = `slot-${slot}`;
      const track = new OutTrack({
        kind,
        ssrc,
        payloadType,
        cname: stream,
        extensions: {
          absSendTimeId: accept(extensionUris.absSendTime),
          audioLevelId: kind === 'audio' ? accept(extensionUris.audioLevel) : 0,
        },
        send: (packet) => this.#pipe.send(packet),
        roundTripMs: () => this.video.downlink.roundTripMs,
      });
      this.#tracks[kind].push(track);
      this.#bySsrc.set(ssrc, track);
      const wanted = kind === 'video' ? ['nack', 'nack pli', 'ccm fir', 'goog-remb'] : ['nack'];
      return {
        direction: 'sendonly',
        feedback: wanted.filter((value) => section.feedback.has(value)),
        extensions,
        source: { ssrc, cname: stream, stream },
      };
    });
    if (this.#bySsrc.size === 0) throw new OfferError('the offer has nothing to receive');
    this.video = new VideoSlots(this.#tracks.video);
    this.#pipe = new MediaPipe(name, offer, config, {
      open: () => {
        for (const track of this.#bySsrc.values()) track.requestKeyFrame();
        listener.open();
      },
      closed: () => listener.closed(),
      packet: (buffer) => {
        if (isRtcp(buffer)) readRtcp(buffer, this.#rtcp);
      },
    });
    this.answer = {
      sdp: writeAnswer(offer, this.#pipe.local, candidatesOf(config), sections),
      media: answeredCodecs(offer, sections),
    };
  }

  get open(): boolean {
    return this.#pipe.open;
  }

  /** Slots that were offered, with or without sections that could be accepted. */
  get slotCount(): number {
    return Math.max(this.#tracks.audio.length, this.#tracks.video.length);
  }

  track(slotIndex: number, kind: Kind): OutTrack | undefined {
    return this.#tracks[kind][slotIndex];
  }

  get tracks(): Iterable<OutTrack> {
    return this.#bySsrc.values();
  }

  /** Every second. */
  report(nowMs: number): void {
    if (!this.open) return;
    for (const track of this.#bySsrc.values()) track.report(nowMs);
  }

  /** A few times a second and after every change. @returns what the room should know, if anything has changed. */
  adapt(nowMs: number): DownlinkNotice | undefined {
    for (const kind of ['audio', 'video'] as const) {
      const sent = this.#tracks[kind].reduce((sum, track) => sum + (track?.bytesSent ?? 0), 0);
      this.#meters[kind].add(sent - this.#metered[kind], nowMs);
      this.#metered[kind] = sent;
    }
    const audioBps = this.#meters.audio.bps(nowMs);
    return this.video.adapt(audioBps + this.#meters.video.bps(nowMs), audioBps, nowMs);
  }

  close(): void {
    for (const track of this.#bySsrc.values()) track.close();
    this.#pipe.close();
  }
}
