/**
 * Takes sheets of the main states of the gallery, in a font that ships with the tests, and compares them with those
 * in test/visual/. Needs a build.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pixelmatch from 'pixelmatch';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';
import { browserFlags, ensureBrowser } from './browser.mjs';
import { servePages } from './pages.mjs';
import { root } from './run.mjs';

const references = join(root, 'test/visual');
const results = join(root, 'screenshots/visual');
const font = createRequire(import.meta.url).resolve(
  '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
);

/** Name → size of the room, how it is shown, and which states in how many columns. */
export const sheets = {
  phone: {
    ...{ width: 360, height: 640, theme: 'light', touch: true, columns: 4 },
    states: ['two', 'five', 'share', 'knock', 'chat, empty', 'people', 'prejoin, devices', 'unreachable'],
  },
  landscape: {
    ...{ width: 568, height: 320, theme: 'dark', touch: true, columns: 3 },
    states: ['share', 'recording', 'people', 'low bandwidth', 'prejoin', 'device menu'],
  },
  page: {
    ...{ width: 800, height: 600, theme: 'light', touch: false, columns: 2 },
    states: [
      'nine',
      'spotlight',
      'settings',
      'remove somebody',
      'prejoin, denied',
      'waiting for a moderator',
    ],
  },
  'right to left': {
    ...{ width: 640, height: 480, theme: 'dark', touch: false, columns: 2, dir: 'rtl' },
    states: ['share', 'moderator', 'people', 'layout menu'],
  },
  'the rest': {
    ...{ width: 480, height: 400, theme: 'light', touch: false, columns: 4 },
    states: [
      ...['alone', 'three', 'twenty-five', 'one hundred', 'own share', 'pinned', 'low bandwidth', 'muted'],
      ...['muted by a moderator', 'no camera', 'hands raised', 'audio only', 'chat only', 'reconnecting'],
      ...['statistics', 'menu of a player', 'unread messages', 'shortcuts', 'end for everyone'],
      ...['actions for somebody', 'invited to speak', 'microphone denied', 'idle', 'ended', 'removed'],
      ...['prejoin, room status', 'prejoin, locked room', 'error'],
    ],
  },
  small: {
    ...{ width: 240, height: 320, theme: 'light', touch: true, columns: 5 },
    states: ['two', 'muted', 'recording', 'settings', 'knocking'],
  },
};

/** Flags that leave nothing of the look to the machine. */
const stableFlags = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];

/** A language without texts of its own: everything English, from right to left. */
const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <style>
    @font-face { font-family: 'Sheet'; src: url(/sheet.woff2); font-weight: 100 900; }
    body { margin: 0; font: 15px Sheet; }
    enx-room { display: block; width: 100vw; height: 100vh; max-height: none; border-radius: 0; --enx-motion: 0ms; }
  </style>
  <script src="/dist/enx-room.min.js"></script>
  <script type="module">
    import { show } from '/gallery-states.js';
    customElements.get('enx-room').registerStrings('ug', { you: 'You' });
    window.shoot = async (state, { theme, dir = 'ltr' }) => {
      await document.fonts.load('15px Sheet');
      const room = document.createElement('enx-room');
      room.lang = dir === 'rtl' ? 'ug' : 'en';
      room.setAttribute('theme', theme);
      document.body.replaceChildren(room);
      await show(room, state);
      const videos = (scope) => [...scope.querySelectorAll('*')].flatMap((element) => [
        ...(element.localName === 'enx-player' ? [element] : []),
        ...(element.shadowRoot ? videos(element.shadowRoot) : []),
      ]);
      const settled = () => videos(room).every((player) => !player.showsPicture || 'playing' in player.dataset);
      const until = performance.now() + 20_000;
      do await new Promise((resolve) => setTimeout(resolve, 100));
      while (!settled() && performance.now() < until);
    };
    document.body.dataset.ready = '';
  </script>
