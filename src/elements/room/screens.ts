import { html, nothing } from 'lit';
import type { RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import type { IconNode } from '../internal/icon.js';
import { leftIcon, microphoneIcon, offlineIcon, waitIcon, warningIcon } from '../internal/icons.js';
import { endingSentence, sentenceOf } from '../internal/messages.js';
import { request } from '../internal/requests.js';
import '../screen/enx-screen.js';

/** How one could join from here. */
export interface JoinOptions {
  /** There is a token, or a way to get one. */
  canJoin: boolean;
  /** A new token can be had for another try. */
  canRejoin: boolean;
  /** The page wants a click before joining. */
  manual: boolean;
}

interface Screen {
  heading: string;
  text?: string | undefined;
  picture?: IconNode;
  busy?: boolean;
  warning?: boolean;
  /** Label of the button that joins. */
  action?: string | undefined;
  /** One can give up waiting. */
  cancel?: boolean;
}

/** What fills the room while there is no call: one sentence, and one action where it helps. */
export function renderScreen(state: RoomState, t: Translate, options: JoinOptions): unknown {
  const { heading, text, picture, busy, warning, action, cancel } = screenOf(state, t, options);
  return html`<enx-screen
    class="fill"
    part="screen"
    heading=${heading}
    text=${text ?? ''}
    .picture=${picture}
    ?busy=${busy ?? false}
    ?warning=${warning ?? false}
    >${
      action
        ? html`<button
            class="button"
            @click=${(event: Event) => request(event.target!, 'enx-join-request', {})}
          >
            ${action}
          </button>`
        : nothing
    }${
      cancel
        ? html`<button
            class="button quiet"
            @click=${(event: Event) => request(event.target!, 'enx-leave-request', {})}
          >
            ${t('cancel')}
          </button>`
        : nothing
    }${state.connection === 'disconnected' ? html`<slot name="ended"></slot>` : nothing}</enx-screen
  >`;
}

function screenOf(state: RoomState, t: Translate, { canJoin, canRejoin, manual }: JoinOptions): Screen {
  const { connection, awaiting, error, ending } = state;
  if (connection === 'joining') return { heading: t('joining'), busy: true, cancel: true };
  if (connection === 'awaiting') {
    return {
      heading: t('awaiting'),
      text: t(awaiting === 'wait_for_moderator' ? 'awaitingModerator' : 'awaitingKnock'),
      picture: waitIcon,
      cancel: true,
    };
  }
  if (connection !== 'disconnected') {
    return {
      heading: t('idle'),
      text: canJoin ? t('idleHint') : undefined,
      picture: microphoneIcon,
      action: canJoin && manual ? t('join') : undefined,
    };
  }
  if (error) {
    return {
      heading: t('failed'),
      text: sentenceOf(error, t),
      picture: error.name === 'server-unreachable' ? offlineIcon : warningIcon,
      warning: true,
      action: error.retryable || canRejoin ? t('tryAgain') : undefined,
    };
  }
  const left = ending?.reason === 'left';
  const lost = ending?.reason === 'network' || ending?.reason === 'reconnect-failed';
  return {
    heading: left || !ending ? t('ended') : endingSentence(ending, t),
    text: left ? endingSentence(ending, t) : undefined,
    picture: lost ? offlineIcon : leftIcon,
    action: canRejoin ? t('joinAgain') : undefined,
  };
}
