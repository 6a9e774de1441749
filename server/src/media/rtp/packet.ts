/** RTP packets as they come off the wire and as we write them (RFC 3550 §5.1, RFC 8285). */

/** Second byte 192–223 means RTCP (RFC 5761 §4). */
export const isRtcp = (packet: Buffer): boolean =>
  packet.length >= 2 && packet[1]! >= 192 && packet[1]! <= 223;

/** Smallest valid packet: a bare header. */
const MIN_HEADER = 12;

/**
 * A parsed header that is filled in place: one instance per transport, so that the hot path allocates nothing.
 * All offsets are bytes into {@link RtpPacket.buffer}.
 */
export class RtpPacket {
  buffer: Buffer = Buffer.alloc(0);
  marker = false;
  payloadType = 0;
  sequence = 0;
  timestamp = 0;
  ssrc = 0;
  payloadOffset = 0;
  /** End of the payload, padding left out. Equals `payloadOffset` for padding-only packets. */
  payloadEnd = 0;
  #extensionOffset = 0;
  #extensionEnd = 0;
  #twoByte = false;
  /** Of the extension that was found last. */
  #foundLength = 0;

  /** @returns false for anything that is not a well-formed RTP packet; the fields are then meaningless. */
  parse(buffer: Buffer): boolean {
    if (buffer.length < MIN_HEADER || buffer[0]! >> 6 !== 2) return false;
    const first = buffer[0]!;
    let offset = MIN_HEADER + (first & 0x0f) * 4;
    this.#extensionOffset = this.#extensionEnd = 0;
    if (first & 0x10) {
      if (buffer.length < offset + 4) return false;
      const profile = buffer.readUInt16BE(offset);
      const length = buffer.readUInt16BE(offset + 2) * 4;
      offset += 4;
      if (buffer.length < offset + length) return false;
      if (profile === 0xbede || profile >> 4 === 0x100) {
        this.#extensionOffset = offset;
        this.#extensionEnd = offset + length;
        this.#twoByte = profile !== 0xbede;
      }
      offset += length;
    }
    let end = buffer.length;
    if (first & 0x20) end -= buffer[end - 1]!;
    if (offset > buffer.length || end < offset) return false;

    this.buffer = buffer;
    this.marker = (buffer[1]! & 0x80) !== 0;
    this.payloadType = buffer[1]! & 0x7f;
    this.sequence = buffer.readUInt16BE(2);
    this.timestamp = buffer.readUInt32BE(4);
    this.ssrc = buffer.readUInt32BE(8);
    this.payloadOffset = offset;
    this.payloadEnd = end;
    return true;
  }

  /** Offset of the data of header extension `id`, or −1 where the packet has none with at least `size` bytes. */
  extensionOffset(id: number, size = 1): number {
    let offset = this.#extensionOffset;
    while (offset < this.#extensionEnd) {
      const first = this.buffer[offset]!;
      if (first === 0) {
        offset += 1;
        continue;
      }
      let length: number;
      let found: number;
      if (this.#twoByte) {
        found = first;
        length = this.buffer[offset + 1] ?? 0;
        offset += 2;
      } else {
        found = first >> 4;
        if (found === 15) return -1;
        length = (first & 0x0f) + 1;
        offset += 1;
      }
      if (offset + length > this.#extensionEnd) return -1;
      if (found === id) {
        this.#foundLength = length;
        return length >= size ? offset : -1;
      }
      offset += length;
    }
    return -1;
  }

  /** Text of header extension `id` (RFC 8285, such as a rid); `undefined` where the packet has none. */
  extensionText(id: number): string | undefined {
    const at = this.extensionOffset(id);
    return at < 0 ? undefined : this.buffer.toString('latin1', at, at + this.#foundLength);
  }
}

/** Header extensions that we write ourselves; ids are per connection (0 = not negotiated). */
export interface OutgoingExtensions {
  absSendTimeId: number;
  audioLevelId: number;
}

export interface OutgoingHeader {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** Raw byte of the audio-level extension (RFC 6464), or −1. */
  audioLevel: number;
}

/**
 * Writes header, extensions and payload into `out`.
 * @param nowMs wall clock, for abs-send-time.
 * @returns bytes written.
 */
export function writeRtp(
  out: Buffer,
  header: OutgoingHeader,
  extensions: OutgoingExtensions,
  nowMs: number,
  payload: Buffer,
  payloadOffset: number,
  payloadEnd: number,
): number {
  out[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  out.writeUInt16BE(header.sequence, 2);
  out.writeUInt32BE(header.timestamp, 4);
  out.writeUInt32BE(header.ssrc, 8);
  let offset = MIN_HEADER;
  const withLevel = extensions.audioLevelId !== 0 && header.audioLevel >= 0;
  if (extensions.absSendTimeId !== 0 || withLevel) {
    out[0] = 0x90;
    const start = offset;
    offset += 4;
    if (extensions.absSendTimeId !== 0) {
      out[offset] = (extensions.absSendTimeId << 4) | 2;
      out.writeUIntBE(absSendTime(nowMs), offset + 1, 3);
      offset += 4;
    }
    if (withLevel) {
      out[offset] = extensions.audioLevelId << 4;
      out[offset + 1] = header.audioLevel;
      offset += 2;
    }
    while ((offset - start) & 3) out[offset++] = 0;
    out.writeUInt16BE(0xbede, start);
    out.writeUInt16BE((offset - start - 4) >> 2, start + 2);
  } else {
    out[0] = 0x80;
  }
  return offset + payload.copy(out, offset, payloadOffset, payloadEnd);
}

/** 24-bit 6.18 fixed-point seconds, as the abs-send-time extension wants them. */
export const absSendTime = (nowMs: number): number =>
  Math.floor(((nowMs % 64_000) / 1000) * 262_144) & 0xffffff;
