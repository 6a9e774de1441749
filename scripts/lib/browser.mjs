/**
 * Finds the browsers for the tests, or installs them.
 *
 * Chromium: CHROME_PATH, known places and PATH, Debian's package (as root), a download by @puppeteer/browsers.
 * Firefox: FIREFOX_PATH, known places and PATH, Debian's package (as root); tests do without where there is none.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findProgram, installDebianPackage } from './debian.mjs';

const chromiumPlaces = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
];
const firefoxPlaces = [
  '/usr/bin/firefox-esr',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  'firefox-esr',
  'firefox',
];

/** Fake camera and microphone at 10 frames a second: enough to see it move, cheap enough for a small machine. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream=fps=10',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** The same for Firefox. */
export const firefoxPreferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  // Nothing that calls home, and no helper that is downloaded.
  'app.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-provider.enabled': false,
};

/** @returns the path of a browser that is there, or `undefined`. */
export function findBrowser() {
  const { CHROME_PATH } = process.env;
  return findProgram([...(CHROME_PATH ? [CHROME_PATH] : []), ...chromiumPlaces]);
}

/** @returns the path of a Firefox that is there, or `undefined`. */
export function findFirefox() {
  const { FIREFOX_PATH } = process.env;
  return findProgram([...(FIREFOX_PATH ? [FIREFOX_PATH] : []), ...firefoxPlaces]);
}

/** @returns the path of a browser, installed if need be. */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  await installDebianPackage('chromium');
  const installed = findBrowser();
  if (installed) return installed;
  console.log('No browser found: downloading one …');
  const folder = join(homedir(), '.cache', 'enx-room-browser');
  const output = execFileSync(
    'npx',
    ['--yes', '@puppeteer/browsers', 'install', 'chrome@stable', '--path', folder, '--format', '{{path}}'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const path = output.trim().split('\n').at(-1);
  if (path && existsSync(path)) return path;
  throw new Error('No browser could be found or installed. Install Chrome or Chromium, or set CHROME_PATH.');
}

/** @returns the path of a Firefox, installed if need be and possible; `undefined` after one line that says so. */
export async function ensureFirefox() {
  if (!findFirefox()) await installDebianPackage('firefox-esr');
  const path = findFirefox();
  if (!path)
    console.warn(
      'SKIPPED: the tests in Firefox, because there is none and it cannot be installed here (set FIREFOX_PATH).',
    );
  return path;
}
