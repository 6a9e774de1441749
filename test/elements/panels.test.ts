import { expect, html, oneEvent } from '@open-wc/testing';
import '../../src/elements/people/enx-people.js';
import '../../src/elements/settings/enx-settings.js';
import '../../src/elements/toolbar/enx-toolbar.js';
import '../../src/elements/chat/enx-chat.js';
import type { EnxPeople } from '../../src/elements/people/enx-people.js';
import type { EnxSettings } from '../../src/elements/settings/enx-settings.js';
import type { EnxToolbar } from '../../src/elements/toolbar/enx-toolbar.js';
import type { ParticipantState, RoomState } from '../../src/engine/room-state.js';
import { deep, person, recordEvents, roomFixture, roomState } from '../helpers/elements.js';

const press = (target: EventTarget, key: string, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more }),
  );
const focused = () => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active as HTMLElement;
};
const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

const device = (id: string, label: string) => ({ id, label, groupId: '' });
const inCall: Partial<RoomState> = {
  connection: 'connected',
  clientId: 'me',
  microphone: 'on',
  camera: 'on',
  participants: [person('me', { isSelf: true, name: 'Me' }), person('ann', { name: 'Ann' })],
  devices: {
    microphones: [device('m1', 'Built-in'), device('m2', 'Headset')],
    cameras: [device('c1', 'Webcam')],
    speakers: [device('s1', 'Speakers')],
    microphoneId: 'm2',
    cameraId: '',
    speakerId: '',
    canChooseSpeaker: true,
  },
};

