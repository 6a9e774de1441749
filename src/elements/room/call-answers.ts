import type { RoomError } from '../../engine/errors.js';
import type { Room } from '../../engine/room.js';
import { loadPart } from '../internal/parts.js';
import type { Preferences } from '../internal/preferences.js';
import { type Answers, type EarlyRequest, ignore } from './answers.js';

/** Panels beside the call; one at a time. */
export type Panel = 'chat' | 'people' | 'settings';

/** What can go wrong without anybody awaiting it. */
export type Failure = 'share' | 'message' | 'action';

/** What the call of a room lends to the answers. */
export interface CallAnswerHost {
  readonly room: Room;
  openPanel(panel: Panel, open: boolean): void;
  openShortcuts(open: boolean): void;
  prefer(changes: Partial<Preferences>): void;
  /** Hears or sees somebody no more, or again. */
  muteForMe(clientId: string, kind: 'audio' | 'video', muted: boolean): void;
  /** Shows a failure, or takes it away. */
  showFailure(of: Failure, failed: boolean): void;
}

/** What the room does about the requests that only a call makes. */
export function callAnswersOf(host: CallAnswerHost): Omit<Answers, EarlyRequest> {
  const { room } = host;
  /** What a moderator did: without a word, somebody would think that it worked. */
  const act = (done: Promise<unknown>): void => {
    host.showFailure('action', false);
    done.catch(() => host.showFailure('action', true));
  };
  return {
    'enx-end-request': () => act(room.moderation.dismiss()),

    'enx-share-request': ({ on }) => {
      host.showFailure('share', false);
      (on ? room.startScreenShare() : room.stopScreenShare()).catch((error: RoomError) =>
        // Whoever closes the picker knows that nothing is shared.
        host.showFailure('share', error.name !== 'device-permission-denied'),
      );
    },
    'enx-admit-request': ({ clientId, admit }) =>
      act(admit ? room.moderation.admit(clientId) : room.moderation.deny(clientId)),
    'enx-message-request': ({ text, recipients }) => {
      host.showFailure('message', false);
      room.sendMessage(text, recipients ?? []).catch(() => host.showFailure('message', true));
    },
    'enx-chat-request': ({ open }) => host.openPanel('chat', open),
    'enx-people-request': ({ open }) => host.openPanel('people', open),
    'enx-settings-request': ({ open }) => host.openPanel('settings', open),
    'enx-shortcuts-request': ({ open }) => host.openShortcuts(open),
    'enx-hand-request': ({ raised }) =>
      act(!raised && room.state.floor.own === 'granted' ? room.floor.finish() : room.raiseHand(raised)),
    'enx-floor-request': ({ accept }) => act(accept ? room.floor.accept() : room.floor.reject()),
    'enx-reaction-request': ({ emoji }) => act(room.react(emoji)),
    'enx-moderate-request': ({ clientId, action }) =>
      act(loadPart('extras').then(({ moderate }) => moderate(room, clientId, action))),
    'enx-rule-request': ({ rule, on }) => {
      const { moderation } = room;
      if (rule === 'locked') act(moderation.setLocked(on));
      else if (rule === 'knock') act(moderation.setKnock(on));
      else act(moderation.setRoomMuted(on));
    },
    'enx-reception-request': (wish) =>
      act('audioOnly' in wish ? room.setAudioOnly(wish.audioOnly) : room.setReceiveQuality(wish.quality)),
    'enx-local-mute-request': ({ clientId, kind, muted }) => host.muteForMe(clientId, kind, muted),
    'enx-pin-request': ({ clientId, pinned }) => act(pinned ? room.pin([clientId]) : room.unpin([clientId])),
    'enx-seen-request': ({ slots }) => room.setSeen(slots),
    'enx-capture-request': ignore,
    'enx-full-screen-request': ignore,
    'enx-picture-in-picture-request': ignore,
    'enx-preference-request': ({ name, value }) => host.prefer({ [name]: value }),
  };
}
