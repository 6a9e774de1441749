import type { callStrings } from './strings-call.js';
import type { panelStrings } from './strings-panels.js';
import type { prejoinStrings } from './strings-prejoin.js';

/**
 * Everything the room says, in English: here what it says at any time, beside this file what only its parts say.
 * `{…}` is filled in; texts that speak of a `{count}` have a form per plural category. Other languages: ../i18n/lang/,
 * one file each with all keys.
 */
export const strings = {
  // The room and its parts
  room: 'Video room',
  you: 'You',
  guest: 'Guest',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',

  // Devices
  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
  muteMicrophone: 'Mute microphone',
  unmuteMicrophone: 'Unmute microphone',
  microphoneStarting: 'Microphone is starting',
  microphoneUnavailable: 'Microphone not available. Try again',
  noMicrophone: 'No microphone in this call',
  hardMutedMicrophone: 'A moderator has muted your microphone',
  stopCamera: 'Turn camera off',
  startCamera: 'Turn camera on',
  cameraStarting: 'Camera is starting',
  cameraUnavailable: 'Camera not available. Try again',
  noCamera: 'No camera in this call',
  hardMutedCamera: 'A moderator has turned your camera off',
  browserChoice: 'Chosen by the browser',
  unnamedDevice: 'Device {number}',
  level: 'Microphone level',
  testSpeaker: 'Test speaker',
  testPlaying: 'Playing a sound…',

  // Toolbar
  layout: 'Layout',
  hand: 'Hand',
  leave: 'Leave',

  // Stage and players
  muted: 'Muted',
  talking: 'Talking',
  sharedBy: 'Screen of {name}',
  yourScreen: 'Your screen',
  pinned: 'Pinned',
  spotlighted: 'In the spotlight',
  mutedForMe: 'Muted for you',
  goodConnection: 'Good connection',
  fairConnection: 'Fair connection',
  slowConnection: 'Slow connection',
  noConnection: 'No connection',

  // Before the call
  join: 'Join',
  joining: 'Joining…',
  awaiting: 'Please wait',
  awaitingKnock: 'A moderator will let you in soon.',
  awaitingModerator: 'The call begins when the moderator joins.',
  idle: 'Not in a call',
  idleHint: 'Join when you are ready.',

  // Device problems
  microphoneDenied:
    'Your browser does not let this page use your microphone. Allow it beside the address, then try again.',
  cameraDenied:
    'Your browser does not let this page use your camera. Allow it beside the address, then try again.',
  devicesDenied:
    'Your browser does not let this page use your microphone and camera. Allow them beside the address, then try again.',
  microphoneMissing: 'No microphone was found. Plug one in, then try again.',
  cameraMissing: 'No camera was found. Plug one in, then try again.',
  devicesMissing: 'No microphone and no camera were found. Plug one in, then try again.',
  microphoneInUse: 'Your microphone is used by another app. Close it there, then try again.',
  cameraInUse: 'Your camera is used by another app. Close it there, then try again.',
  devicesInUse: 'Your microphone and camera are used by another app. Close it there, then try again.',
  microphoneFailed: 'Your microphone could not be started.',
  cameraFailed: 'Your camera could not be started.',
  insecurePage:
    'This page is not secure, so the browser keeps microphone and camera away. Open it over https.',

  // Joining did not work
  failed: 'Joining did not work',
  invitationIncomplete: 'This invitation is not complete. Ask for a new link.',
  invitationInvalid: 'This invitation is not valid here. Ask for a new link.',
  invitationExpired: 'This invitation has expired. Ask for a new link.',
  invitationUsed: 'This invitation was used already. Ask for a new link.',
  roomGone: 'This room no longer exists.',
  roomFull: 'The room is full. Try again when somebody has left.',
  roomLocked: 'The room is locked. Ask a moderator to unlock it, then try again.',
  unreachable: 'The room cannot be reached. Check your internet connection, then try again.',
  refused: 'The room did not let you in. Try again in a moment.',
  entryDenied: 'A moderator did not let you in.',
  tooManyTries: 'Too many tries at once. Wait a moment, then try again.',
  roomBusy: 'The room is busy. Try again in a moment.',
  roomBroken: 'Something went wrong in the room. Try again in a moment.',
  leftWhileJoining: 'You left before joining was done.',
  browserTooOld: 'This browser is too old for video rooms. Update it, then try again.',

  // After the call
  ended: 'Call ended',
  joinAgain: 'Join again',
  endedLeft: 'You left the room.',
  endedRemoved: 'A moderator removed you from the room.',
  endedDismissed: 'The room was closed.',
  endedEmpty: 'Everybody else has left, so the room was closed.',
  endedExpired: 'The time of this room is over.',
  endedReplaced: 'You joined this room again somewhere else.',
  endedReconnectFailed: 'The connection was lost and could not be restored.',
  endedNetwork: 'The connection was lost.',

  // Notices over the call
  reconnecting: 'Connection lost. Trying to come back…',

  // People
  moderator: 'Moderator',
  peopleCount: { one: '{count} person', other: '{count} people' },
  handNumber: 'Hand raised, number {number}',
  actionsFor: 'Actions for {name}',
  spotlight: 'Spotlight for everyone',
  remove: 'Remove',

  // Settings
  devices: 'Devices',
  theme: 'Colours',
} as const satisfies TextTable;

/** Texts by key. */
export type TextTable = Record<string, string | { one?: string; other: string }>;

export type StringKey =
  keyof typeof strings | keyof typeof prejoinStrings | keyof typeof callStrings | keyof typeof panelStrings;
