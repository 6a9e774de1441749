/** The element as a guest in somebody else's page: strict policies, hostile styles, shadow roots, company. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, type PageServer, scriptFiles, servePages } from '../helpers/browser.js';
import { until } from '../helpers/patience.js';

const file = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const files = {
  ...scriptFiles('/dist'),
  '/gallery-states.js': file('demo/gallery-states.js'),
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; media-src blob:; img-src 'self' blob: data:";

/** What everybody on the page is told; the room too. */
const HOSTILE = `
  * { all: unset !important; }
  *, *::before, *::after {
    font: italic 900 41px/4 serif !important; color: red !important; background: lime !important;
    letter-spacing: 9px !important; word-spacing: 30px !important; text-transform: uppercase !important;
    text-indent: 60px !important; text-align: right !important; white-space: pre !important;
    text-shadow: 3px 3px red !important; cursor: wait !important;
    border-collapse: collapse !important; list-style: square !important; quotes: none !important;
  }
  div, span, button, svg, video, p, ul, slot, section { display: none !important; }
  html, body { display: block !important; }
  enx-room { display: block !important; width: 800px !important; height: 500px !important; font-family: sans-serif !important }
`;
const KIND = 'enx-room { width: 800px; height: 500px; font-family: sans-serif }';

const OWN = `<enx-room><div style="display:grid;grid-template-rows:1fr auto 90px;height:100%">
  <enx-stage></enx-stage><enx-toolbar></enx-toolbar>
  <div><enx-player client-id="self"></enx-player><enx-player talker="1"></enx-player></div>
</div></enx-room>`;

const html = (style: string, body = ''): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,"><style>${style}</style><body>${body}`;

/** Makes a room below `parent` that shows a state of the gallery. */
const SHOW = `async (parent, name) => {
  const { show } = await import('/gallery-states.js');
  const room = document.createElement('enx-room');
  parent.append(room);
  await show(room, name);
  for (let frames = 0; frames < 4; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
  return room;
}`;

/** Every visible box inside a room, through all shadow roots, with what people see of its text. */
const BOXES = `(room) => {
  const frame = room.getBoundingClientRect();
  const boxes = [];
  const walk = (node) => {
    for (const element of node.querySelectorAll('*')) {
      const { x, y, width, height } = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (width > 0 && height > 0 && !element.closest('svg svg, path')) {
        boxes.push([
          element.localName + '.' + (element.getAttribute('class') ?? ''),
          ...[x - frame.x, y - frame.y, width, height].map(Math.round),
          style.color, style.backgroundColor, style.fontSize, style.letterSpacing, style.textTransform,
          style.visibility, style.cursor, style.textAlign,
        ].join(' '));
      }
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(room.shadowRoot);
  return boxes;
}`;

let browser: Browser;
let site: PageServer;
let strict: PageServer;
before(async () => {
  browser = await launchBrowser();
  site = await servePages({
    ...files,
    '/kind': html(KIND),
    '/hostile': html(HOSTILE),
    '/own': html(KIND, OWN),
  });
  strict = await servePages(
    {
      ...files,
      '/gallery.html': file('demo/gallery.html'),
      '/gallery.css': file('demo/gallery.css'),
      '/gallery.js': file('demo/gallery.js'),
    },
    { 'content-security-policy': POLICY },
  );
});
after(async () => {
  await browser.close();
  await site.close();
  await strict.close();
});

async function open(url: string): Promise<Page> {
  // Without motion, places do not depend on when one looks.
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 }, reducedMotion: 'reduce' });
  await page.goto(url);
  await page.addScriptTag({ url: '/dist/enx-room.min.js' });
  return page;
}

