import type { User } from '../protocol/index.js';
import type { ParticipantState } from './room-state.js';

/** Who is in the room, in the order they came. */
export class Participants {
  readonly #users = new Map<string, User>();
  /** Whom oneself, as a moderator, has muted. */
  readonly #hardMuted = { audio: new Set<string>(), video: new Set<string>() };
  #selfId = '';

  /** Starts over with the list of an admission. @returns who came and who went compared with before. */
  reset(selfId: string, users: User[]): { joined: User[]; left: User[] } {
    const before = new Map(this.#users);
    const oldSelf = this.#selfId;
    this.#selfId = selfId;
    this.#users.clear();
    for (const user of users) this.#users.set(user.clientId, user);
    for (const ids of Object.values(this.#hardMuted)) {
      for (const id of [...ids]) if (!this.#users.has(id)) ids.delete(id);
    }
    return {
      joined: users.filter(({ clientId }) => clientId !== selfId && !before.has(clientId)),
      left: [...before.values()].filter(({ clientId }) => clientId !== oldSelf && !this.#users.has(clientId)),
    };
  }

  /** @returns false if they were known already. */
  add(user: User): boolean {
    const isNew = !this.#users.has(user.clientId);
    this.#users.set(user.clientId, user);
    return isNew;
  }

  /** @returns the record, or `undefined` if they were not known. */
  remove(clientId: string): User | undefined {
    const user = this.#users.get(clientId);
    this.#users.delete(clientId);
    for (const ids of Object.values(this.#hardMuted)) ids.delete(clientId);
    return user;
  }

  get(clientId: string): User | undefined {
    return this.#users.get(clientId);
  }

  /** @returns false if nothing changed. */
  setMuted(clientId: string, kind: 'audio' | 'video', muted: boolean): boolean {
    const user = this.#users.get(clientId);
    const key = `${kind}Muted` as const;
    if (!user || user[key] === muted) return false;
    this.#users.set(clientId, { ...user, [key]: muted });
    return true;
  }

  /** @returns false if nothing changed. */
  setHardMuted(clientId: string, kind: 'audio' | 'video', muted: boolean): boolean {
    const ids = this.#hardMuted[kind];
    if (ids.has(clientId) === muted) return false;
    if (muted) ids.add(clientId);
    else ids.delete(clientId);
    return true;
  }

  /** Nobody's microphone is held any more. @returns false if nothing changed. */
  releaseAll(): boolean {
    const any = this.#hardMuted.audio.size > 0;
    this.#hardMuted.audio.clear();
    return any;
  }

  setRole(clientId: string, role: User['role']): void {
    const user = this.#users.get(clientId);
    if (user) this.#users.set(clientId, { ...user, role });
  }

  get others(): User[] {
    return [...this.#users.values()].filter(({ clientId }) => clientId !== this.#selfId);
  }

  /** Oneself first. */
  get list(): readonly ParticipantState[] {
    const describe = (user: User): ParticipantState =>
      Object.freeze({
        clientId: user.clientId,
        name: user.name,
        role: user.role,
        isSelf: user.clientId === this.#selfId,
        audioMuted: user.audioMuted ?? false,
        videoMuted: user.videoMuted ?? false,
        audioHardMuted: this.#hardMuted.audio.has(user.clientId),
        videoHardMuted: this.#hardMuted.video.has(user.clientId),
      });
    const self = this.#users.get(this.#selfId);
    return Object.freeze([...(self ? [self] : []), ...this.others].map(describe));
  }
}
