import { PROTOCOL_VERSION } from '../protocol/constants.js';
import type { RoomConnected, RoomDisconnected, ServerMessages } from '../protocol/index.js';
import { decodeToken, type Token } from '../protocol/token.js';
import { type EngineEnvironment, within } from './environment.js';
import { RoomError } from './errors.js';
import { hostType } from './host-type.js';
import type { SessionMedia } from './session-media.js';
import { SignallingClient } from './signalling-client.js';

/** Between the accepted token and admission; a server that lets people wait says so. */
const ADMISSION_TIMEOUT_MS = 20_000;
/** Waiting for the server to acknowledge our leaving (protocol §9.1). */
const LEAVE_WAIT_MS = 1000;

export interface SessionListener {
  /** The server lets us wait. */
  awaited(why: 'knock' | 'wait_for_moderator'): void;
  /** A message about people, talkers and the room; media messages are dealt with here. */
  message<K extends keyof ServerMessages>(name: K, payload: ServerMessages[K]): void;
  /** A message without a part in the room's state. */
  notice(name: string, payload: unknown): void;
  data(envelope: unknown): void;
  /** The server ended the session. */
  ended(payload: RoomDisconnected): void;
  /** The socket was lost. Media goes on as long as it can. */
  dropped(reason: string): void;
}

export interface JoinRequest {
  token: string;
  data: boolean;
  forceRelay: boolean;
  /** What to receive of others: everything, sound alone, or no media at all. */
  receive: 'all' | 'audio' | 'nothing';
  advancedOptions: { id: string; enable: boolean }[];
  rejoin?: {
    oldClientId: string;
    roomId: string;
    attempt: number;
    name: string;
    role: string;
    userRef: string;
    /** For servers that announce `resume` (src/protocol/README.md). */
    resuming?: {
      /** All media connections are up and should go on. */
      resume: boolean;
      /** Timestamps of the newest messages that arrived, by way; 0 = none. */
      received: { socket: number; data: number };
      /** The token held so far, where a new one is used. */
      previousToken: { tokenId: unknown; signature: unknown } | undefined;
    };
  };
}

/** @throws {RoomError} `token-malformed`, `token-oversized` */
export function readToken(text: string): { token: Token; raw: Record<string, unknown> } {
  const decoded = decodeToken(text);
  if (!decoded.ok) throw new RoomError(decoded.problem, `This is not a room token: ${decoded.reason}.`);
  return decoded;
}

/**
 * One socket, from the token to the goodbye. The media connections signalled over it may outlive it: they are handed
 * to the session that follows. What outlives both (devices, chat, people) is the Room's.
 */
export class Session {
  clientId = '';
  readonly #signalling: SignallingClient;
  readonly #raw: Record<string, unknown>;
  /** `patient` calls off the time limit. */
  #admission:
    { resolve(message: RoomConnected): void; reject(error: RoomError): void; patient(): void } | undefined;
  #admitted: RoomConnected | undefined;
  #media: SessionMedia | undefined;
  #waiting: RoomConnected | undefined;
  /** The server has our token, so it may hold a place for us. */
  #asked = false;
  #closed = false;

