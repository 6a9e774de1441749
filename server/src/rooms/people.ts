import type { Participant } from './participant.js';
import { RequestError } from './request-error.js';

/** Everybody in a room session, and how to talk to them. */
export class People {
  readonly all = new Map<string, Participant>();

  get moderators(): Participant[] {
    return [...this.all.values()].filter((participant) => participant.isModerator);
  }

  get(clientId: string): Participant | undefined {
    return this.all.get(clientId);
  }

  /** @throws {RequestError} `stream-not-found` (the published number for a missing stream or user). */
  find(clientId: string): Participant {
    const participant = this.all.get(clientId);
    if (!participant) throw new RequestError('stream-not-found', 'There is nobody of this id in the room.');
    return participant;
  }

  broadcast(event: string, payload: unknown, except?: Participant): void {
    for (const participant of this.all.values()) {
      if (participant !== except) participant.link.send(event, payload);
    }
  }

  toModerators(event: string, payload: unknown, except?: Participant): void {
    for (const moderator of this.moderators) if (moderator !== except) moderator.link.send(event, payload);
  }

  /** An event that clients hand to the page under its own name (protocol §7). */
  roomEvent(id: string, msg: unknown, except?: Participant): void {
    this.broadcast('roomManagementEvents', { id, msg }, except);
  }
}

/** @throws {RequestError} `not-authorised` */
export function requireModerator(participant: Participant): void {
  if (!participant.isModerator) throw new RequestError('not-authorised', 'Only a moderator may do this.');
}
