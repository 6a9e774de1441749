import { addTexts } from '../i18n/locale.js';
import type { TextTable } from './strings.js';

/** What the prejoin screen says besides. */
export const prejoinStrings = {
  // Before the call
  joinTitle: 'Ready to join?',
  inTheRoom: 'In the room: {people}',
  nobodyHere: 'Nobody is in the room yet.',
  yourName: 'Your name',
  cameraOff: 'Your camera is off.',
  cameraStartingHint: 'Your camera is starting…',
  allowDevices: 'Your browser may ask to use your microphone and camera.',
  permissionHelp: 'How to allow it',
  permissionChrome:
    'Click the icon to the left of the address, switch microphone and camera on, then try again.',
  permissionFirefox:
    'Click the crossed-out microphone or camera beside the address, remove the block, then try again.',
  permissionSafari: 'Open Safari, Settings for this website, allow microphone and camera, then try again.',
  permissionMobile:
    'Open the settings of your browser for this website, allow microphone and camera, then try again.',
} as const satisfies TextTable;

addTexts(prejoinStrings);
