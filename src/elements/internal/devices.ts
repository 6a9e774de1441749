import type { DeviceInfo, DeviceState, RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import type { StringKey } from './strings.js';

const deviceHints: Record<'audio' | 'video', Record<DeviceState, StringKey>> = {
  audio: {
    off: 'noMicrophone',
    starting: 'microphoneStarting',
    on: 'muteMicrophone',
    muted: 'unmuteMicrophone',
    unavailable: 'microphoneUnavailable',
  },
  video: {
    off: 'noCamera',
    starting: 'cameraStarting',
    on: 'stopCamera',
    muted: 'startCamera',
    unavailable: 'cameraUnavailable',
  },
};

/** What a click on microphone or camera does, or why it does nothing. */
export function deviceHint(room: RoomState, kind: 'audio' | 'video', t: Translate): string {
  const state = kind === 'audio' ? room.microphone : room.camera;
  if (state === 'muted' && room.hardMuted[kind])
    return t(kind === 'audio' ? 'hardMutedMicrophone' : 'hardMutedCamera');
  return t(deviceHints[kind][state]);
}

/** What {@link deviceOptions} calls a chosen device; one that is gone is the browser's choice again. */
export const chosenDevice = (list: readonly DeviceInfo[], id: string): string =>
  id !== 'default' && id !== 'communications' && list.some((device) => device.id === id) ? id : '';

/** What can be chosen, the browser's own choice first; devices without a name are numbered. */
export function deviceOptions(list: readonly DeviceInfo[], t: Translate): { id: string; label: string }[] {
  return [
    { id: '', label: t('browserChoice') },
    // Browsers list their choice a second time under these ids.
    ...list
      .filter(({ id }) => id !== '' && id !== 'default' && id !== 'communications')
      .map(({ id, label }, index) => ({ id, label: label || t('unnamedDevice', { number: index + 1 }) })),
  ];
}
