import { html, nothing } from 'lit';
import type { RoomError } from '../../engine/errors.js';
import type { RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import { icon, type IconNode } from '../internal/icon.js';
import {
  cameraOffIcon,
  closeIcon,
  handIcon,
  microphoneOffIcon,
  offlineIcon,
  personIcon,
  shareIcon,
  soundIcon,
  warningIcon,
} from '../internal/icons.js';
import { deviceProblems } from '../internal/messages.js';
import { request } from '../internal/requests.js';
import type { StringKey } from '../internal/strings.js';
import type { Failure, Panel } from './call-answers.js';

/** What the room element knows beyond the engine's state, and what the notices' buttons do. */
export interface NoticeContext {
  panel: Panel | undefined;
  soundBlocked: boolean;
  failures: ReadonlySet<Failure>;
  /** Talked into a muted microphone a short while ago. */
  reminds: boolean;
  /** What has just happened to oneself. */
  news: readonly News[];
  forget(news: News): void;
  /** Errors and notices that were closed. */
  dismissed: ReadonlySet<unknown>;
  playSound(): void;
  dismiss(what: readonly unknown[]): void;
  dismissFailure(of: Failure): void;
}

/** Something that a moderator or the network did to oneself, in words. */
export type News = Extract<
  StringKey,
  'hardMutedMicrophone' | 'hardMutedCamera' | 'nowModerator' | 'backInCall'
>;
const newsPictures: Record<News, IconNode> = {
  hardMutedMicrophone: microphoneOffIcon,
  hardMutedCamera: cameraOffIcon,
  nowModerator: personIcon,
  backInCall: personIcon,
};

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
  const { connection, reconnect, microphone, share, floor } = state;
  const notices: Notice[] = [];
  if (connection === 'reconnecting') {
    const text = reconnect && reconnect.attempt > 0 ? t('reconnectingAttempt', reconnect) : t('reconnecting');
    // Whatever else there is to say can wait until one is back.
    return [{ picture: offlineIcon, text }];
  }
  if (context.soundBlocked) {
    notices.push({
      picture: soundIcon,
      text: t('soundBlocked'),
      calm: true,
      actions: [{ label: t('playSound'), run: () => context.playSound() }],
    });
  }
  for (const news of context.news)
    notices.push({
      picture: newsPictures[news],
      text: t(news),
      calm: true,
      dismiss: () => context.forget(news),
    });
  if (
    (context.reminds || state.mutedWhileTalking) &&
    microphone === 'muted' &&
    !context.dismissed.has('mutedWhileTalking')
  ) {
    notices.push({
      picture: microphoneOffIcon,
      text: t('mutedWhileTalking'),
      dismiss: () => context.dismiss(['mutedWhileTalking']),
      actions: state.hardMuted.audio
        ? []
        : [
            {
              label: t('unmuteMicrophone'),
              run: (event) => request(event.target!, 'enx-mute-request', { kind: 'audio', muted: false }),
            },
          ],
    });
  }
  if (floor.own === 'invited') {
    const answer = (accept: boolean) => (event: Event) =>
      void request(event.target!, 'enx-floor-request', { accept });
    notices.push({
      picture: handIcon,
      text: t('floorInvited'),
      calm: true,
      actions: [
        { label: t('accept'), run: answer(true) },
        { label: t('decline'), run: answer(false) },
      ],
    });
  }
  notices.push(...deviceNotices(state, t, context), ...guestNotices(state, t, context));
  // Where no pictures are received, none will stop.
  if (state.lowBandwidth && !state.audioOnly && !context.dismissed.has('lowBandwidth')) {
    notices.push({
      picture: warningIcon,
      text: t('lowBandwidth'),
      actions: [
        {
          label: t('audioOnly'),
          run: (event) => request(event.target!, 'enx-reception-request', { audioOnly: true }),
        },
      ],
      dismiss: () => context.dismiss(['lowBandwidth']),
    });
  }
  if (share?.isSelf) {
    notices.push({
      picture: shareIcon,
      text: t('youShare'),
      calm: true,
      actions: [
        {
          label: t('stopSharing'),
          run: (event) => request(event.target!, 'enx-share-request', { on: false }),
        },
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

function deviceNotices({ deviceErrors }: RoomState, t: Translate, context: NoticeContext): Notice[] {
  return deviceProblems(deviceErrors, t)
    .filter(({ errors }) => !errors.every((error: RoomError) => context.dismissed.has(error)))
    .map(({ message, retryable, errors }) => ({
      picture: warningIcon,
      text: message,
      actions: retryable
        ? [
            {
              label: t('tryAgain'),
              run: (event: Event) => void request(event.target!, 'enx-device-retry-request', {}),
            },
          ]
        : [],
      dismiss: () => context.dismiss(errors),
    }));
}

/** One guest is answered here, several in the list of people. */
function guestNotices({ guests, role }: RoomState, t: Translate, { panel }: NoticeContext): Notice[] {
  const [first] = guests;
  if (!first || role !== 'moderator' || panel === 'people') return [];
  const admit = (clientId: string, event: Event, yes: boolean): void =>
    void request(event.target!, 'enx-admit-request', { clientId, admit: yes });
  if (guests.length === 1) {
    return [
      {
        picture: personIcon,
        text: t('knocks', { name: first.name || t('guest') }),
        calm: true,
        actions: [
          { label: t('admit'), run: (event) => admit(first.clientId, event, true) },
          { label: t('deny'), run: (event) => admit(first.clientId, event, false) },
        ],
      },
    ];
  }
  return [
    {
      picture: personIcon,
      text: t('knockMany', { count: guests.length }),
      calm: true,
      actions: [
        {
          label: t('admitAll'),
          run: (event) => guests.forEach(({ clientId }) => admit(clientId, event, true)),
        },
        {
          label: t('showGuests'),
          run: (event) => request(event.target!, 'enx-people-request', { open: true }),
        },
      ],
    },
  ];
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
