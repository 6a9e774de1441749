import { html, nothing } from 'lit';
import type { RoomError } from '../../engine/errors.js';
import type { RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import { icon, type IconNode } from '../internal/icon.js';
import { closeIcon, guestIcon, offlineIcon, soundIcon, warningIcon } from '../internal/icons.js';
import { deviceProblems } from '../internal/messages.js';
import { request } from '../internal/requests.js';
import type { StringKey } from '../internal/strings.js';
import type { Failure } from './answers.js';

/** What the room element knows beyond the engine's state, and what the notices' buttons do. */
export interface NoticeContext {
  soundBlocked: boolean;
  failures: ReadonlySet<Failure>;
  /** Device errors whose notice was closed. */
  dismissed: readonly RoomError[];
  playSound(): void;
  retryDevices(): void;
  dismissDevices(errors: RoomError[]): void;
  dismissFailure(of: Failure): void;
}

interface Notice {
  picture: IconNode;
  text: string;
  /** News, not trouble. */
  calm?: boolean;
  actions?: { label: string; run: (event: Event) => void }[];
  dismiss?: () => void;
}

/** Messages over the call, most urgent first. */
export function renderNotices(state: RoomState, t: Translate, context: NoticeContext): unknown {
  return noticesOf(state, t, context).map((notice) => renderNotice(notice, t));
}

function noticesOf(state: RoomState, t: Translate, context: NoticeContext): Notice[] {
  const { connection, reconnect, deviceErrors, guests } = state;
  const notices: Notice[] = [];
  if (connection === 'reconnecting') {
    const text = reconnect && reconnect.attempt > 0 ? t('reconnectingAttempt', reconnect) : t('reconnecting');
    notices.push({ picture: offlineIcon, text });
  }
  if (context.soundBlocked) {
    notices.push({
      picture: soundIcon,
      text: t('soundBlocked'),
      calm: true,
      actions: [{ label: t('playSound'), run: () => context.playSound() }],
    });
  }
  for (const { message, retryable, errors } of deviceProblems(deviceErrors, t)) {
    if (errors.every((error) => context.dismissed.includes(error))) continue;
    notices.push({
      picture: warningIcon,
      text: message,
      actions: retryable ? [{ label: t('tryAgain'), run: () => context.retryDevices() }] : [],
      dismiss: () => context.dismissDevices(errors),
    });
  }
  for (const { clientId, name } of guests) {
    const answer = (admit: boolean) => (event: Event) =>
      void request(event.target!, 'enx-admit-request', { clientId, admit });
    notices.push({
      picture: guestIcon,
      text: t('knocks', { name: name || t('guest') }),
      calm: true,
      actions: [
        { label: t('admit'), run: answer(true) },
        { label: t('deny'), run: answer(false) },
      ],
    });
  }
  for (const failure of context.failures) {
    notices.push({
      picture: warningIcon,
      text: t(failureTexts[failure]),
      dismiss: () => context.dismissFailure(failure),
    });
  }
  return notices;
}

const failureTexts = {
  share: 'shareFailed',
  message: 'messageFailed',
  action: 'actionFailed',
} as const satisfies Record<Failure, StringKey>;

function renderNotice({ picture, text, calm, actions = [], dismiss }: Notice, t: Translate): unknown {
  return html`<div class="notice ${calm ? 'calm' : ''}" part="notice">
    ${icon(picture)}
    <p>${text}</p>
    ${actions.map(({ label, run }) => html`<button type="button" @click=${run}>${label}</button>`)}
    ${
      dismiss
        ? html`<button
            type="button"
            class="close"
            aria-label=${t('dismiss')}
            title=${t('dismiss')}
            @click=${dismiss}
          >
            ${icon(closeIcon)}
          </button>`
        : nothing
    }
  </div>`;
}
