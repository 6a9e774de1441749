/** What the room says of things that happen to oneself, and where the focus goes when something disappears. */
import { expect, waitUntil } from '@open-wc/testing';
import '../../src/index.js';
import type { EnxRoom } from '../../src/index.js';
import { show } from '../../demo/gallery-states.js';
import { deep } from '../helpers/elements.js';
import { scriptedPage, type ScriptedPage } from '../helpers/joined-element.js';

let page: ScriptedPage;
beforeEach(() => {
  page = scriptedPage();
});
afterEach(() => page.close());

const notices = (room: EnxRoom): string[] =>
  [...room.shadowRoot!.querySelectorAll('.notice p')].map(({ textContent }) => textContent.trim());
const told = async (room: EnxRoom): Promise<void> => {
  await page.server.settled();
  await room.updateComplete;
};

describe('news of oneself', () => {
  it('say that a moderator has muted one, and say it again to whoever taps the button', async () => {
    const room = await page.joined();
    page.server.send('hardmute-user-audio', {
      clientId: room.room.state.clientId,
      moderator: 'mo',
      result: 0,
    });
    await told(room);
    expect(notices(room)).to.deep.equal(['A moderator has muted your microphone']);
    deep<HTMLElement>(room.shadowRoot!, '.notice .close').click();
    await room.updateComplete;
    expect(notices(room)).to.deep.equal([]);
    deep<HTMLElement>(room.shadowRoot!, 'enx-toolbar', 'button.audio').click();
    await room.updateComplete;
    expect(notices(room)).to.deep.equal(['A moderator has muted your microphone']);
  });

  it('say that one moderates now', async () => {
    const room = await page.joined();
    const { clientId } = room.room.state;
    page.server.send('user-connected', { clientId: 'mo', name: 'Mo', role: 'moderator' });
    page.server.send('userRoleChanged', {
      moderator: { old: 'mo', new: clientId },
      raisedHands: [],
      approvedHands: [],
    });
    // What few rooms need is fetched with the first message of its kind.
    await waitUntil(() => room.room.state.role === 'moderator', 'the role');
    await told(room);
    expect(notices(room)).to.deep.equal(['You are a moderator now.']);
  });
});

describe('messages', () => {
  const unreadAfterOne = async (layout: string): Promise<number> => {
    const room = await page.joined({}, (made) => (made.innerHTML = layout));
    page.server.send('onDataStreamToRoom', {
      ...{ type: 'chat', message: 'Hello', broadcast: true, clients: [] },
      ...{ sender: 'Bo', senderId: 'bo', timestamp: 7 },
    });
    await told(room);
    expect(room.room.state.messages).to.have.length(1);
    return room.layoutFacts.unread;
  };

  it('are read where the page shows the chat itself, and unread where it hides it', async () => {
    const chat = (style: string) =>
      `<div><enx-toolbar></enx-toolbar><enx-chat style="${style}"></enx-chat></div>`;
    expect(await unreadAfterOne(chat('display:block;height:200px'))).to.equal(0);
    expect(await unreadAfterOne(chat('display:none'))).to.equal(1);
  });
});

describe('the focus', () => {
  it('stays in the room when a call takes the place of the screen that had it', async () => {
    const room = page.element({ 'join-mode': 'manual', token: 'x', style: 'height:480px' });
    document.body.append(room);
    await show(room, 'idle');
    await waitUntil(() => room.shadowRoot!.querySelector('enx-screen button'), 'the button');
    deep<HTMLElement>(room.shadowRoot!, 'enx-screen button').focus();
    await show(room, 'two');
    await waitUntil(() => room.shadowRoot!.querySelector('enx-toolbar'), 'the call');
    expect(document.activeElement).to.equal(room);
    expect(room.shadowRoot!.activeElement!.className).to.contain('room');
  });

  it('stays in the list of people when whoever was answered is gone', async () => {
    const room = page.element({ 'join-mode': 'manual', style: 'height:600px' });
    document.body.append(room);
    await show(room, 'people');
    const people = deep(room.shadowRoot!, 'enx-people') as HTMLElement & { room: object };
    deep<HTMLElement>(people.shadowRoot!, '.guest .main').focus();
    Object.assign(room, { roomState: Object.freeze({ ...people.room, guests: [] }) });
    await waitUntil(() => !people.shadowRoot!.querySelector('.guest'), 'nobody waits');
    expect(people.shadowRoot!.activeElement!.id).to.equal('title');
  });
});

describe('colours', () => {
  const surface = async (scheme: string, theme = ''): Promise<string> => {
    const around = document.createElement('div');
    around.style.colorScheme = scheme;
    const room = page.element({ 'join-mode': 'manual', style: 'height:600px', ...(theme ? { theme } : {}) });
    around.append(room);
    document.body.append(around);
    await show(room, 'settings');
    const settings = deep(room.shadowRoot!, 'enx-settings');
    const { backgroundColor } = getComputedStyle(settings);
    around.remove();
    return backgroundColor;
  };

  it('follow the colour scheme of the page, unless the room has a theme of its own', async () => {
    const [dark, light] = ['rgb(27, 30, 35)', 'rgb(255, 255, 255)'];
    expect(await surface('dark')).to.equal(dark);
    expect(await surface('light')).to.equal(light);
    expect(await surface('dark', 'light')).to.equal(light);
    expect(await surface('light', 'dark')).to.equal(dark);
    const rule = document.createElement('style');
    rule.textContent = 'enx-room { color-scheme: dark }';
    document.head.append(rule);
    expect(await surface('normal')).to.equal(dark);
    rule.remove();
  });
});