describe('the toolbar as a group of controls', () => {
  const toolbarOf = async (changes: Partial<RoomState> = {}, size = '1200px') => {
    const room = await roomFixture(roomState({ ...inCall, ...changes }), html`<enx-toolbar></enx-toolbar>`, {
      size,
    });
    const toolbar = room.wrapper.querySelector<EnxToolbar>('enx-toolbar')!;
    // Measured, and arranged by it.
    while (!toolbar.dataset.size || toolbar.isUpdatePending) await frame();
    const root = toolbar.shadowRoot!;
    return {
      ...room,
      toolbar,
      root,
      button: (name: string) => deep<HTMLButtonElement>(root, `button.${name}`),
    };
  };
  const menuOf = async (toolbar: EnxToolbar) => {
    await toolbar.updateComplete;
    const menu = deep(toolbar.shadowRoot!, 'enx-menu');
    await (menu as unknown as EnxToolbar).updateComplete;
    return menu;
  };

  it('is one stop of the Tab key; arrows, Home and End move inside and around', async () => {
    const { root, button } = await toolbarOf();
    const stops = [...root.querySelectorAll('button')].filter(({ tabIndex }) => tabIndex === 0);
    expect(stops).to.have.length(1);
    stops[0]!.focus();
    press(stops[0]!, 'End');
    expect(focused()).to.equal(button('leave'));
    press(focused(), 'ArrowRight');
    expect(focused()).to.equal(button('audio'));
    press(focused(), 'ArrowLeft');
    expect(focused()).to.equal(button('leave'));
    expect(button('leave').tabIndex).to.equal(0);
    expect(button('audio').tabIndex).to.equal(-1);
  });

  it('keeps microphone, camera and leave in sight at any width, and what does not fit in a menu', async () => {
    for (const width of [240, 320, 360, 480, 568, 800, 1280]) {
      const { toolbar, root, button } = await toolbarOf({ canShare: true }, `${width}px`);
      for (const name of ['audio', 'video', 'leave']) {
        const box = button(name).getBoundingClientRect();
        const bar = toolbar.getBoundingClientRect();
        expect(box.left >= bar.left - 1 && box.right <= bar.right + 1, `${name} at ${width}`).to.equal(true);
        expect(box.width, `${name} at ${width}`).to.be.at.least(44);
      }
      expect(toolbar.scrollWidth, `${width}`).to.be.at.most(toolbar.clientWidth + 1);
      const shown = [...root.querySelectorAll('button')].map(({ classList }) => classList.item(0));
      expect(shown.includes('settings') || shown.includes('more'), `${width}`).to.equal(true);
    }
  });

  it('offers in its menu what it has no room for', async () => {
    const { toolbar, button } = await toolbarOf({}, '320px');
    const requests = recordEvents(toolbar, ['enx-settings-request']);
    button('more').click();
    const menu = await menuOf(toolbar);
    const lines = [...menu.shadowRoot!.querySelectorAll('button')];
    lines.find(({ textContent }) => textContent.includes('Settings'))!.click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ open: true }]);
  });

  it('opens another menu from its menu, where there is room for it and with the focus in it', async () => {
    for (const name of ['React', 'Layout']) {
      const { toolbar, button } = await toolbarOf({}, '320px');
      button('more').click();
      const lines = [...(await menuOf(toolbar)).shadowRoot!.querySelectorAll('button')];
      lines.find(({ textContent }) => textContent.includes(name))!.click();
      const menu = await menuOf(toolbar);
      expect(menu.shadowRoot!.activeElement?.localName, name).to.equal('button');
      const { left, right, top, bottom } = menu.getBoundingClientRect();
      expect(left, name).to.be.at.least(0);
      expect(right, name).to.be.at.most(window.innerWidth);
      expect(top, name).to.be.at.least(0);
      expect(bottom, name).to.be.at.most(window.innerHeight);
    }
  });

  it('ticks the choice of the browser, whatever the browser calls it', async () => {
    const devices = inCall.devices!;
    const microphones = [{ id: 'default', label: 'Default', groupId: '' }, ...devices.microphones];
    for (const microphoneId of ['', 'default', 'unplugged']) {
      const { toolbar, button } = await toolbarOf({
        devices: { ...devices, microphones, microphoneId },
      });
      button('audio-menu').click();
      const lines = [...(await menuOf(toolbar)).shadowRoot!.querySelectorAll('button')];
      const ticked = lines.filter(({ ariaChecked }) => ariaChecked === 'true');
      expect(ticked[0]!.textContent, microphoneId).to.contain('Chosen by the browser');
    }
  });

  it('lets people choose microphone and speaker beside the microphone', async () => {
    const { toolbar, button } = await toolbarOf();
    const requests = recordEvents(toolbar, ['enx-device-request']);
    button('audio-menu').click();
    const menu = await menuOf(toolbar);
    const lines = [...menu.shadowRoot!.querySelectorAll('button')];
    expect(lines.map(({ ariaChecked }) => ariaChecked)).to.deep.equal([
      'false',
      'false',
      'true',
      'true',
      'false',
    ]);
    expect(focused()).to.equal(lines[2]);
    lines[1]!.click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ device: 'microphone', id: 'm1' }]);
    await toolbar.updateComplete;
    expect(toolbar.shadowRoot!.querySelector('enx-menu')).to.equal(null);
    expect(focused()).to.equal(button('audio-menu'));
  });

  it('has menus that arrows, letters and Escape work in, and that close by a click elsewhere', async () => {
    const { toolbar, button } = await toolbarOf();
    button('layout').click();
    let menu = await menuOf(toolbar);
    const lines = [...menu.shadowRoot!.querySelectorAll('button')];
    expect(focused()).to.equal(lines[0]);
    press(focused(), 'ArrowUp');
    expect(focused()).to.equal(lines.at(-1));
    press(focused(), 'g');
    expect(focused().textContent).to.contain('Grid');
    press(focused(), 'Escape');
    await toolbar.updateComplete;
    expect(toolbar.shadowRoot!.querySelector('enx-menu')).to.equal(null);
    expect(focused()).to.equal(button('layout'));
    button('react').click();
    menu = await menuOf(toolbar);
    document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await toolbar.updateComplete;
    expect(toolbar.shadowRoot!.querySelector('enx-menu')).to.equal(null);
  });

  it('asks a moderator before the call ends for everyone, and leaves at once', async () => {
    const { toolbar, button } = await toolbarOf({ role: 'moderator' });
    const requests = recordEvents(toolbar, ['enx-leave-request', 'enx-end-request']);
    button('leave').click();
    button('leave-menu').click();
    const menu = await menuOf(toolbar);
    menu.shadowRoot!.querySelectorAll('button')[1]!.click();
    await toolbar.updateComplete;
    const dialog = deep(toolbar.shadowRoot!, 'enx-dialog');
    await (dialog as unknown as EnxToolbar).updateComplete;
    expect(requests.map(({ name }) => name)).to.deep.equal(['enx-leave-request']);
    dialog.shadowRoot!.querySelectorAll('button')[1]!.click();
    expect(requests.map(({ name }) => name)).to.deep.equal(['enx-leave-request', 'enx-end-request']);
  });

  it('raises and lowers the hand, and reacts', async () => {
    const { toolbar, button, setState } = await toolbarOf();
    const requests = recordEvents(toolbar, ['enx-hand-request', 'enx-reaction-request']);
    button('hand').click();
    await setState(roomState({ ...inCall, hands: [{ clientId: 'me', since: 1 }] }));
    expect(button('hand').ariaPressed).to.equal('true');
    button('hand').click();
    button('react').click();
    const menu = await menuOf(toolbar);
    menu.shadowRoot!.querySelectorAll('button')[0]!.click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([
      { raised: true },
      { raised: false },
      { emoji: '👍' },
    ]);
  });

  it('does not render again for what it does not show', async () => {
    const { toolbar, setState } = await toolbarOf();
    let renders = 0;
    const update = (toolbar as unknown as { updated: () => void }).updated.bind(toolbar);
    (toolbar as unknown as { updated: () => void }).updated = () => {
      renders += 1;
      update();
    };
    await setState(roomState({ ...inCall, talking: true, active: true }));
    expect(renders).to.equal(0);
  });
});

