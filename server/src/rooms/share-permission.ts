import type { Participant } from './participant.js';
import { type People, requireModerator } from './people.js';
import { RequestError } from './request-error.js';

/** `req` of `auxilaryPublishRequests` (protocol §5.7). */
export const permissionRequests = [
  'set-permission-mode',
  'req-permission',
  'grant-permission',
  'deny-permission',
  'cancel-permission',
  'release-permission',
] as const;
export type PermissionRequest = (typeof permissionRequests)[number];

/** `open`: whoever may publish may share. `moderated`: others than moderators need a permission, until it is released. */
export const permissionModes = ['open', 'moderated'] as const;

export interface SharePermissionOptions {
  people: People;
  kind: 'screen' | 'canvas';
  /** Somebody lost the permission: what they share goes. */
  lost(participant: Participant, by: Participant): void;
}

/** Who may share a screen, or a canvas, in a room where that has to be asked for. */
export class SharePermission {
  readonly #pending = new Set<string>();
  readonly #approved = new Set<string>();
  #mode: (typeof permissionModes)[number] = 'open';

  constructor(private readonly options: SharePermissionOptions) {}

  /** As in `room-connected`. */
  get view(): { mode: string; approved: string[]; pending: string[] } {
    return { mode: this.#mode, approved: [...this.#approved], pending: [...this.#pending] };
  }

  allows(participant: Participant): boolean {
    return this.#mode === 'open' || participant.isModerator || this.#approved.has(participant.clientId);
  }

  /** @throws {RequestError} `not-authorised`, `parameter-invalid`, `already-in-state`, `request-pending`, `request-not-found` */
  process(caller: Participant, req: PermissionRequest, clientId: string | undefined, mode: unknown): void {
    switch (req) {
      case 'set-permission-mode':
        return this.#setMode(caller, mode);
      case 'req-permission':
        if (this.allows(caller)) throw new RequestError('already-in-state', 'You may share already.');
        if (this.#pending.has(caller.clientId))
          throw new RequestError('request-pending', 'The permission was requested already.');
        this.#pending.add(caller.clientId);
        return this.#tell('requested', caller, caller, false);
      case 'cancel-permission':
        this.#take(this.#pending, caller.clientId);
        return this.#tell('cancelled', caller, caller, false);
      case 'release-permission':
        if (clientId === undefined || clientId === caller.clientId) return this.#release(caller, caller);
        requireModerator(caller);
        return this.#release(this.options.people.find(clientId), caller);
      case 'grant-permission':
      case 'deny-permission': {
        requireModerator(caller);
        const target = this.options.people.find(clientId ?? '');
        this.#take(this.#pending, target.clientId);
        const isGranted = req === 'grant-permission';
        if (isGranted) this.#approved.add(target.clientId);
        return this.#tell(isGranted ? 'granted' : 'denied', target, caller);
      }
    }
  }

  left({ clientId }: Participant): void {
    this.#pending.delete(clientId);
    this.#approved.delete(clientId);
  }

  #setMode(moderator: Participant, wanted: unknown): void {
    requireModerator(moderator);
    const mode = permissionModes.find((known) => known === wanted);
    if (!mode) throw new RequestError('parameter-invalid', `mode: expected ${permissionModes.join(' or ')}`);
    if (mode === this.#mode) throw new RequestError('already-in-state', `The mode is ${mode} already.`);
    this.#mode = mode;
    this.#pending.clear();
    this.#approved.clear();
    const { people, kind } = this.options;
    people.broadcast('auxilaryPublishEvents', {
      evnt: 'share-permission-mode-changed',
      params: { pubType: kind, mode, clientId: moderator.clientId },
    });
  }

  #release(target: Participant, by: Participant): void {
    this.#take(this.#approved, target.clientId);
    this.options.lost(target, by);
    this.#tell('released', target, by);
  }

  #take(set: Set<string>, clientId: string): void {
    if (!set.delete(clientId)) throw new RequestError('request-not-found', 'There is no such request.');
  }

  /** Moderators hear of everything, the person concerned of what others did. */
  #tell(what: string, about: Participant, by: Participant, toThem = true): void {
    const { people, kind } = this.options;
    const { clientId, identity } = about;
    const payload = {
      evnt: `share-permission-${what}`,
      params: { pubType: kind, clientId, name: identity.name },
    };
    people.toModerators('auxilaryPublishEvents', payload, by);
    if (toThem && about !== by && !about.isModerator) about.link.send('auxilaryPublishEvents', payload);
  }
}
