import type { Participant } from './participant.js';
import type { People } from './people.js';
import { TalkerRanking } from './talker-ranking.js';

/** A pause shorter than this is part of the speech. */
const PAUSE_MS = 1000;
const SPEAKER_OPTION = 'speaker-notification';

/** Tells those who asked for it who can be heard right now (protocol §11.6). Noise is not told apart from speech here. */
export class SpeakerNotices {
  readonly #heardAt = new Map<string, number>();
  #speaking: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly people: People,
    private readonly now: () => number,
  ) {}

  /** A few times a second, while anybody can be heard at all. @param levels dBov by client id */
  observe(levels: ReadonlyMap<string, number>): void {
    for (const [clientId, level] of levels) {
      if (level > TalkerRanking.SPEECH_DBOV) this.#heardAt.set(clientId, this.now());
    }
    this.#update();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #update(): void {
    for (const [clientId, at] of this.#heardAt) {
      if (this.now() - at >= PAUSE_MS || !this.people.get(clientId)) this.#heardAt.delete(clientId);
    }
    clearTimeout(this.#timer);
    // In silence there are no observations.
    if (this.#heardAt.size > 0) this.#timer = setTimeout(() => this.#update(), PAUSE_MS).unref();
    const speaking = [...this.#heardAt.keys()].sort();
    if (speaking.join() === this.#speaking.join()) return;
    this.#speaking = speaking;
    for (const participant of this.people.all.values())
      if (participant.wants(SPEAKER_OPTION)) this.#tell(participant);
  }

  #tell(participant: Participant): void {
    const users = this.#speaking.flatMap((clientId) => {
      const person = this.people.get(clientId);
      return person ? [{ clientId, name: person.identity.name }] : [];
    });
    participant.link.send('genericEvents', {
      id: 'speaker_notification',
      data: [
        { speech: true, users },
        { noise: true, users: [] },
      ],
    });
  }
}
