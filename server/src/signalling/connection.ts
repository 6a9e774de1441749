import type { EventEmitter } from 'node:events';
import type { Socket } from 'socket.io';
import {
  check,
  type ClientMessages,
  clientMessages,
  codeOf,
  type ErrorName,
} from '../../../src/protocol/index.js';
import type { ClientLink, Participant } from '../rooms/participant.js';
import { RequestError } from '../rooms/request-error.js';
import type { RoomSession } from '../rooms/room-session.js';
import {
  type Ack,
  type Caller,
  type Handler,
  type JoinedCaller,
  ok,
  type SignallingContext,
} from './handler.js';
import { handlers, fixedAnswers } from './handlers/index.js';
import { joinWithToken } from './handlers/token.js';
import { RateLimit } from './rate-limit.js';

/** A socket that has not shown a token by then is closed. */
const TOKEN_TIMEOUT_MS = 15_000;
/** Generous for a join with 18 slots and its candidates; far below what hurts. */
const MESSAGES_PER_SECOND = 60;
const MESSAGE_BURST = 400;

/** What the others hear of; nobody does before the moderator is here (protocol §11.2). */
const toOthers: ReadonlySet<string> = new Set<keyof ClientMessages>([
  'sendDataStreamToRoom',
  'setCustomData',
  'saveCustomData',
  'auxilaryPublishRequests',
  'changeUserRoleOption',
  'muteRoom',
  'unMuteRoom',
]);

/** With this a browser closes the sockets of a page that is closed or left (RFC 6455 §7.4.1): nobody comes back on it. */
const GOING_AWAY = 1001;

/** One client's socket: checks what comes in, finds the handler, acknowledges everything exactly once. */
export class Connection implements Caller {
  joined: { session: RoomSession; participant: Participant } | undefined;
  readonly link: ClientLink;
  readonly #rate: RateLimit;

  constructor(
    private readonly socket: Socket,
    readonly context: SignallingContext,
  ) {
    this.#rate = new RateLimit(MESSAGES_PER_SECOND, MESSAGE_BURST, context.now());
    this.link = {
      remoteAddress: socket.handshake.address,
      send: (event, payload) => void socket.emit(event, payload),
      request: (event, payload, acknowledged = () => {}) => void socket.emit(event, payload, acknowledged),
      host: socket.handshake.headers.host,
      close: (graceMs = 0) => {
        if (graceMs === 0) socket.disconnect(true);
        else setTimeout(() => socket.disconnect(true), graceMs).unref();
      },
    };
    const timer = setTimeout(() => {
      if (!this.joined) socket.disconnect(true);
    }, TOKEN_TIMEOUT_MS);
    socket.onAny((name: string, ...args: unknown[]) => void this.#received(name, args));
    let pageIsGone = false;
    // Socket.IO does not pass the code on, so it is taken from the WebSocket, before Socket.IO hears of the end.
    const { socket: webSocket } = (socket.conn?.transport ?? {}) as { socket?: EventEmitter };
    webSocket?.prependOnceListener('close', (code: number) => (pageIsGone = code === GOING_AWAY));
    socket.on('disconnect', () => {
      clearTimeout(timer);
      this.joined?.session.lost(this.joined.participant, this.link, pageIsGone);
    });
  }

  async #received(name: string, args: unknown[]): Promise<void> {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (...args: unknown[]) => void) : () => {};
    const [payload, second] = typeof last === 'function' ? args.slice(0, -1) : args;
    try {
      if (!this.#rate.take(this.context.now()))
        throw new RequestError('rate-exceeded', 'Too many messages at once.');
      if (name === 'token') {
        const { ack, then } = this.#join(payload);
        acknowledge(...ack);
        then?.();
        return;
      }
      acknowledge(...(await this.#dispatch(name, payload, second)));
    } catch (error) {
      if (error instanceof RequestError) return acknowledge(error.answer);
      this.context.logger.error(
        { err: error, event: name, client: this.joined?.participant.clientId },
        'handler failed',
      );
      acknowledge(new RequestError('internal-error', 'The server could not do this.').answer);
    }
  }

  #join(payload: unknown): { ack: Ack; then?: () => void } {
    const checked = check(clientMessages.token, payload);
    return checked.ok
      ? joinWithToken(this, checked.value, payload)
      : { ack: ['error', refusal('token-malformed', checked.error.message)] };
  }

  /** @throws {RequestError} */
  #dispatch(name: string, payload: unknown, second: unknown): Ack | Promise<Ack> {
    const { joined } = this;
    if (!joined) return [refusal('not-joined', 'Join with a token first.')];
    const { session, participant } = joined;
    if (!session.isCurrent(participant, this.link)) return this.#dispatchOutside(joined, name, payload);
    if (!participant.confirmed) {
      participant.confirmed = true;
      const { tokenId, clientId } = participant.identity;
      this.context.tokens.confirm(tokenId, clientId);
    }
    if (session.entry.waitsForModerator && toOthers.has(name)) {
      throw new RequestError('moderator-missing', 'The moderator is not here yet.');
    }
    if (!Object.hasOwn(handlers, name)) {
      // Everything is acknowledged, also what this server has never heard of (protocol §14).
      return Object.hasOwn(fixedAnswers, name) ? fixedAnswers[name]! : ok();
    }
    const known = name as Exclude<keyof ClientMessages, 'token'>;
    const checked = check(clientMessages[known], payload);
    if (!checked.ok) return [refusal('message-malformed', `${name}: ${checked.error.message}`)];
    return (handlers[known] as Handler<typeof known>)(this as JoinedCaller, checked.value, second);
  }

  /** A client that waits to be let in, was sent away, or came back on another connection: it may say goodbye (protocol §9.1). */
  #dispatchOutside({ session, participant }: JoinedCaller['joined'], name: string, payload: unknown): Ack {
    if (!['drop', 'unpublish', 'unsubscribe'].includes(name)) {
      return [refusal('not-joined', 'You are not in the room.')];
    }
    const drop = name === 'drop' ? check(clientMessages.drop, payload) : undefined;
    if (drop?.ok && drop.value.self && session.entry.awaited.has(participant.clientId)) {
      session.leave(participant, this.link);
    }
    return ok();
  }
}

const refusal = (error: ErrorName, msg: string): object => ({ result: codeOf(error), error, msg });
