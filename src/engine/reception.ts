import { PAUSE_VIDEO } from '../protocol/constants.js';
import { notConnected, RoomError } from './errors.js';
import { receiveQualities, type ReceiveQuality, type RoomStateStore } from './room-state.js';
import type { Session } from './session.js';

type Call = (name: string, ...args: unknown[]) => Promise<Record<string, unknown>>;

/** Picture sizes one can ask for (protocol §4.7). */
const sizes = {
  HD: { width: 1280, height: 720 },
  SD: { width: 960, height: 540 },
  LD: { width: 640, height: 360 },
  Auto: {},
} as const satisfies Record<ReceiveQuality, object>;

/** What we ask the server to send us: how many talkers, how large, which pictures. Asked again after a reconnect. */
export class Reception {
  #talkerCount: number | undefined;
  #hearsTalkers = false;
  #unseen: readonly number[] = [];
  #seen: readonly number[] | undefined;
  /** What is being told of it, until the server has answered. */
  #telling: Promise<boolean> | undefined;

  constructor(
    private readonly store: RoomStateStore,
    private readonly session: () => Session | undefined,
    private readonly call: Call,
    /** The server announced this optional ability. */
    private readonly can: (capability: string) => boolean,
  ) {}

  /** @returns how many talkers one receives. @throws {RoomError} */
  async talkerCount(call = this.call): Promise<number> {
    const { numTalkers } = await call('getNumberOfTalker');
    const count = typeof numTalkers === 'number' ? numTalkers : this.store.current.talkerCount;
    this.store.update({ talkerCount: count });
    return count;
  }

  /** @returns how many there can be. @throws {RoomError} */
  async maxTalkers(): Promise<number> {
    const { maxTalkers } = await this.call('getMaxNumberOfTalker');
    const most = typeof maxTalkers === 'number' ? maxTalkers : this.store.current.maxTalkers;
    this.store.update({ maxTalkers: most });
    return most;
  }

  /**
   * Receives this many talkers.
   * @param count 0 up to the room's maximum.
   * @throws {RoomError} `parameter-invalid`
   */
  async setTalkerCount(count: number): Promise<void> {
    if (!Number.isInteger(count) || count < 0 || count > 100) {
      throw new RoomError('parameter-invalid', 'The number of talkers is a whole number from 0 up.');
    }
    await this.#setNumbers(count, this.store.current.audioOnly);
    this.#talkerCount = count;
  }

  /** No pictures of others, or pictures again; the server does not even send them (protocol §5.4). @throws {RoomError} */
  async setAudioOnly(on: boolean): Promise<void> {
    await this.#setNumbers(this.#knownCount ?? (await this.talkerCount()), on);
    this.store.update({ audioOnly: on });
  }

  /** Largest picture of every talker. @throws {RoomError} `parameter-invalid`, `not-connected` */
  async setQuality(quality: ReceiveQuality): Promise<void> {
    if (this.store.current.connection !== 'connected') {
      throw notConnected();
    }
    if (!receiveQualities.includes(quality)) {
      throw new RoomError('parameter-invalid', `The quality is one of ${receiveQualities.join(', ')}.`);
    }
    await this.#sendQuality(quality);
    this.store.update({ receiveQuality: quality });
  }

  /** Wants to be told who is heard, or no longer. @throws {RoomError} */
  async hearTalkers(enable: boolean): Promise<void> {
    await this.#sendHearing(enable, this.call);
    this.#hearsTalkers = enable;
  }

  /** Pins people: they keep a place among the talkers. @throws {RoomError} */
  async pin(clientIds: string[]): Promise<void> {
    await this.#sendPins('add', clientIds);
    this.#setPinned([...new Set([...this.store.current.pinned, ...clientIds])]);
  }

  /** @throws {RoomError} */
  async unpin(clientIds: string[]): Promise<void> {
    await this.#sendPins('remove', clientIds);
    this.#setPinned(this.store.current.pinned.filter((id) => !clientIds.includes(id)));
  }

  /** The server's own list of pins. */
  pinsAre(clientIds: string[]): void {
    this.#setPinned(clientIds);
  }

