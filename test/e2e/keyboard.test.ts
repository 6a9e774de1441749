/** Every state of the room without a mouse: real keys, from a button before the room to one after it; and fingers. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, type PageServer, scriptFiles, servePages } from '../helpers/browser.js';

const file = (path: string): URL => new URL(`../../${path}`, import.meta.url);

const html = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <style>enx-room { width: 820px; height: 520px; aspect-ratio: auto; --enx-motion: 0ms; }</style>
  <script src="/dist/enx-room.min.js"></script>
  <button id="before">before</button>
  <div id="place"></div>
  <button id="after">after</button>
  <script type="module">
    import { show, states } from '/gallery-states.js';
    window.names = Object.keys(states);
    window.openState = async (name) => {
      const room = document.createElement('enx-room');
      place.replaceChildren(room);
      await show(room, name);
      for (let frames = 0; frames < 6; frames++) await new Promise(requestAnimationFrame);
      window.room = room;
    };
    /** What has the focus, through shadow roots. */
    window.here = () => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active;
    };
    const nameOf = (element) =>
      [element.getRootNode().host?.localName, element.localName, element.className, element.ariaLabel]
        .filter(Boolean)
        .join(' ');
    window.nameOf = nameOf;
    /** Everything one can click or type into, as far as it is on screen. */
    const controls = (scope) =>
      [...scope.querySelectorAll('*')].flatMap((element) => [
        ...(element.matches('button, select, input, textarea, a[href], summary') && element.checkVisibility()
          ? [element]
          : []),
        ...(element.shadowRoot ? controls(element.shadowRoot) : []),
      ]);
    window.questions = (scope) =>
      [...scope.querySelectorAll('*')].flatMap((element) => [
        ...(element.matches('enx-dialog') ? [element] : []),
        ...(element.shadowRoot ? questions(element.shadowRoot) : []),
      ]);
    window.visited = new Set();
    window.visit = () => {
      const element = window.here();
      window.visited.add(element);
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return {
        name: nameOf(element),
        visible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        end: element.id === 'after',
        inRoom: document.activeElement === window.room,
        roves: Boolean(
          element.closest('[role=group]') ?? element.getRootNode().host?.matches?.('[role=toolbar]'),
        ),
      };
    };
    window.missed = () =>
      controls(window.room.shadowRoot)
        .filter((control) => !window.visited.has(control))
        .map(nameOf);
    /** Controls that a finger may miss. A label counts with its control, a pill reaches beyond its edge, and a link in
     *  a sentence is as high as its line. */
    window.small = () =>
      controls(window.room.shadowRoot)
        .filter((control) => !control.matches('.count, a'))
        .filter((control) => {
          const { width, height } = (control.closest('label') ?? control).getBoundingClientRect();
          return width < 43.5 || height < 43.5;
        })
        .map(nameOf);
    document.body.dataset.ready = '';
  </script>
