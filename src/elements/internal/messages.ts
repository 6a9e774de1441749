import type { RoomError } from '../../engine/errors.js';
import type { Ending, EndingReason, RoomState } from '../../engine/room-state.js';
import type { Translate } from '../i18n/locale.js';
import type { StringKey } from './strings.js';

/** What to tell a person about an error that stopped them from joining; the server's own words are for logs. */
const joinTexts: Partial<Record<RoomError['name'], StringKey>> = {
  'token-malformed': 'invitationIncomplete',
  'token-oversized': 'invitationInvalid',
  'token-unknown': 'invitationInvalid',
  'token-tampered': 'invitationInvalid',
  'token-expired': 'invitationExpired',
  'token-used': 'invitationUsed',
  'room-gone': 'roomGone',
  'room-expired': 'endedExpired',
  'room-full': 'roomFull',
  'room-locked': 'roomLocked',
  'server-unreachable': 'unreachable',
  'connect-failed': 'unreachable',
  'connect-refused': 'refused',
  'entry-denied': 'entryDenied',
  'rate-exceeded': 'tooManyTries',
  'media-unavailable': 'roomBusy',
  'internal-error': 'roomBroken',
  'normal-disconnect': 'leftWhileJoining',
  'browser-unsupported': 'browserTooOld',
};

export function sentenceOf(error: RoomError, t: Translate): string {
  const key = joinTexts[error.name];
  return key ? t(key) : error.message;
}

const endingTexts: Record<EndingReason, StringKey> = {
  left: 'endedLeft',
  removed: 'endedRemoved',
  dismissed: 'endedDismissed',
  'room-empty': 'endedEmpty',
  denied: 'entryDenied',
  expired: 'endedExpired',
  replaced: 'endedReplaced',
  'reconnect-failed': 'endedReconnectFailed',
  network: 'endedNetwork',
};

export const endingSentence = ({ reason }: Ending, t: Translate): string => t(endingTexts[reason]);

/** Failure of a device → what to say about microphone, camera, or both at once. */
const deviceTexts: Partial<
  Record<RoomError['name'], { microphone: StringKey; camera: StringKey; both: StringKey }>
> = {
  'device-permission-denied': {
    microphone: 'microphoneDenied',
    camera: 'cameraDenied',
    both: 'devicesDenied',
  },
  'device-not-found': { microphone: 'microphoneMissing', camera: 'cameraMissing', both: 'devicesMissing' },
  'device-in-use': { microphone: 'microphoneInUse', camera: 'cameraInUse', both: 'devicesInUse' },
  'insecure-page': { microphone: 'insecurePage', camera: 'insecurePage', both: 'insecurePage' },
};
const otherDeviceTexts = { microphone: 'microphoneFailed', camera: 'cameraFailed' } as const;

/** Something to say about devices that could not be had. */
export interface DeviceProblem {
  message: string;
  retryable: boolean;
  /** The browser keeps the device away until the person allows it. */
  denied: boolean;
  errors: RoomError[];
}

/** One sentence where both devices failed for the same reason. */
export function deviceProblems(
  { microphone, camera }: RoomState['deviceErrors'],
  t: Translate,
): DeviceProblem[] {
  const problem = (message: string, errors: RoomError[]): DeviceProblem => ({
    message,
    retryable: errors[0]!.retryable,
    denied: errors[0]!.name === 'device-permission-denied',
    errors,
  });
  const both = microphone && camera?.name === microphone.name ? deviceTexts[microphone.name] : undefined;
  if (both) return [problem(t(both.both), [microphone!, camera!])];
  return (['microphone', 'camera'] as const).flatMap((device) => {
    const error = device === 'microphone' ? microphone : camera;
    return error ? [problem(t(deviceTexts[error.name]?.[device] ?? otherDeviceTexts[device]), [error])] : [];
  });
}