describe('the list of people', () => {
  const peopleOf = async (changes: Partial<RoomState> = {}) => {
    const room = await roomFixture(
      roomState({ ...inCall, ...changes }),
      html`<enx-people style="height:460px;width:320px"></enx-people>`,
    );
    const people = room.wrapper.querySelector<EnxPeople>('enx-people')!;
    const names = () =>
      [...people.shadowRoot!.querySelectorAll('.person .name')].map(({ textContent }) => textContent.trim());
    return { ...room, people, root: people.shadowRoot!, names };
  };
  const crowd = [
    person('me', { isSelf: true, name: 'Me', role: 'moderator' }),
    person('zoe', { name: 'Zoë', audioMuted: true }),
    person('bob', { name: 'Bob' }),
    person('eve', { name: 'Eve', role: 'moderator' }),
  ];
  const moderated: Partial<RoomState> = { role: 'moderator', participants: crowd };
  const menuLines = async (people: EnxPeople, index: number) => {
    deep<HTMLButtonElement>(people.shadowRoot!, `.person:nth-child(${index}) .actions`).click();
    await people.updateComplete;
    const menu = deep(people.shadowRoot!, 'enx-menu');
    await (menu as unknown as EnxPeople).updateComplete;
    return [...menu.shadowRoot!.querySelectorAll('button')];
  };

  it('has oneself first, then moderators, then raised hands in their order', async () => {
    const { names } = await peopleOf({
      ...moderated,
      hands: [
        { clientId: 'bob', since: 1 },
        { clientId: 'zoe', since: 2 },
      ],
    });
    expect(names()).to.deep.equal(['Me (You)', 'Eve', 'Bob', 'Zoë']);
  });

  it('finds people by a part of their name, whatever their accents', async () => {
    const { people, root, names } = await peopleOf(moderated);
    const input = deep<HTMLInputElement>(root, 'input');
    input.value = 'zoe';
    input.dispatchEvent(new Event('input'));
    await people.updateComplete;
    expect(names()).to.deep.equal(['Zoë']);
    input.value = 'nobody';
    input.dispatchEvent(new Event('input'));
    await people.updateComplete;
    expect(root.textContent).to.contain('Nobody with this name');
  });

  it('lets a moderator admit one, turn one away, or admit all', async () => {
    const guests = [
      { clientId: 'g1', name: 'Greta' },
      { clientId: 'g2', name: '' },
    ];
    const { people, root } = await peopleOf({ ...moderated, guests });
    const requests = recordEvents(people, ['enx-admit-request']);
    const buttons = [...root.querySelectorAll<HTMLButtonElement>('.guests button')];
    for (const button of buttons) button.click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([
      { clientId: 'g1', admit: true },
      { clientId: 'g2', admit: true },
      { clientId: 'g1', admit: false },
      { clientId: 'g1', admit: true },
      { clientId: 'g2', admit: false },
      { clientId: 'g2', admit: true },
    ]);
  });

  it('offers participants to pin somebody, and nothing that only moderators may do', async () => {
    const { people } = await peopleOf({
      participants: crowd.map((one) => ({ ...one, role: 'participant' })),
    });
    const requests = recordEvents(people, ['enx-pin-request']);
    const lines = await menuLines(people, 2);
    expect(lines.map(({ textContent }) => textContent.trim())).to.deep.equal(['Pin for me']);
    lines[0]!.click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ clientId: 'zoe', pinned: true }]);
    expect(people.shadowRoot!.querySelector('.rules')).to.equal(null);
  });

  it('lets a moderator mute at once, and asks before somebody is removed', async () => {
    const { people } = await peopleOf(moderated);
    const requests = recordEvents(people, ['enx-moderate-request']);
    const by = (lines: HTMLButtonElement[], word: string) =>
      lines.find(({ textContent }) => textContent.includes(word))!;
    by(await menuLines(people, 4), 'Mute microphone').click();
    by(await menuLines(people, 4), 'Remove from').click();
    await people.updateComplete;
    const dialog = deep(people.shadowRoot!, 'enx-dialog');
    await (dialog as unknown as EnxPeople).updateComplete;
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ clientId: 'bob', action: 'mute' }]);
    dialog.shadowRoot!.querySelectorAll('button')[1]!.click();
    expect(requests.at(-1)!.detail).to.deep.equal({ clientId: 'bob', action: 'remove' });
  });

  it('lets a moderator give a microphone back only where a moderator took it', async () => {
    const { people, setState } = await peopleOf(moderated);
    const labels = async (): Promise<string[]> => {
      const lines = await menuLines(people, 4);
      deep<HTMLButtonElement>(people.shadowRoot!, '.person:nth-child(4) .actions').click();
      await people.updateComplete;
      return lines.map(({ textContent }) => textContent.trim());
    };
    const others = (changes: Partial<ParticipantState>): Partial<RoomState> => ({
      participants: crowd.map((one) => (one.clientId === 'bob' ? { ...one, ...changes } : one)),
    });
    await setState(roomState({ ...inCall, ...moderated, ...others({ audioMuted: true, videoMuted: true }) }));
    expect(await labels()).to.include.members(['Mute microphone', 'Turn camera off']);
    const taken = { audioMuted: true, audioHardMuted: true, videoHardMuted: true };
    await setState(roomState({ ...inCall, ...moderated, ...others(taken) }));
    expect(await labels()).to.include.members(['Allow microphone', 'Allow camera']);
    await setState(roomState({ ...inCall, ...moderated, ...others({ audioMuted: true }), roomMuted: true }));
    expect(await labels()).to.include.members(['Allow microphone', 'Turn camera off']);
  });

  it('changes the rules of the room, and shows what the room says', async () => {
    const { people, root, setState } = await peopleOf(moderated);
    deep<HTMLDetailsElement>(root, 'details').open = true;
    const requests = recordEvents(people, ['enx-rule-request']);
    const lock = deep<HTMLInputElement>(root, '.rules input');
    lock.click();
    expect(lock.checked).to.equal(false);
    await setState(roomState({ ...inCall, ...moderated, locked: true }));
    expect(lock.checked).to.equal(true);
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ rule: 'locked', on: true }]);
  });

  it('renders a row again only when its own person changed, with a hundred people', async () => {
    const many = Array.from({ length: 100 }, (_, index) => person(`p${index}`, { name: `Person ${index}` }));
    const { root, setState } = await peopleOf({ participants: many });
    const marks = new Map(
      [...root.querySelectorAll('.person')].map((row) => [row, row.querySelector('.face')!.firstChild]),
    );
    expect(marks.size).to.equal(100);
    await setState(
      roomState({
        ...inCall,
        participants: many.map((one, index) => (index === 40 ? { ...one, audioMuted: true } : one)),
      }),
    );
    const rows = [...root.querySelectorAll('.person')];
    expect(rows.every((row) => marks.has(row))).to.equal(true);
    expect(root.querySelectorAll('.mark.off')).to.have.length(1);
  });

  it('is accessible', async () => {
    const { people } = await peopleOf({
      ...moderated,
      guests: [{ clientId: 'g', name: 'Greta' }],
      hands: [{ clientId: 'zoe', since: 1 }],
    });
    await expect(people).to.be.accessible();
  });
});

