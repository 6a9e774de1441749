import { consume } from '@lit/context';
import { html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ParticipantState, RoomState } from '../../engine/room-state.js';
import { QuietElement } from '../i18n/quiet-element.js';
import { base, tokens } from '../internal/base-styles.js';
import { changedIn } from '../internal/changed-in.js';
import { roomStateContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { FocusKeeper } from '../internal/focus-keeper.js';
import { formStyles, switchRow } from '../internal/form.js';
import { icon } from '../internal/icon.js';
import { cameraOffIcon, handIcon, microphoneOffIcon, dotsIcon } from '../internal/icons.js';
import { searchIcon } from '../internal/icons-panels.js';
import '../internal/strings-panels.js';
import { focusPanel, panelBar, panelStyles } from '../internal/panel.js';
import { request } from '../internal/requests.js';
import '../dialog/enx-dialog.js';
import '../menu/enx-menu.js';
import { actionsFor, type PersonAction } from './person-actions.js';
import { styles } from './people.styles.js';

/** Something that cannot be undone, waiting for a yes. */
interface Question {
  name: string;
  action: PersonAction;
}

/**
 * Everybody in the room: who waits to come in, whose hand is up, who is muted; and for moderators what they can do
 * about it. Handles a hundred people: rows render again only when their own person changed.
 *
 * @fires {CustomEvent} enx-admit-request - Somebody who knocks was let in or turned away.
 * @fires {CustomEvent} enx-pin-request - Somebody is to be kept in sight.
 * @fires {CustomEvent} enx-moderate-request - A moderator acts on one person.
 * @fires {CustomEvent} enx-rule-request - A moderator changes a rule of the room.
 * @fires {CustomEvent} enx-people-request - The panel is to be closed.
 * @csspart person - One row.
 */
@define('enx-people')
export class EnxPeople extends QuietElement {
  static override styles = [tokens, base, panelStyles, formStyles, styles];

  @consume({ context: roomStateContext, subscribe: true })
  @property({
    attribute: false,
    hasChanged: changedIn<RoomState>(
      'participants',
      'guests',
      'hands',
      'role',
      'mode',
      'floor',
      'pinned',
      'spotlighted',
      'locked',
      'knock',
      'roomMuted',
      'clientId',
    ),
  })
  room: RoomState | undefined;

  @state() private searched = '';
  @state() private menuFor: string | undefined;
  @state() private question: Question | undefined;

  /** The button whose menu is open. */
  #anchor: HTMLElement | undefined;

  @query('input[type=search]') private readonly search!: HTMLInputElement;

  override focus(): void {
    void this.updateComplete.then(() => focusPanel(this.renderRoot, this.search));
  }

  constructor() {
    super();
    // Whoever was answered or removed takes their buttons along.
    new FocusKeeper(this, () => this.renderRoot.querySelector<HTMLElement>('#title')?.focus());
  }

  protected override render(): unknown {
    const { room, t } = this;
    if (!room) return nothing;
    const moderates = room.role === 'moderator';
    const { participants } = room;
    return html`
      ${panelBar(
        html`${t('people')}<span class="count">${participants.length}</span>`,
        t('closePeople'),
        () => request(this, 'enx-people-request', { open: false }),
      )}
      <div class="search">
        ${icon(searchIcon)}
        <input
          type="search"
          class="field"
          aria-label=${t('searchPeople')}
          placeholder=${t('searchPeople')}
          autocomplete="off"
          @input=${(event: Event) => (this.searched = (event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => {
            // First what is written, then the panel.
            if (event.key === 'Escape' && this.searched !== '') event.stopPropagation();
          }}
        />
      </div>
      <div class="body">${moderates ? this.#guests(room) : nothing} ${this.#everybody(room)}</div>
      ${moderates ? this.#rules(room) : nothing} ${this.#ask()}
    `;
  }

  #guests({ guests }: RoomState): unknown {
    if (guests.length === 0) return nothing;
    const { t } = this;
    const answer = (clientId: string, admit: boolean): void =>
      void request(this, 'enx-admit-request', { clientId, admit });
    return html`<section class="guests" aria-labelledby="waiting">
      <div class="head">
        <h3 id="waiting">${t('waiting')} <span class="count">${guests.length}</span></h3>
        ${
          guests.length > 1
            ? html`<button
                type="button"
                class="small main"
                @click=${() => guests.forEach(({ clientId }) => answer(clientId, true))}
              >
                ${t('admitAll')}
              </button>`
            : nothing
        }
      </div>
      <ul>
        ${repeat(
          guests,
          ({ clientId }) => clientId,
          ({ clientId, name }) =>
            html`<li class="guest">
              <span class="name">${name || t('guest')}</span>
              <span class="answers">
                <button type="button" class="small" @click=${() => answer(clientId, false)}>
                  ${t('deny')}</button
                ><button type="button" class="small main" @click=${() => answer(clientId, true)}>
                  ${t('admit')}
                </button>
              </span>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #everybody(room: RoomState): unknown {
    const { t } = this;
    const order = new Map(room.hands.map(({ clientId }, index) => [clientId, index + 1]));
    const people = sorted(room.participants, order).filter(({ name }) => matches(name, this.searched));
    if (people.length === 0) return html`<p class="nothing" role="status">${t('nobodyFound')}</p>`;
    return html`<section aria-labelledby="in-call">
      <div class="head"><h3 id="in-call">${t('inTheCall')}</h3></div>
      <ul>
        ${repeat(
          people,
          ({ clientId }) => clientId,
          (person) => {
            const hand = order.get(person.clientId);
            const open = this.menuFor === person.clientId;
            const actions = actionsFor(person, room);
            const key = actions.map(({ label }) => label).join();
            return guard([person, hand, open, key, this.locale], () =>
              this.#person(person, hand, actions, open),
            );
          },
        )}
      </ul>
    </section>`;
  }

  #person(
    person: ParticipantState,
    hand: number | undefined,
    actions: readonly PersonAction[],
    open: boolean,
  ): unknown {
    const { t } = this;
    const name = person.name || t('guest');
    const role =
      person.role === 'moderator'
        ? t('moderator')
        : person.role === 'viewer' || person.role === 'audience'
          ? t('viewer')
          : undefined;
    const mark = (picture: typeof handIcon, words: string, kind: string, text?: string): unknown =>
      html`<span class="mark ${kind}" title=${words}
        >${icon(picture)}<span aria-hidden="true">${text ?? nothing}</span
        ><span class="visually-hidden">${words}</span></span
      >`;
    const number = hand ? new Intl.NumberFormat(this.locale.lang).format(hand) : undefined;
    return html`<li class="person" part="person">
      <span class="face" aria-hidden="true">${[...name.trim()][0]?.toLocaleUpperCase()}</span>
      <span class="who">
        <span class="name"
          >${name}${person.isSelf ? html` <span class="self">(${t('you')})</span>` : nothing}</span
        >
        ${role ? html`<span class="role">${role}</span>` : nothing}
      </span>
      ${hand ? mark(handIcon, t('handNumber', { number: hand }), 'hand', number) : nothing}
      ${person.audioMuted ? mark(microphoneOffIcon, t('microphoneOff'), 'off') : nothing}
      ${person.videoMuted ? mark(cameraOffIcon, t('cameraIsOff'), 'off') : nothing}
      ${
        actions.length > 0
          ? html`<button
              type="button"
              class="icon actions"
              aria-label=${t('actionsFor', { name })}
              title=${t('actionsFor', { name })}
              aria-haspopup="menu"
              aria-expanded=${open ? 'true' : 'false'}
              @click=${(event: Event) => {
                this.#anchor = event.currentTarget as HTMLElement;
                this.menuFor = this.menuFor === person.clientId ? undefined : person.clientId;
              }}
            >
              ${icon(dotsIcon)}
            </button>`
          : html`<span class="space"></span>`
      }
      ${open ? this.#menu(actions, name) : nothing}
    </li>`;
  }

  #menu(actions: readonly PersonAction[], name: string): unknown {
    return html`<enx-menu
      label=${this.t('actionsFor', { name })}
      .entries=${actions.map((action) => ({
        label: this.t(action.label),
        danger: action.danger ?? false,
        run: () => (action.asks ? (this.question = { name, action }) : action.run(this)),
      }))}
      .anchor=${this.#anchor}
      @enx-menu-close=${() => (this.menuFor = undefined)}
    ></enx-menu>`;
  }

  #ask(): unknown {
    const { question, t } = this;
    if (!question) return nothing;
    const { name, action } = question;
    const removes = action.asks === 'remove';
    return html`<enx-dialog
      heading=${t(removes ? 'removeConfirm' : 'makeModeratorConfirm', { name })}
      text=${t(removes ? 'removeHint' : 'makeModeratorHint')}
      action=${t(removes ? 'remove' : 'makeModerator')}
      ?danger=${removes}
      @enx-dialog-close=${({ detail }: CustomEvent<{ accepted: boolean }>) => {
        this.question = undefined;
        if (detail.accepted) action.run(this);
      }}
    ></enx-dialog>`;
  }

  #rules({ locked, knock, roomMuted }: RoomState): unknown {
    const { t } = this;
    const set = (rule: 'locked' | 'knock' | 'muted') => (on: boolean) =>
      void request(this, 'enx-rule-request', { rule, on });
    return html`<details
      class="rules fold"
      @toggle=${(event: Event) => (event.currentTarget as HTMLElement).scrollIntoView({ block: 'nearest' })}
    >
      <summary>${t('roomControls')}</summary>
      ${switchRow({ label: t('lockRoom'), hint: t('lockRoomHint'), on: locked, change: set('locked') })}
      ${switchRow({ label: t('knockFirst'), hint: t('knockFirstHint'), on: knock, change: set('knock') })}
      ${switchRow({ label: t('muteAll'), on: roomMuted, change: set('muted') })}
    </details>`;
  }
}

/** Oneself, then moderators who only listen, then raised hands in their order, then everybody by coming. */
function sorted(people: readonly ParticipantState[], hands: ReadonlyMap<string, number>): ParticipantState[] {
  const rank = ({ isSelf, role, clientId }: ParticipantState): number =>
    isSelf ? -2 : (hands.get(clientId) ?? (role === 'moderator' ? -1 : Infinity));
  return [...people].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left === right ? 0 : left - right;
  });
}

const simple = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim();
const matches = (name: string, searched: string): boolean => simple(name).includes(simple(searched));

declare global {
  interface HTMLElementTagNameMap {
    'enx-people': EnxPeople;
  }
}
