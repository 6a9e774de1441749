import type { RtpPacket } from '../rtp/packet.js';
import { type Kind, Source } from './source.js';
import { Stream } from './stream.js';

/** One m-line that a publisher sends, as negotiated. Extension ids are 0 where there is none. */
export interface SendLine {
  kind: Kind;
  payloadType: number;
  audioLevelId: number;
  transportCcId: number;
  /** `rtp-stream-id`: which layer a packet belongs to (RFC 8852). */
  ridId: number;
  /** `repaired-rtp-stream-id`: marks retransmissions on an SSRC of their own, which were not agreed upon. */
  repairedRidId: number;
  /** Names of the layers of a simulcast, smallest first; empty without. */
  layers: string[];
  /** Layers by SSRC, smallest first (`a=ssrc-group:SIM`), of senders that do not name them. */
  layerSsrcs: number[];
}

interface Entry {
  line: SendLine;
  layer: string;
  source: Source;
}

/**
 * Tells the streams of one publisher apart: by payload type, then by SSRC; a new SSRC finds its layer by the rid
 * that its first packets carry. A late packet of an SSRC that was replaced cannot bring it back; only the silence of
 * its successor can.
 */
export class Demultiplexer {
  /** Far more than microphone and three layers; a sender that goes on inventing SSRCs is no browser. */
  static readonly #MAX_SOURCES = 16;
  /** Silence after which a source may be forgotten, or taken over from by the one before it. */
  static readonly #FORGET_MS = 2000;

  readonly #lines = new Map<number, { line: SendLine; stream: Stream }>();
  readonly #bySsrc = new Map<number, Entry>();

  constructor(
    lines: SendLine[],
    /** Filled before every {@link sourceOf}; the sources read their packets from it. */
    private readonly rtp: RtpPacket,
    /** A stream has a new source. */
    private readonly started: (kind: Kind) => void,
  ) {
    for (const line of lines) {
      const stream = new Stream(
        line.kind,
        line.layers.length > 0 ? line.layers : line.layerSsrcs.map(String),
      );
      this.#lines.set(line.payloadType, { line, stream });
    }
  }

  lineOf(payloadType: number): SendLine | undefined {
    return this.#lines.get(payloadType)?.line;
  }

  /** The first stream of this kind. */
  streamOf(kind: Kind): Stream | undefined {
    for (const { stream } of this.#lines.values()) if (stream.kind === kind) return stream;
    return undefined;
  }

  get streams(): Stream[] {
    return [...this.#lines.values()].map(({ stream }) => stream);
  }

  /** Those in use; what was replaced is left out. */
  get sources(): Source[] {
    return this.streams.flatMap((stream) => stream.layers);
  }

  bySsrc(ssrc: number): Source | undefined {
    return this.#bySsrc.get(ssrc)?.source;
  }

  /** Where the packet that the parser holds belongs; `undefined` for one that belongs nowhere. */
  sourceOf(nowMs: number): Source | undefined {
    const { payloadType, ssrc } = this.rtp;
    const found = this.#lines.get(payloadType);
    if (!found) return undefined;
    const { line, stream } = found;
    const known = this.#bySsrc.get(ssrc);
    if (known) {
      if (known.line !== line) return undefined;
      const current = stream.get(known.layer)!;
      if (current !== known.source && nowMs - current.lastPacketMs > Demultiplexer.#FORGET_MS) {
        stream.set(known.layer, known.source);
        this.started(line.kind);
      }
      return known.source;
    }
    const layer = this.#layerOf(line);
    if (layer === undefined || !this.#makeRoom(nowMs)) return undefined;
    const source = new Source(line.kind, ssrc, this.rtp);
    this.#bySsrc.set(ssrc, { line, layer, source });
    stream.set(layer, source);
    this.started(line.kind);
    return source;
  }

  #layerOf(line: SendLine): string | undefined {
    const { ssrc } = this.rtp;
    if (line.layers.length > 0) {
      if (line.repairedRidId && this.rtp.extensionOffset(line.repairedRidId) >= 0) return undefined;
      const rid = line.ridId ? this.rtp.extensionText(line.ridId) : undefined;
      return rid !== undefined && line.layers.includes(rid) ? rid : undefined;
    }
    if (line.layerSsrcs.length > 0) return line.layerSsrcs.includes(ssrc) ? String(ssrc) : undefined;
    return '';
  }

  /** @returns false while there are too many sources and none of them can be forgotten. */
  #makeRoom(nowMs: number): boolean {
    if (this.#bySsrc.size < Demultiplexer.#MAX_SOURCES) return true;
    const inUse = new Set(this.sources);
    let oldest: Entry | undefined;
    for (const entry of this.#bySsrc.values()) {
      if (inUse.has(entry.source) || nowMs - entry.source.lastPacketMs < Demultiplexer.#FORGET_MS) continue;
      if (!oldest || entry.source.lastPacketMs < oldest.source.lastPacketMs) oldest = entry;
    }
    return oldest !== undefined && this.#bySsrc.delete(oldest.source.ssrc);
  }
}
