import type { RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import { chosenDevice, deviceOptions } from './devices.js';
import { selectRow } from './form.js';
import { request } from './requests.js';

/** A row in which a device is chosen. @param from where the request is fired. @param id of the chosen one */
export const deviceRow = (
  from: EventTarget,
  device: 'microphone' | 'camera' | 'speaker',
  list: RoomState['devices']['cameras'],
  id: string,
  t: Translate,
): unknown =>
  selectRow({
    label: t(device),
    value: chosenDevice(list, id),
    options: deviceOptions(list, t),
    change: (chosen) => request(from, 'enx-device-request', { device, id: chosen }),
  });
