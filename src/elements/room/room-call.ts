import { type CSSResult, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { RoomEvents } from '../../engine/events.js';
import type { Room } from '../../engine/room.js';
import type { RoomState } from '../../engine/room-state.js';
import type { Locale } from '../i18n/locale.js';
import type { Qualities } from '../internal/contexts.js';
import { loadPart, partNow, wantPart } from '../internal/parts.js';
import type { Preferences } from '../internal/preferences.js';
import { request } from '../internal/requests.js';
import '../internal/strings-call.js';
import type { EnxSound } from '../sound/enx-sound.js';
import { Announcer } from './announcer.js';
import { answerRequests } from './answers.js';
import { callAnswersOf, type Failure, type Panel } from './call-answers.js';
import { type CallContext, renderCall } from './call-view.js';
import { styles } from './call.styles.js';
import type { EnxReactions } from './enx-reactions.js';
import type { News } from './notices.js';
import { OwnLayout } from './own-layout.js';
import { QualityWatch } from './quality-watch.js';
import { shortcutKeys, Shortcuts } from './shortcuts.js';

/** How long one reads of what has just happened. */
const NEWS_MS = 8000;
/** Pauses between sentences do not make the reminder flicker. */
const REMINDS_MS = 10_000;
/** Without a touch or movement for this long, the toolbar of a short room fades. */
const QUIET_AFTER_MS = 3500;

/** What the room element lends to its call. */
export interface CallHost {
  readonly element: ReactiveControllerHost & HTMLElement & Pick<CallContext, 'avatars'>;
  readonly room: Room;
  /** What the room shows. */
  state(): RoomState;
  locale(): Locale;
  preferences(): Preferences;
  prefer(changes: Partial<Preferences>): void;
  /** How good everybody's connection is. */
  showQualities(qualities: Qualities): void;
  /** Hears or sees somebody no more, or again. */
  muteForMe(clientId: string, kind: 'audio' | 'video', muted: boolean): void;
}

/** What the room element does only in a call: panels, notices, shortcuts, what screen readers hear. */
export class RoomCall implements ReactiveController, CallContext {
  panel: Panel | undefined;
  opened: ReadonlySet<Panel> = new Set();
  shortcutsOpen = false;
  unread = 0;
  soundBlocked = false;
  dismissed: ReadonlySet<unknown> = new Set();
  failures: ReadonlySet<Failure> = new Set();
  quiet = false;
  touched = false;
  reminds = false;
  news: readonly News[] = [];
  /** What screen readers hear next. */
  said = '';
  readonly own: OwnLayout;
  readonly #announcer: Announcer;
  readonly #shortcuts: Shortcuts;
  /** A shortcut has asked for something that has not happened yet. */
  #keyed = false;
  /** In a call that is only chat. */
  #chats = false;
  /** The panel that opens as soon as its part is here. */
  #wanted: Panel | undefined;
  #quietTimer: number | undefined;
  #remindTimer: number | undefined;

  constructor(private readonly host: CallHost) {
    const { element } = host;
    this.own = new OwnLayout(element, this);
    this.#announcer = new Announcer(
      () => host.locale(),
      (said) => this.#show({ said }),
    );
    this.#shortcuts = new Shortcuts({
      element,
      enabled: () =>
        host.room.state.connection === 'connected' &&
        host.preferences().shortcuts &&
        element.getAttribute('shortcuts') !== 'false',
      run: (shortcut) =>
        void wantPart(element, 'extras').then((extras) => {
          this.#keyed = shortcut === 'microphone' || shortcut === 'camera' || shortcut === 'hand';
          extras?.runShortcut(element, shortcut, {
            state: host.state(),
            layout: host.preferences().layout,
            panel: this.panel,
            listOpen: this.shortcutsOpen,
          });
        }),
      talk: (on) => {
        if (host.state().microphone === (on ? 'muted' : 'on'))
          request(element, 'enx-mute-request', { kind: 'audio', muted: !on });
      },
    });
    const answers = callAnswersOf({
      room: host.room,
      openPanel: (panel, open) => void this.openPanel(panel, open),
      openShortcuts: (open) => void this.#openShortcuts(open),
      prefer: (changes) => {
        host.prefer(changes);
        this.#apply(changes);
      },
      muteForMe: (...who) => host.muteForMe(...who),
      showFailure: (of, failed) => this.showFailure(of, failed),
    });
    answerRequests(element, answers);
    this.#adopt(styles);
    element.addEventListener('enx-part-missing', () => this.showFailure('action', true));
    element.addEventListener('enx-held', (event) =>
      this.#tell((event as CustomEvent).detail === 'audio' ? 'hardMutedMicrophone' : 'hardMutedCamera'),
    );
    for (const name of ['pointermove', 'pointerdown', 'focusin'] as const) {
      element.addEventListener(name, (event) => this.#stir(event), { passive: true });
    }
    element.addController(this);
    new QualityWatch(
      element,
      () => host.room.statistics(),
      () => host.room.state.connection === 'connected' && !host.state().chatOnly,
      (qualities) => host.showQualities(qualities),
    );
  }

  hostConnected(): void {
    this.#shortcuts.start();
  }

  hostDisconnected(): void {
    this.#shortcuts.stop();
    window.clearTimeout(this.#quietTimer);
    window.clearTimeout(this.#remindTimer);
  }

  hostUpdated(): void {
    const { connection, chatOnly, endsAt } = this.host.state();
    const chats = chatOnly && connection === 'connected';
    // Where there is nothing to see and hear, the chat is the call.
    if (chats && !this.#chats) void this.openPanel('chat', true);
    this.#chats = chats;
    // Tells how long the call may last.
    if (endsAt !== undefined && !partNow('extras')) void loadPart('extras').catch(() => {});
  }

  get locale(): Locale {
    return this.host.locale();
  }

  get avatars(): CallContext['avatars'] {
    return this.host.element.avatars;
  }

  get hasEmptySlot(): boolean {
    return this.host.element.querySelector(':scope > [slot="empty"]') !== null;
  }

  render(): unknown {
    const extras = partNow('extras');
    if (extras) this.#adopt(extras.panelPlace);
    return renderCall(this.host.state(), this);
  }

  // ── what happens ──────────────────────────────────────────────────────────────────────────────────────────────

  /** A join begins: what an earlier session left is cleared. */
  begin(): void {
    this.#show({ dismissed: new Set(), failures: new Set(), news: [], unread: 0 });
  }

  /** A new state: told to screen readers, and heard where somebody knocks. */
  changed(before: RoomState, now: RoomState): void {
    this.#announcer.compare(before, now);
    if (now.connection !== before.connection && now.connection === 'disconnected') this.#announcer.stop();
    this.#answerKey(before, now);
    this.#happened(before, now);
    if (now.mutedWhileTalking) {
      window.clearTimeout(this.#remindTimer);
      this.#remindTimer = window.setTimeout(() => this.#show({ reminds: false }), REMINDS_MS);
      if (!this.reminds) this.#show({ reminds: true });
    } else if (now.microphone !== 'muted') {
      if (this.reminds) this.#show({ reminds: false });
      this.#remember('mutedWhileTalking');
    }
    if (now.role === 'moderator' && now.guests.length > before.guests.length)
      loadPart('fields').then(
        ({ playTone }) => playTone('knock', now.devices.speakerId),
        () => {},
      );
    // The next time it is slow is news again.
    if (!now.lowBandwidth) this.#remember('lowBandwidth');
  }

  /** Whoever uses a key does not hear the button change. */
  #answerKey(before: RoomState, now: RoomState): void {
    if (!this.#keyed) return;
    const { t } = this.locale;
    const hand = ({ hands, clientId }: RoomState): boolean => hands.some((one) => one.clientId === clientId);
    const say = (name: string, was: boolean, is: boolean): void => {
      if (was === is) return;
      this.#keyed = false;
      this.#announcer.add(t(is ? 'switchedOn' : 'switchedOff', { name }));
    };
    say(t('microphone'), before.microphone === 'on', now.microphone === 'on');
    say(t('camera'), before.camera === 'on', now.camera === 'on');
    say(t('hand'), hand(before), hand(now));
  }

  /** What a moderator or the network did to oneself, so that nobody wonders why a button does nothing. */
  #happened(before: RoomState, now: RoomState): void {
    if (now.connection !== 'connected') return;
    if (before.connection === 'reconnecting') this.#tell('backInCall');
    else if (before.connection !== 'connected') return;
    if (now.role === 'moderator' && before.role !== 'moderator') this.#tell('nowModerator');
    if (now.hardMuted === before.hardMuted || now.mode === 'lecture') return;
    const held = (kind: 'audio' | 'video'): boolean => now.hardMuted[kind] && !before.hardMuted[kind];
    if (held('audio')) this.#tell('hardMutedMicrophone');
    if (held('video')) this.#tell('hardMutedCamera');
  }

  #tell(news: News): void {
    this.#show({ news: [...this.news.filter((other) => other !== news), news] });
    window.setTimeout(() => this.forget(news), NEWS_MS);
  }

  forget(news: News): void {
    this.#show({ news: this.news.filter((other) => other !== news) });
  }

  /** What was closed may be said again. */
  #remember(what: unknown): void {
    if (this.dismissed.has(what))
      this.#show({ dismissed: new Set([...this.dismissed].filter((other) => other !== what)) });
  }

  messageCame(): void {
    if (this.panel !== 'chat' && !this.#ownPart('enx-chat')) this.#show({ unread: this.unread + 1 });
  }

  /** What the page shows itself, where somebody can see it. */
  #ownPart(tag: string): HTMLElement | undefined {
    const part = this.own.active ? this.host.element.querySelector<HTMLElement>(tag) : null;
    return part && part.getClientRects().length > 0 ? part : undefined;
  }

  reactionCame({ clientId, emoji }: RoomEvents['reactionReceived']): void {
    const { t } = this.locale;
    const person = this.host.state().participants.find((other) => other.clientId === clientId);
    const name = person?.isSelf ? t('you') : person?.name || t('guest');
    void wantPart(this.host.element, 'extras').then(() =>
      this.#find<EnxReactions>('enx-reactions')?.show?.(emoji, name),
    );
    if (!person?.isSelf) this.#announcer.add(t('reaction', { name, emoji }));
  }

  /** What a preference means beyond what elements read of it. */
  #apply({ theme, quality, noiseSuppression, echoCancellation }: Partial<Preferences>): void {
    const { room, element } = this.host;
    const ignore = (): void => {};
    if (theme === 'auto') element.removeAttribute('theme');
    else if (theme) element.setAttribute('theme', theme);
    if (quality) room.setQualityCeiling(quality).catch(ignore);
    if (noiseSuppression !== undefined) room.setProcessing({ noiseSuppression }).catch(ignore);
    if (echoCancellation !== undefined) room.setProcessing({ echoCancellation }).catch(ignore);
  }

  // ── what is open ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens at once, or when its part has come; a part that does not come is told, and may be asked for again. */
  async openPanel(panel: Panel, open: boolean): Promise<void> {
    this.#wanted = open ? panel : undefined;
    if (open) {
      this.showFailure('action', false);
      if (!partNow(panel) && !(await wantPart(this.host.element, panel))) return;
      if (this.#wanted !== panel) return;
    }
    if (open === (this.panel === panel)) return;
    this.#show({
      panel: open ? panel : undefined,
      ...(open ? { opened: new Set([...this.opened, panel]) } : {}),
      ...(open && panel === 'chat' ? { unread: 0 } : {}),
    });
    // The focus goes with the panel, and back to the button that opened it.
    await this.host.element.updateComplete;
    if (open) return (this.#ownPart(`enx-${panel}`) ?? this.#find('.panel:not([hidden])'))?.focus();
    const bar = this.#find('enx-toolbar')?.shadowRoot;
    bar?.querySelector<HTMLElement>(`button.${panel}, button.more`)?.focus();
  }

  async #openShortcuts(open: boolean): Promise<void> {
    if (!open || (await wantPart(this.host.element, 'extras'))) this.#show({ shortcutsOpen: open });
  }

  readonly closePanel = (): void => {
    if (this.panel) void this.openPanel(this.panel, false);
  };

  readonly closeShortcuts = (): void => this.#show({ shortcutsOpen: false });

  shortcutHelp(): unknown {
    return this.shortcutsOpen
      ? partNow('extras')?.renderShortcutHelp(this.locale.t, shortcutKeys, this.closeShortcuts)
      : nothing;
  }

  // ── notices ───────────────────────────────────────────────────────────────────────────────────────────────────

  readonly soundBlockedChanged = (soundBlocked: boolean): void => this.#show({ soundBlocked });

  playSound(): void {
    void this.#find<EnxSound>('enx-sound')?.play();
  }

  dismiss(what: readonly unknown[]): void {
    this.#show({ dismissed: new Set([...this.dismissed, ...what]) });
  }

  dismissFailure(of: Failure): void {
    this.showFailure(of, false);
  }

  /** Shows a failure, or takes it away. */
  showFailure(of: Failure, failed: boolean): void {
    const others = [...this.failures].filter((failure) => failure !== of);
    this.#show({ failures: new Set(failed ? [...others, of] : others) });
  }

  /** What was closed is shown again if it is still so. */
  forgetDismissed(): void {
    this.#show({ dismissed: new Set() });
  }

  /** Adds a style to the room's own, once. */
  #adopt({ styleSheet }: CSSResult): void {
    const { adoptedStyleSheets } = this.host.element.shadowRoot!;
    if (styleSheet && !adoptedStyleSheets.includes(styleSheet)) adoptedStyleSheets.push(styleSheet);
  }

  #stir(event: Event): void {
    const touched =
      event instanceof PointerEvent &&
      event.pointerType === 'touch' &&
      event.composedPath().some((node) => node instanceof Element && node.localName === 'enx-stage');
    if (this.quiet || touched !== this.touched) this.#show({ quiet: false, touched });
    window.clearTimeout(this.#quietTimer);
    this.#quietTimer = window.setTimeout(() => this.#show({ quiet: true, touched: false }), QUIET_AFTER_MS);
  }

  #find<E extends HTMLElement = HTMLElement>(selector: string): E | null {
    return this.host.element.shadowRoot!.querySelector<E>(selector);
  }

  #show(changes: Partial<RoomCall>): void {
    Object.assign(this, changes);
    this.host.element.requestUpdate();
  }
}
