import type { Logger } from 'pino';
import type { ErrorName, IceServer } from '../../../src/protocol/index.js';
import type { MediaEngine } from '../media/engine.js';
import type { RoomRecord } from '../store/store.js';
import type { RoomEvent } from './attendance.js';
import { RoomSession } from './room-session.js';

export interface RoomRegistryOptions {
  engine: MediaEngine;
  logger: Logger;
  now: () => number;
  iceServers(clientId: string): IceServer[];
  detectionUrl(host: string | undefined): string | undefined;
  graceMs: number;
  revoke(tokenIds: string[]): void;
  observe: (event: RoomEvent) => void;
  /** A session of this room is over. @param held somebody was in the room, and did not only wait before it */
  ended(record: RoomRecord, held: boolean): void;
}

/** The rooms that have people in them right now. */
export class RoomRegistry {
  readonly #sessions = new Map<string, RoomSession>();

  constructor(private readonly options: RoomRegistryOptions) {}

  get sessions(): Iterable<RoomSession> {
    return this.#sessions.values();
  }

  get(roomId: string): RoomSession | undefined {
    return this.#sessions.get(roomId);
  }

  /** The running session of a room, or a new one. */
  open(record: RoomRecord): RoomSession {
    const running = this.#sessions.get(record.roomId);
    if (running) return running;
    const session: RoomSession = new RoomSession({
      ...this.options,
      record,
      ended: (held) => {
        if (this.#sessions.get(record.roomId) !== session) return;
        this.#sessions.delete(record.roomId);
        this.options.ended(record, held);
      },
    });
    this.#sessions.set(record.roomId, session);
    return session;
  }

  close(cause: ErrorName): void {
    for (const session of [...this.#sessions.values()]) session.close(cause);
  }
}
