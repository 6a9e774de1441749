import type { Logger } from 'pino';
import type { IceServer } from '../../../src/protocol/index.js';
import type { MediaEngine } from '../media/engine.js';
import type { RoomRecord } from '../store/store.js';
import type { RoomEvent } from './attendance.js';
import type { Received } from './outbox.js';

export interface RoomSessionOptions {
  record: RoomRecord;
  engine: MediaEngine;
  logger: Logger;
  now: () => number;
  /** For one participant: relay credentials are personal. */
  iceServers(clientId: string): IceServer[];
  /** Where a client that reached us by this host can probe whether the network is back (protocol §8.1). */
  detectionUrl(host: string | undefined): string | undefined;
  /** How long people whose connection broke are waited for; 0 = not at all. */
  graceMs: number;
  /** These tokens serve no more, also not to come back. */
  revoke(tokenIds: string[]): void;
  /** Keeps account of what happens. */
  observe: (event: RoomEvent) => void;
  /** The session is over. @param held somebody was in the room, and did not only wait before it */
  ended(held: boolean): void;
}

/** What somebody brings who comes back. */
export interface Return {
  /** Their media still flows and should go on. */
  resume: boolean;
  wantsData: boolean;
  received?: Received | undefined;
}