describe('the settings', () => {
  const settingsOf = async (changes: Partial<RoomState> = {}) => {
    const room = await roomFixture(
      roomState({ ...inCall, ...changes }),
      html`<enx-settings style="height:460px;width:320px"></enx-settings>`,
    );
    const settings = room.wrapper.querySelector<EnxSettings>('enx-settings')!;
    const control = <T extends HTMLElement>(label: string) =>
      [...settings.shadowRoot!.querySelectorAll('label')]
        .find(({ textContent }) => textContent.includes(label))!
        .querySelector<T>('select, input')!;
    return { ...room, settings, control };
  };

  it('ask for what was chosen and move only when the state does', async () => {
    const { settings, control } = await settingsOf();
    const requests = recordEvents(settings, [
      'enx-device-request',
      'enx-preference-request',
      'enx-reception-request',
    ]);
    const choose = (label: string, value: string) => {
      const select = control<HTMLSelectElement>(label);
      const before = select.value;
      select.value = value;
      select.dispatchEvent(new Event('change'));
      expect(select.value, label).to.equal(before);
    };
    choose('Speaker', 's1');
    choose('Layout', 'grid');
    choose('Language', 'de');
    choose('Quality of others', 'LD');
    control<HTMLInputElement>('Remove echo').click();
    control<HTMLInputElement>('Sound only').click();
    expect(control<HTMLInputElement>('Sound only').checked).to.equal(false);
    expect(requests.map(({ detail }) => detail)).to.deep.equal([
      { device: 'speaker', id: 's1' },
      { name: 'layout', value: 'grid' },
      { name: 'language', value: 'de' },
      { quality: 'LD' },
      { name: 'echoCancellation', value: false },
      { audioOnly: true },
    ]);
  });

  it('name every language in its own words', async () => {
    const { control } = await settingsOf();
    const words = [...control<HTMLSelectElement>('Language').options].map(({ text }) => text);
    expect(words).to.include.members(['As this page', 'Deutsch', 'العربية', '日本語', 'English']);
    expect(words).to.have.length(20);
  });

  it('are about nothing but looks and connection where there is only chat', async () => {
    const { settings } = await settingsOf({ chatOnly: true, microphone: 'off', camera: 'off' });
    expect(settings.shadowRoot!.querySelectorAll('section')).to.have.length(2);
  });

  it('are accessible', async () => {
    const { settings } = await settingsOf();
    await expect(settings).to.be.accessible();
  });
});

