import type { Role } from '../../../src/protocol/index.js';
import type { Participant } from './participant.js';
import { type People, requireModerator } from './people.js';
import { RequestError } from './request-error.js';

export interface ModerationOptions {
  people: People;
  maxModerators: number;
  /** Mute states changed: talker lists and feeds follow. */
  mutesChanged(participant: Participant): void;
  /** Roles changed: publications of those who may no longer publish go. */
  rolesChanged(participants: Participant[]): void;
  /** What a new moderator must know. */
  moderatorView(): Record<string, unknown>;
}

/** Hard mutes and roles. Enforced here: a client that ignores a hard mute is simply not forwarded. */
export class Moderation {
  /** Everybody but moderators is hard-muted, newcomers included. */
  roomMuted = false;
  readonly #options: ModerationOptions;

  constructor(options: ModerationOptions) {
    this.#options = options;
  }

  /** A newcomer comes under the room's hard mute. */
  joined(participant: Participant): void {
    if (this.roomMuted && !participant.isModerator) participant.hardMuted.audio = true;
  }

  /** @throws {RequestError} `not-authorised`, `stream-not-found` */
  hardMuteUser(moderator: Participant, clientId: string, kind: 'audio' | 'video', muted: boolean): void {
    requireModerator(moderator);
    const target = this.#options.people.find(clientId);
    target.hardMuted[kind] = muted;
    target.link.request(`${muted ? 'hardmute' : 'hardunmute'}-user-${kind}`, {
      clientId,
      moderator: moderator.clientId,
      result: 0,
    });
    this.#options.mutesChanged(target);
  }

  /** @throws {RequestError} `not-authorised` */
  hardMuteRoom(moderator: Participant, muted: boolean): void {
    requireModerator(moderator);
    this.roomMuted = muted;
    for (const participant of this.#options.people.all.values()) {
      if (participant === moderator || participant.isModerator) continue;
      this.#roomMute(participant, muted, moderator);
    }
  }

  #roomMute(participant: Participant, muted: boolean, moderator: Participant): void {
    participant.hardMuted.audio = muted;
    participant.link.request(muted ? 'room-muted' : 'room-unmuted', {
      moderator: moderator.clientId,
      status: muted,
      result: 0,
    });
    this.#options.mutesChanged(participant);
  }

  /**
   * One id: that person becomes moderator and the caller becomes what they were. A list: each gets the role named.
   * @throws {RequestError} `not-authorised`, `stream-not-found`, `parameter-invalid`
   */
  switchRoles(moderator: Participant, request: string | { clientId: string; role: Role }[]): void {
    requireModerator(moderator);
    const { people, maxModerators } = this.#options;
    const wanted = new Map<Participant, Role>();
    if (typeof request === 'string') {
      const target = people.find(request);
      if (target === moderator) throw new RequestError('already-in-state', 'You are a moderator already.');
      wanted.set(target, 'moderator');
      wanted.set(moderator, target.role);
    } else {
      for (const { clientId, role } of request) wanted.set(people.find(clientId), role);
    }
    const moderators = [...people.all.values()].filter(
      (participant) => (wanted.get(participant) ?? participant.role) === 'moderator',
    ).length;
    if (moderators < 1) throw new RequestError('parameter-invalid', 'A room needs at least one moderator.');
    if (moderators > maxModerators && moderators > people.moderators.length) {
      throw new RequestError('parameter-invalid', `This room has at most ${maxModerators} moderators.`);
    }
    const before = new Map([...wanted.keys()].map((participant) => [participant, participant.role]));
    for (const [participant, role] of wanted) participant.role = role;
    this.#options.rolesChanged([...wanted.keys()]);
    for (const receiver of people.all.values()) {
      const view = receiver.isModerator ? this.#options.moderatorView() : {};
      if (typeof request === 'string') {
        receiver.link.send('userRoleChanged', {
          moderator: { old: moderator.clientId, new: request },
          raisedHands: [],
          approvedHands: [],
          ...view,
        });
      } else {
        receiver.link.send('userRoleChanged', {
          clientsInfo: [...wanted].map(([participant, role]) => ({
            clientId: participant.clientId,
            role: { old: before.get(participant), new: role },
            user: participant.user,
          })),
          raisedHands: [],
          approvedHands: [],
          ...view,
        });
      }
    }
    for (const [participant, role] of wanted) {
      const muted = role !== 'moderator';
      if (muted !== (before.get(participant) === 'moderator')) continue;
      if (this.roomMuted) this.#roomMute(participant, muted, moderator);
      // Nobody else may be left who could give a new moderator their devices back.
      for (const kind of ['audio', 'video'] as const)
        if (!muted && participant.hardMuted[kind])
          this.hardMuteUser(participant, participant.clientId, kind, false);
    }
  }
}
