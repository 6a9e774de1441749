/** One page with one `PlainClient` in it, and waiting for what the client has seen. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type PageServer, servePages } from './browser.js';
import { until } from './patience.js';

export interface Entry {
  dir: 'in' | 'out' | 'ack';
  name: string;
  args: any[]; // eslint-disable-line @typescript-eslint/no-explicit-any -- whatever the server sent
  at: number;
}

export interface PeerPicture {
  streamId: string | number;
  state: RTCPeerConnectionState;
  offers: number;
  answers: number;
  codecs?: string[];
  started: number;
  ready: number;
  candidatesSent: number;
  endSent: boolean;
}

export interface Talker {
  streamId: number;
  clientId: string;
  name: string;
  mediatype: string;
}

export interface Picture {
  clientId: string;
  publisher: PeerPicture | null;
  subscriber: PeerPicture | null;
  data: PeerPicture | null;
  channel: RTCDataChannelState | null;
  subscribers: number;
  talkers: { active: boolean; activeList: Talker[] } | null;
  users: string[];
  socket: boolean;
  errors: string[];
  strays: unknown[];
}

export interface SlotStats {
  framesDecoded: number;
  keyFramesDecoded: number;
  videoPackets: number;
  videoPacketsLost: number;
  audioPackets: number;
  audioEnergy: number;
  currentTime: number;
  width: number;
  height: number;
}

export interface Message {
  via: 'channel' | 'socket';
  type: string;
  message: unknown;
  broadcast: boolean;
  clients: string[];
  sender: string;
  senderId: string;
  timestamp: number;
}

export interface JoinOptions {
  publish?: { audio: boolean; video: false | MediaTrackConstraints };
  muteStream?: { audio?: boolean; video?: boolean };
  subscribe?: boolean;
  data?: boolean;
  /** More fields for the token message. */
  extra?: Record<string, unknown>;
  /** Sent instead of the token message. */
  tokenMessage?: unknown;
}

/** Serves the page and the two scripts a plain client needs. */
export function servePlainClient(): Promise<PageServer> {
  return servePages({
    '/': `<!doctype html><title>Plain client</title><link rel="icon" href="data:,"><script src="/socket.io.js"></script><script src="/plain-client.js"></script><body>`,
    '/socket.io.js': new URL('../../node_modules/socket.io-client/dist/socket.io.js', import.meta.url),
    '/plain-client.js': new URL('./plain-client.js', import.meta.url),
  });
}

export class PlainPage {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {}

  /** A context of its own per client, as if everybody sat at another computer. */
  static async open(browser: Browser, origin: string): Promise<PlainPage> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(origin);
    return new PlainPage(page, context);
  }

  /** Sends the token. @returns the raw acknowledgement */
  join(token: string, options: JoinOptions = {}): Promise<unknown[]> {
    return this.page.evaluate(
      ([given, settings]) => {
        const scope = globalThis as any; // eslint-disable-line @typescript-eslint/no-explicit-any
        scope.client = new scope.PlainClient(given, settings);
        return scope.client.join();
      },
      [token, options] as const,
    );
  }

  /** Calls a method of the client in the page. */
  call<T = unknown>(method: string, ...args: unknown[]): Promise<T> {
    return this.page.evaluate(
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      ([name, list]) => (globalThis as any).client[name](...list),
      [method, args] as const,
    );
  }

  picture(): Promise<Picture> {
    return this.call('picture');
  }

  slot(streamId: number): Promise<SlotStats> {
    return this.call('slotStats', streamId);
  }

  messages(): Promise<Message[]> {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return this.page.evaluate(() => (globalThis as any).client.messages);
  }

  /** Where the log ends now: what a later `event()` is to look at starts here. */
  mark(): Promise<number> {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return this.page.evaluate(() => (globalThis as any).client.log.length);
  }

  /** What the server has sent under one name. */
  async received(name: string, from = 0): Promise<Entry[]> {
    const entries = await this.call<Entry[]>('entries', from);
    return entries.filter((entry) => entry.dir === 'in' && entry.name === name);
  }

  /** Waits for an event of the server, including one that came before the question. */
  async event(
    name: string,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    where: (payload: any) => boolean = () => true,
    options: { from?: number; timeoutMs?: number } = {},
  ): Promise<Entry> {
    const matching = (entries: Entry[]) => entries.find(({ args }) => where(args[0]));
    const entries = await until(
      `${name} with the expected payload`,
      () => this.received(name, options.from ?? 0),
      (list) => matching(list) !== undefined,
      options.timeoutMs,
    );
    return matching(entries)!;
  }

  /** Waits until the picture is as wanted. */
  sees(what: string, isGood: (picture: Picture) => boolean, timeoutMs?: number): Promise<Picture> {
    return until(what, () => this.picture(), isGood, timeoutMs);
  }

  /** Waits until a slot shows moving pictures, counted from now. */
  async framesAdvance(streamId: number, frames = 5, timeoutMs?: number): Promise<SlotStats> {
    const before = await this.slot(streamId);
    return until(
      `${frames} more decoded frames in slot ${streamId} than ${before.framesDecoded}`,
      () => this.slot(streamId),
      (now) => now.framesDecoded >= before.framesDecoded + frames,
      timeoutMs,
    );
  }

  /** Waits until a slot is heard, counted from now. */
  async energyGrows(streamId: number, timeoutMs?: number): Promise<SlotStats> {
    const before = await this.slot(streamId);
    return until(
      `more audio energy in slot ${streamId} than ${before.audioEnergy}`,
      () => this.slot(streamId),
      (now) => now.audioEnergy > before.audioEnergy + 1e-5,
      timeoutMs,
    );
  }

  /** Sends an event of any form (protocol 2.3). @returns the raw acknowledgement; rejects when there is none */
  emit(name: string, ...args: unknown[]): Promise<unknown[]> {
    return this.call('emit', name, ...args);
  }

  /** The page goes, and with it the socket, whatever state the client is in. */
  async close(): Promise<void> {
    await this.context.close();
  }
}
