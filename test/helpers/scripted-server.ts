/** A room server that does what the test says, behind a fake socket. Every message travels in a task of its own. */
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { turn } from './test-clock.js';

type Listener = (...args: never[]) => void;

/** One message of a client. */
export interface Received {
  socket: FakeSocket;
  name: string;
  /** Arguments without the acknowledgement. */
  args: unknown[];
}

/** What the acknowledgement carries; `undefined` = none is given. */
type Answer = (message: Received) => unknown[] | undefined;

/** Stands in for the client's end of a Socket.IO connection: as much of it as the engine uses. */
export class FakeSocket {
  connected = false;
  /** The client closed it. */
  closedByClient = false;
  /** `disconnect` has happened, for whatever reason. */
  over = false;
  readonly #listeners = new Map<string, Set<Listener>>();
  #anyListener: ((name: string, ...args: unknown[]) => void) | undefined;
  #unsent: [string, unknown[]][] = [];

  constructor(
    private readonly server: ScriptedServer,
    readonly url: string,
    readonly options: Partial<ManagerOptions & SocketOptions>,
  ) {}

  on(name: string, listener: Listener): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  once(name: string, listener: Listener): void {
    const once = ((...args: never[]) => {
      this.#listeners.get(name)?.delete(once);
      listener(...args);
    }) as Listener;
    this.on(name, once);
  }

  onAny(listener: (name: string, ...args: unknown[]) => void): void {
    this.#anyListener = listener;
  }

  offAny(): void {
    this.#anyListener = undefined;
  }

  emit(name: string, ...args: unknown[]): void {
    if (this.over) return;
    if (this.connected) this.server.accept(this, name, args);
    else this.#unsent.push([name, args]);
  }

  close(): void {
    this.closedByClient = true;
    this.end('io client disconnect');
  }

  // ── the server's end ────────────────────────────────────────────────────────────────────────────────────────

  open(): void {
    if (this.over) return;
    this.connected = true;
    this.#tell('connect');
    for (const [name, args] of this.#unsent.splice(0)) this.server.accept(this, name, args);
  }

  refuse(): void {
    if (!this.over) this.#tell('connect_error', new Error('websocket error') as never);
  }

  end(reason: string): void {
    if (this.over) return;
    const wasConnected = this.connected;
    this.over = true;
    this.connected = false;
    if (wasConnected) this.#tell('disconnect', reason as never);
  }

  deliver(name: string, ...args: unknown[]): void {
    if (this.connected) this.#anyListener?.(name, ...args);
  }

  #tell(name: string, ...args: never[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(...args);
  }
}

export const slotsOf = (...ids: number[]): Record<string, object> =>
  Object.fromEntries(ids.map((id) => [id, { id, audio: true, video: true, data: false }]));

export class ScriptedServer {
  /** Everything clients sent, in order. */
  readonly received: Received[] = [];
  readonly sockets: FakeSocket[] = [];
  /** `false`: nobody gets through to it. */
  reachable = true;
  /** Follows the accepted token; `undefined` = the client is left waiting. */
  admission: ((clientId: string) => Record<string, unknown>) | undefined = (clientId) => ({
    id: 'room-1',
    clientId,
    user: { clientId, name: 'Ada', role: 'participant', user_ref: 'ada-ref' },
    userList: { [clientId]: { clientId, name: 'Ada', role: 'participant', user_ref: 'ada-ref' } },
    streams: slotsOf(1, 2, 101),
    iceServers: [{ urls: 'stun:stun.example' }],
    dataChannelStream: { id: 999 },
    room: { name: 'Daily', settings: { mode: 'group', quality: 'SD' } },
    defaultVideoBW: 900,
    maxVideoBW: 1500,
    videoBitrateQualityMap: { minBwKbpsToCheck: 0 },
    transcription: false,
  });
  /** Answers offers, and says `ready` after. */
  negotiates = true;
  /** Ids in media messages come back as text. */
  stringifiesIds = false;
  /** How messages are acknowledged; everything else with `{result: 0}`. */
  readonly answers: Record<string, Answer> = {
    token: () => [
      'success',
      { result: 0, clientId: `client-${this.sockets.length}`, connectedIP: '192.0.2.9' },
    ],
    publish: () => [{ result: 0, id: `stream-${++this.#streams}` }],
  };

