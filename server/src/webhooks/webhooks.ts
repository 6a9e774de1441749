import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { RoomEvent } from '../rooms/attendance.js';
import { retryDelayMs } from './retry-policy.js';
import { sign, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './signature.js';

export interface WebhookOptions {
  /** A user and password in it are sent as HTTP Basic. */
  url: string;
  secret: string;
  appId: string;
  logger: Logger;
}

/** A receiver that takes longer is tried again. */
const ANSWER_TIMEOUT_MS = 5000;
/** Requests at a time, over all rooms. */
const MAX_CONCURRENT = 8;
/** Events that wait, over all rooms; beyond, new ones are dropped. */
const MAX_WAITING = 10_000;
/** How long `close()` waits for what is still to be delivered. */
const DRAIN_MS = 3000;

/** Names of events. That of a session's end is published (api-facts §6), the others are ours. */
const types = {
  started: 'session-started',
  ended: 'roomdrop',
  joined: 'participant-joined',
  left: 'participant-left',
} as const;

interface Waiting {
  id: string;
  type: string;
  body: string;
}

/**
 * Tells an application server what happens in rooms: in order for each room, until it has taken it or the attempts are
 * used up. Nothing here holds a room up, and what is not delivered when the process dies is lost.
 */
export class Webhooks {
  readonly #queues = new Map<string, Waiting[]>();
  readonly #idle = new Set<() => void>();
  readonly #turns: (() => void)[] = [];
  readonly #target: string;
  readonly #headers: Record<string, string>;
  /** Ends the waits for a next attempt. */
  readonly #hurry = new AbortController();
  /** Ends everything. */
  readonly #stop = new AbortController();
  #running = 0;
  #waiting = 0;
  /** Counters for metrics. */
  readonly counts = { delivered: 0, failed: 0, dropped: 0 };

  constructor(private readonly options: WebhookOptions) {
    const url = new URL(options.url);
    const { username, password } = url;
    url.username = '';
    url.password = '';
    this.#target = url.href;
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#headers = {
      'content-type': 'application/json',
      'user-agent': 'enx-room-server',
      ...(username ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
    };
  }

  /** Events that are not delivered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  send(event: RoomEvent): void {
    if (this.#stop.signal.aborted) return;
    const type = types[event.kind];
    if (this.#waiting >= MAX_WAITING) {
      this.counts.dropped += 1;
      // Once per thousand: it is dropped for being too much.
      if (this.counts.dropped % 1000 === 1) {
        this.options.logger.error({ type, room: event.roomId }, 'webhooks are not taken: events are dropped');
      }
      return;
    }
    const id = randomUUID();
    const queue = this.#queues.get(event.roomId);
    const waiting = { id, type, body: JSON.stringify(this.#payload(id, type, event)) };
    this.#waiting += 1;
    if (queue) queue.push(waiting);
    else {
      const started = [waiting];
      this.#queues.set(event.roomId, started);
      void this.#work(event.roomId, started);
    }
  }

  /** Delivers what is left, each at its next attempt, and gives up after three seconds. */
  async close(): Promise<void> {
    this.#hurry.abort();
    if (this.#waiting > 0) {
      let timer: NodeJS.Timeout | undefined;
      const drained = new Promise<void>((resolve) => this.#idle.add(resolve));
      await Promise.race([drained, new Promise((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))]);
      clearTimeout(timer);
    }
    this.#stop.abort();
    if (this.#waiting > 0) {
      this.options.logger.error({ count: this.#waiting }, 'webhooks were not delivered before the end');
    }
  }

  #payload(id: string, type: string, event: RoomEvent): Record<string, unknown> {
    return {
      type,
      trans_date: Math.floor(event.at / 1000),
      app_id: this.options.appId,
      room_id: event.roomId,
      // As in room-connected.
      conf_num: event.roomId,
      event_id: id,
      session_id: event.sessionId,
      ...('user' in event ? { user: event.user } : {}),
      ...('reason' in event ? { reason: event.reason, duration: Math.round(event.durationMs / 1000) } : {}),
    };
  }

  /** One room's events, one after the other. */
  async #work(roomId: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0 && !this.#stop.signal.aborted) {
      await this.#deliver(queue[0]!);
      if (this.#stop.signal.aborted) break;
      queue.shift();
      this.#waiting -= 1;
    }
    this.#queues.delete(roomId);
    if (this.#waiting === 0) for (const resolve of this.#idle) resolve();
  }

  async #deliver(event: Waiting): Promise<void> {
    for (let failures = 1; ; failures++) {
      const problem = await this.#attempt(event);
      if (problem === undefined) {
        this.counts.delivered += 1;
        return;
      }
      const { logger } = this.options;
      const { type, id } = event;
      const delayMs =
        this.#hurry.signal.aborted && failures > 1 ? undefined : retryDelayMs(failures, Math.random());
      if (this.#stop.signal.aborted) return;
      if (delayMs === undefined) {
        this.counts.failed += 1;
        logger.error({ type, event: id, attempts: failures, problem }, 'webhook given up');
        return;
      }
      logger.warn({ type, event: id, attempt: failures, problem }, 'webhook not taken, trying again');
      await this.#pause(delayMs);
    }
  }

  /** @returns what went wrong, in words without secrets. */
  async #attempt({ body }: Waiting): Promise<string | undefined> {
    await this.#turn();
    try {
      const timestamp = String(Math.floor(Date.now() / 1000));
      const response = await fetch(this.#target, {
        method: 'POST',
        headers: {
          ...this.#headers,
          [TIMESTAMP_HEADER]: timestamp,
          [SIGNATURE_HEADER]: sign(this.options.secret, timestamp, body),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_TIMEOUT_MS), this.#stop.signal]),
      });
      // Nobody reads the answer, however long it is.
      await response.body?.cancel();
      return response.ok ? undefined : `status ${response.status}`;
    } catch (error) {
      const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
      return cause?.code ?? name;
    } finally {
      const next = this.#turns.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < MAX_CONCURRENT) this.#running += 1;
    else await new Promise<void>((resolve) => this.#turns.push(resolve));
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#hurry;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  }
}