  /**
   * Which talker slots have their picture on screen. Where the server announces that it can, the pictures of the others
   * do not travel meanwhile. Never rejects.
   */
  setSeen(slots: readonly number[]): void {
    this.#seen = slots;
    if (!this.can(PAUSE_VIDEO)) return;
    const unseen = this.store.current.talkers.map(({ slot }) => slot).filter((slot) => !slots.includes(slot));
    if (unseen.length === this.#unseen.length && unseen.every((slot) => this.#unseen.includes(slot))) return;
    // One at a time: were two on their way, the older could arrive last, and count.
    if (this.#telling) return;
    this.#unseen = unseen;
    const telling = this.#ask('setAdvancedOptions', [{ id: PAUSE_VIDEO, sIds: unseen }]).then(
      () => true,
      // Nothing is lost but bandwidth; the next change says it again.
      () => false,
    );
    this.#telling = telling;
    void telling.then((told) => {
      if (this.#telling !== telling) return;
      this.#telling = undefined;
      if (told) this.talkersChanged();
      else this.#unseen = [];
    });
  }

  /** Somebody else may be in a slot now. */
  talkersChanged(): void {
    if (this.#seen) this.setSeen(this.#seen);
  }

  /** A new session knows nothing of what we asked before. Never rejects. */
  async again(audioOnly: boolean): Promise<void> {
    this.#unseen = [];
    this.#telling = undefined;
    const { receiveQuality, pinned } = this.store.current;
    const asks: Promise<unknown>[] = [];
    const ask = this.#ask;
    if (this.#talkerCount !== undefined || audioOnly) {
      const count = this.#knownCount;
      asks.push(
        count === undefined
          ? this.talkerCount(ask).then((answer) => this.#setNumbers(answer, audioOnly, ask))
          : this.#setNumbers(count, audioOnly, ask),
      );
    }
    if (this.#hearsTalkers) asks.push(this.#sendHearing(true, ask));
    if (receiveQuality !== 'Auto') asks.push(this.#sendQuality(receiveQuality, ask));
    if (pinned.length > 0) asks.push(this.#sendPins('add', [...pinned], ask));
    await Promise.allSettled(asks);
  }

  /** The session is over; the next one begins without wishes. */
  clear(): void {
    this.#talkerCount = undefined;
    this.#hearsTalkers = false;
    this.#unseen = [];
    this.#telling = undefined;
    this.#seen = undefined;
  }

  /** How many talkers one receives, as far as that is known without asking. */
  get #knownCount(): number | undefined {
    const { talkerCount, maxTalkers } = this.store.current;
    return this.#talkerCount ?? (talkerCount || maxTalkers || undefined);
  }

  /** Asks for what nobody has asked for just now: its answer is no event. @throws {RoomError} */
  readonly #ask: Call = (name, ...args) =>
    this.session()?.call(name, ...args) ?? Promise.reject(notConnected());

  async #setNumbers(count: number, audioOnly: boolean, call = this.call): Promise<void> {
    const { numTalkers } = await call('setNumberOfTalker', {
      numTalkers: count,
      numAudioTalkers: Math.max(3, count),
      numVideoTalkers: audioOnly ? 0 : count,
    });
    this.store.update({ talkerCount: typeof numTalkers === 'number' ? numTalkers : count });
  }

  async #sendHearing(enable: boolean, call: Call): Promise<void> {
    await call('setAdvancedOptions', [{ id: 'speaker-notification', enable }]);
  }

  async #sendQuality(quality: ReceiveQuality, call = this.call): Promise<void> {
    const streamId = this.session()?.firstSlot;
    if (streamId === undefined) return;
    // It names the first slot and means them all (protocol §4.7).
    await call(
      'signaling_message',
      { streamId, msg: { type: 'updatestream', config: { video: { ...sizes[quality], frameRate: 30 } } } },
      null,
    );
  }

  async #sendPins(request: 'add' | 'remove', clientIds: string[], call = this.call): Promise<void> {
    if (clientIds.length === 0) throw new RoomError('parameter-invalid', 'Nobody is named.');
    await call('setAdvancedOptions', [{ id: 'update-pin-users', request, clientIds }]);
  }

  #setPinned(pinned: readonly string[]): void {
    this.store.update({ pinned: Object.freeze([...pinned]) });
  }
}
