import {
  check,
  dataMessageGuard,
  type DataMessage,
  MAX_CHAT_BYTES,
  MAX_USER_DATA_BYTES,
} from '../../../src/protocol/index.js';
import type { Participant } from './participant.js';
import { RequestError } from './request-error.js';
import type { RoomMedia } from './room-media.js';

/** What a client says and to whom; sender and time are the server's to say. */
export type DataDraft = Pick<DataMessage, 'type' | 'message' | 'broadcast' | 'clients'>;

/** Passes chat and custom data on, over data connections where there are some, else over sockets (protocol §10). */
export class DataRelay {
  constructor(
    private readonly participants: ReadonlyMap<string, Participant>,
    private readonly media: RoomMedia,
    private readonly now: () => number,
  ) {}

  /** Text of somebody's data connection. What is no message is dropped: nobody waits for an answer there. */
  receivedText(from: Participant, text: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Known clients send "[object Object]" at times (protocol §10).
      return;
    }
    const checked = check(dataMessageGuard, parsed);
    if (!checked.ok) return;
    try {
      this.relay(from, checked.value);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }

  /** @throws {RequestError} `parameter-invalid`, `text-too-large` */
  relay(from: Participant, draft: DataDraft): void {
    if (!draft.broadcast && draft.clients.length === 0) {
      throw new RequestError('parameter-invalid', 'A private message needs at least one recipient.');
    }
    const message: DataMessage = {
      type: draft.type,
      message: draft.message,
      broadcast: draft.broadcast,
      clients: draft.clients,
      sender: from.identity.name,
      senderId: from.clientId,
      timestamp: this.now(),
    };
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) > (draft.type === 'user_data' ? MAX_USER_DATA_BYTES : MAX_CHAT_BYTES)) {
      throw new RequestError('text-too-large', 'The message is too large.');
    }
    const others = [...this.participants.values()].filter((participant) => participant !== from);
    const recipients = draft.broadcast
      ? others
      : others.filter(({ clientId }) => draft.clients.includes(clientId));
    for (const unreached of this.media.sendData(recipients, text)) {
      unreached.link.send('onDataStreamToRoom', message);
    }
  }
}
