import type { RoomError } from '../../engine/errors.js';
import { deviceSentence } from '../../engine/media-errors.js';
import type { RoomState } from '../../engine/room-state.js';

/**
 * What to tell a person about an error that stopped them from joining. The engine's own sentence serves where it is
 * about their devices; the server's words are for logs, not for people.
 */
const sentences: Partial<Record<RoomError['name'], string>> = {
  'token-malformed': 'This invitation is not complete. Ask for a new link.',
  'token-oversized': 'This invitation is not valid. Ask for a new link.',
  'token-unknown': 'This invitation is not valid here. Ask for a new link.',
  'token-tampered': 'This invitation is not valid. Ask for a new link.',
  'token-expired': 'This invitation has expired. Ask for a new link.',
  'token-used': 'This invitation was used already. Ask for a new link.',
  'room-gone': 'This room no longer exists.',
  'room-full': 'The room is full. Try again when somebody has left.',
  'room-locked': 'The room is locked. Ask a moderator to unlock it, then try again.',
  'server-unreachable': 'The room cannot be reached. Check your internet connection, then try again.',
  'connect-failed': 'The room cannot be reached. Check your internet connection, then try again.',
  'connect-refused': 'The room did not let you in. Try again in a moment.',
  'entry-denied': 'A moderator did not let you in.',
  'rate-exceeded': 'Too many tries at once. Wait a moment, then try again.',
  'media-unavailable': 'The room is busy. Try again in a moment.',
  'internal-error': 'Something went wrong in the room. Try again in a moment.',
  'normal-disconnect': 'You left before joining was done.',
};

export const sentenceOf = (error: RoomError): string => sentences[error.name] ?? error.message;

/** What to say about devices that could not be had: one sentence where both failed for the same reason. */
export function deviceProblems({
  microphone,
  camera,
}: RoomState['deviceErrors']): { message: string; retryable: boolean; errors: RoomError[] }[] {
  if (microphone && camera && microphone.name === camera.name) {
    const message = deviceSentence(microphone.name, 'microphone and camera') ?? microphone.message;
    return [{ message, retryable: microphone.retryable, errors: [microphone, camera] }];
  }
  return [microphone, camera].flatMap((error) =>
    error ? [{ message: error.message, retryable: error.retryable, errors: [error] }] : [],
  );
}
