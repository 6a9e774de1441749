/** The last packets of one source, kept so that receivers who lost one can have it again. */
export class PacketRing {
  readonly #packets: (Buffer | undefined)[];
  readonly #sequences: number[];

  /** @param size packets remembered; 1024 covers about a second of high-rate video. */
  constructor(readonly size: number) {
    this.#packets = new Array<Buffer | undefined>(size);
    this.#sequences = new Array<number>(size).fill(-1);
  }

  /** Keeps the buffer itself, not a copy: the caller must not write to it afterwards. */
  put(sequence: number, packet: Buffer): void {
    const index = sequence % this.size;
    if (this.#sequences[index]! > sequence) return;
    this.#packets[index] = packet;
    this.#sequences[index] = sequence;
  }

  /** @param sequence unwrapped number. */
  get(sequence: number): Buffer | undefined {
    const index = sequence % this.size;
    return this.#sequences[index] === sequence ? this.#packets[index] : undefined;
  }
}