  #streams = 0;
  #inFlight = 0;
  readonly #held = new Map<string, (() => void)[]>();
  readonly #waiting = new Set<() => void>();

  readonly connect = (url: string, options: Partial<ManagerOptions & SocketOptions>): Socket => {
    const socket = new FakeSocket(this, url, options);
    this.sockets.push(socket);
    const { reachable } = this;
    this.#travel(() => (reachable ? socket.open() : socket.refuse()));
    return socket as unknown as Socket;
  };

  /** The newest connection. */
  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Sends one message to the newest connection. @param args an acknowledgement may be the last of them */
  send(name: string, ...args: unknown[]): void {
    const { socket } = this;
    this.#travel(() => socket.deliver(name, ...args));
  }

  media(id: { streamId?: number | string; peerId?: number | string }, msg: object): void {
    this.send('media_engine_connecting', { ...id, msg });
  }

  /** Breaks the newest connection. */
  cut(): void {
    const { socket } = this;
    this.#travel(() => socket.end('transport close'));
  }

  /** Keeps back the acknowledgements of these messages. */
  hold(...names: string[]): void {
    for (const name of names) this.#held.set(name, this.#held.get(name) ?? []);
  }

  release(...names: string[]): void {
    for (const name of names) {
      for (const acknowledge of this.#held.get(name) ?? []) acknowledge();
      this.#held.delete(name);
    }
  }

  /** The payloads of every message of this name. */
  sent(name: string): unknown[] {
    return this.received.filter((message) => message.name === name).map(({ args }) => args[0]);
  }

  /** The names of all messages so far, media messages with their type: `signaling_message:offer`. */
  get names(): string[] {
    return this.received.map(({ name, args }) => {
      const type = (args[0] as { msg?: { type?: string } } | undefined)?.msg?.type;
      return type ? `${name}:${type}` : name;
    });
  }

  /** Resolves when a message of this name has arrived `count` times. */
  async until(name: string, count = 1): Promise<void> {
    while (this.names.filter((other) => other === name || other.startsWith(`${name}:`)).length < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Resolves when nothing is under way any more in either direction. */
  async settled(): Promise<void> {
    do await turn(3);
    while (this.#inFlight > 0);
  }

  accept(socket: FakeSocket, name: string, args: unknown[]): void {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (...args: unknown[]) => void) : undefined;
    const message = { socket, name, args: acknowledge ? args.slice(0, -1) : args };
    this.#travel(() => {
      this.received.push(message);
      for (const resolve of [...this.#waiting]) resolve();
      this.#waiting.clear();
      const answer = (): void => {
        const content = (this.answers[name] ?? (() => [{ result: 0 }]))(message);
        if (content)
          this.#travel(() => {
            if (socket.connected) acknowledge?.(...content);
          });
        this.#react(message, content);
      };
      const held = this.#held.get(name);
      if (held) held.push(answer);
      else answer();
    });
  }

  #react({ socket, name, args }: Received, answered: unknown[] | undefined): void {
    if (name === 'token') {
      const [word, payload] = answered ?? [];
      const { result, clientId } = (payload ?? {}) as { result?: number; clientId?: string };
      if (word !== 'success' || result !== 0 || !this.admission) return;
      const admission = this.admission(clientId ?? '');
      this.#travel(() => socket.deliver('room-connected', admission));
    } else if (name === 'signaling_message' && this.negotiates) {
      const { streamId, msg } = args[0] as { streamId: number | string; msg: { type: string } };
      if (msg.type !== 'offer') return;
      const id = this.stringifiesIds ? String(streamId) : streamId;
      // Publisher and data are named by stream, the subscriber by the slot its offer came with (protocol §4.1).
      const named = typeof streamId === 'number' && streamId < 900 ? { peerId: id } : { streamId: id };
      const answer = { type: 'answer', sdp: `v=0\r\na=answer to ${streamId}\r\n`, media: [] };
      for (const reply of [answer, { type: 'started' }, { type: 'ready' }])
        this.#travel(() => socket.deliver('media_engine_connecting', { ...named, msg: reply }));
    }
  }

  #travel(arrive: () => void): void {
    this.#inFlight += 1;
    setImmediate(() => {
      this.#inFlight -= 1;
      arrive();
    });
  }
}
