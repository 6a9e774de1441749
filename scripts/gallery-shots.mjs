/**
 * Takes pictures of every state of the gallery, into screenshots/gallery/. Needs a build, but no server.
 *
 *   node scripts/gallery-shots.mjs [state=two] [size=360x640] [theme=dark] [dir=rtl] [layout=speaker] [lang=de]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { browserFlags, ensureBrowser } from './lib/browser.mjs';
import { servePages } from './lib/pages.mjs';
import { root } from './lib/run.mjs';

const asked = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')));
const sizes = ['240x320', '360x640', '480x320', '568x320', '800x600', '1280x800', '1920x1080'].filter(
  (size) => !asked.size || asked.size.split(',').includes(size),
);
const { theme = 'light', dir = 'ltr', layout = 'auto', lang = '' } = asked;
const folder = join(root, 'screenshots', 'gallery', [theme, dir, layout, lang].filter(Boolean).join('-'));
mkdirSync(folder, { recursive: true });

const site = await servePages();
const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: browserFlags });
const page = await browser.newPage({ colorScheme: theme === 'dark' ? 'dark' : 'light' });
const problems = [];
page.on('pageerror', (error) => problems.push(String(error)));

await page.goto(`${site.url}/gallery.html`);
const names = (await page.locator('select[name=state] option').allTextContents()).filter(
  (name) => !asked.state || asked.state.split(',').includes(name),
);
for (const name of names) {
  await page.setViewportSize({ width: 1280, height: 800 });
  const query = new URLSearchParams({ state: name, theme, dir, layout, bare: '', ...(lang ? { lang } : {}) });
  await page.goto(`${site.url}/gallery.html?${query}`);
  await page.waitForFunction((expected) => document.body.dataset.shown === expected, name);
  for (const size of sizes) {
    const [width, height] = size.split('x').map(Number);
    await page.setViewportSize({ width, height });
    // Pictures want tiles at rest and first frames on screen.
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(folder, `${name.replace(/\W+/g, '-')}-${size}.png`) });
  }
}
await browser.close();
await site.close();
console.log(`pictures are in screenshots/gallery/${[theme, dir, layout, lang].filter(Boolean).join('-')}`);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
