import { CANVAS_SLOT, SHARE_SLOT } from '../../../src/protocol/index.js';
import type { Participant, Publication } from './participant.js';
import { type People, requireModerator } from './people.js';
import { RequestError } from './request-error.js';
import { SharePermission } from './share-permission.js';

/** Somebody who began to share and does not publish within this time has lost their turn. */
const RESERVATION_MS = 15_000;

/** Slot and messages of what can be shared (protocol §5.5, §5.6). For a canvas there are none to its owner alone. */
const kinds = {
  screen: {
    slot: SHARE_SLOT,
    started: 'shareStarted',
    stopped: 'shareStopped',
    overridden: 'shareOverride',
    stop: 'stopSharing',
  },
  canvas: {
    slot: CANVAS_SLOT,
    started: 'canvasStarted',
    stopped: 'canvasStopped',
    overridden: undefined,
    stop: undefined,
  },
} as const;

export interface SharingOptions {
  kind: keyof typeof kinds;
  people: People;
  allowed: boolean;
  now: () => number;
  mayPublish(participant: Participant): boolean;
  /** Ends a stream whose turn was taken away. */
  end(participant: Participant, publication: Publication): void;
}

/** One screen, or one canvas, at a time, in its own slot. */
export class Sharing {
  readonly permission: SharePermission;
  #sharer:
    | {
        participant: Participant;
        publication?: Publication;
        /** What everybody is told besides: a screen's layout, a canvas's type. */
        details: Record<string, string>;
        sinceMs: number;
        /** Everybody was told of the share, which goes on while its sender rebuilds the connection. */
        announced: boolean;
      }
    | undefined;

  constructor(private readonly options: SharingOptions) {
    this.permission = new SharePermission({
      ...options,
      lost: (participant, by) => {
        if (this.#sharer?.participant === participant) this.#revoke(this.#kind.stop, by);
      },
    });
  }

  /** The stream in the slot, once it is up. */
  get current(): { participant: Participant; publication: Publication } | undefined {
    const { participant, publication } = this.#sharer ?? {};
    return participant && publication?.ready ? { participant, publication } : undefined;
  }

  /** As in `room-connected`. */
  get permissionView(): Record<string, unknown> {
    return { ...this.permission.view, state: this.#sharer?.announced ? 'on' : 'off' };
  }

  /** Whether somebody shares, as this person is to be told. */
  isOnFor(participant: Participant, resumed = false): boolean {
    // Who comes back without their media shares nothing until they do so again.
    return Boolean(this.#sharer?.announced) && (resumed || this.#sharer!.participant !== participant);
  }

  /** @throws {RequestError} `not-enabled`, `share-refused`, `share-running` */
  start(participant: Participant, override: boolean): void {
    this.requireAllowed();
    if (!this.options.mayPublish(participant)) {
      throw new RequestError('share-refused', 'You may not publish at the moment.');
    }
    if (!this.permission.allows(participant)) {
      throw new RequestError('share-refused', 'Ask for the permission first.');
    }
    const sharer = this.#sharer;
    if (sharer && sharer.participant !== participant) {
      const abandoned = !sharer.publication && this.options.now() - sharer.sinceMs > RESERVATION_MS;
      if (!abandoned && !(override && participant.isModerator)) {
        throw new RequestError('share-running', 'Somebody else is sharing.');
      }
      if (!abandoned) this.#revoke(this.#kind.overridden, participant);
    }
    this.#sharer =
      this.#sharer?.participant === participant
        ? { ...this.#sharer, sinceMs: this.options.now() }
        : { participant, details: {}, sinceMs: this.options.now(), announced: false };
  }

  /** @throws {RequestError} `not-enabled` */
  requireAllowed(): void {
    if (!this.options.allowed) throw new RequestError('not-enabled', 'Sharing is switched off in this room.');
  }

  cancel(participant: Participant): void {
    if (this.#sharer?.participant === participant && !this.#sharer.publication) this.#sharer = undefined;
  }

  /** They are gone, and what they published too. */
  left(participant: Participant): void {
    this.cancel(participant);
    this.permission.left(participant);
  }

  /** A stream is about to be published. @throws {RequestError} `share-refused` without a turn. */
  publishing(participant: Participant, publication: Publication, details: Record<string, string>): void {
    if (this.#sharer?.participant !== participant) {
      throw new RequestError('share-refused', 'Ask to share before publishing.');
    }
    this.#sharer = { ...this.#sharer, publication, details };
  }

  /** Its media is flowing: everybody is told. */
  started(publication: Publication): void {
    const sharer = this.#sharer;
    if (sharer?.publication !== publication) return;
    // The others saw no end of it, but the sharer's client may have begun anew.
    if (sharer.announced) sharer.participant.link.send(this.#kind.started, this.#notice);
    else this.options.people.broadcast(this.#kind.started, this.#notice);
    sharer.announced = true;
  }

  stopped(publication: Publication): void {
    if (this.#sharer?.publication !== publication) return;
    const { announced } = this.#sharer;
    const { clientId, name, streamId } = this.#notice;
    this.#sharer = undefined;
    if (announced) this.options.people.broadcast(this.#kind.stopped, { clientId, name, streamId });
  }

  /** Tells a newcomer, or somebody who is back, of a share that is running. */
  welcome(participant: Participant, resumed = false): void {
    if (this.isOnFor(participant, resumed)) participant.link.send(this.#kind.started, this.#notice);
  }

  /** @throws {RequestError} `not-authorised` */
  stopAll(moderator: Participant): void {
    requireModerator(moderator);
    this.#revoke(this.#kind.stop, moderator);
  }

  /** The sharer is told, and their stream ends whether their client obeys or not. */
  #revoke(event: string | undefined, by: Participant): void {
    if (!this.#sharer) return;
    const { participant, publication } = this.#sharer;
    if (event) participant.link.send(event, { clientId: by.clientId });
    if (publication) this.options.end(participant, publication);
    this.#sharer = undefined;
  }

  get #kind(): (typeof kinds)[keyof typeof kinds] {
    return kinds[this.options.kind];
  }

  get #notice(): Record<string, unknown> {
    const { participant, details } = this.#sharer!;
    const { clientId, identity } = participant;
    return { clientId, name: identity.name, streamId: this.#kind.slot, ...details };
  }
}
