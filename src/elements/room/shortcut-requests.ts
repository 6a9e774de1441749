import type { DeviceState, RoomState } from '../../engine/room-state.js';
import type { Layout } from '../internal/preferences.js';
import { request } from '../internal/requests.js';
import type { Panel } from './call-answers.js';
import type { Shortcut } from './shortcuts.js';

const layouts: readonly Layout[] = ['auto', 'grid', 'speaker', 'sidebar'];

/** What a key means depends on what is at the moment. */
export interface ShortcutScene {
  state: RoomState;
  layout: Layout;
  panel: Panel | undefined;
  /** The list of shortcuts is shown. */
  listOpen: boolean;
}

/** Fires the request that the button for it would fire. */
export function runShortcut(
  room: HTMLElement,
  shortcut: Shortcut,
  { state, layout, panel, listOpen }: ShortcutScene,
): void {
  const mute = (kind: 'audio' | 'video', device: DeviceState): void => {
    if (device === 'on' || device === 'muted')
      request(room, 'enx-mute-request', { kind, muted: device === 'on' });
  };
  switch (shortcut) {
    case 'microphone':
      return mute('audio', state.microphone);
    case 'camera':
      return mute('video', state.camera);
    case 'hand': {
      const up =
        state.floor.own === 'granted' || state.hands.some((hand) => hand.clientId === state.clientId);
      request(room, 'enx-hand-request', { raised: !up });
      return;
    }
    case 'chat':
    case 'people':
      request(room, `enx-${shortcut}-request`, { open: panel !== shortcut });
      return;
    case 'layout': {
      if (state.chatOnly) return;
      const next = layouts[(layouts.indexOf(layout) + 1) % layouts.length]!;
      request(room, 'enx-preference-request', { name: 'layout', value: next });
      return;
    }
    case 'shortcuts':
      request(room, 'enx-shortcuts-request', { open: !listOpen });
  }
}
