import type { PeerTransport } from './peer-transport.js';
import type { StreamSource } from './session-media.js';

export interface StreamStatistics {
  /** Stable while the stream lasts. */
  id: string;
  direction: 'send' | 'receive';
  kind: 'audio' | 'video';
  source: StreamSource;
  /** Who is in the slot; oneself for what is sent. */
  clientId: string | undefined;
  /** bit/s since the call before; 0 on the first. */
  bitrate: number;
  /** Lost packets, 0…1, since the call before. */
  packetsLost: number;
  width: number | undefined;
  height: number | undefined;
  fps: number | undefined;
  /** `VP8`, `opus` … */
  codec: string | undefined;
}

export interface RoomStatistics {
  /** Milliseconds since the epoch. */
  at: number;
  /** To the server and back. */
  roundTripMs: number | undefined;
  streams: StreamStatistics[];
}

/** A connection to read, and whose media its sections are. */
export interface Measured {
  transport: PeerTransport;
  direction: 'send' | 'receive';
  /** Owner and source by the section's `mid`. */
  describe(mid: string): { source: StreamSource; clientId: string | undefined } | undefined;
}

interface Counters {
  atMs: number;
  bytes: number;
  packets: number;
  lost: number;
}

/** An entry of a `getStats()` report (W3C webrtc-stats), as far as we read it. */
interface Entry {
  id: string;
  type: string;
  kind?: 'audio' | 'video';
  mid?: string;
  rid?: string;
  ssrc?: number;
  timestamp: number;
  bytesSent?: number;
  bytesReceived?: number;
  packetsSent?: number;
  packetsReceived?: number;
  packetsLost?: number;
  fractionLost?: number;
  frameWidth?: number;
  frameHeight?: number;
  framesPerSecond?: number;
  codecId?: string;
  mimeType?: string;
  remoteId?: string;
  currentRoundTripTime?: number;
  nominated?: boolean;
  state?: string;
}

/** Reads what the browser counts, and makes rates of it. */
export class Statistics {
  readonly #before = new Map<string, Counters>();

  /** @param now milliseconds since the epoch */
  async read(connections: Measured[], now: number): Promise<RoomStatistics> {
    const reports = await Promise.all(
      connections.map(async (connection, index) => ({
        connection,
        index,
        report: await connection.transport.pc.getStats().catch(() => undefined),
      })),
    );
    const streams: StreamStatistics[] = [];
    let roundTripMs: number | undefined;
    const seen = new Set<string>();
    for (const { connection, index, report } of reports) {
      if (!report) continue;
      for (const entry of report.values() as Iterable<Entry>) {
        if (entry.type === 'candidate-pair' && entry.currentRoundTripTime !== undefined) {
          if (entry.nominated || entry.state === 'succeeded') roundTripMs = entry.currentRoundTripTime * 1000;
        }
        const isSent = entry.type === 'outbound-rtp';
        if ((!isSent && entry.type !== 'inbound-rtp') || !entry.kind || entry.mid === undefined) continue;
        const whose = connection.describe(entry.mid);
        if (!whose) continue;
        const id = `${connection.direction}-${index}-${entry.mid}-${entry.rid ?? entry.ssrc ?? ''}`;
        seen.add(id);
        streams.push({
          id,
          direction: connection.direction,
          kind: entry.kind,
          ...whose,
          ...this.#rates(
            id,
            entry,
            isSent ? (report.get(entry.remoteId ?? '') as Entry | undefined) : undefined,
          ),
          width: entry.frameWidth,
          height: entry.frameHeight,
          fps: entry.framesPerSecond,
          codec: (report.get(entry.codecId ?? '') as Entry | undefined)?.mimeType?.split('/')[1],
        });
      }
    }
    for (const id of [...this.#before.keys()]) if (!seen.has(id)) this.#before.delete(id);
    return { at: now, roundTripMs, streams };
  }

  #rates(id: string, entry: Entry, remote: Entry | undefined): { bitrate: number; packetsLost: number } {
    const counters: Counters = {
      atMs: entry.timestamp,
      bytes: entry.bytesSent ?? entry.bytesReceived ?? 0,
      packets: entry.packetsSent ?? entry.packetsReceived ?? 0,
      lost: entry.packetsLost ?? 0,
    };
    const before = this.#before.get(id);
    this.#before.set(id, counters);
    const seconds = before ? (counters.atMs - before.atMs) / 1000 : 0;
    if (!before || seconds <= 0) return { bitrate: 0, packetsLost: remote?.fractionLost ?? 0 };
    const lost = Math.max(0, counters.lost - before.lost);
    const arrived = Math.max(0, counters.packets - before.packets);
    return {
      bitrate: Math.max(0, ((counters.bytes - before.bytes) * 8) / seconds),
      packetsLost: remote?.fractionLost ?? (lost + arrived > 0 ? lost / (lost + arrived) : 0),
    };
  }
}