</html>`;

interface Stop {
  name: string;
  visible: boolean;
  end: boolean;
  inRoom: boolean;
  roves: boolean;
}
/** In these something has to be answered or closed first. */
const closedByEscape: Record<string, string> = {
  'actions for somebody': 'actions',
  'device menu': 'audio-menu',
  'layout menu': 'layout',
  reactions: 'react',
  'menu of a player': 'more',
  'remove somebody': 'actions',
  'end for everyone': 'leave-menu',
  shortcuts: '',
};

describe('without a mouse', () => {
  let site: PageServer;
  let browser: Browser;
  let page: Page;

  before(async () => {
    site = await servePages({
      '/keys.html': html,
      '/gallery-states.js': file('demo/gallery-states.js'),
      ...scriptFiles('/dist'),
    });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 860, height: 640 } });
    await page.goto(`${site.origin}/keys.html`);
    await page.waitForSelector('body[data-ready]', { state: 'attached' });
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  test('everything is reached, with visible focus, and one gets out again', async (context) => {
    const names = await page.evaluate<string[]>('names');
    assert.ok(names.length > 40);
    for (const name of names.filter((state) => !(state in closedByEscape))) {
      await context.test(name, async () => {
        await page.evaluate(`openState(${JSON.stringify(name)})`);
        await page.evaluate('visited.clear()');
        await page.focus('#before');
        let stop: Stop | undefined;
        for (let presses = 0; presses < 200 && !stop?.end; presses++) {
          await page.keyboard.press('Tab');
          stop = await page.evaluate<Stop>('visit()');
          if (stop.inRoom) assert.ok(stop.visible, `the focus can be seen on ${stop.name}`);
          // Arrow keys go through a group that is one stop, and end where they began.
          for (let steps = 0; stop.roves && steps < 20; steps++) {
            await page.keyboard.press('ArrowRight');
            const next = await page.evaluate<Stop>('visit()');
            if (next.name === stop.name) break;
          }
        }
        assert.ok(stop?.end, 'the walk ends after the room');
        assert.deepEqual(await page.evaluate<string[]>('missed()'), []);
      });
    }
  });

  test('menus and questions close with Escape, and the focus returns', async (context) => {
    for (const [name, opener] of Object.entries(closedByEscape)) {
      await context.test(name, async () => {
        await page.evaluate(`openState(${JSON.stringify(name)})`);
        const inside = await page.evaluate<string>('nameOf(here())');
        assert.match(inside, /^enx-(menu|dialog) /);
        for (let presses = 0; presses < 4 && inside.startsWith('enx-dialog'); presses++) {
          await page.keyboard.press('Tab');
          const { name: reached, visible } = await page.evaluate<Stop>('visit()');
          assert.match(reached, /^enx-dialog |^body/, 'the focus stays in the question');
          if (reached.startsWith('enx-dialog')) assert.ok(visible, reached);
        }
        await page.keyboard.press('Escape');
        const back = await page.evaluate<string>(
          'new Promise((resolve) => requestAnimationFrame(() => resolve(nameOf(here()))))',
        );
        assert.doesNotMatch(back, /enx-(menu|dialog)/);
        if (opener) assert.ok(back.includes(opener), `${opener} has the focus, not ${back}`);
      });
    }
  });

  test('a finger finds everything: controls are 44 pixels wide and high', async () => {
    const context = await browser.newContext({ hasTouch: true, isMobile: true });
    const phone = await context.newPage();
    await phone.goto(`${site.origin}/keys.html`);
    await phone.waitForSelector('body[data-ready]', { state: 'attached' });
    for (const [width, height] of [
      [820, 520],
      [568, 320],
      [360, 640],
    ] as const) {
      await phone.setViewportSize({ width, height });
      await phone.addStyleTag({ content: `enx-room { width: ${width}px; height: ${height}px }` });
      for (const name of await phone.evaluate<string[]>('names')) {
        await phone.evaluate(`openState(${JSON.stringify(name)})`);
        assert.deepEqual(await phone.evaluate<string[]>('small()'), [], `${name} at ${width} × ${height}`);
      }
    }
    await context.close();
  });

  test('in the smallest window a question begins at its beginning, and its answers are in sight', async () => {
    const small = await browser.newPage({ viewport: { width: 240, height: 320 } });
    await small.goto(`${site.origin}/keys.html`);
    await small.waitForSelector('body[data-ready]', { state: 'attached' });
    for (const name of ['remove somebody', 'end for everyone', 'shortcuts']) {
      await small.evaluate(`openState(${JSON.stringify(name)})`);
      const cut = await small.evaluate<string[]>(`questions(room.shadowRoot).flatMap((question) =>
        [...question.shadowRoot.querySelectorAll('h2, button')])
        .filter((element) => {
          const { left, top, right, bottom } = element.getBoundingClientRect();
          return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
        })
        .map(nameOf)`);
      assert.deepEqual(cut, [], name);
    }
    await small.close();
  });

  test('panels close with Escape, and the focus returns to their button', async () => {
    for (const name of ['chat', 'people', 'settings']) {
      await page.evaluate(`openState(${JSON.stringify(name)})`);
      assert.match(await page.evaluate<string>('nameOf(here())'), new RegExp(`^enx-${name} `));
      await page.keyboard.press('Escape');
      await page.waitForFunction(`nameOf(here()).includes('button ${name}')`);
    }
  });
});
