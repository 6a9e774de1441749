import { SHARE_SLOT } from '../../../src/protocol/index.js';
import type { Participant, Publication } from './participant.js';
import { type People, requireModerator } from './people.js';
import { RequestError } from './request-error.js';

/** Somebody who began to share and does not publish within this time has lost their turn. */
const RESERVATION_MS = 15_000;

/** One screen at a time, in its own slot (protocol §5.5). */
export class Sharing {
  #sharer:
    | {
        participant: Participant;
        publication?: Publication;
        layout: string;
        sinceMs: number;
        /** Everybody was told of the share, which goes on while its sender rebuilds the connection. */
        announced: boolean;
      }
    | undefined;

  constructor(
    private readonly options: {
      people: People;
      allowed: boolean;
      now: () => number;
      mayPublish(participant: Participant): boolean;
      /** Ends a screen whose turn was taken away. */
      end(participant: Participant, publication: Publication): void;
    },
  ) {}

  /** The stream in the share slot, once it is up. */
  get current(): { participant: Participant; publication: Publication } | undefined {
    const { participant, publication } = this.#sharer ?? {};
    return participant && publication?.ready ? { participant, publication } : undefined;
  }

  /** Whether somebody shares, as this person is to be told. */
  isOnFor(participant: Participant, resumed = false): boolean {
    // Who comes back without their media shares nothing until they do so again.
    return Boolean(this.#sharer?.announced) && (resumed || this.#sharer!.participant !== participant);
  }

  /** @throws {RequestError} `not-enabled`, `share-refused`, `share-running` */
  start(participant: Participant, override: boolean): void {
    if (!this.options.allowed) throw new RequestError('not-enabled', 'Sharing is switched off in this room.');
    if (!this.options.mayPublish(participant)) {
      throw new RequestError('share-refused', 'You may not publish at the moment.');
    }
    const sharer = this.#sharer;
    if (sharer && sharer.participant !== participant) {
      const abandoned = !sharer.publication && this.options.now() - sharer.sinceMs > RESERVATION_MS;
      if (!abandoned && !(override && participant.isModerator)) {
        throw new RequestError('share-running', 'Somebody else is sharing.');
      }
      if (!abandoned) this.#revoke('shareOverride', participant);
    }
    this.#sharer =
      this.#sharer?.participant === participant
        ? { ...this.#sharer, sinceMs: this.options.now() }
        : { participant, layout: 'grid', sinceMs: this.options.now(), announced: false };
  }

  cancel(participant: Participant): void {
    if (this.#sharer?.participant === participant && !this.#sharer.publication) this.#sharer = undefined;
  }

  /** A screen is about to be published. @throws {RequestError} `share-refused` without a turn. */
  publishing(participant: Participant, publication: Publication, layout: string): void {
    if (this.#sharer?.participant !== participant) {
      throw new RequestError('share-refused', 'Ask to share before publishing a screen.');
    }
    this.#sharer = { ...this.#sharer, publication, layout };
  }

  /** Its media is flowing: everybody is told. */
  started(publication: Publication): void {
    const sharer = this.#sharer;
    if (sharer?.publication !== publication) return;
    // The others saw no end of it, but the sharer's client may have begun anew.
    if (sharer.announced) sharer.participant.link.send('shareStarted', this.#notice);
    else this.options.people.broadcast('shareStarted', this.#notice);
    sharer.announced = true;
  }

  stopped(participant: Participant, publication: Publication): void {
    const notice = { clientId: participant.clientId, name: participant.identity.name, streamId: SHARE_SLOT };
    if (this.#sharer?.publication !== publication) return;
    const { announced } = this.#sharer;
    this.#sharer = undefined;
    if (announced) this.options.people.broadcast('shareStopped', notice);
  }

  /** Tells a newcomer, or somebody who is back, of a share that is running. */
  welcome(participant: Participant, resumed = false): void {
    if (this.isOnFor(participant, resumed)) participant.link.send('shareStarted', this.#notice);
  }

  /** @throws {RequestError} `not-authorised` */
  stopAll(moderator: Participant): void {
    requireModerator(moderator);
    this.#revoke('stopSharing', moderator);
  }

  /** The sharer is told, and their screen ends whether their client obeys or not. */
  #revoke(event: 'shareOverride' | 'stopSharing', by: Participant): void {
    if (!this.#sharer) return;
    const { participant, publication } = this.#sharer;
    participant.link.send(event, { clientId: by.clientId });
    if (publication) this.options.end(participant, publication);
    this.#sharer = undefined;
  }

  get #notice(): object {
    const { participant, layout } = this.#sharer!;
    return { clientId: participant.clientId, name: participant.identity.name, streamId: SHARE_SLOT, layout };
  }
}
