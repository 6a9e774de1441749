/** A UDP path whose downlink is as narrow as a test wants: real packets, a real queue, real loss. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** A queue longer than this drops what comes: about what home routers do. */
const LONGEST_QUEUE_MS = 300;

export class UdpLink {
  /** What passes towards the client, bit/s. */
  downlinkBps = Infinity;
  /** What has passed towards the client so far, bytes. */
  bytes = 0;
  readonly #client: Socket;
  /** Each client address has an address of its own at the server. */
  readonly #servers = new Map<string, Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #freeAtMs = 0;

  private constructor(
    client: Socket,
    private readonly serverPort: number,
  ) {
    this.#client = client;
    client.on('message', (packet, from) => this.#fromClient(packet, from));
  }

  static async start(serverPort: number): Promise<UdpLink> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).bind(0, '0.0.0.0', resolve);
    });
    return new UdpLink(socket, serverPort);
  }

  get port(): number {
    return (this.#client.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#servers.values()) socket.close();
    return new Promise((resolve) => this.#client.close(() => resolve()));
  }

  #fromClient(packet: Buffer, client: RemoteInfo): void {
    const key = `${client.address} ${client.port}`;
    let socket = this.#servers.get(key);
    if (!socket) {
      socket = createSocket('udp4');
      socket.on('message', (answer) => this.#toClient(answer, client));
      this.#servers.set(key, socket);
    }
    socket.send(packet, this.serverPort, '127.0.0.1');
  }

  #toClient(packet: Buffer, client: RemoteInfo): void {
    this.bytes += packet.length;
    const nowMs = performance.now();
    const waitMs = Math.max(0, this.#freeAtMs - nowMs);
    if (waitMs > LONGEST_QUEUE_MS) return;
    this.#freeAtMs = nowMs + waitMs + (packet.length * 8000) / this.downlinkBps;
    const send = () => this.#client.send(packet, client.port, client.address);
    if (waitMs < 1) return send();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, waitMs);
    this.#timers.add(timer);
  }
}
