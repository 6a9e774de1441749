/** Who is in the room, who knocks, and who is in whose slots. */
import { type Dialect, SHARE_SLOT, userOf } from './dialect.js';
import { askForKeyFrame, type Person, type ReceivingSlot, type Publication } from './person.js';

export interface RoomSettings {
  mode?: 'group' | 'lecture';
  knock?: boolean;
  waitForModerator?: boolean;
}

export class ProtocolRoom {
  readonly people = new Map<string, Person>();
  readonly knocking = new Map<string, Person>();
  mode: 'group' | 'lecture';
  knock: boolean;
  locked = false;
  muted = false;
  sharer: Person | undefined;

  constructor(
    readonly id: string,
    readonly name: string,
    private readonly settings: RoomSettings,
    readonly dialect: Dialect,
  ) {
    this.mode = settings.mode ?? 'group';
    this.knock = settings.knock ?? false;
  }

  get moderators(): Person[] {
    return [...this.people.values()].filter(({ role }) => role === 'moderator');
  }

  waitsForModerator(): boolean {
    return this.settings.waitForModerator === true && this.moderators.length === 0;
  }

  awaitedParticipants(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.knocking.values()].map(({ clientId, name }) => [clientId, { clientId, name }]),
    );
  }

  hands = (): object[] => this.#inState('raised');
  holders = (): object[] => this.#inState('floor');
  #inState(state: Person['hand']): object[] {
    return [...this.people.values()]
      .filter(({ hand }) => hand === state)
      .map(({ clientId, name }) => ({ clientId, name }));
  }

  /** To everybody but one. */
  tell(name: string, payload: unknown, except?: Person): void {
    for (const person of this.people.values()) if (person !== except) person.socket.emit(name, payload);
  }

  tellModerators(name: string, payload: unknown): void {
    for (const person of this.moderators) person.socket.emit(name, payload);
  }

  /** Everybody gets the list that is true for them, and the media that goes with it. */
  updateTalkers(): void {
    for (const person of this.people.values()) {
      if (person.socket.connected && !this.waitsForModerator())
        person.socket.emit('active-talkers-updated', this.#listFor(person));
      this.connectSlots(person);
    }
  }

  #listFor(receiver: Person): object {
    const others = [...this.people.values()].filter((person) => person !== receiver && person.camera);
    for (const clientId of [...receiver.places.keys()])
      if (!others.some((person) => person.clientId === clientId)) receiver.places.delete(clientId);
    const taken = new Set(receiver.places.values());
    for (const { clientId } of others) {
      if (receiver.places.has(clientId)) continue;
      const free = Array.from({ length: this.dialect.talkers }, (_, index) => index + 1).find(
        (slot) => !taken.has(slot),
      );
      if (free === undefined) break;
      receiver.places.set(clientId, free);
      taken.add(free);
    }
    return {
      active: receiver.camera !== undefined,
      activeList: others
        .filter(({ clientId }) => receiver.places.has(clientId))
        .map(({ clientId, name, muted }) => ({
          streamId: this.dialect.slotsAsText
            ? String(receiver.places.get(clientId))
            : receiver.places.get(clientId),
          clientId,
          name,
          mediatype: muted.audio ? (muted.video ? 'none' : 'video') : muted.video ? 'audio' : 'audiovideo',
          reason: 'user',
          videoaspectratio: '16:9',
          videomuted: muted.video,
          ...this.dialect.talkerExtra,
        })),
    };
  }

  /** Puts the right sender behind every slot of a receiver. */
  connectSlots(receiver: Person): void {
    for (const slot of receiver.slots) {
      const source = this.#sourceOf(receiver, slot);
      if (slot.source === source) continue;
      slot.source = source;
      slot.video.forget();
      askForKeyFrame(source);
    }
  }

  #sourceOf(receiver: Person, slot: ReceivingSlot): Publication | undefined {
    if (slot.id === SHARE_SLOT) return this.sharer === receiver ? undefined : this.sharer?.screen;
    for (const [clientId, place] of receiver.places)
      if (place === slot.id) return this.people.get(clientId)?.camera;
    return undefined;
  }

  /** @param told the others learn of it */
  remove(person: Person, told = true): void {
    this.knocking.delete(person.clientId);
    const wasIn = this.people.delete(person.clientId);
    person.close();
    if (!wasIn) return;
    if (this.sharer === person) this.stopShare();
    if (told) this.tell('user-disconnected', userOf(person));
    this.updateTalkers();
  }

  stopShare(): void {
    const sharer = this.sharer;
    if (!sharer) return;
    this.sharer = undefined;
    this.tell('shareStopped', { clientId: sharer.clientId, name: sharer.name, streamId: SHARE_SLOT });
    for (const person of this.people.values()) this.connectSlots(person);
  }

  /** Ends everybody's connections without a word. */
  close(): void {
    for (const person of [...this.people.values(), ...this.knocking.values()]) person.close();
  }
}
