import type { ErrorName } from '../protocol/index.js';
import { RoomError } from './errors.js';

/** `getUserMedia` failures (Media Capture §10.2) → published error and what a person can do about it. */
const failures: Record<string, { name: ErrorName; say: (device: string) => string }> = {
  NotAllowedError: {
    name: 'device-permission-denied',
    say: (device) =>
      `Your browser does not let this page use your ${device}. Allow it beside the address, then try again.`,
  },
  SecurityError: {
    name: 'device-permission-denied',
    say: (device) => `This page may not use your ${device}. Ask its author to allow it.`,
  },
  NotFoundError: {
    name: 'device-not-found',
    say: (device) => `No ${device} was found. Plug one in, then try again.`,
  },
  NotReadableError: {
    name: 'device-in-use',
    say: (device) => `Your ${device} is used by another app. Close it there, then try again.`,
  },
  AbortError: {
    name: 'device-in-use',
    say: (device) => `Your ${device} could not be started. Unplug it and plug it in again, then try again.`,
  },
  OverconstrainedError: {
    name: 'constraint-unmet',
    say: (device) => `Your ${device} cannot do what this room asks for.`,
  },
};

export function mediaError(cause: unknown, kind: 'audio' | 'video'): RoomError {
  const device = kind === 'audio' ? 'microphone' : 'camera';
  const failure = failures[(cause as Error | undefined)?.name ?? ''];
  return failure
    ? new RoomError(failure.name, failure.say(device), { cause })
    : new RoomError('unknown', `Your ${device} could not be started.`, { cause });
}
