import { html, nothing } from 'lit';
import type { RoomError } from '../../engine/errors.js';
import type { RoomState } from '../../engine/room-state.js';
import { icon, type IconNode } from '../internal/icon.js';
import { closeIcon, guestIcon, offlineIcon, soundIcon, warningIcon } from '../internal/icons.js';
import { deviceProblems } from '../internal/messages.js';
import { request } from '../internal/requests.js';
import { t } from '../internal/strings.js';

/** What the room element knows beyond the engine's state, and what the notices' buttons do. */
export interface NoticeContext {
  soundBlocked: boolean;
  shareFailed: boolean;
  messageFailed: boolean;
  /** Device errors whose notice was closed. */
  dismissed: readonly RoomError[];
  playSound(): void;
  retryDevices(): void;
  dismissDevices(errors: RoomError[]): void;
  dismissShare(): void;
  dismissMessage(): void;
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
export function renderNotices(state: RoomState, context: NoticeContext): unknown {
  return noticesOf(state, context).map(renderNotice);
}

function noticesOf(state: RoomState, context: NoticeContext): Notice[] {
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
  for (const { message, retryable, errors } of deviceProblems(deviceErrors)) {
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
  if (context.shareFailed) {
    notices.push({ picture: warningIcon, text: t('shareFailed'), dismiss: () => context.dismissShare() });
  }
  if (context.messageFailed) {
    notices.push({ picture: warningIcon, text: t('messageFailed'), dismiss: () => context.dismissMessage() });
  }
  return notices;
}

function renderNotice({ picture, text, calm, actions = [], dismiss }: Notice): unknown {
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
