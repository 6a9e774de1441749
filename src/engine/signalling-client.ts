import type { Socket } from 'socket.io-client';
import { type Answer, readAck } from '../protocol/ack.js';
import { SIGNALLING_PATH } from '../protocol/constants.js';
import { check, type Guard } from '../protocol/guards.js';
import type { ServerMessages, Token } from '../protocol/index.js';
import { callMessages } from '../protocol/server-messages.js';
import { type EngineEnvironment, within } from './environment.js';
import { notConnected, RoomError } from './errors.js';
import { loadSeldom, seldomNow } from './seldom-part.js';

/** Longest wait for the socket to open, and for one acknowledgement. */
const OPEN_TIMEOUT_MS = 8000;
const ACK_TIMEOUT_MS = 10_000;
/** Longest wait for the code that can read a message; what comes after it waits as well. */
const READER_TIMEOUT_MS = 5000;

export interface SignallingListener {
  /** A message that passed its guard. */
  message<K extends keyof ServerMessages>(name: K, payload: ServerMessages[K]): void;
  /** A message we have no guard for. */
  unknown(name: string, payload: unknown): void;
  /** The socket closed without us asking for it; at most once. */
  closed(reason: string): void;
}

/** The Socket.IO channel to one server: typed messages in, acknowledged requests out. Never reconnects by itself. */
export class SignallingClient {
  readonly #socket: Socket;
  readonly #pending = new Set<(error: RoomError) => void>();
  #closed = false;
  /** What waits for the code that can read the first of it: order is kept. */
  #behind: (() => void)[] | undefined;

  constructor(
    token: Token,
    private readonly environment: EngineEnvironment,
    private readonly listener: SignallingListener,
  ) {
    const host = token.gateway || token.host;
    this.#socket = environment.connectSocket(`${environment.pageIsSecure() ? 'https' : 'http'}://${host}`, {
      path: SIGNALLING_PATH,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: OPEN_TIMEOUT_MS,
      ...(token.gateway ? { query: { 'X-Forwarded-Host': token.host } } : {}),
    });
    this.#socket.onAny((name: string, ...args: unknown[]) => this.#received(name, args));
    this.#socket.on('disconnect', (reason) => this.#lost(reason));
  }

  /** Resolves when messages can be sent. @throws {RoomError} `server-unreachable` */
  async opened(): Promise<void> {
    if (this.#socket.connected) return;
    await new Promise<void>((resolve, reject) => {
      this.#pending.add(reject);
      this.#socket.once('connect', () => {
        this.#pending.delete(reject);
        resolve();
      });
      this.#socket.once('connect_error', (cause) => {
        this.#pending.delete(reject);
        this.close();
        reject(new RoomError('server-unreachable', 'The room server cannot be reached.', { cause }));
      });
    });
  }

  /**
   * Sends and waits for the acknowledgement, whatever its dialect.
   * @throws {RoomError} with the number the server gave, `server-unreachable` if no answer comes or the socket closes.
   */
  async request(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (this.#closed) {
        reject(notConnected());
        return;
      }
      const timer = this.environment.setTimeout(() => fail(timeoutError(name)), ACK_TIMEOUT_MS);
      const settle = (): void => {
        this.environment.clearTimeout(timer);
        this.#pending.delete(fail);
      };
      const fail = (error: RoomError): void => {
        settle();
        reject(error);
      };
      this.#pending.add(fail);
      this.#socket.emit(name, ...args, (...ack: unknown[]) => {
        settle();
        resolve(readAck(ack));
      });
    });
    if (!answer.ok) throw RoomError.fromCode(answer.code, answer.reason);
    return answer.value;
  }

  /** Sends without caring for the answer, which is still asked for: some servers only read acknowledged messages. */
  notify(name: string, ...args: unknown[]): void {
    if (!this.#closed) this.#socket.emit(name, ...args, () => {});
  }

  /** Closes the socket at once. @param reason what pending requests reject with. */
  close(reason = lostError()): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.offAny();
    this.#socket.close();
    for (const reject of [...this.#pending]) reject(reason);
    this.#pending.clear();
  }

  #received(name: string, args: unknown[]): void {
    const last = args.at(-1);
    const payload = typeof last === 'function' && args.length === 1 ? undefined : args[0];
    // Some messages are only believed when they are acknowledged (protocol §7).
    if (typeof last === 'function') (last as (answer: object) => void)({ result: 0 });
    const read = (): void => this.#read(name, payload);
    if (this.#behind) this.#behind.push(read);
    else if (Object.hasOwn(callMessages, name) || seldomNow()) read();
    else void this.#readLater(read);
  }

  async #readLater(read: () => void): Promise<void> {
    const behind = (this.#behind = [read]);
    await within(this.environment, loadSeldom(), READER_TIMEOUT_MS, () => new Error()).catch(() => {});
    this.#behind = undefined;
    for (const next of behind) next();
  }

  #read(name: string, payload: unknown): void {
    if (this.#closed) return;
    const guards: object = Object.hasOwn(callMessages, name)
      ? callMessages
      : (seldomNow()?.seldomMessages ?? {});
    if (!Object.hasOwn(guards, name)) return this.listener.unknown(name, payload);
    const key = name as keyof ServerMessages;
    const checked = check((guards as Record<string, Guard<never>>)[name]!, payload);
    if (checked.ok) this.listener.message(key, checked.value);
    else console.debug(`enx-room: message ${name} ignored: ${checked.error.message}`);
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    // The server may have said why.
    if (this.#behind) return void this.#behind.push(() => this.#lost(reason));
    this.close();
    this.listener.closed(reason);
  }
}

const lostError = (): RoomError =>
  new RoomError('server-unreachable', 'The connection to the room server was lost.');
const timeoutError = (name: string): RoomError =>
  new RoomError('server-unreachable', `The room server did not answer "${name}" in time.`);
