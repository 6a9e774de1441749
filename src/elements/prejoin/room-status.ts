import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Translate } from '../i18n/locale.js';
import { askPage } from '../internal/ask-page.js';

/** What a page knows about a room before somebody joins it. Whatever is left out is not spoken of. */
export interface RoomStatus {
  /** People in the room, 0…; nothing else counts as a number. */
  participants?: number;
  /** Only moderators can join. */
  locked?: boolean;
  /** The call waits for its moderator. */
  waiting?: boolean;
  /** Whoever comes waits until a moderator lets them in. */
  knock?: boolean;
}

const INTERVAL_MS = 10_000;
/** Longest answer that can be a status. */
const MAX_ANSWER_LENGTH = 10_000;

/** What there is to say about a room, in sentences. */
export function sentencesOf(
  { participants, locked, waiting, knock }: RoomStatus,
  t: Translate,
): readonly string[] {
  const sentences: string[] = [];
  if (Number.isInteger(participants) && participants! >= 0)
    sentences.push(
      participants === 0
        ? t('nobodyHere')
        : t('inTheRoom', { people: t('peopleCount', { count: participants! }) }),
    );
  if (locked === true) sentences.push(t('roomLocked'));
  else if (waiting === true) sentences.push(t('awaitingModerator'));
  else if (knock === true) sentences.push(t('awaitingKnock'));
  return sentences;
}

/** Asks the page's server how the room is: at once, and then as long as somebody can see the answer. */
export class StatusWatch implements ReactiveController {
  #url = '';
  #timer: number | undefined;
  /** Number of the latest question. */
  #asked = 0;

  /** @param tell with `undefined` while nothing is known, or no longer. */
  constructor(
    private readonly host: ReactiveControllerHost & Element,
    private readonly tell: (status: RoomStatus | undefined) => void,
  ) {
    host.addController(this);
  }

  /** @param url empty = there is nobody to ask. */
  watch(url: string): void {
    if (url === this.#url) return;
    this.#url = url;
    void this.#ask();
  }

  hostConnected(): void {
    this.#timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') void this.#ask();
    }, INTERVAL_MS);
    void this.#ask();
  }

  hostDisconnected(): void {
    window.clearInterval(this.#timer);
    this.#asked += 1;
  }

  async #ask(): Promise<void> {
    const asked = (this.#asked += 1);
    const status = this.#url ? await read(this.#url, this.host.baseURI).catch(() => undefined) : undefined;
    // Unless there is a later question, or nobody who looks any more.
    if (asked === this.#asked) this.tell(status);
  }
}

/** @throws when there is no answer, or none that can be read. */
async function read(url: string, baseUri: string): Promise<RoomStatus | undefined> {
  const { ok, text } = await askPage(new URL(url, baseUri));
  if (!ok || text.length > MAX_ANSWER_LENGTH) return undefined;
  const answer = JSON.parse(text) as unknown;
  return typeof answer === 'object' && answer !== null ? answer : undefined;
}