describe('a line of chat', () => {
  const chatOf = async (text: string, more = {}) => {
    const message = {
      ...{ id: 1, senderId: 'ann', from: 'Ann', text, timestamp: 1, broadcast: true, recipients: [] },
      isSelf: false,
      ...more,
    };
    const room = await roomFixture(
      roomState({ ...inCall, messages: [message] }),
      html`<enx-chat style="height:400px;width:320px"></enx-chat>`,
    );
    const chat = room.wrapper.querySelector('enx-chat')!;
    return { ...room, chat, root: chat.shadowRoot! };
  };

  /** Chooses the one person to write to. */
  const writeTo = (root: ShadowRoot, clientId: string): void => {
    const select = deep<HTMLSelectElement>(root, '.to select');
    select.value = clientId;
    select.dispatchEvent(new Event('change'));
  };

  it('makes links of web addresses, whole and safe, and of nothing else', async () => {
    const { root } = await chatOf(
      'See https://example.org/a_(b)?x=1. (http://test.example/) javascript:alert(1) https://" onclick=1 ftp://x ' +
        'www.example.net/y😀 me@www.example.com',
    );
    const links = [...root.querySelectorAll<HTMLAnchorElement>('.text a')];
    expect(links.map(({ textContent }) => textContent)).to.deep.equal([
      'https://example.org/a_(b)?x=1',
      'http://test.example/',
      'www.example.net/y',
    ]);
    expect(links.at(-1)!.href).to.equal('https://www.example.net/y');
    for (const link of links) {
      expect(link.rel).to.contain('noopener');
      expect(link.target).to.equal('_blank');
    }
    expect(deep(root, '.text').textContent).to.contain('javascript:alert(1)');
  });

  it('goes to one person where one is chosen, and to everyone again when they leave', async () => {
    const { chat, root, setState } = await chatOf('hello');
    const requests = recordEvents(chat, ['enx-message-request']);
    writeTo(root, 'ann');
    const input = deep<HTMLTextAreaElement>(root, 'textarea');
    input.value = 'psst';
    press(input, 'Enter');
    await setState(roomState({ ...inCall, participants: inCall.participants!.slice(0, 1) }));
    input.value = 'all';
    press(input, 'Enter');
    expect(requests.map(({ detail }) => detail)).to.deep.equal([
      { text: 'psst', recipients: ['ann'] },
      { text: 'all' },
    ]);
  });

  it('never goes to everyone when it was begun for one person: another has to be chosen first', async () => {
    const { chat, root, setState } = await chatOf('hello');
    const requests = recordEvents(chat, ['enx-message-request']);
    writeTo(root, 'ann');
    const input = deep<HTMLTextAreaElement>(root, 'textarea');
    input.value = 'psst';
    await setState(
      roomState({ ...inCall, participants: [inCall.participants![0]!, person('zoe', { name: 'Zoë' })] }),
    );
    press(input, 'Enter');
    deep<HTMLButtonElement>(root, '.send').click();
    expect(requests).to.have.length(0);
    expect(input.value).to.equal('psst');
    expect(deep(root, '.gone').textContent).to.contain('has left');
    expect(chat.shadowRoot!.activeElement).to.equal(deep(root, '.to select'));
    writeTo(root, 'zoe');
    await chat.updateComplete;
    expect(root.querySelector('.gone')).to.equal(null);
    press(input, 'Enter');
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ text: 'psst', recipients: ['zoe'] }]);
  });

  it('says when it is private', async () => {
    const { root } = await chatOf('psst', { broadcast: false, recipients: ['me'] });
    expect(deep(root, '.privacy').textContent).to.equal('to you, privately');
  });

  it('takes an emoji where the cursor stands', async () => {
    const { chat, root } = await chatOf('hello');
    const input = deep<HTMLTextAreaElement>(root, 'textarea');
    input.value = 'ab';
    input.setSelectionRange(1, 1);
    deep<HTMLButtonElement>(root, '.emoji').click();
    await (chat as unknown as EnxToolbar).updateComplete;
    const menu = deep(root, 'enx-menu');
    await (menu as unknown as EnxToolbar).updateComplete;
    menu.shadowRoot!.querySelector('button')!.click();
    expect(input.value).to.equal('a😀b');
    expect(focused()).to.equal(input);
  });

  it('tells that something new came while one reads further up', async () => {
    const { root, setState } = await chatOf('x\n'.repeat(60));
    const log = deep(root, '.log');
    log.scrollTop = 0;
    const messages = [1, 2].map((id) => ({
      ...{ id, senderId: 'ann', from: 'Ann', text: id === 1 ? 'x\n'.repeat(60) : 'new', timestamp: id },
      ...{ broadcast: true, recipients: [], isSelf: false },
    }));
    await setState(roomState({ ...inCall, messages }));
    const button = deep<HTMLButtonElement>(root, '.newer');
    setTimeout(() => button.click());
    await oneEvent(log, 'scroll');
    expect(log.scrollHeight - log.scrollTop - log.clientHeight).to.be.lessThan(2);
  });
});
