import type { PageEnvironment } from './environment.js';
import { mediaError } from './media-errors.js';
import { RoomError } from './errors.js';

export type MediaKind = 'audio' | 'video';

export interface MediaWish {
  audio: boolean;
  video: boolean;
  /** Largest camera picture, pixels. */
  videoSize: { width: number; height: number };
  maxFrameRate: number;
}

/** The browser's own processing of the microphone. */
export interface Processing {
  echoCancellation: boolean;
  noiseSuppression: boolean;
  autoGainControl: boolean;
}
export const standardProcessing: Processing = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** Choices of the person. */
export interface MediaChoice {
  /** `deviceId` per kind; empty = the browser's choice. */
  ids: { audio: string; video: string };
  processing: Processing;
}
const standardChoice: MediaChoice = { ids: { audio: '', video: '' }, processing: standardProcessing };

/** What the browser gave, and why it did not give the rest. */
export interface AcquiredMedia {
  audio?: MediaStreamTrack | undefined;
  video?: MediaStreamTrack | undefined;
  errors: { audio?: RoomError; video?: RoomError };
}

/** Largest camera picture by room quality (protocol §12). */
const cameraSizes: ReadonlyMap<string, { width: number; height: number }> = new Map([
  ['FD', { width: 1920, height: 1080 }],
  ['HD', { width: 1280, height: 720 }],
  ['SD', { width: 960, height: 540 }],
  ['LD', { width: 640, height: 360 }],
]);

/** The size for a quality; that of HD for one we do not know. */
export const cameraSize = (quality: string): { width: number; height: number } =>
  cameraSizes.get(quality) ?? cameraSizes.get('HD')!;

function constraintsOf(wish: MediaWish, { ids, processing }: MediaChoice): MediaStreamConstraints {
  const device = (id: string): MediaTrackConstraints => (id ? { deviceId: { exact: id } } : {});
  return {
    audio: wish.audio && { ...processing, ...device(ids.audio) },
    video: wish.video && {
      ...device(ids.video),
      width: { ideal: wish.videoSize.width },
      height: { ideal: wish.videoSize.height },
      frameRate: { ideal: wish.maxFrameRate },
    },
  };
}

/**
 * Opens microphone and camera. Never rejects: what cannot be had is told in `errors`, the rest is used.
 * One prompt for both; only when that fails each is tried alone.
 */
export async function acquireMedia(
  environment: PageEnvironment,
  wish: MediaWish,
  choice: MediaChoice = standardChoice,
): Promise<AcquiredMedia> {
  const devices = environment.mediaDevices();
  const kinds = (['audio', 'video'] as const).filter((kind) => wish[kind]);
  if (kinds.length === 0) return { errors: {} };
  if (!devices?.getUserMedia) {
    const error = new RoomError(
      'insecure-page',
      'This page is not secure, so the browser keeps microphone and camera away. Open it over https.',
    );
    return { errors: Object.fromEntries(kinds.map((kind) => [kind, error])) };
  }
  try {
    return { ...tracksOf(await devices.getUserMedia(constraintsOf(wish, choice))), errors: {} };
  } catch (cause) {
    if (kinds.length === 1) return { errors: { [kinds[0]!]: mediaError(cause, kinds[0]!) } };
  }
  // Microphone first: a call without a picture is still a call.
  const result: AcquiredMedia = { errors: {} };
  for (const kind of kinds) {
    try {
      const only = { ...wish, audio: kind === 'audio', video: kind === 'video' };
      result[kind] = tracksOf(await devices.getUserMedia(constraintsOf(only, choice)))[kind];
    } catch (cause) {
      result.errors[kind] = mediaError(cause, kind);
    }
  }
  return result;
}

function tracksOf(stream: MediaStream): {
  audio?: MediaStreamTrack | undefined;
  video?: MediaStreamTrack | undefined;
} {
  return { audio: stream.getAudioTracks()[0], video: stream.getVideoTracks()[0] };
}
