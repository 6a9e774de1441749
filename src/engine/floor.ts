import type { FloorManagement } from '../protocol/index.js';
import type { FloorList } from './floor-list.js';

type Call = (name: string, ...args: unknown[]) => Promise<unknown>;

/**
 * Who may speak in a lecture (protocol §11.4). Verbs resolve when the server has done it and reject with the number it
 * gave: 4101 without the right, 1170 outside a lecture, 1702 for a second request, 1707 where there is nothing to answer.
 */
export class Floor {
  constructor(
    private readonly list: FloorList,
    private readonly call: Call,
  ) {}

  /** Asks for the floor; moderators hear of it. */
  async request(): Promise<void> {
    await this.#process(this.list.selfId, 'requestFloor');
    // Granting may have come before the acknowledgement.
    if (this.list.state.own === 'none') this.list.set({ own: 'requested' });
  }

  async cancel(): Promise<void> {
    await this.#process(this.list.selfId, 'cancelFloor');
    this.list.set({ own: 'none' });
  }

  /** Gives the floor back. */
  async finish(): Promise<void> {
    await this.#process(this.list.selfId, 'finishFloor');
    this.list.set({ own: 'none' });
  }

  /** Takes an invitation. The floor is there when the server grants it. */
  async accept(): Promise<void> {
    await this.#process(this.list.selfId, 'acceptFloor');
    if (this.list.state.own === 'invited') this.list.set({ own: 'granted' });
  }

  async reject(): Promise<void> {
    await this.#process(this.list.selfId, 'rejectFloor');
    this.list.set({ own: 'none' });
  }

  async grant(clientId: string): Promise<void> {
    await this.#process(clientId, 'grantFloor');
    this.list.move(clientId, 'granted');
  }

  async deny(clientId: string): Promise<void> {
    await this.#process(clientId, 'denyFloor');
    this.list.move(clientId, undefined);
  }

  /** Takes the floor back from somebody. */
  async release(clientId: string): Promise<void> {
    await this.#process(clientId, 'releaseFloor');
    this.list.move(clientId, undefined);
  }

  async invite(clientId: string): Promise<void> {
    await this.call('inviteToFloor', { clientId });
    this.list.move(clientId, 'invited');
  }

  async cancelInvite(clientId: string): Promise<void> {
    await this.#process(clientId, 'cancelFloorInvite');
    this.list.move(clientId, undefined);
  }

  #process(clientId: string, action: string): Promise<unknown> {
    return this.call('processFloorRequest', clientId, action);
  }
}

/** What happened to one's own floor. */
export type FloorChange = 'granted' | 'taken' | undefined;

/** @returns what it means for what one sends. */
export function floorEvent(list: FloorList, { id, clientId, name }: FloorManagement): FloorChange {
  // Where nobody is named it is about oneself.
  const isSelf = clientId === '' || clientId === list.selfId;
  switch (id) {
    case 'floorRequested':
      list.move(clientId, 'requests', name);
      return undefined;
    case 'floorGranted':
    case 'floorAccepted':
      if (isSelf) list.set({ own: 'granted' });
      list.move(clientId, 'granted', name);
      return isSelf ? 'granted' : undefined;
    case 'inviteToFloor':
      if (isSelf) list.set({ own: 'invited' });
      else list.move(clientId, 'invited', name);
      return undefined;
    case 'floorDenied':
    case 'floorCancelled':
    case 'floorFinished':
    case 'floorRejected':
    case 'floorReleased':
    case 'cancelFloorInvite': {
      const had = list.state.own === 'granted';
      if (isSelf) list.set({ own: 'none' });
      list.move(clientId, undefined);
      return isSelf && had ? 'taken' : undefined;
    }
    default:
      return undefined;
  }
}
