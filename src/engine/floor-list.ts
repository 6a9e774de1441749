import type { Person } from '../protocol/index.js';
import { type FloorState, type PersonState, type RoomStateStore, sessionState } from './room-state.js';

/** Who asked for the floor of a lecture, has it, or was invited to it, as the room's state shows it. */
export class FloorList {
  constructor(private readonly store: RoomStateStore) {}

  /** Lists of an admission or of a new role. @param own one's own standing, where the server tells it */
  reset(
    lists: {
      requests?: Person[] | undefined;
      granted?: Person[] | undefined;
      invited?: Person[] | undefined;
    },
    own = this.state.own,
  ): void {
    this.set({
      own: lists.granted?.some(({ clientId }) => clientId === this.selfId) ? 'granted' : own,
      requests: frozen(lists.requests ?? []),
      granted: frozen(lists.granted ?? []),
      invited: frozen(lists.invited ?? []),
    });
  }

  clear(): void {
    this.store.update({ floor: sessionState.floor });
  }

  /** Somebody is gone. */
  left(clientId: string): void {
    this.move(clientId, undefined);
  }

  /** Puts somebody into one list and out of the others. */
  move(clientId: string, to: 'requests' | 'granted' | 'invited' | undefined, name?: string): void {
    const { requests, granted, invited } = this.state;
    const lists = { requests, granted, invited };
    const known = [...requests, ...granted, ...invited].find((person) => person.clientId === clientId);
    const person: PersonState = { clientId, name: name || known?.name || this.#nameOf(clientId) };
    for (const key of ['requests', 'granted', 'invited'] as const) {
      const others = lists[key].filter((other) => other.clientId !== clientId);
      if (key === to) lists[key] = frozen([...others, person]);
      else if (others.length < lists[key].length) lists[key] = frozen(others);
    }
    this.set(lists);
  }

  set(changes: Partial<FloorState>): void {
    this.store.update({ floor: Object.freeze({ ...this.state, ...changes }) });
  }

  get state(): FloorState {
    return this.store.current.floor;
  }

  get selfId(): string {
    return this.store.current.clientId;
  }

  #nameOf(clientId: string): string {
    return this.store.current.participants.find((person) => person.clientId === clientId)?.name ?? '';
  }
}

const frozen = (people: readonly PersonState[]): readonly PersonState[] =>
  Object.freeze(people.map((person) => Object.freeze({ ...person })));
