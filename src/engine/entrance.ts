import type { Call } from './call.js';
import { move } from './connection-state.js';
import { ending } from './endings.js';
import { leftWhileJoining, notConnected, partMissing, RoomError } from './errors.js';
import type { Emit } from './events.js';
import type { TokenSource } from './room-connection.js';
import type { RoomStateStore } from './room-state.js';

/** What the way in and out needs of the room around it. */
export interface EntranceParts {
  store: RoomStateStore;
  emit: Emit;
  supportsWebRtc(): boolean;
  /** Fetches the code of a call, and makes the one there is. Rejects when it cannot be had. */
  load(): Promise<Call>;
  /** A join begins: what an earlier session left is cleared. */
  begin(): void;
  /** Devices and everything else that was opened is let go. */
  release(): void;
}

/**
 * The way into a call and out of it. Most of a room's code is of no use before that, so it is fetched with the first
 * join, or earlier if somebody asks for it; from the first word on the state tells of the join all the same.
 */
export class Entrance {
  #call: Call | undefined;
  #loading: Promise<Call> | undefined;
  #leaving: Promise<void> | undefined;
  /** Changes with every join and every leaving; what belongs to an older one ends itself. */
  #epoch = 0;

  constructor(private readonly parts: EntranceParts) {}

  /** There from the first time on that its code was fetched. */
  get call(): Call | undefined {
    return this.#call;
  }

  /** Fetches the code ahead of a join. Never rejects: the join tries again. */
  async preload(): Promise<void> {
    await this.#load().catch(() => {});
  }

  /** @throws {RoomError} see `Room.join` */
  async join(token: TokenSource, ready?: Promise<unknown>): Promise<void> {
    const { parts } = this;
    if (!move(parts.store, 'join')) throw new RoomError('already-in-state', 'The room is joined already.');
    const epoch = ++this.#epoch;
    parts.begin();
    try {
      if (!parts.supportsWebRtc()) {
        throw new RoomError(
          'browser-unsupported',
          'This browser is too old for video rooms. Update it, then try again.',
        );
      }
      const call = this.#call ?? (await this.#load());
      if (ready) await ready;
      if (epoch !== this.#epoch) throw leftWhileJoining();
      await call.join(token);
    } catch (cause) {
      const error = RoomError.from(cause, 'connect-failed');
      // Left or turned away meanwhile: that has been dealt with.
      if (epoch !== this.#epoch || this.#isOutside) throw error;
      parts.release();
      parts.store.update({ error });
      move(parts.store, 'failed');
      parts.emit('failed', error);
      throw error;
    }
  }

  /** @throws {RoomError} `disconnect-running` while one is running, `disconnect-done` when not in a room. */
  leave(): Promise<void> {
    if (this.#leaving) {
      return Promise.reject(new RoomError('disconnect-running', 'The room is being left already.'));
    }
    if (this.#isOutside) {
      // A preview may hold devices without any connection.
      this.parts.release();
      return Promise.reject(new RoomError('disconnect-done', 'The room was left already.'));
    }
    this.#epoch += 1;
    this.#leaving = this.#leave().finally(() => (this.#leaving = undefined));
    return this.#leaving;
  }

  /**
   * Runs a verb of the call. One that is asked for while a join still waits for the code waits with it.
   * @throws {RoomError} `not-connected` before the first join
   */
  run<T>(verb: (call: Call) => Promise<T>): Promise<T> {
    if (this.#call) return verb(this.#call);
    if (this.#loading && !this.#isOutside) return this.#loading.then(verb);
    return Promise.reject(notConnected());
  }

  get #isOutside(): boolean {
    const { connection } = this.parts.store.current;
    return connection === 'idle' || connection === 'disconnected';
  }

  async #leave(): Promise<void> {
    if (this.#call) return this.#call.leave();
    const { store } = this.parts;
    this.parts.release();
    store.update({ ending: ending('left', 2006) });
    move(store, 'leave');
  }

  #load(): Promise<Call> {
    this.#loading ??= this.parts.load().then(
      (call) => (this.#call = call),
      (cause: unknown) => {
        this.#loading = undefined;
        throw partMissing(cause);
      },
    );
    return this.#loading;
  }
}
