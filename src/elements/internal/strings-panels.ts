import { addTexts } from '../i18n/locale.js';
import type { TextTable } from './strings.js';

/** What chat, people, settings and the list of shortcuts say besides. */
export const panelStrings = {
  // Chat
  messagePlaceholder: 'Message to everyone',
  privatePlaceholder: 'Message to {name}',
  writeTo: 'Write to',
  everyone: 'Everyone',
  privateTo: 'to {name}, privately',
  privately: 'to you, privately',
  send: 'Send',
  emoji: 'Emoji',
  copyMessage: 'Copy message',
  copied: 'Copied',
  saveChat: 'Save chat as text',
  noMessages: 'No messages yet.',
  noMessagesHint: 'What you write here is seen by everyone in the call.',
  newMessages: 'New messages',

  // People
  searchPeople: 'Search people',
  nobodyFound: 'Nobody with this name is here.',
  waiting: 'Waiting to join',
  inTheCall: 'In the call',
  microphoneOff: 'Microphone off',
  cameraIsOff: 'Camera off',
  makeModerator: 'Make moderator',
  makeModeratorConfirm: 'Make {name} the moderator?',
  makeModeratorHint: 'You hand your rights over and become a participant.',
  removePerson: 'Remove from the room',
  removeConfirm: 'Remove {name} from the room?',
  removeHint: 'They leave at once and need a new invitation to come back.',
  letSpeak: 'Let speak',
  inviteToSpeak: 'Invite to speak',
  roomControls: 'Room',
  muteAll: 'Mute everyone',
  lockRoom: 'Lock the room',
  lockRoomHint: 'Nobody else can join.',
  knockFirst: 'People knock first',
  knockFirstHint: 'You decide who comes in.',

  // Settings
  sound: 'Sound',
  appearance: 'Appearance',
  noiseSuppression: 'Reduce background noise',
  echoCancellation: 'Remove echo',
  mirror: 'Mirror my picture',
  sendQuality: 'Quality of my camera',
  receiveQuality: 'Quality of others',
  qualityHigh: 'High',
  qualityMedium: 'Medium',
  qualityLow: 'Low',
  audioOnlyHint: 'Saves data: no pictures are received.',
  selfFloating: 'Floating',
  selfGrid: 'Among the others',
  selfHidden: 'Hidden',
  language: 'Language',
  pageLanguage: 'As this page',
  themeAuto: 'As my device',
  themeLight: 'Light',
  themeDark: 'Dark',

  // Connection figures
  statistics: 'Connection',
  showStatistics: 'Show figures',
  roundTrip: 'Round trip',
  bitrate: 'Bitrate',
  loss: 'Loss',
  codec: 'Codec',
  sent: 'Sent',
  received: 'Received',
  lastMinute: 'Bitrate over the last minute',
  ownCamera: 'My camera',
  ownMicrophone: 'My microphone',
  noFigures: 'There is nothing to measure yet.',

  // Keyboard
  shortcutsHint: 'They work while nothing is being typed.',
  shortcutsOn: 'Use keyboard shortcuts',
  pushToTalk: 'Hold to talk',
  spaceKey: 'Space',
  showShortcuts: 'Show this list',
} as const satisfies TextTable;

addTexts(panelStrings);
