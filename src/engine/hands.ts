import type { Floor } from './floor.js';
import type { HandState, RoomStateStore } from './room-state.js';

/** Longest reaction, in UTF-16 units: one emoji with skin tone and joiners. */
const MAX_REACTION_LENGTH = 32;

/** Custom data with which rooms of ours tell each other of hands and reactions; other clients just receive data. */
export type GestureMessage =
  { enx: 'hand'; raised: boolean; since: number } | { enx: 'reaction'; emoji: string };

/**
 * Raised hands and reactions. The protocol knows hands only as requests for the floor of a lecture; elsewhere they
 * travel as custom data (protocol §10), so they need nothing of the server.
 */
export class Hands {
  #hands: readonly HandState[] = Object.freeze([]);

  constructor(
    private readonly store: RoomStateStore,
    private readonly floor: () => Promise<Floor>,
    private readonly send: (message: GestureMessage, recipients: string[]) => Promise<unknown>,
    private readonly now: () => number,
  ) {}

  /** Raises or lowers one's hand; in a lecture it asks for the floor, or no longer. @throws {RoomError} */
  async raise(raised: boolean): Promise<void> {
    const { clientId, mode, role, floor } = this.store.current;
    if (mode === 'lecture' && role !== 'moderator') {
      if (raised && floor.own === 'none') await (await this.floor()).request();
      else if (!raised && floor.own === 'requested') await (await this.floor()).cancel();
      return;
    }
    const since = this.now();
    await this.send({ enx: 'hand', raised, since }, []);
    this.set(clientId, raised ? since : undefined);
  }

  /** @throws {RoomError} */
  async react(emoji: string): Promise<void> {
    await this.send({ enx: 'reaction', emoji: emoji.slice(0, MAX_REACTION_LENGTH) }, []);
  }

  /** Somebody came: they have not heard of our hand. */
  greet(clientId: string): void {
    const own = this.#hands.find((hand) => hand.clientId === this.store.current.clientId);
    if (own) this.send({ enx: 'hand', raised: true, since: own.since }, [clientId]).catch(() => {});
  }

  /** A new session: the others may have forgotten our hand. */
  again(): void {
    const own = this.#hands.find((hand) => hand.clientId === this.store.current.clientId);
    if (own) this.send({ enx: 'hand', raised: true, since: own.since }, []).catch(() => {});
  }

  set(clientId: string, since: number | undefined): void {
    const others = this.#hands.filter((hand) => hand.clientId !== clientId);
    this.#hands = Object.freeze(
      since === undefined
        ? others
        : [...others, Object.freeze({ clientId, since })].sort((a, b) => a.since - b.since),
    );
    this.publish();
  }

  clear(): void {
    this.#hands = Object.freeze([]);
    this.publish();
  }

  /** Requests for the floor are raised hands too. */
  publish(): void {
    const { floor, clientId, hands } = this.store.current;
    const known = new Map(hands.map((hand) => [hand.clientId, hand]));
    const asking = floor.requests.map((person) => person.clientId);
    if (floor.own === 'requested' && !asking.includes(clientId)) asking.push(clientId);
    const raised = [
      ...this.#hands,
      ...asking
        .filter((id) => !this.#hands.some((hand) => hand.clientId === id))
        .map((id) => known.get(id) ?? Object.freeze({ clientId: id, since: this.now() })),
    ].sort((a, b) => a.since - b.since);
    const unchanged = raised.length === hands.length && raised.every((hand, index) => hand === hands[index]);
    if (!unchanged) this.store.update({ hands: Object.freeze(raised) });
  }
}

/** The gesture in custom data, if it is one. */
export function readGesture(data: unknown): GestureMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { enx, raised, since, emoji } = data as Record<string, unknown>;
  if (enx === 'hand' && typeof raised === 'boolean') {
    return { enx, raised, since: typeof since === 'number' && Number.isFinite(since) ? since : 0 };
  }
  if (enx === 'reaction' && typeof emoji === 'string' && emoji !== '') {
    return { enx, emoji: emoji.slice(0, MAX_REACTION_LENGTH) };
  }
  return undefined;
}
