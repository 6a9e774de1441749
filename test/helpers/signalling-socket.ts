/**
 * A bare signalling socket: says what it is told to say and writes down what it hears. Made from the protocol
 * description alone (`§` in comments); it shares no code with the client or the server.
 */
import assert from 'node:assert/strict';
import { io, type Socket } from 'socket.io-client';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the server sends; tests say what it must be
export type Wire = any;

export interface Heard {
  readonly name: string;
  readonly args: Wire[];
  /** The server asked for an acknowledgement (§7 "+ack"). */
  readonly wantsAck: boolean;
}

/** How long anything may take before a test gives up on it. */
const PATIENCE_MS = 5_000;

/** Reads a token (§2.1): base64 of a JSON object in ASCII. */
export const readToken = (token: string): Record<string, Wire> =>
  JSON.parse(Buffer.from(token, 'base64').toString('latin1')) as Record<string, Wire>;

/** What clients say of themselves beside the token (§3.2). */
const CLIENT = {
  version: '3.1.5',
  hostType: 'chrome-stable',
  hostVersion: '140',
  hostDeviceType: 'desktop',
  userAgent: 'signalling test',
  singlePC: 'subs',
  dataChannel: true,
};

export class SignallingSocket {
  /** Everything heard so far, in order. */
  readonly heard: Heard[] = [];
  /** Settles with the reason when the connection is over. */
  readonly closed: Promise<string>;
  /** Of the session this socket began; empty before. */
  clientId = '';
  readonly #read = new Set<Heard>();
  readonly #waiting = new Set<() => void>();

  private constructor(readonly raw: Socket) {
    raw.onAny((name: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const wantsAck = typeof last === 'function';
      if (wantsAck) (args.pop() as (answer: unknown) => void)({ result: 0 });
      this.heard.push({ name, args, wantsAck });
      for (const look of [...this.#waiting]) look();
    });
    this.closed = new Promise((resolve) => raw.once('disconnect', resolve));
  }

  /** @param url of the server, such as `http://127.0.0.1:8080` */
  static async open(url: string): Promise<SignallingSocket> {
    const raw = io(url, {
      path: '/v3/socket.io/',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: PATIENCE_MS,
    });
    const socket = new SignallingSocket(raw);
    await new Promise<void>((resolve, reject) => {
      raw.once('connect', resolve);
      raw.once('connect_error', reject);
    });
    return socket;
  }

  /** Shows a token. @returns the arguments of the acknowledgement */
  async token(token: string, extra: Record<string, unknown> = {}): Promise<[string, Wire]> {
    const ack = (await this.request('token', { ...readToken(token), ...CLIENT, ...extra })) as [string, Wire];
    if (ack[1]?.clientId) this.clientId = ack[1].clientId as string;
    return ack;
  }

  /** Sends a message. @returns the arguments of its acknowledgement */
  async request(name: string, ...args: unknown[]): Promise<Wire[]> {
    return new Promise<Wire[]>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no acknowledgement of ${name}`)), PATIENCE_MS);
      this.raw.emit(name, ...args, (...answer: Wire[]) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  /** Sends a message that must be accepted. @returns the answer */
  async ok(name: string, ...args: unknown[]): Promise<Wire> {
    const [answer] = await this.request(name, ...args);
    assert.equal(answer?.result, 0, `${name} is accepted: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Sends a message that must be refused with this number. */
  async refused(code: number, name: string, ...args: unknown[]): Promise<void> {
    const [answer] = await this.request(name, ...args);
    assert.equal(answer?.result, code, `${name} is refused with ${code}: ${JSON.stringify(answer)}`);
    assert.equal(typeof answer.msg, 'string');
    assert.notEqual(answer.msg, '');
  }

  /**
   * The next event of this name that nobody asked for yet; waits for it.
   * @param fits skips those that do not, which stay to be asked for
   * @returns its argument
   */
  async next(name: string, fits: (payload: Wire) => boolean = () => true): Promise<Wire> {
    return (await this.nextHeard(name, fits)).args[0];
  }

  /** As {@link next}, with all of what was heard. */
  async nextHeard(name: string, fits: (payload: Wire) => boolean = () => true): Promise<Heard> {
    const found = this.#take(name, fits);
    if (found) return found;
    return new Promise<Heard>((resolve, reject) => {
      const look = (): void => {
        const event = this.#take(name, fits);
        if (!event) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(event);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const names = this.heard.map((event) => `${this.#read.has(event) ? '' : '*'}${event.name}`);
        reject(new Error(`no ${name}; heard (* unread): ${names.join(', ')}`));
      }, PATIENCE_MS);
      this.#waiting.add(look);
    });
  }

  /** There is no event of this name that nobody asked for, and none is on its way. */
  async none(name: string, fits: (payload: Wire) => boolean = () => true): Promise<void> {
    await this.settled();
    const found = this.#take(name, fits);
    assert.equal(found, undefined, `no ${name}, but ${JSON.stringify(found?.args)}`);
  }

  /** Nothing at all was heard that nobody asked for, and nothing is on its way. */
  async silence(): Promise<void> {
    await this.settled();
    assert.deepEqual(
      this.unread.map(({ name, args }) => ({ name, args })),
      [],
    );
  }

  /** Forgets what was heard so far, including what is on its way. */
  async skip(): Promise<void> {
    await this.settled();
    for (const event of this.heard) this.#read.add(event);
  }

  get unread(): Heard[] {
    return this.heard.filter((event) => !this.#read.has(event));
  }

  /**
   * Everything the server sent up to now is here. One socket keeps its order, so an answer that comes after it proves
   * it; the message is one that the server does not know, which every state acknowledges.
   */
  async settled(): Promise<void> {
    if (this.raw.connected) await this.request('test-are-you-there');
  }

  /** Sends something that need not be a message (2.2), past all that would refuse to. */
  sendFrame(frame: string | Uint8Array): void {
    (this.raw.io.engine.transport as unknown as { ws: WebSocket }).ws.send(frame as string);
  }

  close(): void {
    this.raw.disconnect();
  }

  /** As a network does it: without a goodbye. */
  vanish(): void {
    this.raw.io.engine.close();
  }

  #take(name: string, fits: (payload: Wire) => boolean): Heard | undefined {
    const found = this.heard.find(
      (event) => event.name === name && !this.#read.has(event) && fits(event.args[0]),
    );
    if (found) this.#read.add(found);
    return found;
  }
}
