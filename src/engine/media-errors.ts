import type { ErrorName } from '../protocol/index.js';
import { RoomError } from './errors.js';

export type DeviceWord = 'microphone' | 'camera' | 'microphone and camera';

const both = (device: DeviceWord): boolean => device === 'microphone and camera';

/** What a person can do about each failure. */
const sentences: Partial<Record<ErrorName, (device: DeviceWord) => string>> = {
  'device-permission-denied': (device) =>
    `Your browser does not let this page use your ${device}. Allow ${both(device) ? 'them' : 'it'} beside the address, then try again.`,
  'device-not-found': (device) =>
    both(device)
      ? 'No microphone and no camera were found. Plug one in, then try again.'
      : `No ${device} was found. Plug one in, then try again.`,
  'device-in-use': (device) =>
    both(device)
      ? 'Your microphone and camera are used by another app. Close it, then try again.'
      : `Your ${device} is used by another app. Close it there, then try again.`,
  'device-id-invalid': (device) => `This ${device} is not there any more. Choose another one.`,
  'constraint-unmet': (device) => `Your ${device} cannot do what this room asks for.`,
};

/** `getUserMedia` failures (Media Capture and Streams §10.2) → published error. */
const names: ReadonlyMap<string | undefined, ErrorName> = new Map([
  ['NotAllowedError', 'device-permission-denied'],
  ['SecurityError', 'device-permission-denied'],
  ['NotFoundError', 'device-not-found'],
  ['NotReadableError', 'device-in-use'],
  ['AbortError', 'device-in-use'],
  ['OverconstrainedError', 'constraint-unmet'],
]);

/** The sentence for an error about a device, or `undefined` where we have none. */
export const deviceSentence = (name: ErrorName, device: DeviceWord): string | undefined =>
  sentences[name]?.(device);

export function mediaError(cause: unknown, kind: 'audio' | 'video'): RoomError {
  const device = kind === 'audio' ? 'microphone' : 'camera';
  const thrown = cause as { name?: string; constraint?: string } | undefined;
  // The only thing that is asked for without an alternative is a device by its id.
  const isAboutId = thrown?.name === 'OverconstrainedError' && thrown.constraint === 'deviceId';
  const name = isAboutId ? 'device-id-invalid' : (names.get(thrown?.name) ?? 'unknown');
  return new RoomError(name, deviceSentence(name, device) ?? `Your ${device} could not be started.`, {
    cause,
  });
}
