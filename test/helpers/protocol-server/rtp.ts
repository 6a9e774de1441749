/** The little of RTP and RTCP that moving one person's media into a slot takes. */

export const isRtcp = (packet: Buffer): boolean => packet[1]! >= 192 && packet[1]! <= 223;

export const payloadOf = (packet: Buffer): number => packet[1]! & 0x7f;

export const ssrcOf = (packet: Buffer): number => packet.readUInt32BE(8);

/** Where the payload begins, after contributing sources and header extension. */
function payloadStart(packet: Buffer): number {
  const start = 12 + 4 * (packet[0]! & 0x0f);
  return packet[0]! & 0x10 ? start + 4 + 4 * packet.readUInt16BE(start + 2) : start;
}

/** True when a VP8 packet begins a key frame. */
export function beginsKeyFrame(packet: Buffer): boolean {
  let at = payloadStart(packet);
  const first = packet[at++]!;
  if ((first & 0x1f) !== 0x10) return false; // the first partition of a frame starts here
  if (first & 0x80) {
    const extras = packet[at++]!;
    if (extras & 0x80) at += packet[at]! & 0x80 ? 2 : 1;
    if (extras & 0x40) at += 1;
    if (extras & 0x30) at += 1;
  }
  return (packet[at]! & 1) === 0;
}

/** One media line of one receiver: whatever flows into it looks like one stream that never changed. */
export class SlotWriter {
  #source = 0;
  #seqOffset = 0;
  #timeOffset = 0;
  #lastSeq = 1000;
  #lastTime = 1000;

  constructor(
    readonly ssrc: number,
    readonly payload: number,
    private readonly kind: 'audio' | 'video',
  ) {}

  /** @returns what to send, without header extensions; `undefined` while a new source owes its key frame */
  write(packet: Buffer): Buffer | undefined {
    const source = ssrcOf(packet);
    const seq = packet.readUInt16BE(2);
    const time = packet.readUInt32BE(4);
    if (source !== this.#source) {
      if (this.kind === 'video' && !beginsKeyFrame(packet)) return undefined;
      this.#source = source;
      this.#seqOffset = this.#lastSeq + 1 - seq;
      this.#timeOffset = this.#lastTime + 3000 - time;
    }
    const header = Buffer.alloc(12);
    header[0] = 0x80 | (packet[0]! & 0x20);
    header[1] = (packet[1]! & 0x80) | this.payload;
    this.#lastSeq = (seq + this.#seqOffset) & 0xffff;
    this.#lastTime = (time + this.#timeOffset) >>> 0;
    header.writeUInt16BE(this.#lastSeq, 2);
    header.writeUInt32BE(this.#lastTime, 4);
    header.writeUInt32BE(this.ssrc, 8);
    return Buffer.concat([header, packet.subarray(payloadStart(packet))]);
  }

  /** The next source has to begin with a key frame, also if it is the last one again. */
  forget(): void {
    this.#source = 0;
  }
}

/** An empty receiver report: what every compound packet has to begin with. */
const emptyReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]);

/** "Send a key frame." */
export function pictureLoss(ssrc: number): Buffer {
  const packet = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0]);
  packet.writeUInt32BE(ssrc, 8);
  return Buffer.concat([emptyReport, packet]);
}

/** "You may send this much": a REMB. @param kbps kbit/s */
export function receiverEstimate(ssrc: number, kbps: number): Buffer {
  const packet = Buffer.alloc(24);
  packet.set([0x8f, 206, 0, 5, 0, 0, 0, 1]);
  packet.write('REMB', 12, 'latin1');
  // A mantissa of 18 bits and an exponent.
  const exponent = Math.max(0, Math.ceil(Math.log2((kbps * 1000) / 0x3ffff)));
  const mantissa = Math.floor((kbps * 1000) / 2 ** exponent);
  packet.writeUInt32BE(((1 << 24) | (exponent << 18) | mantissa) >>> 0, 16);
  packet.writeUInt32BE(ssrc, 20);
  return Buffer.concat([emptyReport, packet]);
}

/** The streams whose receiver asks for a key frame (PLI or FIR) in this compound packet. */
export function keyFrameWishes(compound: Buffer): number[] {
  const wishes: number[] = [];
  for (let at = 0; at + 12 <= compound.length; at += 4 * (compound.readUInt16BE(at + 2) + 1)) {
    const format = compound[at]! & 0x1f;
    if (compound[at + 1] !== 206) continue;
    if (format === 1) wishes.push(compound.readUInt32BE(at + 8));
    if (format === 4 && at + 16 <= compound.length) wishes.push(compound.readUInt32BE(at + 12));
  }
  return wishes;
}
