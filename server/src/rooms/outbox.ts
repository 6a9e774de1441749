import type { DataMessage } from '../../../src/protocol/index.js';

/** The way a message went: to a data connection, to the socket, or nowhere, as there was neither. */
export type Way = 'data' | 'socket' | 'none';

/** Newest message that a client has of each way, by its `timestamp`; 0 for none. */
export interface Received {
  socket: number;
  data: number;
}

/**
 * What was lately sent to one person, for the case that it did not arrive: a connection is known to be broken only some
 * time after it broke. Bounded by number, size and age; what is beyond is taken for delivered.
 */
export class Outbox {
  static readonly MAX_MESSAGES = 500;
  /** Of UTF-8; the newest message stays in any case. */
  static readonly MAX_BYTES = 4_000_000;

  #sent: { message: DataMessage; bytes: number; way: Way; acknowledged: boolean }[] = [];
  #bytes = 0;
  /** Their client acknowledges messages of the socket, which it need not (protocol §7). */
  #acknowledges = false;

  /**
   * @param forgetBefore messages with an earlier `timestamp` are of no interest any more.
   * @returns to be called when the client acknowledges it.
   */
  add(message: DataMessage, bytes: number, way: Way, forgetBefore: number): () => void {
    const entry = { message, bytes, way, acknowledged: false };
    this.#sent.push(entry);
    this.#bytes += bytes;
    while (this.#sent.length > 1) {
      const { message: oldest, bytes: size } = this.#sent[0]!;
      const fits = this.#sent.length <= Outbox.MAX_MESSAGES && this.#bytes <= Outbox.MAX_BYTES;
      if (fits && oldest.timestamp >= forgetBefore) break;
      this.#sent.shift();
      this.#bytes -= size;
    }
    return () => this.#acknowledge(entry);
  }

  /**
   * What to send once more, oldest first, over the socket of somebody who came back.
   * @param received as their client says; absent = it does not say, and acknowledgements must do.
   * @param dataKept their data connection goes on and delivers by itself what went into it.
   */
  missing(
    received: Received | undefined,
    dataKept: boolean,
  ): { message: DataMessage; acknowledged: () => void }[] {
    const lost = this.#sent.filter(({ message: { timestamp }, way, acknowledged }) => {
      if (!received) return way === 'none' || (way === 'socket' && this.#acknowledges && !acknowledged);
      return way === 'data' ? !dataKept && timestamp > received.data : timestamp > received.socket;
    });
    return lost.map((entry) => {
      entry.way = 'socket';
      return { message: entry.message, acknowledged: () => this.#acknowledge(entry) };
    });
  }

  #acknowledge(entry: { acknowledged: boolean }): void {
    entry.acknowledged = true;
    this.#acknowledges = true;
  }
}
