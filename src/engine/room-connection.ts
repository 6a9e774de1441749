import type { RoomConnected } from '../protocol/index.js';
import { comeBack } from './coming-back.js';
import { ConnectionWatch } from './connection-watch.js';
import { type ConnectionCause, move } from './connection-state.js';
import { ending } from './endings.js';
import { type EngineEnvironment, within } from './environment.js';
import { leftWhileJoining, notConnected, RoomError } from './errors.js';
import type { Emit } from './events.js';
import { knock } from './knocking.js';
import { type RoomOptions, timeoutIntervalMs } from './options.js';
import type { Ending, RoomStateStore } from './room-state.js';
import { endingFrom, refusalFrom } from './server-endings.js';
import { type JoinRequest, readToken, Session, type SessionListener } from './session.js';
import { SessionMedia, type SessionMediaListener } from './session-media.js';

/** A token, or how to get one; the function is called again for every reconnect. */
export type TokenSource = string | (() => Promise<string>);

/** After a sleep or a change of network: a socket that does not answer within this time is lost. */
const ALIVE_WITHIN_MS = 3000;
/** The same after other signs that the network is gone: the browser says so, or media has stopped coming. */
const ALIVE_OFFLINE_MS = 1500;

/** Building everything anew helps once; media that breaks again within this time is left as it is. */
const REBUILD_AT_MOST_EVERY_MS = 60_000;

/** What a connection needs of the room around it. */
export interface ConnectionParts {
  environment: EngineEnvironment;
  store: RoomStateStore;
  options: () => RoomOptions;
  emit: Emit;
  messages: Pick<SessionListener, 'message' | 'notice' | 'data'>;
  media: Pick<SessionMediaListener, 'published' | 'unpublished' | 'subscribed' | 'failed'>;
  /** Opens the devices; quality of the room as the token tells it. Never rejects. */
  openDevices(quality: string): Promise<void>;
  /** Admitted: state, media and events are up to date afterwards. `resumed` = media went on all the time. */
  admitted(session: Session, message: RoomConnected, how: 'first' | 'again' | 'resumed'): void;
  /** The socket is gone, and with it the media unless `resumable`. */
  lost(resumable: boolean): void;
  /** Whether coming back makes sense; otherwise how the session ends. */
  mayReturn(): Ending | undefined;
  /** Devices, screens and timers are let go. */
  release(): void;
  /** Everything the state said of the session is cleared. */
  over(): void;
  /** The state is final; what went with the session is told. */
  ended(): void;
  userRef(): string;
}

/** From the token to the goodbye: joining, waiting, being connected, coming back, ending. */
export class RoomConnection {
  #session: Session | undefined;
  #media: SessionMedia | undefined;
  #admission: RoomConnected | undefined;
  #token: TokenSource = '';
  #rebuiltMs = -Infinity;
  /** Changes with every join and every ending; what belongs to an older one stops itself. */
  #epoch = 0;
  readonly #watch: ConnectionWatch;
  /** Newest chat or data that arrived under the client id of the moment, by way: server time, ms. */
  #received = { clientId: '', socket: 0, data: 0 };
  /** Client id under which the server told us to wait, since the last knock; empty if it did not. */
  #awaitedAs = '';
  #stopKnocking = (): void => {};
  /** The token that let us in, as the server knows it. */
  #heldToken: { tokenId: unknown; signature: unknown } | undefined;