describe('a room in somebody’s page', () => {
  test('keeps to a strict content policy in every state', async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    await page.addInitScript(() => {
      const violations: string[] = [];
      Object.assign(window, { violations });
      addEventListener('securitypolicyviolation', (event) =>
        violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
      );
    });
    await page.goto(`${strict.origin}/gallery.html`);
    const names = await page.locator('select[name=state] option').allTextContents();
    assert.ok(names.length > 20);
    for (const name of names) {
      await page.selectOption('select[name=state]', name);
      await page.waitForFunction((expected) => document.body.dataset.shown === expected, name);
    }
    const violations = await page.evaluate(() => (window as unknown as { violations: string[] }).violations);
    assert.deepEqual(violations, []);
    await page.close();
  });

  test('looks the same under a style sheet that spoils everything on the page', async () => {
    for (const name of ['five', 'share', 'moderator', 'prejoin', 'ended']) {
      const [kind, hostile] = await Promise.all(
        ['kind', 'hostile'].map(async (which) => {
          const page = await open(`${site.origin}/${which}`);
          const boxes = await page.evaluate<string[]>(
            `(async () => (${BOXES})(await (${SHOW})(document.body, ${JSON.stringify(name)})))()`,
          );
          await page.close();
          return boxes;
        }),
      );
      assert.ok(kind!.length > 5, `${name} shows something`);
      assert.deepEqual(hostile, kind, name);
    }
  });

  test('works inside the shadow root of somebody’s own element', async () => {
    const page = await open(`${site.origin}/kind`);
    const boxes = await page.evaluate<string[]>(`(async () => {
      const host = document.createElement('div');
      document.body.append(host);
      const outer = host.attachShadow({ mode: 'closed' });
      outer.innerHTML = '<style>enx-room { display: block; width: 800px; height: 500px } div { display: none !important } * { color: red; letter-spacing: 5px }</style><section></section>';
      const room = await (${SHOW})(outer.querySelector('section'), 'five');
      return (${BOXES})(room);
    })()`);
    assert.equal(boxes.filter((box) => box.startsWith('enx-player.')).length, 5);
    assert.ok(boxes.every((box) => !box.includes('rgb(255, 0, 0)') && !box.includes(' 5px ')));
    await page.close();
  });

  test('shares a page with another room: each shows its own', async () => {
    const page = await open(`${site.origin}/kind`);
    const players = await page.evaluate<number[]>(`(async () => {
      const rooms = [await (${SHOW})(document.body, 'two'), await (${SHOW})(document.body, 'nine')];
      return rooms.map((room) => room.shadowRoot.querySelector('enx-stage').shadowRoot.querySelectorAll('enx-player').length);
    })()`);
    assert.deepEqual(players, [2, 9]);
    await page.close();
  });

  test('takes a layout of the page whose parts came to life before it', async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 }, reducedMotion: 'reduce' });
    await page.goto(`${site.origin}/own`);
    await page.addScriptTag({ url: '/dist/enx-room.min.js' });
    const shown = await page.evaluate<string[]>(`(async () => {
      const { show } = await import('/gallery-states.js');
      const room = document.querySelector('enx-room');
      await show(room, 'three');
      for (let frames = 0; frames < 4; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
      const own = room.shadowRoot.querySelector('enx-stage, enx-toolbar');
      const names = [...room.querySelectorAll('enx-player')].map(({ displayName }) => displayName);
      const stage = room.querySelector('enx-stage').shadowRoot;
      const toolbar = room.querySelector('enx-toolbar').shadowRoot;
      return [String(own), ...names, stage.querySelectorAll('enx-player').length, toolbar.querySelectorAll('button').length > 2].map(String);
    })()`);
    assert.deepEqual(shown, ['null', 'Zoe', 'Bob', '3', 'true']);
    await page.close();
  });

  test('is hidden with what is around it', async () => {
    const page = await open(`${site.origin}/kind`);
    const visible = await page.evaluate<string[]>(`(async () => {
      const around = document.createElement('section');
      document.body.append(around);
      const room = await (${SHOW})(around, 'two');
      const name = room.shadowRoot.querySelector('enx-stage').shadowRoot.querySelector('enx-player').shadowRoot.querySelector('.name');
      const before = getComputedStyle(name).visibility;
      around.style.visibility = 'hidden';
      return [before, getComputedStyle(name).visibility];
    })()`);
    assert.deepEqual(visible, ['visible', 'hidden']);
    await page.close();
  });

  test('is at home under fingers: taps show controls, targets are large, swipes turn pages', async () => {
    const context = await browser.newContext({
      viewport: { width: 800, height: 600 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    await page.goto(`${strict.origin}/gallery.html?state=twenty-five&bare`);
    await page.waitForFunction(() => document.body.dataset.shown === 'twenty-five');
    const player = page.locator('enx-player').first();
    await player.tap({ position: { x: 100, y: 100 } });
    await player.locator('.controls[data-active] .control:not(.more)').first().waitFor({ state: 'attached' });
    for (const target of await page.locator('.control:visible, .pager button').all()) {
      const { width, height } = (await target.boundingBox())!;
      assert.ok(width >= 44 && height >= 44, `${width} × ${height}`);
    }
    const session = await context.newCDPSession(page);
    const touch = (type: string, x: number) =>
      session.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: type === 'touchEnd' ? [] : [{ x, y: 300 }],
      });
    await touch('touchStart', 600);
    for (const x of [500, 400, 300]) await touch('touchMove', x);
    await touch('touchEnd', 300);
    await page.locator('.pager', { hasText: '2 / 3' }).waitFor();
    await context.close();
  });

  test('shows somebody in a small window with controls, under a strict policy too', async (context) => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    await page.goto(`${strict.origin}/gallery.html?state=three&bare`);
    await page.waitForFunction(() => document.body.dataset.shown === 'three');
    if (!(await page.evaluate(() => 'documentPictureInPicture' in window))) {
      return context.skip('this browser has no such windows');
    }
    const player = page.locator('enx-player').first();
    await player.hover();
    await player.locator('.more').click();
    await page.getByRole('menuitem', { name: 'Small window' }).click();
    await page.evaluate(() =>
      document.querySelector('enx-room')!.addEventListener('enx-mute-request', (event) => {
        event.preventDefault();
        document.body.dataset.asked = JSON.stringify((event as CustomEvent).detail);
      }),
    );
    const small = 'documentPictureInPicture.window';
    // Asked from outside each time: what waits inside the page evaluates text, which the page's policy forbids.
    await until('the small window shows', () =>
      page.evaluate(`Boolean(${small}?.document.querySelector('button'))`),
    );
    await page.evaluate(`${small}.document.querySelector('button').click()`);
    assert.equal(
      await page.evaluate(() => document.body.dataset.asked),
      JSON.stringify({ kind: 'audio', muted: true }),
    );
    await page.evaluate(`${small}.close()`);
    await until('the small window is gone', () => page.evaluate(`!${small}`));
    await page.close();
  });

  test('leaves no global name, style or attribute behind', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/kind`);
    await page.evaluate(() => Object.assign(window, { before: Object.getOwnPropertyNames(window) }));
    await page.addScriptTag({ url: '/dist/enx-room.min.js' });
    const left = await page.evaluate(() => {
      const room = document.createElement('enx-room');
      document.body.append(room);
      room.remove();
      const before = new Set((window as unknown as { before: string[] }).before);
      return {
        names: Object.getOwnPropertyNames(window).filter((name) => !before.has(name) && name !== 'before'),
        sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
        attributes: [document.documentElement, document.body].flatMap((node) => node.getAttributeNames()),
      };
    });
    // Lit counts its copies on a page, to warn of several, and keeps its metadata in one place.
    const ours = left.names.filter((name) => !/^(lit|reactiveElement)[A-Z]\w*$/.test(name));
    assert.deepEqual(ours, []);
    assert.equal(left.sheets, 1);
    assert.deepEqual(left.attributes, ['lang']);
    await page.close();
  });
});