  /** Opens the socket at once. @throws {RoomError} for a token that is not one. */
  constructor(
    private readonly request: JoinRequest,
    private readonly environment: EngineEnvironment,
    private readonly listener: SessionListener,
  ) {
    const { token, raw } = readToken(request.token);
    this.#raw = raw;
    this.#signalling = new SignallingClient(token, environment, {
      message: (name, payload) => this.#received(name, payload),
      unknown: (name, payload) => this.listener.notice(name, payload),
      closed: (reason) => this.#lost(reason),
    });
  }

  /** Id that stands for everything received (protocol §4.7). */
  get firstSlot(): number | undefined {
    const ids = this.#admitted?.streams.map(({ id }) => id) ?? [];
    return ids.length > 0 ? Math.min(...ids) : undefined;
  }

  /** Resolves with the admission, however long the server lets us wait after saying so. @throws {RoomError} */
  async join(): Promise<RoomConnected> {
    await this.#signalling.opened();
    const admission = new Promise<RoomConnected>((resolve, reject) => {
      const timer = this.environment.setTimeout(
        () => reject(new RoomError('connect-refused', 'The room did not let you in.')),
        ADMISSION_TIMEOUT_MS,
      );
      this.#admission = { resolve, reject, patient: () => this.environment.clearTimeout(timer) };
    });
    admission.catch(() => {});
    try {
      this.#asked = true;
      const accepted = this.#signalling.request('token', this.#tokenMessage()).then(({ clientId }) => {
        if (typeof clientId === 'string') this.clientId = clientId;
        return admission;
      });
      // Who is let in has been accepted, whether or not that was heard.
      return await Promise.race([accepted, admission]);
    } finally {
      this.#admission?.patient();
    }
  }

  /**
   * Signals these media connections from now on. Unless the session is a resumed one, everything that can be sent right
   * after admission is sent at once.
   */
  carry(media: SessionMedia): void {
    this.#media = media;
    media.attach(this.#signalling);
    const { iceServers, streams, dataChannelStream, resumed } = this.#admitted!;
    if (resumed) return;
    const { data, forceRelay, receive } = this.request;
    media.start(
      { iceServers, slots: streams, dataStream: dataChannelStream?.id, forceRelay },
      { data, media: receive !== 'nothing' },
    );
  }

  /** @throws {RoomError} */
  call(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    return this.#signalling.request(name, ...args);
  }

  notify(name: string, ...args: unknown[]): void {
    this.#signalling.notify(name, ...args);
  }

  /** Says goodbye and closes the socket. Resolves when it is closed, at most a second later. */
  async leave(): Promise<void> {
    if (this.#closed) return;
    await within(
      this.environment,
      this.#signalling.request('drop', { self: true }),
      LEAVE_WAIT_MS,
      () => new Error(),
    ).catch(() => {});
    this.close();
  }

  /** Says goodbye to whom we only asked to be let in, without waiting for an answer, and closes the socket. */
  abandon(): void {
    if (this.#asked) this.#signalling.notify('drop', { self: true });
    this.close();
  }

  /** Closes the socket at once, without a word. @param reason what a join that is still running rejects with. */
  close(reason = new RoomError('normal-disconnect', 'The room was left.')): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#admission?.reject(reason);
    this.#signalling.close(reason);
  }

  #tokenMessage(): Record<string, unknown> {
    const { data, advancedOptions, rejoin } = this.request;
    const agent = this.environment.userAgent();
    return {
      ...this.#raw,
      version: PROTOCOL_VERSION,
      hostType: hostType(agent),
      hostVersion: /(?:firefox|edg|chrome|version)\/([\d.]+)/i.exec(agent)?.[1] ?? '',
      hostDeviceType: /mobile|android/i.test(agent) ? 'mobile' : 'desktop',
      userAgent: agent,
      advancedOptions,
      singlePC: 'subs',
      dataChannel: data,
      ...(rejoin
        ? {
            isReconnecting: true,
            reconnectAttempt: rejoin.attempt,
            reconnectCount: rejoin.attempt,
            oldClientIdForReconnect: rejoin.oldClientId,
            room: rejoin.roomId,
            role: rejoin.role,
            name: rejoin.name,
            user_ref: rejoin.userRef,
            ...(rejoin.resuming
              ? {
                  ...(rejoin.resuming.resume ? { resume: true } : {}),
                  received: rejoin.resuming.received,
                  ...(rejoin.resuming.previousToken ? { previousToken: rejoin.resuming.previousToken } : {}),
                }
              : {}),
          }
        : {}),
    };
  }

  #received<K extends keyof ServerMessages>(name: K, payload: ServerMessages[K]): void {
    switch (name) {
      case 'room-connected':
        return this.#roomConnected(payload as RoomConnected);
      case 'room-awaited':
        return this.#await((payload as ServerMessages['room-awaited']).event_type);
      case 'roomManagementEvents': {
        const { id, roomData } = payload as ServerMessages['roomManagementEvents'];
        if (id !== 'wait-room-disabled' || !this.#waiting) return this.listener.message(name, payload);
        const waited = this.#waiting;
        this.#waiting = undefined;
        return this.#roomConnected({ ...waited, ...roomData, room: { ...waited.room, waitRoom: false } });
      }
      case 'room-disconnected':
        return this.#ended(payload as RoomDisconnected);
      case 'media_engine_connecting':
        return this.#media?.handle(payload as ServerMessages['media_engine_connecting']);
      case 'onDataStreamToRoom':
        return this.listener.data(payload);
      case 'onRemoveStream':
        this.listener.message(name, payload);
        return this.#media?.streamRemoved((payload as ServerMessages['onRemoveStream']).id);
      case 'onBandwidthAlert':
        this.listener.message(name, payload);
        if ((payload as ServerMessages['onBandwidthAlert']).some(({ bw }) => bw === 'unknown')) {
          this.#media?.receptionLost();
        }
        return;
      default:
        // What concerns people who are in the room means nothing to who is not.
        if (this.#admitted) this.listener.message(name, payload);
    }
  }

  #roomConnected(message: RoomConnected): void {
    this.clientId = this.clientId || (message.clientId ?? message.user?.clientId ?? '');
    if (!message.room.waitRoom) {
      this.#admitted = message;
      return this.#admission?.resolve(message);
    }
    // Known, but not in yet: the rest comes with the moderator (protocol §11.2).
    this.#waiting = message;
    this.#await('wait_for_moderator');
  }

  #await(why: 'knock' | 'wait_for_moderator'): void {
    this.#admission?.patient();
    if (this.#awaited === why) return;
    this.#awaited = why;
    this.listener.awaited(why);
  }
  #awaited: 'knock' | 'wait_for_moderator' | undefined;

  #ended(payload: RoomDisconnected): void {
    const reason = payload.cause?.msg ?? payload.msg;
    this.close(
      new RoomError(
        'entry-denied',
        reason ? `The room did not let you in: ${reason}.` : 'The room did not let you in.',
      ),
    );
    this.listener.ended(payload);
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    this.close(new RoomError('server-unreachable', 'The connection to the room server was lost.'));
    this.#media?.attach(undefined);
    this.listener.dropped(reason);
  }
}