</html>`;

/** @returns the major version of the browser, and a PNG per sheet. */
export async function takeSheets(names = Object.keys(sheets)) {
  const site = await servePages({ pages: { '/sheet.html': page } });
  const browser = await chromium.launch({
    executablePath: await ensureBrowser(),
    args: [...browserFlags, ...stableFlags],
  });
  try {
    const taken = new Map();
    for (const name of names) taken.set(name, await takeSheet(browser, site.url, sheets[name]));
    return taken;
  } finally {
    await browser.close();
    await site.close();
  }
}

async function takeSheet(browser, url, { width, height, theme, touch, columns, dir, states }) {
  const context = await browser.newContext({
    ...{ viewport: { width, height }, hasTouch: touch, isMobile: touch, colorScheme: theme },
    ...{ reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' },
  });
  const tab = await context.newPage();
  await tab.route('**/sheet.woff2', (route) => route.fulfill({ path: font, contentType: 'font/woff2' }));
  await tab.clock.setFixedTime('2026-03-01T12:00:00Z');
  const rows = Math.ceil(states.length / columns);
  const sheet = new PNG({ width: columns * width, height: rows * height });
  for (const [index, state] of states.entries()) {
    await tab.goto(`${url}/sheet.html?still`);
    await tab.waitForSelector('body[data-ready]', { state: 'attached' });
    await tab.evaluate(([name, how]) => window.shoot(name, how), [state, { theme, dir }]);
    const cell = PNG.sync.read(await still(tab));
    const [x, y] = placeOf(index, { width, height, columns });
    PNG.bitblt(cell, sheet, 0, 0, width, height, x, y);
  }
  await context.close();
  // Sixteen levels of each colour: pictures of a third of the size, without the noise of decoded video.
  for (let at = 0; at < sheet.data.length; at++) if (at % 4 < 3) sheet.data[at] = (sheet.data[at] >> 4) * 17;
  return sheet;
}

/** A screenshot of what moves no more: the first of two that are the same. */
async function still(tab) {
  let before = await tab.screenshot();
  for (let tries = 0; tries < 40; tries++) {
    await delay(250);
    const now = await tab.screenshot();
    if (now.equals(before)) return now;
    before = now;
  }
  return before;
}

const placeOf = (index, { width, height, columns }) => [
  (index % columns) * width,
  Math.floor(index / columns) * height,
];

const fileOf = (folder, name, kind = '') => join(folder, `${name.replace(/\W+/g, '-')}${kind}.png`);

/** The Chromium the references are of; other ones draw letters and edges differently. */
const madeWith = () =>
  existsSync(join(references, 'made-with.json'))
    ? JSON.parse(readFileSync(join(references, 'made-with.json'), 'utf8'))
    : undefined;

async function thisBrowser() {
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: browserFlags });
  const major = Number(browser.version().split('.')[0]);
  await browser.close();
  return { chromium: major, platform: process.platform };
}

/** @returns why the sheets cannot be compared here, or `undefined`. */
export async function whyNot() {
  const [then, now] = [madeWith(), await thisBrowser()];
  if (!then) return 'there are no reference pictures';
  if (then.chromium === now.chromium && then.platform === now.platform) return undefined;
  return `the reference pictures are of Chromium ${then.chromium} on ${then.platform}, this is ${now.chromium} on ${now.platform}`;
}

/** Makes these sheets the references. */
export async function acceptSheets(taken) {
  mkdirSync(references, { recursive: true });
  for (const [name, sheet] of taken) writeFileSync(fileOf(references, name), encoded(sheet));
  writeFileSync(join(references, 'made-with.json'), `${JSON.stringify(await thisBrowser(), null, 2)}\n`);
}

const encoded = (sheet) => PNG.sync.write(sheet, { deflateLevel: 9, colorType: 2 });

/** A different letter is more than this; another machine's rounding of edges is less. */
const MOST_PIXELS = 60;

/**
 * Compares a sheet with its reference. What differs is left in screenshots/visual/.
 * @returns one line per state that looks different; empty when none does.
 */
export function differences(name, sheet) {
  const { columns, width, height, states } = sheets[name];
  const file = fileOf(references, name);
  const reference = existsSync(file) ? PNG.sync.read(readFileSync(file)) : undefined;
  mkdirSync(results, { recursive: true });
  const lines = [];
  if (reference?.width !== sheet.width || reference.height !== sheet.height) {
    lines.push(
      reference ? 'the sheet has another size: states were added or removed' : 'there is no reference',
    );
  } else {
    const diff = new PNG({ width: sheet.width, height: sheet.height });
    pixelmatch(reference.data, sheet.data, diff.data, sheet.width, sheet.height, { threshold: 0.15 });
    states.forEach((state, index) => {
      const count = changedPixels(diff, ...placeOf(index, { width, height, columns }), width, height);
      if (count > MOST_PIXELS) lines.push(`"${state}" differs in ${count} pixels`);
    });
    if (lines.length > 0) writeFileSync(fileOf(results, name, '-diff'), encoded(diff));
  }
  if (lines.length > 0) writeFileSync(fileOf(results, name, '-now'), encoded(sheet));
  return lines;
}

/** pixelmatch paints what differs red; everything else is grey or yellow. */
function changedPixels({ data, width }, left, top, cellWidth, cellHeight) {
  let count = 0;
  for (let y = top; y < top + cellHeight; y++) {
    for (let x = left; x < left + cellWidth; x++) {
      const at = (y * width + x) * 4;
      if (data[at] === 255 && data[at + 1] === 0 && data[at + 2] === 0) count += 1;
    }
  }
  return count;
}
