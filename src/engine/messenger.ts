import { MAX_CHAT_BYTES, MAX_USER_DATA_BYTES } from '../protocol/constants.js';
import type { EngineEnvironment } from './environment.js';
import { notConnected, RoomError } from './errors.js';
import { Outbox, type Outgoing } from './outbox.js';
import type { RoomConnection } from './room-connection.js';
import type { RoomState } from './room-state.js';

/** Sends chat and custom data in the order of the calls, over whatever way there is at the moment. */
export class Messenger {
  readonly #outbox: Outbox;

  constructor(
    environment: EngineEnvironment,
    private readonly connection: RoomConnection,
    private readonly state: () => RoomState,
  ) {
    this.#outbox = new Outbox(environment);
  }

  /**
   * During a reconnect it waits until something can be sent.
   * @param recipients client ids; empty = everybody.
   * @throws {RoomError} `not-connected`, `text-too-large`, `parameter-invalid` for what is no JSON.
   */
  async send(type: Outgoing['type'], message: unknown, recipients: string[]): Promise<Outgoing> {
    checkSize(type, message);
    await this.connection.sendable();
    const outgoing = this.#outbox.make(type, message, recipients);
    for (;;) {
      const { session } = this.connection;
      try {
        await this.#deliver(outgoing);
        this.#outbox.sent(outgoing);
        return outgoing;
      } catch (error) {
        // What was under way when the connection broke goes out over the next one, if it cannot count twice there.
        const isUnsent = RoomError.from(error).name === 'not-connected';
        if (session === this.connection.session || !(isUnsent || this.connection.can('dedupe'))) throw error;
        await this.connection.sendable();
      }
    }
  }

  /** The connection broke; what was said in the minute before may not have arrived. */
  lost(): void {
    this.#outbox.hold();
  }

  /**
   * After a break nobody knows what the last messages came to; a server that drops repetitions gets them again.
   * @param kept the data connection went on, and delivers by itself what went into it
   */
  back(kept: boolean): void {
    const { recent } = this.#outbox;
    this.#outbox.release();
    if (kept || !this.connection.can('dedupe')) return;
    for (const outgoing of recent) this.#deliver(outgoing).catch(() => {});
  }

  clear(): void {
    this.#outbox.clear();
  }

  async #deliver(outgoing: Outgoing): Promise<void> {
    const { media } = this.connection;
    if (!media) throw notConnected();
    const { id, message, broadcast, clients, type, timestamp } = outgoing;
    // Said only to servers that know what to do with it: it is no part of the published envelope.
    const named = this.connection.can('dedupe') ? { id } : {};
    await media.sendData(
      () => {
        const { name: sender, clientId: senderId } = this.state();
        return { type, message, broadcast, clients, sender, senderId, timestamp, ...named };
      },
      () =>
        this.connection
          .require()
          .call('sendDataStreamToRoom', { msg: message, broadcast, clients, type, ...named }),
    );
  }
}

function checkSize(type: Outgoing['type'], message: unknown): void {
  let text: string | undefined;
  try {
    text = typeof message === 'string' ? message : JSON.stringify(message);
  } catch (cause) {
    throw new RoomError('parameter-invalid', 'This cannot be sent as JSON.', { cause });
  }
  if (text === undefined) throw new RoomError('parameter-invalid', 'There is nothing to send.');
  const limit = type === 'chat' ? MAX_CHAT_BYTES : MAX_USER_DATA_BYTES;
  // A UTF-16 unit takes at most three bytes of UTF-8: only what could be too large is counted.
  if (text.length * 3 > limit && new TextEncoder().encode(text).length > limit) {
    throw new RoomError('text-too-large', `At most ${Math.floor(limit / 1000)} kB can be sent at once.`);
  }
}
