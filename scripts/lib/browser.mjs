/**
 * Finds a Chromium for the tests, or installs one.
 *
 * Order: CHROME_PATH, known places and PATH, Debian's package (as root), a download by @puppeteer/browsers.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const knownPlaces = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
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

/** @returns the path of a browser that is there, or `undefined`. */
export function findBrowser() {
  const { CHROME_PATH, PATH = '' } = process.env;
  const candidates = [
    ...(CHROME_PATH ? [CHROME_PATH] : []),
    ...knownPlaces,
    ...PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
  ];
  return candidates.find((path) => existsSync(path));
}

/** @returns the path of a browser, installed if need be. */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (isDebianRoot) {
    console.log('No browser found: installing Debian’s chromium …');
    try {
      await run('apt-get', ['update', '-qq']);
      await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
      const installed = findBrowser();
      if (installed) return installed;
    } catch (error) {
      console.warn(String(error));
    }
  }
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
