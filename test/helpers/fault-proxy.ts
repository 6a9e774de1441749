/**
 * What a bad network does to signalling: a TCP proxy between page and server that delays, freezes, cuts, swallows and
 * refuses connections, and drops, doubles, delays or rewrites whole messages of WebSocket connections.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface ProxiedMessage {
  from: 'page' | 'server';
  /** A Socket.IO packet, such as `42["name",{…}]`; never the transport's own pings. */
  text: string;
  /** The first text in brackets, such as `room-connected`; empty for acknowledgements. */
  name: string;
}

/** What becomes of a message: nothing special, gone, twice, overtaken by the next one (or a little late), another text. */
export type Fate = 'pass' | 'drop' | 'double' | 'late' | { text: string };

/** A message that nothing overtakes is late by this much. */
const LATE_MS = 200;

export class FaultProxy {
  /** How long everything takes on its way, ms, each direction. */
  latencyMs = 0;
  /** New connections are refused. */
  refusing = false;
  /** Decides about each message; `undefined` = all pass. */
  onMessage: ((message: ProxiedMessage) => Fate) | undefined;
  #frozen = false;
  readonly #links = new Set<Link>();

  private constructor(
    private readonly server: Server,
    /** Where everything goes; may be changed, for servers that come back elsewhere. */
    public target: { host: string; port: number },
  ) {
    server.on('connection', (socket) => {
      if (this.refusing) return socket.resetAndDestroy();
      const link = new Link(this, socket);
      this.#links.add(link);
      link.onclose = () => this.#links.delete(link);
    });
  }

