import type { DataMessage } from '../../../src/protocol/index.js';
import type { Participant } from './participant.js';

/** Word of the capability, and id of the advanced option that asks for it. */
export const CHAT_HISTORY = 'chat-history';

/** The last words to everybody of this session, for those who come later and ask for them. */
export class ChatHistory {
  static readonly MAX_MESSAGES = 200;
  /** Of UTF-8. A longer message is not kept at all. */
  static readonly MAX_BYTES = 262_144;

  readonly #messages: { message: DataMessage; bytes: number }[] = [];
  readonly #told = new WeakSet<Participant>();
  #bytes = 0;

  constructor(private readonly isOn: boolean) {}

  add(message: DataMessage, bytes: number): void {
    if (!this.isOn || message.type !== 'chat' || !message.broadcast || bytes > ChatHistory.MAX_BYTES) return;
    this.#messages.push({ message, bytes });
    this.#bytes += bytes;
    while (this.#messages.length > ChatHistory.MAX_MESSAGES || this.#bytes > ChatHistory.MAX_BYTES) {
      this.#bytes -= this.#messages.shift()!.bytes;
    }
  }

  /**
   * What was said before somebody came, once, and as it was said: sender and time are those of then.
   * @param joinedAt since this `timestamp` they get everything anyway
   * @param after what they have from an earlier session, by its `timestamp`
   */
  tell(participant: Participant, joinedAt: number, after = 0): void {
    if (!this.isOn || this.#told.has(participant)) return;
    this.#told.add(participant);
    for (const { message } of this.#messages) {
      if (message.timestamp <= after || message.timestamp > joinedAt) continue;
      participant.link.send('onDataStreamToRoom', message);
    }
  }
}
