/** What a bad network does to media: a UDP proxy in front of a media port that loses packets. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { SeededRandom } from './seeded-random.js';

export class UdpProxy {
  /** Part of the packets that gets lost, 0…1, each direction. */
  loss = 0;
  /** Nothing gets through. */
  blackout = false;
  /** Packets that got through, both directions. */
  passed = 0;
  lost = 0;
  readonly #random = new SeededRandom(1);
  /** Sender → the socket that speaks for it. */
  readonly #senders = new Map<string, Socket>();
  #closed = false;

  private constructor(
    private readonly front: Socket,
    private readonly targetPort: number,
  ) {
    front.on('message', (packet, { address, port }) => {
      const upstream = this.#senders.get(`${address}:${port}`) ?? this.#addSender(address, port);
      if (this.#survives()) upstream.send(packet, this.targetPort, '127.0.0.1');
    });
    front.on('error', () => {});
  }

  static async open(targetPort: number): Promise<UdpProxy> {
    const front = createSocket('udp4');
    front.bind(0, '127.0.0.1');
    await once(front, 'listening');
    return new UdpProxy(front, targetPort);
  }

  get port(): number {
    return this.front.address().port;
  }

  /** An answer of the server, with this proxy as the only way to it. */
  rewrite(text: string): string {
    return text.replace(
      /(a=candidate:\d+ 1 udp \d+) \S+ \d+ typ host/g,
      `$1 127.0.0.1 ${this.port} typ host`,
    );
  }

  close(): void {
    this.#closed = true;
    this.front.close();
    for (const socket of this.#senders.values()) socket.close();
  }

  #addSender(address: string, port: number): Socket {
    const upstream = createSocket('udp4');
    upstream.on('message', (packet) => {
      if (!this.#closed && this.#survives()) this.front.send(packet, port, address);
    });
    upstream.on('error', () => {});
    this.#senders.set(`${address}:${port}`, upstream);
    return upstream;
  }

  #survives(): boolean {
    const survives = !this.blackout && !(this.loss > 0 && this.#random.chance(this.loss));
    if (survives) this.passed += 1;
    else this.lost += 1;
    return survives;
  }
}
