/** Whatever the size and whatever is open: microphone, camera and leave can be clicked, and nothing sticks out. */
import { expect } from '@open-wc/testing';
import type { EnxRoom } from '../../src/index.js';
import '../../src/index.js';
import { show, states } from '../../demo/gallery-states.js';

const sizes = [
  [240, 320],
  [360, 560],
  [400, 300],
  [480, 320],
  [568, 320],
  [640, 400],
  [780, 580],
] as const;
/** A menu or question that lies over the room until it is answered. */
const covered = [
  ...['actions for somebody', 'device menu', 'layout menu', 'reactions', 'menu of a player'],
  ...['remove somebody', 'end for everyone', 'shortcuts'],
];

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** What a click on the middle of an element would hit, through shadow roots. */
function hitBy(element: Element): Element | null {
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const deeper = hit.shadowRoot.elementFromPoint(x, y);
    if (!deeper || deeper === hit) break;
    hit = deeper;
  }
  return hit;
}

/** Every rendered element that can be clicked or typed into; menus lie above the page and may go beyond the room. */
function controlsIn(scope: ParentNode): HTMLElement[] {
  return [...scope.querySelectorAll<HTMLElement>(':not(enx-menu)')].flatMap((element) => [
    ...(element.matches('button, select, input, textarea') && element.checkVisibility() ? [element] : []),
    ...(element.shadowRoot ? controlsIn(element.shadowRoot) : []),
  ]);
}

describe('a room of any size', function () {
  this.timeout(60_000);
  const place = document.createElement('div');
  place.style.cssText = 'position:fixed;inset:0 auto auto 0';
  before(() => document.body.append(place));
  after(() => place.remove());

  /** A room of this size, in pixels, that shows a state. */
  async function roomAt(width: number, height: number, name: string): Promise<EnxRoom> {
    place.style.width = `${width}px`;
    place.style.height = `${height}px`;
    const room = document.createElement('enx-room');
    room.style.cssText = 'height:100%;--enx-motion:0ms';
    place.replaceChildren(room);
    await show(room, name);
    return room;
  }

  for (const name of Object.keys(states).filter((state) => !covered.includes(state))) {
    it(`keeps its controls in reach: ${name}`, async () => {
      for (const [width, height] of sizes) {
        const room = await roomAt(width, height, name);
        for (let frames = 0; frames < 5; frames++) await frame();
        const size = `at ${width} × ${height}`;
        const root = room.shadowRoot!;
        for (const control of controlsIn(root)) {
          const { left, right } = control.getBoundingClientRect();
          const what = `${control.className || control.localName} ${size}`;
          expect(left, what).to.be.at.least(-0.5);
          expect(right, what).to.be.at.most(width + 0.5);
        }
        const bar = root.querySelector('enx-toolbar')?.shadowRoot;
        for (const control of bar?.querySelectorAll('button.audio, button.video, button.leave') ?? []) {
          const hit = hitBy(control);
          expect(control.contains(hit), `${control.className} ${size}, not ${hit?.className}`).to.equal(true);
        }
        if (name !== 'recording') continue;
        const sign = root.querySelector('.recording')!;
        expect(sign.checkVisibility(), `recording ${size}`).to.equal(true);
      }
      place.replaceChildren();
    });
  }

  it('lets one scroll to the rules of the room below the people', async () => {
    for (const [width, height] of sizes) {
      const room = await roomAt(width, height, 'people');
      const people = room.shadowRoot!.querySelector('enx-people')!;
      const rules = people.shadowRoot!.querySelector('details')!;
      rules.open = true;
      await frame();
      people.scrollTop = people.scrollHeight;
      rules.scrollTop = rules.scrollHeight;
      await frame();
      const last = rules.querySelector('label:last-of-type')!;
      const size = `${width} × ${height}`;
      // What is scrolled by a wheel or a finger says so; only scripts could scroll what is hidden.
      const scrolls = [people, rules].some((box) => /auto|scroll/.test(getComputedStyle(box).overflowY));
      expect(scrolls, size).to.equal(true);
      expect(getComputedStyle(people).overflowY === 'hidden' && people.scrollTop > 0, size).to.equal(false);
      expect(last.contains(hitBy(last)) || last.matches(':hover'), size).to.equal(true);
    }
  });

  it('keeps the faces out from under a panel, so that none of their controls is hidden', async () => {
    for (const [width, height] of [
      [360, 640],
      [400, 600],
      [640, 480],
      [568, 320],
    ] as const) {
      const room = await roomAt(width, height, 'chat');
      for (let frames = 0; frames < 5; frames++) await frame();
      const root = room.shadowRoot!;
      const stage = root.querySelector('enx-stage')!.getBoundingClientRect();
      const panel = root.querySelector('enx-chat')!.getBoundingClientRect();
      const apart = stage.bottom <= panel.top + 1 || stage.right <= panel.left + 1;
      expect(apart, `${width} × ${height}`).to.equal(true);
    }
  });

  it('never hides the toolbar of a short room from whoever may tap it', async () => {
    const room = await roomAt(568, 320, 'two');
    const root = room.shadowRoot!;
    root.querySelector('.call')!.toggleAttribute('data-quiet', true);
    const toolbar = root.querySelector('enx-toolbar')!;
    for (const fading of toolbar.getAnimations()) fading.finish();
    expect(Number(getComputedStyle(toolbar).opacity)).to.be.within(0.3, 0.6);
  });

  it('closes a notice beside its sentence, and acts below it where there is little room', async () => {
    const room = await roomAt(240, 320, 'no camera');
    const box = (selector: string) =>
      room.shadowRoot!.querySelector(`.notice ${selector}`)!.getBoundingClientRect();
    const [sentence, close, action] = [box('p'), box('.close'), box('button:not(.close)')];
    expect(close.top).to.be.at.least(sentence.top);
    expect(close.bottom).to.be.at.most(sentence.bottom + 1);
    expect(action.top).to.be.at.least(sentence.bottom);
    place.replaceChildren();
  });
});
