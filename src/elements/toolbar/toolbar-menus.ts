import type { DeviceInfo, RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import { chosenDevice, deviceOptions } from '../internal/devices.js';
import { leaveIcon } from '../internal/icons.js';
import { endIcon } from '../internal/icons-panels.js';
import type { Layout } from '../internal/preferences.js';
import { request } from '../internal/requests.js';
import type { MenuEntry } from '../menu/enx-menu.js';
import { type Item, type ItemId, layouts, reactions } from './toolbar-items.js';

export type MenuName = 'audio' | 'video' | 'layout' | 'react' | 'more' | 'leave';

/** What the menus of a toolbar depend on. */
export interface MenuScene {
  room: RoomState;
  layout: Layout;
  t: Translate;
  /** Where requests are fired. */
  from: EventTarget;
  /** Leave is a button without a menu. */
  tight: boolean;
  /** What does not fit beside the others. */
  hidden: readonly Item[];
  run(id: ItemId): void;
  /** A count as a badge shows it. */
  short(count: number): string;
  endForEveryone(): void;
}

/** What one menu of the toolbar is called and holds. */
export function toolbarMenu(name: MenuName, scene: MenuScene): { label: string; entries: MenuEntry[] } {
  const { room, layout: chosen, t, from } = scene;
  const end: MenuEntry = {
    label: t('endForEveryone'),
    picture: endIcon,
    danger: true,
    run: () => scene.endForEveryone(),
  };
  switch (name) {
    case 'audio':
    case 'video':
      return {
        label: t(name === 'audio' ? 'microphoneOptions' : 'cameraOptions'),
        entries: deviceEntries(room, name, t, (device, id) =>
          request(from, 'enx-device-request', { device, id }),
        ),
      };
    case 'layout':
      return {
        label: t('layout'),
        entries: (Object.keys(layouts) as Layout[]).map((layout) => ({
          label: t(layouts[layout]),
          chosen: chosen === layout,
          run: () => request(from, 'enx-preference-request', { name: 'layout', value: layout }),
        })),
      };
    case 'react':
      return {
        label: t('react'),
        entries: reactions.map((emoji) => ({
          label: emoji,
          run: () => request(from, 'enx-reaction-request', { emoji }),
        })),
      };
    case 'leave':
      return {
        label: t('leaveOptions'),
        entries: [
          { label: t('leaveRoom'), picture: leaveIcon, run: () => request(from, 'enx-leave-request', {}) },
          end,
        ],
      };
    case 'more':
      return {
        label: t('moreActions'),
        entries: [
          ...scene.hidden.map(({ id, hint, picture, badge }) => ({
            label: hint,
            picture,
            note: badge && scene.short(badge.count),
            run: () => scene.run(id),
          })),
          ...(room.role === 'moderator' && scene.tight ? [end] : []),
        ],
      };
  }
}

type DeviceChoice = (device: 'microphone' | 'camera' | 'speaker', id: string) => void;

/** Microphones and speakers, or cameras, as lines to choose from. */
function deviceEntries(
  { devices }: RoomState,
  kind: 'audio' | 'video',
  t: Translate,
  choose: DeviceChoice,
): MenuEntry[] {
  const group = (
    device: 'microphone' | 'camera' | 'speaker',
    list: readonly DeviceInfo[],
    chosenId: string,
  ): MenuEntry[] => {
    const chosen = chosenDevice(list, chosenId);
    return [
      { label: t(device), heading: true },
      ...deviceOptions(list, t).map(({ id, label }) => ({
        label,
        chosen: id === chosen,
        run: () => choose(device, id),
      })),
    ];
  };
  if (kind === 'video') return group('camera', devices.cameras, devices.cameraId);
  return [
    ...group('microphone', devices.microphones, devices.microphoneId),
    ...(devices.canChooseSpeaker ? group('speaker', devices.speakers, devices.speakerId) : []),
  ];
}
