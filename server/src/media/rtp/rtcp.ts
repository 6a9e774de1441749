/** RTCP: the few packets an SFU reads and writes (RFC 3550 §6, RFC 4585, RFC 5104, draft-alvestrand-rmcat-remb). */
import type { ReportBlock } from './reception.js';

export const NTP_UNIX_OFFSET_S = 2_208_988_800;

/** Packet types (RFC 3550 §12.1, RFC 4585 §6.1). */
const packetTypes = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  transportFeedback: 205,
  payloadFeedback: 206,
} as const;

/** Called for each thing that matters to us in a compound packet; what is malformed is skipped. */
export interface RtcpReader {
  senderReport?(ssrc: number, ntpSeconds: number, ntpFraction: number, rtpTimestamp: number): void;
  /**
   * @param fractionLost 0–255.
   * @param lastSr when the last sender report left, as it said, 0 if none came @param delaySinceLastSr how long ago it
   *   came; both in 1/65536 s.
   */
  receiverReport?(
    ssrc: number,
    fractionLost: number,
    jitter: number,
    lastSr: number,
    delaySinceLastSr: number,
  ): void;
  /** @param sequences 16-bit numbers. */
  nack?(ssrc: number, sequences: number[]): void;
  /** PLI and FIR alike. */
  keyFrameRequest?(ssrc: number): void;
  /** Receiver's estimate of what its downlink carries. */
  remb?(bitrateBps: number): void;
}

export function readRtcp(buffer: Buffer, reader: RtcpReader): void {
  let offset = 0;
  while (offset + 8 <= buffer.length) {
    if (buffer[offset]! >> 6 !== 2) return;
    const count = buffer[offset]! & 0x1f;
    const type = buffer[offset + 1]!;
    const next = offset + (buffer.readUInt16BE(offset + 2) + 1) * 4;
    if (next > buffer.length) return;
    // Padding counts for the length but is not content.
    const end = buffer[offset]! & 0x20 ? next - buffer[next - 1]! : next;
    if (type === packetTypes.senderReport && end - offset >= 28) {
      reader.senderReport?.(
        buffer.readUInt32BE(offset + 4),
        buffer.readUInt32BE(offset + 8),
        buffer.readUInt32BE(offset + 12),
        buffer.readUInt32BE(offset + 16),
      );
      readReportBlocks(buffer, offset + 28, end, count, reader);
    } else if (type === packetTypes.receiverReport) {
      readReportBlocks(buffer, offset + 8, end, count, reader);
    } else if (type === packetTypes.transportFeedback && count === 1 && end - offset >= 16) {
      reader.nack?.(buffer.readUInt32BE(offset + 8), readNack(buffer, offset + 12, end));
    } else if (type === packetTypes.payloadFeedback && end - offset >= 12) {
      readPayloadFeedback(buffer, offset, end, count, reader);
    }
    offset = next;
  }
}

function readReportBlocks(
  buffer: Buffer,
  start: number,
  end: number,
  count: number,
  reader: RtcpReader,
): void {
  for (let index = 0, at = start; index < count && at + 24 <= end; index++, at += 24) {
    reader.receiverReport?.(
      buffer.readUInt32BE(at),
      buffer[at + 4]!,
      buffer.readUInt32BE(at + 12),
      buffer.readUInt32BE(at + 16),
      buffer.readUInt32BE(at + 20),
    );
  }
}

function readNack(buffer: Buffer, start: number, end: number): number[] {
  const sequences: number[] = [];
  for (let at = start; at + 4 <= end; at += 4) {
    const first = buffer.readUInt16BE(at);
    const mask = buffer.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit++) if (mask & (1 << bit)) sequences.push((first + bit + 1) & 0xffff);
  }
  return sequences;
}

function readPayloadFeedback(
  buffer: Buffer,
  offset: number,
  end: number,
  format: number,
  reader: RtcpReader,
): void {
  if (format === 1) reader.keyFrameRequest?.(buffer.readUInt32BE(offset + 8));
  else if (format === 4) {
    for (let at = offset + 12; at + 8 <= end; at += 8) reader.keyFrameRequest?.(buffer.readUInt32BE(at));
  } else if (
    format === 15 &&
    end - offset >= 20 &&
    buffer.toString('latin1', offset + 12, offset + 16) === 'REMB'
  ) {
    const exponent = buffer[offset + 17]! >> 2;
    const mantissa = ((buffer[offset + 17]! & 0x03) << 16) | buffer.readUInt16BE(offset + 18);
    reader.remb?.(mantissa * 2 ** exponent);
  }
}

