import type { RoomSettings } from '../rest/room-settings.js';
import type { Participant } from './participant.js';
import { type People, requireModerator } from './people.js';
import { RequestError } from './request-error.js';

export interface EntryOptions {
  settings: RoomSettings;
  people: People;
  /** Lets somebody in who waited. */
  admit(participant: Participant): void;
  /** Turns somebody away who waited. */
  deny(participant: Participant): void;
}

/** Who may come in: lock, knock and waiting for a moderator (protocol §11.1–11.3). */
export class Entry {
  locked = false;
  knock: boolean;
  readonly #awaited = new Map<string, Participant>();
  readonly #options: EntryOptions;
  /** A moderator was here. */
  #opened = false;

  constructor(options: EntryOptions) {
    this.#options = options;
    this.knock = options.settings.knock;
  }

  get awaited(): ReadonlyMap<string, Participant> {
    return this.#awaited;
  }

  /** For a moderator's `room-connected`. */
  get awaitedParticipants(): Record<string, { clientId: string; name: string }> {
    return Object.fromEntries(
      [...this.#awaited].map(([clientId, { identity }]) => [clientId, { clientId, name: identity.name }]),
    );
  }

  /** People see nothing of the room until the first moderator is there. */
  get waitsForModerator(): boolean {
    return this.#options.settings.wait_for_moderator && !this.#opened;
  }

  joined(participant: Participant): void {
    if (participant.isModerator) this.#opened = true;
  }

  /** @throws {RequestError} `room-locked`, `room-full` */
  checkAdmissible(role: string): void {
    const { settings, people } = this.#options;
    const isModerator = role === 'moderator';
    if (this.locked && !isModerator) throw new RequestError('room-locked', 'The room is locked.');
    const count = [...people.all.values()].filter((other) => other.isModerator === isModerator).length;
    if (count >= (isModerator ? settings.moderators : settings.participants)) {
      throw new RequestError('room-full', 'The room is full.');
    }
  }

  /** Lets in at once, or has a guest wait until a moderator answers. */
  arrive(participant: Participant): void {
    if (!this.knock || participant.isModerator) return this.#options.admit(participant);
    this.#awaited.set(participant.clientId, participant);
    this.wait(participant);
    const { clientId, identity } = participant;
    this.#options.people.toModerators('user-awaited', {
      clientId,
      name: identity.name,
      ...(identity.data ? { data: identity.data } : {}),
    });
  }

  /** Tells a guest, or tells them again on a new connection. */
  wait(guest: Participant): void {
    guest.link.send('room-awaited', { event_type: 'knock' });
  }

  /** A guest gave up waiting. */
  gaveUp(participant: Participant): void {
    if (!this.#awaited.delete(participant.clientId)) return;
    this.#options.people.toModerators('roomManagementEvents', {
      id: 'user-awaited-left',
      msg: { clientId: participant.clientId },
    });
  }

  /** @throws {RequestError} `not-authorised`, `stream-not-found`, `room-full` */
  answer(moderator: Participant, clientId: string, allowed: boolean): void {
    requireModerator(moderator);
    const guest = this.#awaited.get(clientId);
    if (!guest) throw new RequestError('stream-not-found', 'Nobody of this id is waiting.');
    if (allowed) this.checkAdmissible(guest.identity.role);
    this.#awaited.delete(clientId);
    const id = allowed ? 'user-allowed' : 'user-denied';
    const msg = { clientId, name: guest.identity.name, moderator: moderator.clientId };
    this.#options.people.toModerators('roomManagementEvents', { id, msg }, moderator);
    if (allowed) this.#options.admit(guest);
    else this.#options.deny(guest);
  }

  /** @throws {RequestError} `not-authorised`, `lock-state-unchanged` */
  setLocked(moderator: Participant, locked: boolean): void {
    requireModerator(moderator);
    if (this.locked === locked) {
      throw new RequestError(
        'lock-state-unchanged',
        `The room is ${locked ? 'locked' : 'unlocked'} already.`,
      );
    }
    this.locked = locked;
    this.#options.people.roomEvent(locked ? 'room-locked' : 'room-unlocked', {
      clientId: moderator.clientId,
      moderator: moderator.clientId,
    });
  }

  /** Switching it off lets everybody in who waits. @throws {RequestError} `not-authorised` */
  setKnock(moderator: Participant, enabled: boolean): void {
    requireModerator(moderator);
    this.knock = enabled;
    this.#options.people.roomEvent(enabled ? 'knock-enabled' : 'knock-disabled', {
      moderator: moderator.clientId,
    });
    if (enabled) return;
    const waiting = [...this.#awaited.values()];
    this.#awaited.clear();
    for (const guest of waiting) {
      try {
        this.checkAdmissible(guest.identity.role);
        this.#options.admit(guest);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        this.#options.deny(guest);
      }
    }
  }

  close(): Participant[] {
    const waiting = [...this.#awaited.values()];
    this.#awaited.clear();
    return waiting;
  }
}
