import {
  check,
  dataMessageGuard,
  type DataMessage,
  MAX_CHAT_BYTES,
  MAX_USER_DATA_BYTES,
} from '../../../src/protocol/index.js';
import type { Received, Way } from './outbox.js';
import type { Participant } from './participant.js';
import { RequestError } from './request-error.js';
import type { RoomMedia } from './room-media.js';

/** What a client says and to whom; sender and time are the server's to say. */
export type DataDraft = Pick<DataMessage, 'type' | 'message' | 'broadcast' | 'clients' | 'id'>;

export interface DataRelayOptions {
  participants: ReadonlyMap<string, Participant>;
  media: RoomMedia;
  now: () => number;
  /** How long after it was sent a message may still have to be sent again. */
  memoryMs: number;
  /** A message was passed on. @param bytes of its JSON */
  relayed(message: DataMessage, bytes: number): void;
}

/** Passes chat and custom data on, over data connections where there are some, else over sockets (protocol §10). */
export class DataRelay {
  /** `timestamp` of the newest message. */
  lastTimestamp = 0;

  constructor(private readonly options: DataRelayOptions) {}

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
    if (draft.id !== undefined && from.said.has(draft.id)) return;
    const message: DataMessage = {
      type: draft.type,
      message: draft.message,
      broadcast: draft.broadcast,
      clients: draft.clients,
      sender: from.identity.name,
      senderId: from.clientId,
      timestamp: this.#nextTimestamp,
      ...(draft.id === undefined ? {} : { id: draft.id }),
    };
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text);
    if (bytes > (draft.type === 'user_data' ? MAX_USER_DATA_BYTES : MAX_CHAT_BYTES)) {
      throw new RequestError('text-too-large', 'The message is too large.');
    }
    const others = [...this.options.participants.values()].filter((participant) => participant !== from);
    const recipients = draft.broadcast
      ? others
      : others.filter(({ clientId }) => draft.clients.includes(clientId));
    if (draft.id !== undefined) from.said.add(draft.id);
    this.lastTimestamp = message.timestamp;
    this.options.relayed(message, bytes);
    const unreached = new Set(this.options.media.sendData(recipients, text));
    for (const recipient of recipients) {
      const way: Way = !unreached.has(recipient) ? 'data' : recipient.away ? 'none' : 'socket';
      const acknowledged = recipient.outbox.add(
        message,
        bytes,
        way,
        message.timestamp - this.options.memoryMs,
      );
      if (way === 'socket') recipient.link.request('onDataStreamToRoom', message, acknowledged);
    }
  }

  /**
   * Somebody is back: what they did not get is sent once more.
   * @param received what they have, as their client says
   * @param dataKept their data connection was never broken
   */
  catchUp(participant: Participant, received: Received | undefined, dataKept: boolean): void {
    for (const { message, acknowledged } of participant.outbox.missing(received, dataKept)) {
      participant.link.request('onDataStreamToRoom', message, acknowledged);
    }
  }

  /** Each message of a room has another one, so that clients can say which they have. */
  get #nextTimestamp(): number {
    return Math.max(this.options.now(), this.lastTimestamp + 1);
  }
}
