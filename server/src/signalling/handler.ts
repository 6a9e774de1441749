import type { Logger } from 'pino';
import type { ClientMessages } from '../../../src/protocol/index.js';
import type { TokenService } from '../auth/tokens.js';
import type { ClientLink, Participant } from '../rooms/participant.js';
import type { RoomRegistry } from '../rooms/room-registry.js';
import type { RoomSession } from '../rooms/room-session.js';

/** What every handler may use. */
export interface SignallingContext {
  tokens: TokenService;
  rooms: RoomRegistry;
  logger: Logger;
  now: () => number;
}

/** One client's socket as the handlers see it. */
export interface Caller {
  readonly context: SignallingContext;
  readonly link: ClientLink;
  /** Absent until the token was accepted. */
  joined: { session: RoomSession; participant: Participant } | undefined;
}

/** A caller that has joined; all handlers but `token` get one. */
export interface JoinedCaller extends Caller {
  joined: { session: RoomSession; participant: Participant };
}

/** Arguments of the acknowledgement, in the dialect that the message's senders read (protocol §2.3). */
export type Ack = readonly unknown[];

export type PayloadHandler<P> = (caller: JoinedCaller, payload: P, second: unknown) => Ack | Promise<Ack>;
export type Handler<K extends keyof ClientMessages> = PayloadHandler<ClientMessages[K]>;

/** The answer that satisfies all five forms (protocol §2.3). */
export const ok = (extra: Record<string, unknown> = {}): Ack => [{ result: 0, msg: 'success', ...extra }];
