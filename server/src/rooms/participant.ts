import type { Role, StreamId, User } from '../../../src/protocol/index.js';
import type { TransportId } from '../media/engine.js';
import { Outbox } from './outbox.js';
import { RecentIds } from './recent-ids.js';
import { Reception } from './reception.js';

/** The way to one client. Sending to a client that has gone is a no-op. */
export interface ClientLink {
  readonly remoteAddress: string;
  send(event: string, payload: unknown): void;
  /**
   * The same with an acknowledgement, which some messages must carry to be believed (protocol §7).
   * @param acknowledged called if the client does so.
   */
  request(event: string, payload: unknown, acknowledged?: () => void): void;
  /** `host[:port]` that this client used to reach us, as far as it says. */
  readonly host: string | undefined;
  /** Ends the connection after everything sent so far. @param graceMs time the client has to do it itself (0). */
  close(graceMs?: number): void;
}

/** One stream a participant sends. */
export interface Publication {
  readonly streamId: StreamId;
  readonly transport: TransportId;
  readonly source: 'camera' | 'screen' | 'canvas';
  readonly audio: boolean;
  readonly video: boolean;
  /** ICE and DTLS are up: only now others are told. */
  ready: boolean;
}

/** Who a participant is: from the server's own token record, never from what a client says. `role` is that of the token. */
export interface Identity {
  clientId: string;
  /** What they last came in with; only it brings them back into this session. */
  tokenId: string;
  name: string;
  role: Role;
  userRef: string;
  data?: Record<string, unknown>;
}

/** A person's presence in one room, for as long as their session lasts. */
export class Participant {
  readonly publications = new Map<StreamId, Publication>();
  readonly subscriberTransport: TransportId;
  readonly dataTransport: TransportId;
  /** As of now; a moderator may change it. */
  role: Role;
  /** What the participant's own client says. */
  readonly muted = { audio: false, video: false };
  /** Muted by a moderator: not forwarded, whatever the client says. */
  readonly hardMuted = { audio: false, video: false };
  /** What others were last told of it; `user-connected` tells them of nothing muted. */
  readonly announcedMuted = { audio: false, video: false };
  /** Data connection is open; else chat goes over the socket. */
  dataReady = false;
  /** Stream id of the first `subscribe`: names the subscriber connection in all media messages (protocol §4.3). */
  subscriberPeerId: StreamId | undefined;
  /** How many talkers this client wants; the room's number until it says otherwise. */
  talkerLimits: { talkers: number; audio: number; video: number } | undefined;
  readonly reception = new Reception();
  /** Slot of each talker (client id), as last sent. */
  slots: Map<string, number> = new Map();
  /** Last talker list sent, as JSON, so that only changes go out. */
  lastTalkers = '';
  /** The client asked for a data connection. */
  wantsData = true;
  readonly advancedOptions = new Map<string, Record<string, unknown>>();
  /** Client ids that this receiver wants to see before all others. */
  readonly pinned = new Set<string>();
  /** The connection broke, and they may yet come back. */
  away = false;
  /** Their client has spoken since it was admitted, so it knows that it was. */
  confirmed = false;
  readonly outbox = new Outbox();
  /** Ids their client gave to what it said lately: said again after a break, it is not passed on again. */
  said = new RecentIds();
  /** `timestamp` of the last message before they came, and of the last they have from an earlier session. */
  joinedAt = 0;
  heardUntil = 0;
  /** They left the room alone for a while, as for a breakout room: nothing of these kinds is sent to them. */
  readonly paused = { audio: false, video: false };

  /** @param link to their client; another one when they come back. */
  constructor(
    readonly identity: Identity,
    public link: ClientLink,
  ) {
    this.subscriberTransport = `${identity.clientId}/subscriber`;
    this.dataTransport = `${identity.clientId}/data`;
    this.role = identity.role;
  }

  /** Whether their client switched an advanced option on. */
  wants(option: string): boolean {
    return this.advancedOptions.get(option)?.enable === true;
  }

  get clientId(): string {
    return this.identity.clientId;
  }

  get isModerator(): boolean {
    return this.role === 'moderator';
  }

  /** Sends none of this kind to others, by own choice or a moderator's. */
  isMuted(kind: 'audio' | 'video'): boolean {
    return this.muted[kind] || this.hardMuted[kind];
  }

  get camera(): Publication | undefined {
    for (const publication of this.publications.values())
      if (publication.source === 'camera') return publication;
    return undefined;
  }

  /** As others see them (protocol §3.3 `User`). */
  get user(): User {
    const { clientId, name, userRef, data } = this.identity;
    const { role } = this;
    return {
      clientId,
      name,
      role,
      user_ref: userRef,
      permissions: { publish: role !== 'viewer' && role !== 'audience', subscribe: true },
      audioMuted: this.isMuted('audio'),
      videoMuted: this.isMuted('video'),
      ...(data ? { data } : {}),
    };
  }
}
