import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { Announcer } from '../../src/elements/room/announcer.js';
import { type Shortcut, Shortcuts } from '../../src/elements/room/shortcuts.js';
import { english } from '../../src/elements/i18n/locale.js';
import type { RoomState } from '../../src/engine/room-state.js';
import { person, roomState } from '../helpers/elements.js';

const press = (target: EventTarget, key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent('keydown', {
    ...{ key, bubbles: true, composed: true, cancelable: true },
    ...more,
  });
  target.dispatchEvent(event);
  return event;
};
const release = (target: EventTarget, key: string) =>
  target.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true, composed: true }));

describe('keyboard shortcuts', () => {
  let shortcuts: Shortcuts;
  let ran: (Shortcut | 'talk' | 'quiet')[];
  let enabled: boolean;
  let page: HTMLElement;
  const room = () => page.querySelector<HTMLElement>('#room')!;

  beforeEach(async () => {
    ran = [];
    enabled = true;
    page = await fixture(
      html`<div>
        <div id="room">
          <button>in the room</button><textarea></textarea>
          <p contenteditable="true">x</p>
        </div>
        <button id="elsewhere">on the page</button><input id="field" />
      </div>`,
    );
    shortcuts = new Shortcuts({
      element: room(),
      enabled: () => enabled,
      run: (shortcut) => ran.push(shortcut),
      talk: (on) => ran.push(on ? 'talk' : 'quiet'),
    });
    shortcuts.start();
  });
  afterEach(() => shortcuts.stop());

  it('mean the room while the focus is inside it, or nowhere', () => {
    press(document.body, 'm');
    room().querySelector('button')!.focus();
    press(document.activeElement!, 'V');
    press(document.activeElement!, '?', { shiftKey: true });
    expect(ran).to.deep.equal(['microphone', 'camera', 'shortcuts']);
  });

  it('are none of ours while the page has the focus, or somebody types', () => {
    for (const selector of ['#elsewhere', '#field', '#room textarea', '#room [contenteditable]']) {
      const target = page.querySelector<HTMLElement>(selector)!;
      target.focus();
      expect(press(target, 'm').defaultPrevented, selector).to.equal(false);
      press(target, ' ');
    }
    expect(ran).to.deep.equal([]);
  });

  it('leave combinations, held keys and what the page has taken alone', () => {
    press(document.body, 'm', { ctrlKey: true });
    press(document.body, 'm', { metaKey: true });
    press(document.body, 'm', { altKey: true });
    press(document.body, 'm', { repeat: true });
    const take = (event: Event) => event.preventDefault();
    document.body.addEventListener('keydown', take);
    press(document.body, 'm');
    document.body.removeEventListener('keydown', take);
    expect(ran).to.deep.equal([]);
  });

  it('work on keyboards of other scripts, by the place of the key', () => {
    press(document.body, 'ь', { code: 'KeyM' });
    expect(ran).to.deep.equal(['microphone']);
  });

  it('let people talk while they hold the space bar, which still presses buttons', () => {
    press(document.body, ' ');
    press(document.body, ' ', { repeat: true });
    release(document.body, ' ');
    room().querySelector('button')!.focus();
    expect(press(document.activeElement!, ' ').defaultPrevented).to.equal(false);
    expect(ran).to.deep.equal(['talk', 'quiet']);
  });

  it('end the talk when the window loses the focus, so that nobody stays on air', () => {
    press(document.body, ' ');
    window.dispatchEvent(new Event('blur'));
    expect(ran).to.deep.equal(['talk', 'quiet']);
  });

  it('lets people talk after a click on a button of the toolbar, which the space bar then leaves alone', async () => {
    const bar = document.createElement('enx-toolbar');
    (bar.shadowRoot ?? bar.attachShadow({ mode: 'open' })).innerHTML = '<button>x</button>';
    room().append(bar);
    const button = bar.shadowRoot!.querySelector('button')!;
    button.focus();
    expect(press(button, ' ').defaultPrevented, 'by keyboard').to.equal(false);
    button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    expect(press(button, ' ').defaultPrevented, 'after a click').to.equal(true);
    release(button, ' ');
    expect(ran).to.deep.equal(['talk', 'quiet']);
    press(button, 'Tab');
    expect(press(button, ' ').defaultPrevented, 'by keyboard again').to.equal(false);
  });

  it('leave letters to a menu', () => {
    const menu = document.createElement('div');
    menu.role = 'menu';
    menu.innerHTML = '<button>x</button>';
    room().append(menu);
    menu.querySelector('button')!.focus();
    press(document.activeElement!, 'm');
    expect(ran).to.deep.equal([]);
  });

  it('can be switched off', () => {
    enabled = false;
    press(document.body, 'm');
    expect(ran).to.deep.equal([]);
  });

  it('are taken by one room where there are two', () => {
    const other: Shortcut[] = [];
    const second = new Shortcuts({
      element: document.createElement('div'),
      enabled: () => true,
      run: (shortcut) => other.push(shortcut),
      talk: () => {},
    });
    second.start();
    press(document.body, 'm');
    second.stop();
    expect([ran, other]).to.deep.equal([['microphone'], []]);
  });
});

