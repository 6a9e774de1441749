/** A client that writes Socket.IO's frames by hand over a bare WebSocket: what travels is what the test says. */
import WebSocket from 'ws';
import { readToken } from './signalling-socket.js';

export class FrameClient {
  /** Everything the server sent, as it came. */
  readonly frames: string[] = [];
  readonly #acks = new Map<number, (args: unknown[]) => void>();
  readonly #watchers = new Set<() => void>();
  #counter = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** Resolves when the namespace is open. @param query added to that of the handshake */
  static async open(url: string, query = ''): Promise<FrameClient> {
    const address = `${url.replace(/^http/, 'ws')}/v3/socket.io/?EIO=4&transport=websocket${query}`;
    const client = new FrameClient(new WebSocket(address));
    client.socket.on('message', (data) => client.#received(String(data)));
    await client.frame(/^40/);
    return client;
  }

  /** The first frame, past or future, that looks like this. */
  async frame(pattern: RegExp): Promise<string> {
    let found: string | undefined;
    while ((found = this.frames.find((frame) => pattern.test(frame))) === undefined)
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no frame ${pattern} came`)), 10_000);
        const look = (): void => {
          clearTimeout(timer);
          this.#watchers.delete(look);
          resolve();
        };
        this.#watchers.add(look);
      });
    return found;
  }

  /** Sends a message and resolves with what it is acknowledged with. */
  ask(...message: unknown[]): Promise<unknown[]> {
    const id = this.#counter++;
    this.socket.send(`42${id}${JSON.stringify(message)}`);
    return new Promise((resolve) => this.#acks.set(id, resolve));
  }

  /** @param more beside what the token says */
  join(token: string, more: Record<string, unknown> = {}): Promise<unknown[]> {
    const client = {
      version: '3.1.5',
      hostType: 'chrome-stable',
      hostVersion: '126',
      hostDeviceType: 'desktop',
    };
    return this.ask('token', { ...readToken(token), ...client, userAgent: 'x', singlePC: 'subs', ...more });
  }

  close(): void {
    this.socket.close();
  }

  #received(frame: string): void {
    this.frames.push(frame);
    if (frame.startsWith('0')) this.socket.send('40');
    if (frame === '2') this.socket.send('3');
    const [, id, args] = /^43(\d+)(\[.*)$/s.exec(frame) ?? [];
    if (id !== undefined) this.#acks.get(Number(id))?.(JSON.parse(args!) as unknown[]);
    const [, wanted] = /^42(\d+)\[/.exec(frame) ?? [];
    if (wanted !== undefined) this.socket.send(`43${wanted}[{"result":0}]`);
    for (const look of [...this.#watchers]) look();
  }
}
