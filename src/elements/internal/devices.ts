import type { DeviceInfo, DeviceState, RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import type { MenuEntry } from '../menu/enx-menu.js';
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

export type DeviceChoice = (device: 'microphone' | 'camera' | 'speaker', id: string) => void;

/** Microphones and speakers, or cameras, as lines to choose from. */
export function deviceEntries(
  { devices }: RoomState,
  kind: 'audio' | 'video',
  t: Translate,
  choose: DeviceChoice,
): MenuEntry[] {
  const group = (
    device: 'microphone' | 'camera' | 'speaker',
    list: readonly DeviceInfo[],
    chosenId: string,
  ): MenuEntry[] => [
    { label: t(device), heading: true },
    ...deviceOptions(list, t).map(({ id, label }) => ({
      label,
      chosen: id === chosenId,
      run: () => choose(device, id),
    })),
  ];
  if (kind === 'video') return group('camera', devices.cameras, devices.cameraId);
  return [
    ...group('microphone', devices.microphones, devices.microphoneId),
    ...(devices.canChooseSpeaker ? group('speaker', devices.speakers, devices.speakerId) : []),
  ];
}

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
