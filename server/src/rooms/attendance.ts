import { randomUUID } from 'node:crypto';
import type { User } from '../../../src/protocol/index.js';
import type { Participant } from './participant.js';

/** How somebody's presence, or a whole session, came to its end. */
export type Departure = 'left' | 'timed-out' | 'removed' | 'dismissed' | 'expired' | 'server-shutdown';

/** What happened in a room, for whoever keeps account of it. */
export type RoomEvent = {
  roomId: string;
  /** Of one session; the room may have had others before. */
  sessionId: string;
  /** Milliseconds since the epoch. */
  at: number;
} & (
  | { kind: 'started' }
  | { kind: 'ended'; reason: Departure; durationMs: number }
  | { kind: 'joined'; user: User }
  | { kind: 'left'; user: User; reason: Departure; durationMs: number }
);

type Details = RoomEvent extends infer E
  ? E extends RoomEvent
    ? Omit<E, 'roomId' | 'sessionId' | 'at'>
    : never
  : never;

/** Keeps account of a session from its first participant to its end. Guests who wait take no part in it. */
export class Attendance {
  readonly #sessionId = randomUUID();
  readonly #since = new Map<Participant, number>();
  #startedAt: number | undefined;

  constructor(
    private readonly options: { roomId: string; now: () => number; observe: (event: RoomEvent) => void },
  ) {}

  joined(participant: Participant): void {
    const now = this.options.now();
    if (this.#startedAt === undefined) {
      this.#startedAt = now;
      this.#tell({ kind: 'started' });
    }
    this.#since.set(participant, now);
    this.#tell({ kind: 'joined', user: participant.user });
  }

  left(participant: Participant, reason: Departure): void {
    const since = this.#since.get(participant);
    if (since === undefined) return;
    this.#since.delete(participant);
    this.#tell({ kind: 'left', user: participant.user, reason, durationMs: this.options.now() - since });
  }

  /** Over, for whoever is still there too. */
  ended(reason: Departure): void {
    for (const participant of [...this.#since.keys()]) this.left(participant, reason);
    if (this.#startedAt === undefined) return;
    this.#tell({ kind: 'ended', reason, durationMs: this.options.now() - this.#startedAt });
    this.#startedAt = undefined;
  }

  #tell(details: Details): void {
    const { roomId, now, observe } = this.options;
    observe({ roomId, sessionId: this.#sessionId, at: now(), ...details });
  }
}
