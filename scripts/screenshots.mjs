/**
 * Takes pictures of the room as people see it, into screenshots/: calls of two, three and five, the chat, a muted
 * camera, prejoin, waiting for others, denied devices and errors, at phone, sidebar and desktop size. Needs a build.
 *
 *   node scripts/screenshots.mjs [dark]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { createServer } from '../server/dist/index.js';
import { browserFlags, ensureBrowser } from './lib/browser.mjs';
import { root } from './lib/run.mjs';

const sizes = [
  [360, 640],
  [480, 320],
  [1280, 800],
];
const names = ['Ann Lee', 'Bob Okafor', 'Chloé Martin', 'Dev', 'Eva Stone'];
const colorScheme = process.argv.includes('dark') ? 'dark' : 'light';
const folder = join(root, 'screenshots', colorScheme);
mkdirSync(folder, { recursive: true });

const dataDir = mkdtempSync(join(tmpdir(), 'enx-room-shots-'));
const server = await createServer({
  port: 0,
  mediaPort: 43_210,
  workers: 1,
  dataDir,
  demo: true,
  logLevel: 'error',
});
const url = server.url.replace('127.0.0.1', 'localhost');
const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: browserFlags });
const timeout = 20_000;

async function shoot(page, name) {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    // Tiles glide and panels appear; pictures want them at rest.
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(folder, `${name}-${width}x${height}.png`) });
  }
}

async function open(attributes, ready, init) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
  if (init) await page.addInitScript(init);
  await page.goto(`${url}/`);
  await page.setContent(
    '<style>body { margin: 0 } enx-room { height: 100vh; border-radius: 0; font-family: system-ui }</style>',
  );
  await page.addScriptTag({ url: '/dist/enx-room.min.js' });
  await page.evaluate((values) => {
    const element = document.createElement('enx-room');
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
    document.body.append(element);
  }, attributes);
  await page.waitForFunction(ready, undefined, { timeout });
  return page;
}

const room = 'document.querySelector("enx-room")';
const tokenUrl = (roomName, name) => `/demo/token?${new URLSearchParams({ room: roomName, name })}`;
const call = (people, name, more = {}) =>
  open({ 'token-url': tokenUrl(`call of ${people}`, name), ...more }, `${room}.room.state.published`);

for (const people of [2, 3, 5]) {
  const pages = [];
  for (const [index, name] of names.slice(0, people).entries()) {
    pages.push(
      await call(
        people,
        name,
        index === 2 ? { 'video-muted': '' } : index === 1 ? { 'audio-muted': '' } : {},
      ),
    );
  }
  const [first, second] = pages;
  await first.waitForFunction(`${room}.room.state.talkers.length === ${people - 1}`, undefined, { timeout });
  await first.waitForTimeout(1500);
  await shoot(first, `call-of-${people}`);
  if (people === 2) {
    await second.evaluate(`${room}.sendMessage('Hello there! Can you see the slides?')`);
    await first.evaluate(`${room}.sendMessage('Yes, loud and clear.')`);
    await first.evaluate(
      `${room}.shadowRoot.querySelector('enx-toolbar').shadowRoot.querySelector('button.chat').click()`,
    );
    await shoot(first, 'chat');
    await second.evaluate(`${room}.muteVideo()`);
    await first.keyboard.press('Escape');
    await shoot(first, 'camera-muted');
  }
  await Promise.all(pages.map((page) => page.close()));
}

const state = (name) => `${room}.state === '${name}'`;
const screens = {
  alone: [{ 'token-url': tokenUrl('alone', 'Zoe Quinn') }, `${room}.room.state.published`],
  prejoin: [{ 'token-url': tokenUrl('x', ''), 'join-mode': 'prejoin' }, `${room}.room.state.camera === 'on'`],
  error: [{ token: 'not a token' }, state('disconnected')],
  unreachable: [{ 'token-url': '/demo/nowhere' }, state('disconnected')],
  manual: [{ 'token-url': tokenUrl('x', 'Zoe'), 'join-mode': 'manual' }, state('idle')],
  denied: [
    { 'token-url': tokenUrl('denied', 'Zoe Quinn') },
    `${state('connected')} && ${room}.room.state.camera === 'unavailable'`,
    'navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); }',
  ],
};
for (const [name, [attributes, ready, init]] of Object.entries(screens)) {
  const page = await open(attributes, ready, init);
  await page.waitForTimeout(500);
  await shoot(page, name);
  await page.close();
}
const left = await open({ 'token-url': tokenUrl('left', 'Zoe') }, state('connected'));
await left.evaluate(`${room}.disconnect()`);
await shoot(left, 'ended');

const start = await browser.newPage({ colorScheme });
await start.goto(`${url}/`);
await shoot(start, 'start-page');

await browser.close();
await server.close();
rmSync(dataDir, { recursive: true, force: true });
console.log(`pictures are in screenshots/${colorScheme}`);