describe('what screen readers hear of a call', () => {
  const connected = (changes: Partial<RoomState>) => roomState({ connection: 'connected', ...changes });
  const hear = (...states: RoomState[]) =>
    new Promise<string>((resolve) => {
      const announcer = new Announcer(() => english, resolve);
      states.forEach((state, index) => index > 0 && announcer.compare(states[index - 1]!, state));
    });
  const me = person('me', { isSelf: true });
  const others = ['Ann', 'Bob', 'Cay', 'Dev', 'Eva'].map((name) => person(name));

  it('is one sentence about everybody who came, by name or by number', async () => {
    const steps = [0, 1, 2].map((count) => connected({ participants: [me, ...others.slice(0, count)] }));
    expect(await hear(...steps)).to.equal('Ann and Bob joined.');
    const crowd = connected({ participants: [me, ...others] });
    expect(await hear(steps[0]!, crowd)).to.equal('5 people joined.');
  });

  it('is not everybody who was there before oneself', async () => {
    const joining = roomState({ connection: 'joining' });
    const joined = connected({ participants: [me, ...others] });
    const later = connected({ participants: [me, ...others.slice(1)] });
    expect(await hear(joining, joined, later)).to.equal('Ann left.');
  });

  it('is a message while there is one, and their number when there are many', async () => {
    const message = (id: number, isSelf = false) => ({
      ...{ id, isSelf, senderId: 'Ann', from: 'Ann', text: `word ${id}`, timestamp: id },
      ...{ broadcast: true, recipients: [] },
    });
    const empty = connected({});
    expect(await hear(empty, connected({ messages: [message(1)] }))).to.equal('Message from Ann: word 1');
    const three = connected({ messages: [message(1), message(2), message(3), message(4, true)] });
    expect(await hear(empty, three)).to.equal('3 new messages');
  });

  it('says when a message is for oneself alone, and says the same words twice', async () => {
    const message = (id: number, broadcast: boolean) => ({
      ...{ id, isSelf: false, senderId: 'Ann', from: 'Ann', text: 'hello', timestamp: id },
      ...{ broadcast, recipients: broadcast ? [] : ['me'] },
    });
    const empty = connected({});
    expect(await hear(empty, connected({ messages: [message(1, false)] }))).to.equal(
      'Private message from Ann: hello',
    );
    const heard: string[] = [];
    const announcer = new Announcer(
      () => english,
      (sentence) => heard.push(sentence),
    );
    const one = connected({ messages: [message(1, true)] });
    announcer.compare(empty, one);
    await waitUntil(() => heard.length === 1, 'the first', { timeout: 4000 });
    announcer.compare(one, connected({ messages: [message(1, true), message(2, true)] }));
    await waitUntil(() => heard.length === 2, 'the second', { timeout: 4000 });
    expect(heard[1]).to.not.equal(heard[0]);
    expect(heard[1]!.trim()).to.equal(heard[0]);
  });

  it('is not that everybody left, when it is oneself who leaves', async () => {
    const full = connected({ clientId: 'me', participants: [me, ...others] });
    const over = connected({ clientId: 'me', participants: [] });
    expect(await hear(full, over, connected({ recording: true }))).to.equal('This call is being recorded.');
  });

  it('is hands of others, a shared screen, and that the call is recorded', async () => {
    const quiet = connected({ clientId: 'me', participants: [me, ...others] });
    const busy = connected({
      ...{ clientId: 'me', participants: quiet.participants, recording: true },
      hands: [
        { clientId: 'me', since: 1 },
        { clientId: 'Bob', since: 2 },
      ],
      share: { clientId: 'Ann', name: 'Ann', isSelf: false, stream: undefined },
    });
    expect(await hear(quiet, busy)).to.equal(
      'Ann is sharing a screen. This call is being recorded. Bob raised a hand.',
    );
  });
});
