import type { FloorManagement, Person } from '../protocol/index.js';
import { type FloorState, type PersonState, type RoomStateStore, sessionState } from './room-state.js';

type Call = (name: string, ...args: unknown[]) => Promise<unknown>;

/** What happened to one's own floor. */
export type FloorChange = 'granted' | 'taken' | undefined;

/**
 * Who may speak in a lecture (protocol §11.4). Verbs resolve when the server has done it and reject with the number it
 * gave: 4101 without the right, 1170 outside a lecture, 1702 for a second request, 1707 where there is nothing to answer.
 */
export class Floor {
  constructor(
    private readonly store: RoomStateStore,
    private readonly call: Call,
  ) {}

  /** Asks for the floor; moderators hear of it. */
  async request(): Promise<void> {
    await this.#process(this.#selfId, 'requestFloor');
    // Granting may have come before the acknowledgement.
    if (this.#state.own === 'none') this.#update({ own: 'requested' });
  }

  async cancel(): Promise<void> {
    await this.#process(this.#selfId, 'cancelFloor');
    this.#update({ own: 'none' });
  }

  /** Gives the floor back. */
  async finish(): Promise<void> {
    await this.#process(this.#selfId, 'finishFloor');
    this.#update({ own: 'none' });
  }

  /** Takes an invitation. The floor is there when the server grants it. */
  async accept(): Promise<void> {
    await this.#process(this.#selfId, 'acceptFloor');
    if (this.#state.own === 'invited') this.#update({ own: 'granted' });
  }

  async reject(): Promise<void> {
    await this.#process(this.#selfId, 'rejectFloor');
    this.#update({ own: 'none' });
  }

  async grant(clientId: string): Promise<void> {
    await this.#process(clientId, 'grantFloor');
    this.#move(clientId, 'granted');
  }

  async deny(clientId: string): Promise<void> {
    await this.#process(clientId, 'denyFloor');
    this.#move(clientId, undefined);
  }

  /** Takes the floor back from somebody. */
  async release(clientId: string): Promise<void> {
    await this.#process(clientId, 'releaseFloor');
    this.#move(clientId, undefined);
  }

  async invite(clientId: string): Promise<void> {
    await this.call('inviteToFloor', { clientId });
    this.#move(clientId, 'invited');
  }

  async cancelInvite(clientId: string): Promise<void> {
    await this.#process(clientId, 'cancelFloorInvite');
    this.#move(clientId, undefined);
  }

  // ── what the server tells ─────────────────────────────────────────────────────────────────────────────────────

  /** Lists of an admission or of a new role. @param own one's own standing, where the server tells it */
  reset(
    lists: {
      requests?: Person[] | undefined;
      granted?: Person[] | undefined;
      invited?: Person[] | undefined;
    },
    own = this.#state.own,
  ): void {
    this.#update({
      own: lists.granted?.some(({ clientId }) => clientId === this.#selfId) ? 'granted' : own,
      requests: frozen(lists.requests ?? []),
      granted: frozen(lists.granted ?? []),
      invited: frozen(lists.invited ?? []),
    });
  }

  clear(): void {
    this.store.update({ floor: sessionState.floor });
  }

  /** @returns what it means for what one sends. */
  received({ id, clientId, name }: FloorManagement): FloorChange {
    // Where nobody is named it is about oneself.
    const isSelf = clientId === '' || clientId === this.#selfId;
    switch (id) {
      case 'floorRequested':
        this.#move(clientId, 'requests', name);
        return undefined;
      case 'floorGranted':
      case 'floorAccepted':
        if (isSelf) this.#update({ own: 'granted' });
        this.#move(clientId, 'granted', name);
        return isSelf ? 'granted' : undefined;
      case 'inviteToFloor':
        if (isSelf) this.#update({ own: 'invited' });
        else this.#move(clientId, 'invited', name);
        return undefined;
      case 'floorDenied':
      case 'floorCancelled':
      case 'floorFinished':
      case 'floorRejected':
      case 'floorReleased':
      case 'cancelFloorInvite': {
        const had = this.#state.own === 'granted';
        if (isSelf) this.#update({ own: 'none' });
        this.#move(clientId, undefined);
        return isSelf && had ? 'taken' : undefined;
      }
      default:
        return undefined;
    }
  }

  /** Somebody is gone. */
  left(clientId: string): void {
    this.#move(clientId, undefined);
  }

  get #state(): FloorState {
    return this.store.current.floor;
  }

  get #selfId(): string {
    return this.store.current.clientId;
  }

  #process(clientId: string, action: string): Promise<unknown> {
    return this.call('processFloorRequest', clientId, action);
  }

  /** Puts somebody into one list and out of the others. */
  #move(clientId: string, to: 'requests' | 'granted' | 'invited' | undefined, name?: string): void {
    const { requests, granted, invited } = this.#state;
    const lists = { requests, granted, invited };
    const known = [...requests, ...granted, ...invited].find((person) => person.clientId === clientId);
    const person: PersonState = { clientId, name: name || known?.name || this.#nameOf(clientId) };
    for (const key of ['requests', 'granted', 'invited'] as const) {
      const others = lists[key].filter((other) => other.clientId !== clientId);
      if (key === to) lists[key] = frozen([...others, person]);
      else if (others.length < lists[key].length) lists[key] = frozen(others);
    }
    this.#update(lists);
  }

  #nameOf(clientId: string): string {
    return this.store.current.participants.find((person) => person.clientId === clientId)?.name ?? '';
  }

  #update(changes: Partial<FloorState>): void {
    this.store.update({ floor: Object.freeze({ ...this.#state, ...changes }) });
  }
}

const frozen = (people: readonly PersonState[]): readonly PersonState[] =>
  Object.freeze(people.map((person) => Object.freeze({ ...person })));
