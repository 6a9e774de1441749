/** The VP8 payload descriptor (RFC 7741 §4.2): find the key frames and the ids that must stay continuous. */

export interface Vp8Descriptor {
  /** First packet of a key frame. */
  keyFrame: boolean;
  /** Offset of the picture id within the packet, −1 if absent. */
  pictureIdOffset: number;
  /** 7 or 15 bits; 0 if absent. */
  pictureIdBits: 0 | 7 | 15;
  pictureId: number;
  /** Offset of TL0PICIDX within the packet, −1 if absent. */
  tl0Offset: number;
  tl0: number;
}

/** Reads into `result` to spare the hot path an allocation. @returns false if the payload is too short to be VP8. */
export function parseVp8(buffer: Buffer, start: number, end: number, result: Vp8Descriptor): boolean {
  result.keyFrame = false;
  result.pictureIdOffset = result.tl0Offset = -1;
  result.pictureIdBits = 0;
  result.pictureId = result.tl0 = 0;
  let offset = start;
  if (offset >= end) return false;
  const first = buffer[offset++]!;
  if (first & 0x80) {
    if (offset >= end) return false;
    const flags = buffer[offset++]!;
    if (flags & 0x80) {
      if (offset >= end) return false;
      result.pictureIdOffset = offset;
      if (buffer[offset]! & 0x80) {
        if (offset + 1 >= end) return false;
        result.pictureIdBits = 15;
        result.pictureId = buffer.readUInt16BE(offset) & 0x7fff;
        offset += 2;
      } else {
        result.pictureIdBits = 7;
        result.pictureId = buffer[offset]!;
        offset += 1;
      }
    }
    if (flags & 0x40) {
      if (offset >= end) return false;
      result.tl0Offset = offset;
      result.tl0 = buffer[offset++]!;
    }
    if (flags & 0x30) offset += 1;
  }
  if (offset >= end) return false;
  const startOfFrame = (first & 0x10) !== 0 && (first & 0x07) === 0;
  result.keyFrame = startOfFrame && (buffer[offset]! & 0x01) === 0;
  return true;
}

/**
 * Size of the picture that a key frame begins (RFC 6386 §9.1).
 * @param start, end the payload of the packet that {@link parseVp8} called a key frame.
 * @returns `undefined` if it is cut short.
 */
export function keyFrameSize(
  buffer: Buffer,
  start: number,
  end: number,
): { width: number; height: number } | undefined {
  let offset = start + 1;
  if (buffer[start]! & 0x80) {
    const flags = buffer[offset++] ?? 0;
    if (flags & 0x80) offset += (buffer[offset] ?? 0) & 0x80 ? 2 : 1;
    if (flags & 0x40) offset += 1;
    if (flags & 0x30) offset += 1;
  }
  if (offset + 10 > end || buffer.readUIntBE(offset + 3, 3) !== 0x9d012a) return undefined;
  return {
    width: buffer.readUInt16LE(offset + 6) & 0x3fff,
    height: buffer.readUInt16LE(offset + 8) & 0x3fff,
  };
}

export const emptyVp8 = (): Vp8Descriptor => ({
  keyFrame: false,
  pictureIdOffset: -1,
  pictureIdBits: 0,
  pictureId: 0,
  tl0Offset: -1,
  tl0: 0,
});
