import { check } from '../protocol/guards.js';
import { dataMessageGuard, type DataMessage } from '../protocol/server-messages.js';
import type { ChatMessage } from './room-state.js';

/** Oldest messages go when there are more than this. */
const MAX_MESSAGES = 1000;
/** Ids are kept for longer than messages: no history that a server sends again reaches back this far. */
const MAX_KNOWN = 2 * MAX_MESSAGES;

/** The conversation so far, own messages included, in the order they appeared here. */
export class Chat {
  #messages: readonly ChatMessage[] = Object.freeze([]);
  #nextId = 1;
  /** Senders' own ids of the last messages; a second one with the same is the same message. */
  readonly #known = new Set<string>();

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /**
   * @param envelopeId the sender's own id, where there is one: it counts under another client id of theirs too, for a
   * server that was restarted knows neither. Else sender, time and text tell messages apart.
   * @returns `undefined` for one that is here already: history and repetition after a break bring them twice.
   */
  add(message: Omit<ChatMessage, 'id'>, envelopeId?: string): ChatMessage | undefined {
    const { senderId, from, timestamp, text } = message;
    const key = envelopeId === undefined ? `${senderId} ${timestamp} ${text}` : `${from} ${envelopeId}`;
    if (this.#known.has(key) && (envelopeId !== undefined || timestamp > 0)) return undefined;
    this.#known.add(key);
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.values().next().value!);
    const added = Object.freeze({ ...message, id: this.#nextId++ });
    this.#messages = Object.freeze([...this.#messages.slice(-(MAX_MESSAGES - 1)), added]);
    return added;
  }

  clear(): void {
    this.#messages = Object.freeze([]);
    this.#known.clear();
  }
}

/** The envelope, or `undefined` for what is none. */
export function readEnvelope(value: unknown): DataMessage | undefined {
  const checked = check(dataMessageGuard, value);
  return checked.ok ? checked.value : undefined;
}

/** Text of a chat message; other platforms may send objects, which are shown as what they are. */
export function chatText(message: unknown): string {
  if (typeof message === 'string') return message;
  try {
    return JSON.stringify(message) ?? '';
  } catch {
    return '';
  }
}
