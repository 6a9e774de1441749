/**
 * RTP as the tests see it: builders for what a browser sends, and strict readers written independently of the
 * server's own, so that a mistake there cannot hide in both.
 */
import assert from 'node:assert/strict';
import { SeededRandom } from './seeded-random.js';

/** Numbers in [0, 1) that are the same on every run. */
export function seededRandom(seed: number): () => number {
  const random = new SeededRandom(seed);
  return () => random.next();
}

/** A whole number from `low` to `high`, both possible. */
export const pick = (random: () => number, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

export const randomBytes = (random: () => number, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => pick(random, 0, 255)));

export interface HeaderExtension {
  profile: number;
  /** Without padding to 32 bits. */
  data: Buffer;
}

/** RFC 8285 §4.2: `[id, data]` with ids 1–14 and 1–16 bytes each. */
export const oneByteExtension = (...elements: [id: number, data: number[]][]): HeaderExtension => ({
  profile: 0xbede,
  data: Buffer.from(elements.flatMap(([id, data]) => [(id << 4) | (data.length - 1), ...data])),
});

/** RFC 8285 §4.3: ids up to 255, data may be empty. */
export const twoByteExtension = (...elements: [id: number, data: number[]][]): HeaderExtension => ({
  profile: 0x1000,
  data: Buffer.from(elements.flatMap(([id, data]) => [id, data.length, ...data])),
});

export interface RtpOptions {
  marker?: boolean;
  payloadType?: number;
  sequence?: number;
  timestamp?: number;
  ssrc?: number;
  csrcs?: number[];
  extension?: HeaderExtension;
  payload?: Buffer;
  /** Bytes of padding, the counting byte included. */
  padding?: number;
}

export function rtpPacket(options: RtpOptions = {}): Buffer {
  const { csrcs = [], extension, payload = Buffer.from([1, 2, 3]), padding = 0 } = options;
  const header = Buffer.alloc(12 + csrcs.length * 4);
  header[0] = 0x80 | (padding > 0 ? 0x20 : 0) | (extension ? 0x10 : 0) | csrcs.length;
  header[1] = (options.marker ? 0x80 : 0) | (options.payloadType ?? 96);
  header.writeUInt16BE((options.sequence ?? 1) & 0xffff, 2);
  header.writeUInt32BE((options.timestamp ?? 0) >>> 0, 4);
  header.writeUInt32BE(options.ssrc ?? 0x1234, 8);
  csrcs.forEach((csrc, index) => header.writeUInt32BE(csrc, 12 + index * 4));
  const parts: Buffer[] = [header];
  if (extension) {
    const words = Math.ceil(extension.data.length / 4);
    const block = Buffer.alloc(4 + words * 4);
    block.writeUInt16BE(extension.profile, 0);
    block.writeUInt16BE(words, 2);
    extension.data.copy(block, 4);
    parts.push(block);
  }
  parts.push(payload);
  if (padding > 0) {
    const filler = Buffer.alloc(padding);
    filler[padding - 1] = padding;
    parts.push(filler);
  }
  return Buffer.concat(parts);
}

export interface Vp8Options {
  keyFrame?: boolean;
  /** First packet of its frame (S bit and partition 0); key frames are marked only there. */
  start?: boolean;
  partition?: number;
  pictureId?: number;
  /** Default 15, as Chrome writes it. */
  pictureIdBits?: 7 | 15;
  tl0?: number;
  /** Temporal layer. */
  tid?: number;
  /** 5 bits. */
  keyIndex?: number;
  body?: Buffer;
}

/** VP8 payload descriptor (RFC 7741 §4.2) and the beginning of a frame. */
export function vp8Payload(options: Vp8Options = {}): Buffer {
  const {
    pictureId,
    tl0,
    tid,
    keyIndex,
    start = true,
    partition = 0,
    body = Buffer.from([7, 7, 7]),
  } = options;
  const flags =
    (pictureId !== undefined ? 0x80 : 0) |
    (tl0 !== undefined ? 0x40 : 0) |
    (tid !== undefined ? 0x20 : 0) |
    (keyIndex !== undefined ? 0x10 : 0);
  const bytes = [(flags ? 0x80 : 0) | (start ? 0x10 : 0) | partition];
  if (flags) bytes.push(flags);
  if (pictureId !== undefined) {
    if (options.pictureIdBits === 7) bytes.push(pictureId & 0x7f);
    else bytes.push(0x80 | ((pictureId >> 8) & 0x7f), pictureId & 0xff);
  }
  if (tl0 !== undefined) bytes.push(tl0 & 0xff);
  if (tid !== undefined || keyIndex !== undefined) bytes.push(((tid ?? 0) << 6) | (keyIndex ?? 0));
  // Lowest bit of the frame header: 0 is a key frame (RFC 6386 §9.1).
  bytes.push(start && options.keyFrame ? 0x10 : 0x11);
  return Buffer.concat([Buffer.from(bytes), body]);
}

export interface ReadRtp {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  extensions: Map<number, Buffer>;
  payload: Buffer;
}

/** Reads a packet that *we* wrote and fails on anything that a strict receiver might object to. */
export function readRtp(packet: Buffer): ReadRtp {
  assert.ok(packet.length >= 12, 'shorter than a header');
  assert.equal(packet[0]! >> 6, 2, 'version');
  assert.equal(packet[0]! & 0x2f, 0, 'neither padding nor CSRCs are ever written');
  const extensions = new Map<number, Buffer>();
  let offset = 12;
  if (packet[0]! & 0x10) {
    assert.equal(packet.readUInt16BE(12), 0xbede, 'extension profile');
    const end = 16 + packet.readUInt16BE(14) * 4;
    assert.ok(end <= packet.length, 'extension reaches beyond the packet');
    offset = 16;
    while (offset < end) {
      const first = packet[offset++]!;
      if (first === 0) continue;
      const id = first >> 4;
      const length = (first & 0x0f) + 1;
      assert.ok(id >= 1 && id <= 14, `extension id ${id}`);
      assert.ok(offset + length <= end, 'extension element reaches beyond the block');
      assert.ok(!extensions.has(id), `extension ${id} twice`);
      extensions.set(id, packet.subarray(offset, offset + length));
      offset += length;
    }
  }
  return {
    marker: packet[1]! > 127,
    payloadType: packet[1]! & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    extensions,
    payload: packet.subarray(offset),
  };
}

export interface ReadVp8 {
  pictureId: number | undefined;
  tl0: number | undefined;
  keyFrame: boolean;
  /** Everything but picture id and TL0PICIDX. */
  rest: Buffer;
}

export function readVp8(payload: Buffer): ReadVp8 {
  const rest: number[] = [];
  let pictureId: number | undefined;
  let tl0: number | undefined;
  let at = 0;
  const first = payload[at++]!;
  rest.push(first);
  if (first & 0x80) {
    const flags = payload[at++]!;
    rest.push(flags);
    if (flags & 0x80) {
      const high = payload[at++]!;
      // Whether it is long or short belongs to the rest.
      rest.push(high & 0x80);
      pictureId = high & 0x80 ? ((high & 0x7f) << 8) | payload[at++]! : high;
    }
    if (flags & 0x40) tl0 = payload[at++]!;
    if (flags & 0x30) rest.push(payload[at++]!);
  }
  assert.ok(at < payload.length, 'a descriptor without payload');
  return {
    pictureId,
    tl0,
    keyFrame: (first & 0x17) === 0x10 && (payload[at]! & 1) === 0,
    rest: Buffer.concat([Buffer.from(rest), payload.subarray(at)]),
  };
}
