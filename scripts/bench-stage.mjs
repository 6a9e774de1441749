/**
 * What the stage costs: 25 tiles, and another person talks twice a second. Prints the share of one core that the page's
 * main thread spends on script, style and layout, beside a stage where nothing happens, in the same run. Needs a build.
 *
 *   node scripts/bench-stage.mjs [seconds=10]
 */
import { chromium } from 'playwright-core';
import { browserFlags, ensureBrowser } from './lib/browser.mjs';
import { servePages } from './lib/pages.mjs';

const seconds = Number(process.argv[2] ?? 10);
const limit = 10;

const site = await servePages();
const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: browserFlags });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const session = await page.context().newCDPSession(page);
await session.send('Performance.enable', { timeDomain: 'timeTicks' });

await page.goto(`${site.url}/gallery.html?state=twenty-five&bare`);
await page.waitForFunction(() => document.body.dataset.shown === 'twenty-five');
await page.evaluate(() => {
  const room = document.querySelector('enx-room');
  const quiet = room.roomState;
  // Still pictures: drawing them is work of this page, decoding real ones is work of other threads.
  const still = quiet.talkers.map((talker) => ({ ...talker, stream: undefined, video: false }));
  const show = (loud, order = still) => {
    room.roomState = Object.freeze({
      ...quiet,
      localStream: undefined,
      camera: 'muted',
      talkers: order.map((talker) => ({ ...talker, talking: talker.clientId === loud })),
    });
  };
  // Loudness as a voice has it, read by the rings.
  room.room.level = () => 0.05 + Math.random() * 0.3;
  let turn = 0;
  window.quietDown = () => show('');
  window.talk = () => {
    const next = still[(turn += 7) % still.length];
    show(next.clientId, [next, ...still.filter((talker) => talker !== next)]);
  };
  window.quietDown();
  // Frames of the gallery's own pictures would count as ours.
  for (let id = setInterval(() => {}, 1e6); id > 0; id--) clearInterval(id);
});
await page.waitForTimeout(1500);

async function share(start, stop) {
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  await page.evaluate(start);
  const before = await read();
  await page.waitForTimeout(seconds * 1000);
  const after = await read();
  await page.evaluate(stop);
  const wall = after.Timestamp - before.Timestamp;
  const spent = (name) => ((after[name] - before[name]) / wall) * 100;
  return {
    script: spent('ScriptDuration'),
    style: spent('RecalcStyleDuration'),
    layout: spent('LayoutDuration'),
    all: spent('TaskDuration'),
    layouts: after.LayoutCount - before.LayoutCount,
  };
}

const nothing = () => {};
const idle = await share(nothing, nothing);
const busy = await share(
  () => {
    const stage = document.querySelector('enx-room').shadowRoot.querySelector('enx-stage').shadowRoot;
    window.rings = 0;
    for (const player of stage.querySelectorAll('enx-player')) {
      new MutationObserver(() => (window.rings += 1)).observe(player.shadowRoot.querySelector('.ring'), {
        attributes: true,
      });
    }
    window.talk();
    window.talking = setInterval(window.talk, 500);
  },
  () => {
    clearInterval(window.talking);
    window.quietDown();
  },
);
const rings = await page.evaluate(() => window.rings);
await browser.close();
await site.close();
if (rings < seconds) throw new Error('Nobody was seen talking: the measurement means nothing.');

const show = (name, { script, style, layout, all, layouts }) => {
  const ours = script + style + layout;
  const cells = [script, style, layout, ours, all].map((value) => `${value.toFixed(2)} %`.padStart(9));
  console.log(`${name.padEnd(28)}${cells.join('')}${String(layouts).padStart(9)}`);
  return ours;
};
console.log(
  `${`25 tiles, ${seconds} s`.padEnd(28)}${['script', 'style', 'layout', 'ours', 'all tasks', 'layouts'].map((word) => word.padStart(9)).join('')}`,
);
show('nobody talks', idle);
const ours = show('a new talker every 0.5 s', busy);
console.log(`limit: script, style and layout together below ${limit} %`);
process.exitCode = ours < limit ? 0 : 1;
