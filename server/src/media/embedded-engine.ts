import { type ChildProcess, fork } from 'node:child_process';
import type { Logger } from 'pino';
import {
  MediaError,
  type MediaAnswer,
  type MediaEngine,
  type MediaRoom,
  type MediaRoomListener,
  type PublisherBitrates,
  type TransportId,
} from './engine.js';
import type { FromWorker, RoomKey, ToWorker } from './worker/messages.js';
import type { PipeConfig } from './worker/pipe.js';

export interface EmbeddedEngineOptions {
  workers: number;
  /** UDP port of the first worker; the next ones follow on. */
  firstPort: number;
  bindAddress?: string;
  announcedAddresses: string[];
  logger: Logger;
  /** File that a worker runs. */
  workerPath: string;
}

/** How long an offer may take before the client is told to try again. */
const ANSWER_TIMEOUT_MS = 5000;
const STOP_TIMEOUT_MS = 2000;
/** A worker that dies at once again and again is restarted no faster than this. */
const RESTART_DELAY_MS = 250;

/** The embedded SFU: rooms spread over forked workers; a dead worker is replaced and its rooms are told. */
export class EmbeddedMediaEngine implements MediaEngine {
  readonly #workers: MediaWorker[];

  private constructor(workers: MediaWorker[]) {
    this.#workers = workers;
  }

  /** Resolves when every worker runs. */
  static async start(options: EmbeddedEngineOptions): Promise<EmbeddedMediaEngine> {
    const workers = Array.from({ length: options.workers }, (_, index) => new MediaWorker(index, options));
    await Promise.all(workers.map((worker) => worker.started));
    return new EmbeddedMediaEngine(workers);
  }

  get workers(): number {
    return this.#workers.length;
  }

  /** Process ids, for fault tests and operators. */
  get workerPids(): number[] {
    return this.#workers.flatMap((worker) => worker.pid ?? []);
  }

  openRoom(listener: MediaRoomListener): MediaRoom {
    const worker = this.#workers.reduce((least, next) => (next.roomCount < least.roomCount ? next : least));
    return worker.openRoom(listener);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}

interface Pending {
  resolve(answer: MediaAnswer): void;
  reject(error: MediaError): void;
  timer: NodeJS.Timeout;
}

class MediaWorker {
  static #nextRoom: RoomKey = 1;

  readonly started: Promise<void>;
  readonly #options: EmbeddedEngineOptions;
  readonly #index: number;
  readonly #rooms = new Map<RoomKey, MediaRoomListener>();
  readonly #pending = new Map<number, Pending>();
  #process: ChildProcess | undefined;
  #nextRequest = 1;
  #closing = false;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(index: number, options: EmbeddedEngineOptions) {
    this.#index = index;
    this.#options = options;
    this.started = this.#start();
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  openRoom(listener: MediaRoomListener): MediaRoom {
    const key = MediaWorker.#nextRoom++;
    this.#rooms.set(key, listener);
    const open =
      (role: 'publisher' | 'subscriber' | 'data') =>
      (transport: TransportId, sdp: string, bitrates: PublisherBitrates = { startKbps: 0, maximumKbps: 0 }) =>
        this.#request({
          op: 'open',
          request: this.#nextRequest++,
          room: key,
          transport,
          role,
          sdp,
          bitrates,
        });
    return {
      openPublisher: open('publisher'),
      openSubscriber: open('subscriber'),
      openData: open('data'),
      setSlots: (transport, slots, view) => this.#tell({ op: 'slots', room: key, transport, slots, view }),
      refresh: (transport) => this.#tell({ op: 'refresh', room: key, transport }),
      sendData: (transports, text) => this.#tell({ op: 'data', room: key, transports, text }),
      closeTransport: (transport) => this.#tell({ op: 'close', room: key, transport }),
      close: () => {
        this.#rooms.delete(key);
        this.#tell({ op: 'close-room', room: key });
      },
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restartTimer);
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.disconnect();
    });
  }

  #start(): Promise<void> {
    const child = fork(this.#options.workerPath, [], { serialization: 'advanced' });
    this.#process = child;
    const started = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`media worker ${this.#index} ended at start (code ${code})`)),
      );
      child.on('message', (message: FromWorker) => {
        if (message.op === 'started') resolve();
        else if (this.#process === child) this.#received(message);
      });
    });
    child.once('exit', (code, signal) => this.#ended(code, signal));
    const config: PipeConfig = {
      port: this.#options.firstPort + this.#index,
      announcedAddresses: this.#options.announcedAddresses,
      ...(this.#options.bindAddress ? { bindAddress: this.#options.bindAddress } : {}),
    };
    this.#tell({ op: 'configure', config });
    return started;
  }

  #ended(code: number | null, signal: string | null): void {
    for (const [request, pending] of this.#pending) {
      this.#pending.delete(request);
      clearTimeout(pending.timer);
      pending.reject(new MediaError('unavailable', 'the media worker ended'));
    }
    if (this.#closing) return;
    this.#options.logger.error(
      { worker: this.#index, code, signal, rooms: this.#rooms.size },
      'media worker died',
    );
    this.#restartTimer = setTimeout(() => {
      this.#start().then(
        () => {
          this.#options.logger.info({ worker: this.#index }, 'media worker replaced');
          for (const listener of [...this.#rooms.values()]) listener.mediaLost();
        },
        // Its exit brings us back here.
        () => {},
      );
    }, RESTART_DELAY_MS);
  }

  #tell(message: ToWorker): void {
    // A send to a process that just died is reported through its exit, which is handled there.
    if (this.#process?.connected) this.#process.send(message, () => {});
  }

  #request(message: Extract<ToWorker, { op: 'open' }>): Promise<MediaAnswer> {
    return new Promise((resolve, reject) => {
      if (!this.#process?.connected) {
        reject(new MediaError('unavailable', 'the media worker is being replaced'));
        return;
      }
      const timer = setTimeout(() => {
        this.#pending.delete(message.request);
        reject(new MediaError('unavailable', 'the media worker did not answer in time'));
      }, ANSWER_TIMEOUT_MS);
      this.#pending.set(message.request, { resolve, reject, timer });
      this.#tell(message);
    });
  }

  #received(message: FromWorker): void {
    switch (message.op) {
      case 'started':
        return;
      case 'answer':
      case 'refused': {
        const pending = this.#pending.get(message.request);
        if (!pending) return;
        this.#pending.delete(message.request);
        clearTimeout(pending.timer);
        if (message.op === 'answer') pending.resolve(message.answer);
        else pending.reject(new MediaError('offer', message.reason));
        return;
      }
      case 'ready':
        return this.#rooms.get(message.room)?.transportReady(message.transport);
      case 'closed':
        return this.#rooms.get(message.room)?.transportClosed(message.transport);
      case 'text':
        return this.#rooms.get(message.room)?.dataReceived(message.transport, message.text);
      case 'downlink':
        return this.#rooms.get(message.room)?.downlinkChanged(message.transport, message.notice);
      case 'levels':
        return this.#rooms.get(message.room)?.levels(new Map(message.levels));
    }
  }
}
