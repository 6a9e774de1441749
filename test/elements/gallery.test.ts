/** Every state of the gallery: accessible in light and dark, from left to right and from right to left. */
import { expect } from '@open-wc/testing';
import 'axe-core/axe.min.js';
import type { AxeResults, RunOptions } from 'axe-core';
import '../../src/index.js';
import { show, states } from '../../demo/gallery-states.js';

/** Every theme with every direction; the sizes go along, so that each is tried with every state. */
const ways = [
  { width: 900, height: 600, theme: 'light', dir: 'ltr' },
  { width: 360, height: 560, theme: 'dark', dir: 'rtl' },
  { width: 568, height: 320, theme: 'dark', dir: 'ltr' },
  { width: 240, height: 320, theme: 'light', dir: 'rtl' },
] as const;

// The script defines it as a global.
declare const axe: { run(context: Element, options: RunOptions): Promise<AxeResults> };
const rules: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  resultTypes: ['violations'],
  elementRef: true,
};

/** A count in a corner of a button is no part of its label, and is said in words: "two people are waiting". */
function isBadge(id: string, element: Element | undefined): boolean {
  const label = element?.querySelector('.badge') && element.querySelector('.label')?.textContent.trim();
  return id === 'label-content-name-mismatch' && Boolean(label && element!.ariaLabel?.includes(label));
}

async function problemsOf(room: Element): Promise<string[]> {
  const { violations } = await axe.run(room, rules);
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ element }) => !isBadge(id, element as Element | undefined))
      .map(({ target, failureSummary }) => `${id}: ${target.flat().join(' ')} ${failureSummary}`),
  );
}

describe('the gallery', function () {
  this.timeout(60_000);
  const frame = document.createElement('div');
  before(() => document.body.append(frame));
  after(() => frame.remove());

  for (const name of Object.keys(states)) {
    it(`is accessible: ${name}`, async () => {
      for (const { width, height, theme, dir } of ways) {
        frame.style.cssText = `width:${width}px;height:${height}px`;
        frame.dir = dir;
        frame.lang = dir === 'rtl' ? 'ar' : 'en';
        const room = document.createElement('enx-room');
        room.setAttribute('theme', theme);
        room.style.height = '100%';
        // What is still fading in has no colour of its own yet.
        room.style.setProperty('--enx-motion', '0ms');
        frame.replaceChildren(room);
        await show(room, name);
        // A panel narrows the stage, which follows a frame later and is drawn in the next.
        for (let frames = 0; frames < 4; frames++) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        expect(await problemsOf(room), `${theme}, ${dir}`).to.deep.equal([]);
      }
      frame.replaceChildren();
    });
  }
});
