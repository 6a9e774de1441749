import type { Role } from '../../../src/protocol/index.js';
import type { Participant } from './participant.js';
import { type People, requireModerator } from './people.js';
import { RequestError } from './request-error.js';

/** Second argument of `changeUserRoleOption` (protocol §6). */
export const roleRequestActions = [
  'requestInitiate',
  'requestCancel',
  'requestAccepted',
  'requestDenied',
] as const;
export type RoleRequestAction = (typeof roleRequestActions)[number];

const events = {
  requestInitiate: 'requestInitiated',
  requestCancel: 'requestCancelled',
  requestAccepted: 'requestAccepted',
  requestDenied: 'requestDenied',
} as const;

/** People who ask for another role, which a moderator gives or does not. */
export class RoleRequests {
  readonly #pending = new Map<Participant, Role>();

  constructor(
    private readonly options: {
      people: People;
      /** @throws {RequestError} when the room has no place for one more of that role. */
      switchRole(moderator: Participant, target: Participant, role: Role): void;
    },
  ) {}

  /** For a moderator's `room-connected`. */
  get view(): { clientId: string; name: string; role: Role }[] {
    return [...this.#pending].map(([{ clientId, identity }, role]) => ({
      clientId,
      name: identity.name,
      role,
    }));
  }

  /** @throws {RequestError} `not-authorised`, `stream-not-found`, `parameter-invalid`, `already-in-state`, `request-pending`, `request-not-found` */
  process(
    caller: Participant,
    { role, clientId }: { role?: Role; clientId?: string },
    action: RoleRequestAction,
  ): void {
    switch (action) {
      case 'requestInitiate':
        if (!role) throw new RequestError('parameter-invalid', 'role: which one is asked for?');
        if (role === caller.role) throw new RequestError('already-in-state', 'You have this role already.');
        if (this.#pending.has(caller))
          throw new RequestError('request-pending', 'A role was requested already.');
        this.#pending.set(caller, role);
        return this.#tell(action, caller, role, caller);
      case 'requestCancel':
        return this.#tell(action, caller, this.#take(caller), caller);
      case 'requestAccepted':
      case 'requestDenied': {
        requireModerator(caller);
        const target = this.options.people.find(clientId ?? '');
        const wanted = this.#pending.get(target);
        if (wanted && action === 'requestAccepted') this.options.switchRole(caller, target, wanted);
        this.#take(target);
        return this.#tell(action, target, wanted!, caller);
      }
    }
  }

  /** They are gone. */
  left(participant: Participant): void {
    this.#pending.delete(participant);
  }

  #take(participant: Participant): Role {
    const role = this.#pending.get(participant);
    if (!role) throw new RequestError('request-not-found', 'There is no such request.');
    this.#pending.delete(participant);
    return role;
  }

  /** Moderators hear of everything, the person concerned of the answer. */
  #tell(action: RoleRequestAction, about: Participant, role: Role, by: Participant): void {
    const { clientId, identity } = about;
    const payload = { id: events[action], clientId, name: identity.name, role };
    const receivers = new Set(this.options.people.moderators);
    receivers.add(about);
    receivers.delete(by);
    for (const receiver of receivers) receiver.link.send('userRoleManagementEvents', payload);
  }
}
