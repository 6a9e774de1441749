/** Every state of the room for people whose system asks for forced colours, for more contrast or for less motion. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, type PageServer, scriptFiles, servePages } from '../helpers/browser.js';

const file = (path: string): URL => new URL(`../../${path}`, import.meta.url);

const html = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <style>html { background: Canvas; } enx-room { width: 820px; height: 520px; aspect-ratio: auto; }</style>
  <script src="/dist/enx-room.min.js"></script>
  <script src="/axe.min.js"></script>
  <div id="place"></div>
  <script type="module">
    import { show, states } from '/gallery-states.js';
    window.names = Object.keys(states);
    window.openState = async (name, theme = 'auto') => {
      const room = document.createElement('enx-room');
      room.setAttribute('theme', theme);
      place.replaceChildren(room);
      await show(room, name);
      for (let frames = 0; frames < 4; frames++) await new Promise(requestAnimationFrame);
      window.room = room;
    };
    const everything = (scope) =>
      [...scope.querySelectorAll('*')].flatMap((element) => [
        element,
        ...(element.shadowRoot ? everything(element.shadowRoot) : []),
      ]);
    /** All that is on screen, as far as it fits a selector. */
    window.inside = (selector) =>
      everything(window.room.shadowRoot).filter((element) => element.matches(selector) && element.checkVisibility());
    window.nameOf = (element) =>
      [element.getRootNode().host?.localName, element.localName, element.getAttribute('class'), element.ariaLabel]
        .filter(Boolean)
        .join(' ');
    const parentOf = (element) => element.parentElement ?? element.getRootNode().host;
    const seen = (color) => !/^rgba.*, 0\\)$/.test(color);
    /** The colour behind an element, or its own. */
    window.behind = (element) => {
      for (let at = element; at; at = parentOf(at)) {
        const { backgroundColor } = getComputedStyle(at);
        if (seen(backgroundColor)) return backgroundColor;
      }
    };
    const luminance = (color) => {
      const [red, green, blue] = color.match(/[\\d.]+/g).map((part) => {
        const value = color.startsWith('color') ? Number(part) : part / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const standsOut = (color, around) => {
      const [dark, light] = [luminance(color), luminance(around)].sort((a, b) => a - b);
      return seen(color) && (light + 0.05) / (dark + 0.05) >= 3;
    };
    /** What has neither a border all around, nor an outline, nor a colour that is seen before what is around it. */
    window.withoutEdge = (elements) =>
      elements
        .filter((element) => {
          const style = getComputedStyle(element);
          const around = behind(parentOf(element));
          const edge = (kind) =>
            parseFloat(style[kind + 'Width']) >= 1 &&
            style[kind + 'Style'] !== 'none' &&
            standsOut(style[kind + 'Color'], around);
          return (
            !edge('outline') &&
            !['Top', 'Right', 'Bottom', 'Left'].every((side) => edge('border' + side)) &&
            !standsOut(style.backgroundColor, around)
          );
        })
        .map(nameOf);
    /** A toggle that is on, something that is open, a device that is muted. */
    window.isOn = (button) =>
      button.ariaExpanded === 'true' ||
      (button.dataset.state ? /muted|unavailable/.test(button.dataset.state) : button.ariaPressed === 'true');
    /** Buttons that are on and look like one beside them that is not. */
    window.alike = () => {
      const look = (button) => [behind(button), getComputedStyle(button).color].join();
      return inside('button').filter(
        (button) =>
          isOn(button) &&
          inside('button').some(
            (other) =>
              other.getRootNode() === button.getRootNode() && !isOn(other) && look(other) === look(button),
          ),
      ).map(nameOf);
    };
    /** Icons and words in the colour of what is behind them. */
    window.invisible = () =>
      inside('svg, button, .name, h2, p')
        .filter((element) => getComputedStyle(element).color === behind(element))
        .map(nameOf);
    /** Controls on which one would not see the focus. */
    window.focusUnseen = () =>
      inside('button, select, input, textarea, a[href], summary')
        .filter((control) => {
          control.focus();
          const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(control);
          return (
            control.matches(':focus') &&
            (outlineStyle === 'none' || parseFloat(outlineWidth) < 2 || outlineColor === behind(parentOf(control)))
          );
        })
        .map(nameOf);
    const harmless = new Set(['offset', 'computedOffset', 'easing', 'composite', 'opacity']);
    const seconds = (text) => text.split(', ').map(parseFloat);
    /** What moves, or would when something changes; fading is no motion. */
    window.moving = () => {
      const elements = everything(room.shadowRoot);
      const animations = new Set(elements.flatMap((element) => element.getAnimations({ subtree: true })));
      const moved = [...animations]
        .filter(({ effect }) => effect.getComputedTiming().duration > 0)
        .filter(({ effect }) => effect.getKeyframes().some((keys) => Object.keys(keys).some((key) => !harmless.has(key))))
        .map(({ effect }) => nameOf(effect.target));
      const ready = elements.flatMap((element) =>
        [null, '::before', '::after'].flatMap((pseudo) => {
          const { transitionProperty, transitionDuration } = getComputedStyle(element, pseudo);
          const durations = seconds(transitionDuration);
          return transitionProperty.split(', ').some(
            (property, index) => property !== 'opacity' && durations[index % durations.length] > 0.1,
          )
            ? [nameOf(element) + (pseudo ?? '')]
            : [];
        }),
      );
      return [...new Set([...moved, ...ready])];
    };
    window.lowContrast = async () => {
      const { violations } = await axe.run(room, { runOnly: ['color-contrast'], resultTypes: ['violations'] });
      return violations.flatMap(({ nodes }) => nodes.map(({ target, failureSummary }) => target + failureSummary));
    };
    document.body.dataset.ready = '';
  </script>
</html>`;

describe('what the system asks for', () => {
  let site: PageServer;
  let browser: Browser;
  let page: Page;
  let names: string[];

  before(async () => {
    site = await servePages({
      '/wishes.html': html,
      '/axe.min.js': file('node_modules/axe-core/axe.min.js'),
      '/gallery-states.js': file('demo/gallery-states.js'),
      ...scriptFiles('/dist'),
    });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 860, height: 560 } });
    await page.goto(`${site.origin}/wishes.html?still`);
    await page.waitForSelector('body[data-ready]', { state: 'attached' });
    names = await page.evaluate<string[]>('names');
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  const none: string[] = [];
  const list = (expression: string): Promise<string[]> => page.evaluate<string[]>(expression);

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`forced colours, ${colorScheme}: edges, icons, focus and what is on can be seen`, async (context) => {
      await page.emulateMedia({
        forcedColors: 'active',
        colorScheme,
        reducedMotion: 'reduce',
        contrast: null,
      });
      // The focus is shown to whom uses keys.
      await page.keyboard.press('Tab');
      for (const name of names) {
        await context.test(name, async () => {
          await page.evaluate(`openState(${JSON.stringify(name)})`);
          const controls = 'button:not([role^=menuitem]), select, input, textarea';
          assert.deepEqual(await list(`withoutEdge(inside('${controls}'))`), none, 'controls have an edge');
          const boxes =
            'enx-player, enx-menu, dialog, [part~=panel], [part~=notice], .pills .count, .text, .badge';
          assert.deepEqual(await list(`withoutEdge(inside('${boxes}'))`), none, 'boxes have an edge');
          assert.deepEqual(await list('invisible()'), none, 'icons and words can be seen');
          assert.deepEqual(await list('alike()'), none, 'what is on looks different from what is not');
          assert.deepEqual(await list('focusUnseen()'), none, 'the focus can be seen');
        });
      }
    });
  }

  test('forced colours: who talks has another edge than who does not, and loading differs from an empty ring', async () => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'light' });
    await page.evaluate("openState('five')");
    const widths = await page.evaluate<
      Record<string, string>
    >(`Object.fromEntries(inside('enx-player').map((player) =>
      [player.displayName, getComputedStyle(player.shadowRoot.querySelector('.ring')).borderTopWidth]))`);
    const { Bob, ...others } = widths;
    assert.ok(parseFloat(Bob!) >= 3, `Bob talks: ${Bob}`);
    assert.ok(Object.values(others).every((width) => parseFloat(width) === 0));
    await page.evaluate("openState('joining')");
    const colours = await page.evaluate<string[]>(`inside('.spinner').flatMap((spinner) => {
      const { borderTopColor, borderBottomColor } = getComputedStyle(spinner);
      return [borderTopColor, borderBottomColor];
    })`);
    assert.equal(new Set(colours).size, 2);
  });

  test('with more contrast, every text has enough of it in both themes, and every button an edge', async (context) => {
    await page.emulateMedia({ forcedColors: 'none', contrast: 'more', reducedMotion: 'reduce' });
    for (const name of names) {
      await context.test(name, async () => {
        for (const theme of ['light', 'dark']) {
          await page.evaluate(`openState(${JSON.stringify(name)}, '${theme}')`);
          assert.deepEqual(await list('lowContrast()'), none, theme);
          assert.deepEqual(await list("withoutEdge(inside('button:not([role^=menuitem])'))"), none, theme);
        }
      });
    }
  });

  test('with less motion nothing moves, neither by itself nor when something changes', async () => {
    await page.emulateMedia({ forcedColors: 'none', contrast: null, reducedMotion: 'no-preference' });
    await page.evaluate("openState('joining')");
    assert.notDeepEqual(await list('moving()'), none, 'motion is noticed where it is welcome');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const name of names) {
      await page.evaluate(`openState(${JSON.stringify(name)})`);
      assert.deepEqual(await list('moving()'), none, name);
    }
    await page.evaluate("openState('five')");
    await page.evaluate("inside('enx-reactions')[0].show('👍', 'Bob')");
    await page.evaluate("room.setAttribute('layout', 'speaker'); new Promise(requestAnimationFrame)");
    assert.deepEqual(await list('moving()'), none, 'a reaction, and people who change their places');
  });
});
