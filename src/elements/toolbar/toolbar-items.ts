import type { RoomState } from '../../engine/room-state.js';
import type { Locale } from '../i18n/locale.js';
import type { IconNode } from '../internal/icon.js';
import {
  chatIcon,
  handIcon,
  layoutIcon,
  peopleIcon,
  reactIcon,
  settingsIcon,
  shareIcon,
  shareOffIcon,
} from '../internal/icons.js';
import type { Layout } from '../internal/preferences.js';
import type { StringKey } from '../internal/strings.js';

/** Buttons that may move into the menu of a narrow toolbar. Those that are most missed stay longest. */
export const itemIds = ['chat', 'share', 'hand', 'people', 'react', 'layout', 'settings'] as const;
export type ItemId = (typeof itemIds)[number];

export interface Item {
  id: ItemId;
  label: string;
  /** What a click does, where the label does not say it. */
  hint: string;
  picture: IconNode;
  /** A toggle, and whether it is on. */
  pressed?: boolean;
  /** Opens something, and whether that is open. */
  expanded?: boolean;
  badge?: { count: number; label: string } | undefined;
}

export const layouts: Record<Layout, StringKey> = {
  auto: 'layoutAuto',
  grid: 'layoutGrid',
  speaker: 'layoutSpeaker',
  sidebar: 'layoutSidebar',
};

/** What people may react with. */
export const reactions = ['👍', '👏', '❤️', '😂', '😮', '🎉'] as const;

export interface ToolbarView {
  panel: 'chat' | 'people' | 'settings' | undefined;
  unread: number;
}

/** The buttons beside microphone, camera and leave, in the order of the toolbar. */
export function itemsOf(room: RoomState, view: ToolbarView, { t }: Locale): Item[] {
  const { share, guests, hands, clientId, floor } = room;
  const sharing = share?.isSelf ?? false;
  const raised = hands.some((hand) => hand.clientId === clientId);
  const speaking = floor.own === 'granted';
  const waiting = guests.length;
  const chatOpen = view.panel === 'chat';
  const peopleOpen = view.panel === 'people';
  const items: (Item | false)[] = [
    mayShare(room) && {
      id: 'share',
      label: t('share'),
      hint: t(sharing ? 'stopShare' : 'startShare'),
      picture: sharing ? shareOffIcon : shareIcon,
      pressed: sharing,
    },
    {
      id: 'hand',
      label: t('hand'),
      hint: t(speaking ? 'endSpeaking' : raised ? 'lowerHand' : 'raiseHand'),
      picture: handIcon,
      pressed: raised || speaking,
    },
    { id: 'react', label: t('react'), hint: t('react'), picture: reactIcon },
    !room.chatOnly && { id: 'layout', label: t('layout'), hint: t('layout'), picture: layoutIcon },
    {
      id: 'chat',
      label: t('chat'),
      hint: t(chatOpen ? 'closeChat' : 'openChat'),
      picture: chatIcon,
      expanded: chatOpen,
      badge:
        view.unread > 0
          ? { count: view.unread, label: t('unreadMessages', { count: view.unread }) }
          : undefined,
    },
    {
      id: 'people',
      label: t('people'),
      hint: t(peopleOpen ? 'closePeople' : 'openPeople'),
      picture: peopleIcon,
      expanded: peopleOpen,
      badge: waiting > 0 ? { count: waiting, label: t('peopleWaiting', { count: waiting }) } : undefined,
    },
    {
      id: 'settings',
      label: t('settings'),
      hint: t(view.panel === 'settings' ? 'closeSettings' : 'settings'),
      picture: settingsIcon,
      expanded: view.panel === 'settings',
    },
  ];
  return items.filter((item) => item !== false);
}

/** Only where the room allows it and the browser can. */
export function mayShare({ canShare, role, chatOnly }: RoomState): boolean {
  const able = 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
  return canShare && able && !chatOnly && role !== 'viewer' && role !== 'audience';
}
