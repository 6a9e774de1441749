import type { RoomState } from '../../engine/room-state.js';
import type { Locale } from '../i18n/locale.js';
import '../internal/strings-call.js';
import type { StringKey } from '../internal/strings.js';

/** News wait this long for more of their kind, so that ten people who join are one sentence. */
const GATHER_MS = 1500;
/** More names than this are counted instead. */
const MAX_NAMES = 3;
/** Long messages are read where they stand. */
const MAX_TEXT = 120;

type Kind = 'joined' | 'wentAway' | 'handRaised';
const many: Record<Kind, StringKey> = {
  joined: 'joinedMany',
  wentAway: 'wentAwayMany',
  handRaised: 'handRaisedMany',
};

/**
 * Tells screen readers what others see happen: who comes and goes, hands, messages, sharing, recording. Gathers what
 * comes together and says it once.
 */
export class Announcer {
  readonly #names = new Map<Kind, string[]>();
  #messages: { from: string; text: string; isPrivate: boolean }[] = [];
  #last = '';
  #sentences: string[] = [];
  #timer: number | undefined;

  /** @param say puts a sentence into a polite live region. */
  constructor(
    private readonly locale: () => Locale,
    private readonly say: (sentence: string) => void,
  ) {}

  /** Finds out what is new. Only within one call: arriving in a full room is no news about everybody. */
  compare(before: RoomState, now: RoomState): void {
    if (before === now || before.connection !== 'connected' || now.connection !== 'connected') return;
    // At the end everybody is gone at once, oneself too: nobody of them has left.
    const hasSelf = ({ participants }: RoomState): boolean => participants.some(({ isSelf }) => isSelf);
    if (hasSelf(before) && !hasSelf(now)) return;
    const { t } = this.locale();
    const nameOf = (id: string, state: RoomState): string =>
      state.participants.find(({ clientId }) => clientId === id)?.name || t('guest');
    if (before.participants !== now.participants) {
      const ids = (state: RoomState): Set<string> =>
        new Set(state.participants.map(({ clientId }) => clientId));
      const [old, current] = [ids(before), ids(now)];
      for (const id of current) if (!old.has(id)) this.#add('joined', nameOf(id, now));
      for (const id of old) if (!current.has(id)) this.#add('wentAway', nameOf(id, before));
    }
    if (before.hands !== now.hands) {
      for (const { clientId } of now.hands) {
        const isNew = !before.hands.some((hand) => hand.clientId === clientId);
        if (isNew && clientId !== now.clientId) this.#add('handRaised', nameOf(clientId, now));
      }
    }
    if (before.messages !== now.messages) {
      const last = before.messages.at(-1)?.id ?? 0;
      for (const { id, isSelf, from, text, broadcast } of now.messages) {
        if (id > last && !isSelf)
          this.#messages.push({ from: from || t('guest'), text, isPrivate: !broadcast });
      }
    }
    if (now.share && !now.share.isSelf && now.share.clientId !== before.share?.clientId)
      this.#sentences.push(t('sharing', { name: now.share.name || t('guest') }));
    if (now.recording && !before.recording) this.#sentences.push(t('recordingStarted'));
    this.#later();
  }

  /** Says a sentence with the next ones. */
  add(sentence: string): void {
    this.#sentences.push(sentence);
    this.#later();
  }

  /** Nothing of one call is said in the next. */
  stop(): void {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#names.clear();
    this.#messages = [];
    this.#sentences = [];
    this.#last = '';
    this.say('');
  }

  #add(kind: Kind, name: string): void {
    this.#names.set(kind, [...(this.#names.get(kind) ?? []), name]);
  }

  #later(): void {
    const waiting = this.#names.size + this.#messages.length + this.#sentences.length;
    if (waiting > 0) this.#timer ??= window.setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    const { t, list } = this.locale();
    const sentences = this.#sentences;
    for (const [kind, names] of this.#names) {
      const few = names.length <= MAX_NAMES;
      sentences.push(few ? t(kind, { names: list(names) }) : t(many[kind], { count: names.length }));
    }
    const [first, ...more] = this.#messages;
    if (more.length > 0) sentences.push(t('unreadMessages', { count: this.#messages.length }));
    else if (first)
      sentences.push(
        t(first.isPrivate ? 'privateMessageFrom' : 'messageFrom', {
          name: first.from,
          text: first.text.slice(0, MAX_TEXT),
        }),
      );
    this.#names.clear();
    this.#messages = [];
    this.#sentences = [];
    const said = sentences.join(' ');
    // The same words once more are news only to a region that has changed.
    this.#last = said === this.#last ? `${said}\u00a0` : said;
    this.say(this.#last);
  }
}
