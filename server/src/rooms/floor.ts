import type { Participant } from './participant.js';
import { type People, requireModerator } from './people.js';
import { RequestError } from './request-error.js';

export const floorActions = [
  'requestFloor',
  'cancelFloor',
  'finishFloor',
  'grantFloor',
  'denyFloor',
  'releaseFloor',
  'acceptFloor',
  'rejectFloor',
  'cancelFloorInvite',
] as const;
export type FloorAction = (typeof floorActions)[number];

export interface FloorOptions {
  people: People;
  isLecture(): boolean;
  /** Somebody lost the floor: what they publish goes. */
  lost(participant: Participant): void;
}

type Hand = { clientId: string; name: string };

/** Who may speak in lecture mode: hands up, invitations, and who has the floor (protocol §11.4). */
export class Floor {
  readonly #raised = new Map<string, Participant>();
  readonly #approved = new Map<string, Participant>();
  readonly #invited = new Map<string, Participant>();

  /** Whether the floor may be asked for. */
  open = true;

  constructor(private readonly options: FloorOptions) {}

  /** @throws {RequestError} `not-authorised`, `already-in-state` */
  setOpen(moderator: Participant, open: boolean): void {
    requireModerator(moderator);
    if (open === this.open)
      throw new RequestError('already-in-state', `The floor is ${open ? 'open' : 'closed'} already.`);
    this.open = open;
    this.options.people.roomEvent(open ? 'floor-opened' : 'floor-closed', { moderator: moderator.clientId });
  }

  get view(): { raisedHands: Hand[]; approvedHands: Hand[]; floorInvites: Hand[] } {
    const hands = (map: Map<string, Participant>): Hand[] =>
      [...map.values()].map(({ clientId, identity }) => ({ clientId, name: identity.name }));
    return {
      raisedHands: hands(this.#raised),
      approvedHands: hands(this.#approved),
      floorInvites: hands(this.#invited),
    };
  }

  /** How one person stands. */
  standing({ clientId }: Participant): 'granted' | 'invited' | 'requested' | 'none' {
    if (this.#approved.has(clientId)) return 'granted';
    if (this.#invited.has(clientId)) return 'invited';
    return this.#raised.has(clientId) ? 'requested' : 'none';
  }

  mayPublish(participant: Participant): boolean {
    return !this.options.isLecture() || participant.isModerator || this.#approved.has(participant.clientId);
  }

  /** @throws {RequestError} `not-enabled`, `not-authorised`, `already-in-state`, `request-not-found` */
  process(caller: Participant, clientId: string | undefined, action: FloorAction): void {
    if (!this.options.isLecture())
      throw new RequestError('not-enabled', 'The floor is only managed in lecture mode.');
    switch (action) {
      case 'requestFloor':
        if (!this.open) throw new RequestError('not-enabled', 'The floor cannot be asked for at the moment.');
        if (this.#raised.has(caller.clientId) || this.#approved.has(caller.clientId)) {
          throw new RequestError('request-pending', 'The floor was requested already.');
        }
        this.#raised.set(caller.clientId, caller);
        return this.#tellModerators('floorRequested', caller);
      case 'cancelFloor':
        this.#take(this.#raised, caller.clientId);
        return this.#tellModerators('floorCancelled', caller);
      case 'finishFloor':
        this.#take(this.#approved, caller.clientId);
        this.options.lost(caller);
        return this.#tellModerators('floorFinished', caller);
      case 'acceptFloor':
        this.#take(this.#invited, caller.clientId);
        this.#approve(caller);
        this.#tell(caller, 'floorGranted', caller);
        return this.#tellModerators('floorAccepted', caller);
      case 'rejectFloor':
        this.#take(this.#invited, caller.clientId);
        return this.#tellModerators('floorRejected', caller);
      default:
    }
    requireModerator(caller);
    const target = this.options.people.find(clientId ?? '');
    switch (action) {
      case 'grantFloor':
        this.#take(this.#raised, target.clientId);
        this.#approve(target);
        this.#tell(target, 'floorGranted', target, caller);
        return this.#tellModerators('floorGranted', target, caller);
      case 'denyFloor':
        this.#take(this.#raised, target.clientId);
        this.#tell(target, 'floorDenied', target, caller);
        return this.#tellModerators('floorDenied', target, caller);
      case 'releaseFloor':
        this.#take(this.#approved, target.clientId);
        this.#tell(target, 'floorReleased', target, caller);
        this.#tellModerators('floorReleased', target, caller);
        return this.options.lost(target);
      case 'cancelFloorInvite':
        this.#take(this.#invited, target.clientId);
        this.#tell(target, 'cancelFloorInvite', target, caller);
        return this.#tellModerators('cancelFloorInvite', target, caller);
    }
  }

  /** @throws {RequestError} `not-authorised`, `stream-not-found`, `not-enabled` */
  invite(moderator: Participant, clientId: string): void {
    requireModerator(moderator);
    if (!this.options.isLecture())
      throw new RequestError('not-enabled', 'The floor is only managed in lecture mode.');
    const target = this.options.people.find(clientId);
    this.#invited.set(clientId, target);
    this.#tell(target, 'inviteToFloor', target, moderator);
    this.#tellModerators('inviteToFloor', target, moderator);
  }

  left(participant: Participant): void {
    for (const map of [this.#raised, this.#approved, this.#invited]) map.delete(participant.clientId);
  }

  clear(): void {
    for (const map of [this.#raised, this.#approved, this.#invited]) map.clear();
  }

  /** However they got it: what they asked for, and what they were asked, is settled with it. */
  #approve(participant: Participant): void {
    this.left(participant);
    this.#approved.set(participant.clientId, participant);
  }

  #take(map: Map<string, Participant>, clientId: string): void {
    if (!map.delete(clientId)) throw new RequestError('request-not-found', 'There is no such request.');
  }

  #payload(id: string, about: Participant, moderator?: Participant): object {
    const { clientId, identity } = about;
    return { id, clientId, name: identity.name, ...(moderator ? { moderatorId: moderator.clientId } : {}) };
  }

  #tell(receiver: Participant, id: string, about: Participant, moderator?: Participant): void {
    receiver.link.send('floorManagementEvents', this.#payload(id, about, moderator));
  }

  #tellModerators(id: string, about: Participant, except?: Participant): void {
    this.options.people.toModerators('floorManagementEvents', this.#payload(id, about, except), except);
  }
}
