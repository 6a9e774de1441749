import { addTexts } from '../i18n/locale.js';
import type { TextTable } from './strings.js';

/** What is said in a call besides. */
export const callStrings = {
  // The room and its parts
  stage: 'People in the call',
  toolbar: 'Call controls',
  dismiss: 'Dismiss',

  // Devices
  microphoneOptions: 'Choose microphone and speaker',
  cameraOptions: 'Choose camera',

  // Toolbar
  share: 'Share',
  startShare: 'Share your screen',
  stopShare: 'Stop sharing your screen',
  layoutAuto: 'Automatic',
  layoutGrid: 'Grid',
  layoutSpeaker: 'Speaker',
  layoutSidebar: 'Sidebar',
  chat: 'Chat',
  openChat: 'Open chat',
  closeChat: 'Close chat',
  unreadMessages: { one: '{count} new message', other: '{count} new messages' },
  people: 'People',
  openPeople: 'Open people',
  closePeople: 'Close people',
  peopleWaiting: { one: '{count} person is waiting', other: '{count} people are waiting' },
  raiseHand: 'Raise hand',
  lowerHand: 'Lower hand',
  react: 'React',
  reaction: '{name} reacts with {emoji}',
  settings: 'Settings',
  closeSettings: 'Close settings',
  moreActions: 'More',
  leaveOptions: 'Leave or end the call',
  leaveRoom: 'Leave the room',
  endForEveryone: 'End for everyone',
  endConfirm: 'End the call for everyone?',
  endConfirmHint: 'Everyone leaves the room at once.',

  // Stage and players
  pager: 'Pages of people',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  pageOf: '{page} / {pages}',
  pageLabel: 'Page {page} of {pages}',
  moveSelf: 'Move your picture',
  chatOnlyTitle: 'Chat only',
  chatOnlyHint: 'There is no sound and no picture in this room.',
  alone: 'You are the only one here.',
  aloneHint: 'Others appear as soon as they join.',

  // Notices over the call
  reconnectingAttempt: 'Connection lost. Attempt {attempt} of {maxAttempts}…',
  soundBlocked: 'Your browser keeps the room silent until you click.',
  playSound: 'Turn sound on',
  lowBandwidth: 'Your connection is slow. Pictures may stop for a while.',
  mutedWhileTalking: 'You are talking, but your microphone is muted.',
  shareFailed: 'Your screen could not be shared. Try again.',
  youShare: 'You are sharing your screen.',
  stopSharing: 'Stop sharing',
  messageFailed: 'Your message was not sent. Check your connection, then send it again.',
  actionFailed: 'That did not work. Try again in a moment.',
  knocks: '{name} wants to join.',
  knockMany: { one: '{count} person wants to join.', other: '{count} people want to join.' },
  admit: 'Let in',
  deny: 'Turn away',
  admitAll: 'Let all in',
  showGuests: 'Show',
  floorInvited: 'A moderator invites you to speak.',
  accept: 'Accept',
  decline: 'Decline',
  recording: 'Recording',
  recordingStarted: 'This call is being recorded.',
  joined: '{names} joined.',
  joinedMany: { one: '{count} person joined.', other: '{count} people joined.' },
  wentAway: '{names} left.',
  wentAwayMany: { one: '{count} person left.', other: '{count} people left.' },
  handRaised: '{names} raised a hand.',
  handRaisedMany: { one: '{count} hand was raised.', other: '{count} hands were raised.' },
  messageFrom: 'Message from {name}: {text}',
  nowModerator: 'You are a moderator now.',
  backInCall: 'You are back in the call.',
  switchedOn: '{name}: on',
  switchedOff: '{name}: off',
  privateMessageFrom: 'Private message from {name}: {text}',
  showPictures: 'Show pictures again',
  sharing: '{name} is sharing a screen.',

  // People
  viewer: 'Viewer',
  raisedHands: 'Raised hands',
  endSpeaking: 'End speaking',

  // Settings
  picture: 'Picture',
  audioOnly: 'Sound only',
  selfView: 'My picture',

  // Keyboard
  shortcuts: 'Keyboard shortcuts',
} as const satisfies TextTable;

addTexts(callStrings);