  constructor(private readonly parts: ConnectionParts) {
    this.#watch = new ConnectionWatch(parts.environment, {
      slept: () => void this.#checkAlive(),
      network: (event) => {
        if (this.#state !== 'connected') return;
        if (event !== 'offline') {
          parts.emit('connectionInterrupted', {
            code: 5073,
            message: 'The network of this device has changed.',
          });
        }
        void this.#checkAlive(event === 'offline' ? ALIVE_OFFLINE_MS : ALIVE_WITHIN_MS);
      },
    });
  }

  get session(): Session | undefined {
    return this.#session;
  }

  get media(): SessionMedia | undefined {
    return this.#media;
  }

  get admission(): RoomConnected | undefined {
    return this.#admission;
  }

  /** The server announced this optional ability when it let us in. */
  can(capability: string): boolean {
    return this.#admission?.capabilities.includes(capability) ?? false;
  }

  /** @throws {RoomError} `not-connected` */
  require(): Session {
    if (this.#state !== 'connected' || !this.#session) {
      throw notConnected();
    }
    return this.#session;
  }

  /** Resolves when something can be sent, which may take a reconnect. @throws {RoomError} `not-connected` */
  async sendable(): Promise<void> {
    while (this.#state === 'reconnecting' && !this.#media?.dataOpen) {
      await new Promise<void>((resolve) => {
        const stop = this.parts.store.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
    if (this.#state !== 'reconnecting') this.require();
  }

  /** To be called when the state is `joining`. @throws {RoomError} see `Room.join` */
  async join(token: TokenSource): Promise<void> {
    const epoch = ++this.#epoch;
    this.#token = token;
    try {
      const text = typeof token === 'string' ? token : await token();
      this.#stillIn(epoch);
      const quality = readToken(text).token.roomMeta?.settings.quality;
      void this.parts.openDevices(typeof quality === 'string' ? quality : 'HD');
      const message = await this.#knock(text, epoch);
      this.#admitted(message, 'first');
    } catch (error) {
      // Left or turned away meanwhile: that has been dealt with.
      if (epoch !== this.#epoch) throw error;
      if (this.#state === 'awaiting') {
        // Who was told to wait is told that this is over, as after a refusal.
        this.parts.store.update({ error: RoomError.from(error, 'connect-failed') });
        this.#finish(ending('network', 1163), 'failed', true);
      } else this.#drop();
      throw error;
    }
  }

  /** To be called in any state that can be left. */
  async leave(): Promise<void> {
    // Who waited to be let in has been told so, and is told the end of it as well.
    const wasConnected = this.#admission !== undefined || this.#state === 'awaiting';
    this.#epoch += 1;
    const session = this.#session;
    const isIn = this.#state === 'connected';
    this.#session = undefined;
    this.#stopKnocking();
    this.#media?.close();
    this.#watch.stop();
    this.parts.release();
    if (isIn) await session?.leave();
    else session?.abandon();
    this.#finish(ending('left', 2006), 'leave', wasConnected);
  }

  get #state(): string {
    return this.parts.store.current.connection;
  }

  /** Waits for the admission, over more than one connection if it must be. */
  #knock(token: string, epoch: number): Promise<RoomConnected> {
    const { environment, options, store } = this.parts;
    const { allow_reconnect, number_of_attempts, timeout_interval } = options().roomInfo;
    const left = new Promise<never>((_, reject) => {
      this.#stopKnocking = () => reject(leftWhileJoining());
    });
    const knocking = knock(environment, {
      maxAttempts: allow_reconnect ? number_of_attempts : 0,
      intervalMs: timeoutIntervalMs(timeout_interval),
      connect: (attempt, oldClientId) => {
        this.#session?.close();
        this.#session = undefined;
        this.#awaitedAs = '';
        const { roomId, name, role } = store.current;
        const rejoin = { oldClientId, roomId, attempt, name, role, userRef: this.parts.userRef() };
        return this.#connect(token, epoch, oldClientId ? rejoin : undefined);
      },
      awaitedAs: () => this.#awaitedAs,
      isOver: () => epoch !== this.#epoch,
    });
    return Promise.race([knocking, left]);
  }

  async #connect(token: string, epoch: number, rejoin?: JoinRequest['rejoin']): Promise<RoomConnected> {
    const { localInfo, roomInfo, advanceOptions } = this.parts.options();
    const session: Session = new Session(
      {
        token,
        data: localInfo.data,
        forceRelay: roomInfo.forceTurn,
        receive: roomInfo.chat_only ? 'nothing' : roomInfo.audio_only ? 'audio' : 'all',
        advancedOptions: advanceOptions,
        ...(rejoin ? { rejoin } : {}),
      },
      this.parts.environment,
      this.#listenTo(() => session),
    );
    this.#session = session;
    const message = await session.join();
    const { tokenId, signature } = readToken(token).raw;
    this.#heldToken = { tokenId, signature };
    if (epoch !== this.#epoch) session.close();
    this.#stillIn(epoch);
    return message;
  }

  #stillIn(epoch: number): void {
    if (epoch !== this.#epoch) throw leftWhileJoining();
  }

  #admitted(message: RoomConnected, how: 'first' | 'again' | 'resumed'): void {
    const session = this.#session!;
    this.#admission = message;
    if (this.#received.clientId !== session.clientId) {
      this.#received = { clientId: session.clientId, socket: 0, data: 0 };
    }
    if (how !== 'resumed') {
      this.#media?.close();
      this.#media = this.#newMedia();
    }
    this.parts.admitted(session, message, how);
    // A listener may have left at once.
    if (this.#session !== session) return;
    this.#watch.start();
  }

  #newMedia(): SessionMedia {
    const { environment, media } = this.parts;
    const ifCurrent =
      <A extends unknown[]>(handle: (...args: A) => void) =>
      (...args: A): void => {
        if (this.#media === made) handle(...args);
      };
    const made: SessionMedia = new SessionMedia(environment, {
      published: ifCurrent((source, streamId) => media.published(source, streamId)),
      unpublished: ifCurrent((source, streamId) => media.unpublished(source, streamId)),
      subscribed: ifCurrent((subscriber) => media.subscribed(subscriber)),
      data: ifCurrent((envelope) => this.#data('data', envelope)),
      failed: ifCurrent((...failure) => media.failed(...failure)),
      disturbed: ifCurrent(() => void this.#checkAlive(ALIVE_OFFLINE_MS)),
      beyondRepair: ifCurrent(() => {
        const nowMs = environment.now();
        if (nowMs - this.#rebuiltMs < REBUILD_AT_MOST_EVERY_MS) {
          const error = new RoomError('media-connection-failed', 'The media connection keeps breaking.');
          media.failed(error, 'subscriber');
          return;
        }
        this.#rebuiltMs = nowMs;
        // Outside the running call, which may be in the middle of an admission.
        queueMicrotask(ifCurrent(() => this.#lose()));
      }),
    });
    return made;
  }

  #data(way: 'socket' | 'data', envelope: unknown): void {
    const timestamp = (envelope as { timestamp?: unknown } | null)?.timestamp;
    if (typeof timestamp === 'number') this.#received[way] = Math.max(this.#received[way], timestamp);
    this.parts.messages.data(envelope);
  }

  /** Events of a session that was replaced or left mean nothing any more. */
  #listenTo(own: () => Session): SessionListener {
    const { parts } = this;
    const ifCurrent =
      <A extends unknown[]>(handle: (...args: A) => void) =>
      (...args: A): void => {
        if (this.#session === own()) handle(...args);
      };
    return {
      awaited: ifCurrent((why) => {
        if (!this.#apply('awaited')) return;
        this.#awaitedAs = own().clientId;
        parts.store.update({ awaiting: why, reconnect: undefined });
        parts.emit('awaited', { event_type: why });
      }),
      message: (name, payload) => {
        if (this.#session === own()) parts.messages.message(name, payload);
      },
      notice: ifCurrent((name, payload) => parts.messages.notice(name, payload)),
      data: ifCurrent((envelope) => this.#data('socket', envelope)),
      ended: ifCurrent((payload) => {
        // While joining, the running join() reports it.
        if (this.#state === 'joining') return;
        const wasConnected = this.#admission !== undefined;
        if (this.#state === 'awaiting') this.#finish(refusalFrom(payload), 'failed', true);
        else this.#finish(endingFrom(payload), 'ended', wasConnected);
      }),
      dropped: ifCurrent(() => {
        if (this.#state === 'connected') this.#lose();
      }),
    };
  }

  /** The session is lost, but not given up. */
  #lose(): void {
    const { parts } = this;
    const session = this.#session;
    if (this.#state !== 'connected' || !session) return;
    const { roomInfo } = parts.options();
    const end = roomInfo.allow_reconnect ? parts.mayReturn() : ending('network', 1163);
    const isResumable = !end && this.can('resume') && (this.#media?.alive ?? false);
    const oldClientId = session.clientId;
    const userRef = parts.userRef();
    const message = 'The connection to the room was lost.';
    session.close(new RoomError('server-unreachable', message));
    this.#session = undefined;
    this.#watch.stop();
    if (isResumable) this.#media?.attach(undefined);
    else this.#media?.close();
    if (!end) {
      const maxAttempts = roomInfo.number_of_attempts;
      parts.store.update({ reconnect: Object.freeze({ attempt: 0, maxAttempts }) });
    }
    const epoch = this.#epoch;
    this.#apply('dropped');
    parts.emit('connectionLost', { message });
    parts.lost(isResumable);
    if (epoch !== this.#epoch) return;
    if (end) this.#finish(end, 'gaveUp', true);
    else void this.#comeBack(oldClientId, userRef);
  }

  async #comeBack(oldClientId: string, userRef: string): Promise<void> {
    const { parts } = this;
    const epoch = this.#epoch;
    const { number_of_attempts: maxAttempts, timeout_interval: interval } = parts.options().roomInfo;
    let lastError: RoomError | undefined;
    const outcome = await comeBack(parts.environment, {
      maxAttempts,
      intervalMs: timeoutIntervalMs(interval),
      detectionUrl: this.#admission?.internetDetectionUrl,
      isOver: () => epoch !== this.#epoch,
      attempt: async (attempt) => {
        parts.store.update({ reconnect: Object.freeze({ attempt, maxAttempts }) });
        parts.emit('reconnecting', { attempt, maxAttempts });
        if (epoch !== this.#epoch) return 'failed';
        try {
          await this.#rejoin(epoch, attempt, oldClientId, userRef);
          return 'back';
        } catch (error) {
          lastError = RoomError.from(error);
          if (epoch !== this.#epoch) return 'failed';
          this.#session?.close();
          this.#session = undefined;
          // Lost while waiting to be let in again.
          this.#apply('dropped');
          return typeof this.#token === 'string' && isRefusal(lastError) ? 'refused' : 'failed';
        }
      },
    });
    if (outcome === 'back' || outcome === 'over' || epoch !== this.#epoch) return;
    const isNetwork = outcome === 'failed' && (!lastError || lastError.name === 'server-unreachable');
    this.#finish(ending('reconnect-failed', isNetwork ? 5074 : 5087), 'gaveUp', true);
  }

  async #rejoin(epoch: number, attempt: number, oldClientId: string, userRef: string): Promise<void> {
    const { roomId, name, role } = this.parts.store.current;
    const token = typeof this.#token === 'string' ? this.#token : await this.#token();
    this.#stillIn(epoch);
    const canResume = this.can('resume');
    const resume = canResume && (this.#media?.alive ?? false);
    const { socket, data } = this.#received;
    const held = this.#heldToken;
    const isNewToken = held !== undefined && readToken(token).raw.tokenId !== held.tokenId;
    const message = await this.#connect(token, epoch, {
      oldClientId,
      roomId,
      attempt,
      name,
      role,
      userRef,
      ...(canResume
        ? {
            resuming: {
              resume,
              received: { socket, data },
              previousToken: isNewToken ? held : undefined,
            },
          }
        : {}),
    });
    this.#admitted(message, resume && message.resumed ? 'resumed' : 'again');
  }

  /** Asks the server for a sign of life; without one the connection counts as lost at once. */
  async #checkAlive(withinMs = ALIVE_WITHIN_MS): Promise<void> {
    const session = this.#session;
    if (this.#state !== 'connected' || !session) return;
    try {
      await within(
        this.parts.environment,
        session.call('getNumberOfTalker'),
        withinMs,
        () => new RoomError('server-unreachable', 'The room server does not answer.'),
      );
    } catch (error) {
      // A refusal is an answer.
      if (RoomError.from(error).name === 'server-unreachable' && this.#session === session) this.#lose();
    }
  }

  #apply(cause: ConnectionCause): boolean {
    return move(this.parts.store, cause);
  }

  /** To be called by {@link ConnectionParts.admitted} when the state is complete. */
  enter(): void {
    this.#apply('admitted');
  }

  #drop(): void {
    this.#watch.stop();
    this.#session?.close();
    this.#session = undefined;
    this.#media?.close();
    this.#media = undefined;
  }

  /** The one way out of a session: everything is released before anybody is told. */
  #finish(end: Ending, cause: ConnectionCause, wasConnected: boolean): void {
    const { parts } = this;
    this.#epoch += 1;
    this.#drop();
    this.#admission = undefined;
    parts.release();
    parts.over();
    parts.store.update({ ending: end });
    this.#apply(cause);
    if (!wasConnected) return;
    parts.ended();
    parts.emit('disconnected', end);
    parts.emit('exited', end);
  }
}

/** What the server will not change its mind about. */
const isRefusal = ({ name }: RoomError): boolean => name === 'room-gone' || name.startsWith('token-');