function header(type: number, count: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  buffer[0] = 0x80 | count;
  buffer[1] = type;
  buffer.writeUInt16BE(length / 4 - 1, 2);
  return buffer;
}

/** At most 31 blocks fit. */
export function writeReceiverReport(senderSsrc: number, blocks: ReportBlock[]): Buffer {
  const used = blocks.slice(0, 31);
  const buffer = header(packetTypes.receiverReport, used.length, 8 + used.length * 24);
  buffer.writeUInt32BE(senderSsrc, 4);
  used.forEach((block, index) => {
    const at = 8 + index * 24;
    buffer.writeUInt32BE(block.ssrc, at);
    buffer[at + 4] = block.fractionLost;
    buffer.writeIntBE(block.cumulativeLost, at + 5, 3);
    buffer.writeUInt32BE(block.highestSequence, at + 8);
    buffer.writeUInt32BE(block.jitter, at + 12);
    buffer.writeUInt32BE(block.lastSr, at + 16);
    buffer.writeUInt32BE(block.delaySinceLastSr, at + 20);
  });
  return buffer;
}

/** Sender report followed by the mandatory CNAME. @param nowMs wall clock that `rtpTimestamp` belongs to. */
export function writeSenderReport(
  ssrc: number,
  nowMs: number,
  rtpTimestamp: number,
  packets: number,
  octets: number,
  cname: string,
): Buffer {
  const report = header(packetTypes.senderReport, 0, 28);
  report.writeUInt32BE(ssrc, 4);
  const seconds = Math.floor(nowMs / 1000);
  report.writeUInt32BE((seconds + NTP_UNIX_OFFSET_S) >>> 0, 8);
  report.writeUInt32BE(Math.floor(((nowMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0, 12);
  report.writeUInt32BE(rtpTimestamp >>> 0, 16);
  report.writeUInt32BE(packets >>> 0, 20);
  report.writeUInt32BE(octets >>> 0, 24);
  const name = Buffer.from(cname, 'utf8').subarray(0, 255);
  // item type, length, text, end-of-list; the chunk is padded to 32 bits
  const description = header(packetTypes.sourceDescription, 1, 8 + Math.ceil((2 + name.length + 1) / 4) * 4);
  description.writeUInt32BE(ssrc, 4);
  description[8] = 1;
  description[9] = name.length;
  name.copy(description, 10);
  return Buffer.concat([report, description]);
}

/** @param sequences 16-bit numbers, ascending. */
export function writeNack(senderSsrc: number, mediaSsrc: number, sequences: number[]): Buffer {
  const items: [number, number][] = [];
  for (const sequence of sequences) {
    const last = items.at(-1);
    const distance = last ? (sequence - last[0]) & 0xffff : 0;
    if (last && distance >= 1 && distance <= 16) last[1] |= 1 << (distance - 1);
    else items.push([sequence, 0]);
  }
  const buffer = header(packetTypes.transportFeedback, 1, 12 + items.length * 4);
  buffer.writeUInt32BE(senderSsrc, 4);
  buffer.writeUInt32BE(mediaSsrc, 8);
  items.forEach(([first, mask], index) => {
    buffer.writeUInt16BE(first, 12 + index * 4);
    buffer.writeUInt16BE(mask, 14 + index * 4);
  });
  return buffer;
}

export function writePli(senderSsrc: number, mediaSsrc: number): Buffer {
  const buffer = header(packetTypes.payloadFeedback, 1, 12);
  buffer.writeUInt32BE(senderSsrc, 4);
  buffer.writeUInt32BE(mediaSsrc, 8);
  return buffer;
}

export function writeRemb(senderSsrc: number, mediaSsrcs: number[], bitrateBps: number): Buffer {
  const buffer = header(packetTypes.payloadFeedback, 15, 20 + mediaSsrcs.length * 4);
  buffer.writeUInt32BE(senderSsrc, 4);
  buffer.write('REMB', 12, 'latin1');
  buffer[16] = mediaSsrcs.length;
  let exponent = 0;
  let mantissa = Math.max(0, Math.floor(bitrateBps));
  while (mantissa > 0x3ffff) {
    mantissa = Math.floor(mantissa / 2);
    exponent += 1;
  }
  buffer[17] = (exponent << 2) | (mantissa >> 16);
  buffer.writeUInt16BE(mantissa & 0xffff, 18);
  mediaSsrcs.forEach((ssrc, index) => buffer.writeUInt32BE(ssrc, 20 + index * 4));
  return buffer;
}