  /** @param url of the server, such as `http://127.0.0.1:8080` */
  static async open(url: string): Promise<FaultProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, { host: hostname, port: Number(port) });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.#links.size;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** Nothing moves any more, nobody is told; new connections are taken and stay silent. */
  freeze(): void {
    this.#frozen = true;
  }

  /** What was held back arrives. */
  thaw(): void {
    this.#frozen = false;
    for (const link of this.#links) link.flush();
  }

  /** Breaks every connection at once. */
  cut(): void {
    for (const link of [...this.#links]) link.destroy();
  }

  /** The connections there are stay open and silent for ever; new ones are fine. */
  strand(): void {
    for (const link of this.#links) link.strand();
  }

  async close(): Promise<void> {
    this.refusing = true;
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** One connection through the proxy. */
class Link {
  onclose: () => void = () => {};
  readonly #ends: Socket[];
  readonly #lanes: Lane[];

  constructor(proxy: FaultProxy, page: Socket) {
    const server = connect({ ...proxy.target, noDelay: true });
    this.#ends = [page, server];
    const up = new Lane(proxy, 'page', server);
    const down = new Lane(proxy, 'server', page);
    this.#lanes = [up, down];
    page.on('data', (data) => up.take(data));
    server.on('data', (data) => down.take(data));
    for (const [end, lane] of [
      [page, up],
      [server, down],
    ] as const) {
      end.on('error', () => {});
      end.on('end', () => lane.end());
      end.on('close', () => {
        // What is still held back counts as lost with the connection, unless all is well.
        if (!proxy.frozen) lane.end();
        this.onclose();
      });
    }
  }

  flush(): void {
    for (const lane of this.#lanes) lane.flush();
  }

  strand(): void {
    for (const lane of this.#lanes) lane.stop();
  }

  destroy(): void {
    for (const lane of this.#lanes) lane.stop();
    for (const end of this.#ends) end.resetAndDestroy();
  }
}

/** One direction of a connection, in order. */
class Lane {
  readonly #queue: { at: number; data: Buffer | 'end' }[] = [];
  #buffer = Buffer.alloc(0);
  /** The upgrade to WebSocket has been answered: frames follow. */
  #framed = false;
  #late: Buffer | undefined;
  #lateTimer: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(
    private readonly proxy: FaultProxy,
    private readonly from: ProxiedMessage['from'],
    private readonly to: Socket,
  ) {}

  take(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    if (!this.#framed) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#buffer.subarray(0, end + 4);
      if (!/^upgrade: *websocket/im.test(head.toString('latin1'))) return this.#send(this.#rest());
      this.#framed = true;
      this.#buffer = this.#buffer.subarray(end + 4);
      this.#send(head);
    }
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) this.#pass(frame);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue.push({ at: Date.now() + this.proxy.latencyMs, data: 'end' });
    this.flush();
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#lateTimer);
    this.#queue.length = 0;
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (!this.proxy.frozen && this.#queue.length > 0) {
      const { at, data } = this.#queue[0]!;
      const leftMs = at - Date.now();
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.flush(), leftMs);
        return;
      }
      this.#queue.shift();
      if (data === 'end') this.to.end();
      else if (this.to.writable) this.to.write(data);
    }
  }

  #rest(): Buffer {
    const rest = this.#buffer;
    this.#buffer = Buffer.alloc(0);
    return rest;
  }

  #send(data: Buffer): void {
    if (this.#over || data.length === 0) return;
    this.#queue.push({ at: Date.now() + this.proxy.latencyMs, data });
    this.flush();
  }

  /** RFC 6455 §5.2. */
  #nextFrame(): Buffer | undefined {
    const { length } = this.#buffer;
    if (length < 2) return undefined;
    const short = this.#buffer[1]! & 0x7f;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (length < 2 + extra) return undefined;
    const size =
      extra === 2
        ? this.#buffer.readUInt16BE(2)
        : extra === 8
          ? Number(this.#buffer.readBigUInt64BE(2))
          : short;
    const whole = 2 + extra + (this.#buffer[1]! & 0x80 ? 4 : 0) + size;
    if (length < whole) return undefined;
    const frame = this.#buffer.subarray(0, whole);
    this.#buffer = this.#buffer.subarray(whole);
    return frame;
  }

  #pass(frame: Buffer): void {
    const text = this.proxy.onMessage && textOf(frame);
    // `4` is a message of Engine.IO, the rest is pings and the like.
    if (!text?.startsWith('4')) return this.#send(frame);
    const name = /^42\d*\["([^"]*)"/.exec(text)?.[1] ?? '';
    const fate = this.proxy.onMessage!({ from: this.from, text, name });
    const late = this.#late;
    if (fate === 'late') {
      this.#late = late ? Buffer.concat([late, frame]) : frame;
      this.#lateTimer ??= setTimeout(() => this.#overtaken(), LATE_MS);
      return;
    }
    if (fate === 'double') this.#send(Buffer.concat([frame, frame]));
    else if (fate === 'pass') this.#send(frame);
    else if (fate !== 'drop') this.#send(frameOf(fate.text, (frame[1]! & 0x80) !== 0));
    if (late) this.#overtaken();
  }

  #overtaken(): void {
    clearTimeout(this.#lateTimer);
    this.#lateTimer = undefined;
    if (this.#late) this.#send(this.#late);
    this.#late = undefined;
  }
}

/** The text of an unfragmented text frame. */
function textOf(frame: Buffer): string | undefined {
  if (frame[0] !== 0x81) return undefined;
  const short = frame[1]! & 0x7f;
  let start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
  if (!(frame[1]! & 0x80)) return frame.toString('utf8', start);
  const mask = frame.subarray(start, start + 4);
  start += 4;
  const payload = Buffer.from(frame.subarray(start));
  for (let index = 0; index < payload.length; index++) payload[index]! ^= mask[index % 4]!;
  return payload.toString('utf8');
}

function frameOf(text: string, masked: boolean): Buffer {
  const payload = Buffer.from(text, 'utf8');
  const { length } = payload;
  const maskBit = masked ? 0x80 : 0;
  let head: Buffer;
  if (length < 126) head = Buffer.from([0x81, maskBit | length]);
  else if (length < 65_536) head = Buffer.from([0x81, maskBit | 126, length >> 8, length & 0xff]);
  else {
    head = Buffer.alloc(10);
    head[0] = 0x81;
    head[1] = maskBit | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), payload]);
}
