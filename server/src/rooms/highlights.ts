import type { Participant } from './participant.js';
import { type People, requireModerator } from './people.js';

/** Who is seen before all others: for one receiver (pins) or for everybody (spotlight; protocol §11.6). */
export class Highlights {
  /** Client ids. */
  readonly spotlighted = new Set<string>();

  constructor(
    private readonly options: {
      people: People;
      /** Talker lists follow. */
      changed(): void;
    },
  ) {}

  /** Whom this receiver sees before all others. */
  pin(participant: Participant, clientIds: string[], add: boolean): void {
    this.#change(participant.pinned, clientIds, add);
    participant.link.send('roomManagementEvents', {
      id: 'update-pin-users',
      msg: { clientIds: [...participant.pinned] },
    });
    this.options.changed();
  }

  /** Whom everybody sees before all others. @throws {RequestError} `not-authorised` */
  spotlight(moderator: Participant, clientIds: string[], add: boolean): void {
    requireModerator(moderator);
    this.#change(this.spotlighted, clientIds, add);
    this.options.people.roomEvent('spotlight-users', {
      clientIds: [...this.spotlighted],
      moderator: moderator.clientId,
    });
    this.options.changed();
  }

  left({ clientId }: Participant): void {
    this.spotlighted.delete(clientId);
  }

  #change(set: Set<string>, clientIds: string[], add: boolean): void {
    for (const clientId of clientIds) {
      if (!add) set.delete(clientId);
      else if (this.options.people.get(clientId)) set.add(clientId);
    }
  }
}
