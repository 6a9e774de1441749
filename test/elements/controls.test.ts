import { expect, html, nextFrame, oneEvent, waitUntil } from '@open-wc/testing';
import '../../src/elements/toolbar/enx-toolbar.js';
import '../../src/elements/chat/enx-chat.js';
import '../../src/elements/prejoin/enx-prejoin.js';
import '../../src/elements/screen/enx-screen.js';
import type { EnxChat } from '../../src/elements/chat/enx-chat.js';
import type { RoomStatus } from '../../src/elements/prejoin/room-status.js';
import type { EnxToolbar } from '../../src/elements/toolbar/enx-toolbar.js';
import { RoomError } from '../../src/engine/errors.js';
import type { ChatMessage } from '../../src/engine/room-state.js';
import { deep, recordEvents, roomFixture, roomState } from '../helpers/elements.js';

const message = (id: number, changes: Partial<ChatMessage> = {}): ChatMessage => ({
  id,
  senderId: 'ann',
  from: 'Ann',
  text: `message ${id}`,
  timestamp: 1_700_000_000_000 + id * 1000,
  broadcast: true,
  recipients: [],
  isSelf: false,
  ...changes,
});

describe('the toolbar', () => {
  const inCall = { connection: 'connected', microphone: 'on', camera: 'on' } as const;
  const toolbarOf = async (changes = {}) => {
    const room = await roomFixture(roomState({ ...inCall, ...changes }), html`<enx-toolbar></enx-toolbar>`, {
      size: '1200px',
    });
    const toolbar = room.wrapper.querySelector<EnxToolbar>('enx-toolbar')!;
    return {
      ...room,
      toolbar,
      button: (name: string) => deep<HTMLButtonElement>(toolbar.shadowRoot!, `button.${name}`),
    };
  };

  it('asks to mute what is on and to unmute what is muted', async () => {
    const { toolbar, button, setState } = await toolbarOf();
    const requests = recordEvents(toolbar, ['enx-mute-request']);
    button('audio').click();
    button('video').click();
    await setState(roomState({ ...inCall, microphone: 'muted', camera: 'muted' }));
    button('audio').click();
    button('video').click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([
      { kind: 'audio', muted: true },
      { kind: 'video', muted: true },
      { kind: 'audio', muted: false },
      { kind: 'video', muted: false },
    ]);
  });

  it('sets nothing itself: a button looks pressed only when the state says so', async () => {
    const { button, setState } = await toolbarOf();
    button('audio').click();
    expect(button('audio').dataset.state).to.equal('on');
    await setState(roomState({ ...inCall, microphone: 'muted' }));
    expect(button('audio').dataset.state).to.equal('muted');
    expect(button('audio').getAttribute('aria-pressed')).to.equal('false');
    expect(button('audio').title).to.equal('Unmute microphone');
  });

  it('offers another try for a device that could not be had', async () => {
    const { toolbar, button } = await toolbarOf({ camera: 'unavailable' });
    const requests = recordEvents(toolbar, ['enx-mute-request', 'enx-device-retry-request']);
    button('video').click();
    expect(requests.map(({ name }) => name)).to.deep.equal(['enx-device-retry-request']);
  });

  it('has nothing to click for a device that is not part of the call', async () => {
    const { button } = await toolbarOf({ camera: 'off' });
    expect(button('video').ariaDisabled).to.equal('true');
    const requests = recordEvents(button('video'), ['enx-mute-request']);
    button('video').click();
    expect(requests).to.have.length(0);
  });

  it('asks to leave and to open the chat, each request cancellable and crossing shadow roots', async () => {
    const { toolbar, button } = await toolbarOf();
    for (const [name, event] of [
      ['leave', 'enx-leave-request'],
      ['chat', 'enx-chat-request'],
    ] as const) {
      setTimeout(() => button(name).click());
      const fired = await oneEvent(toolbar, event);
      expect(fired.cancelable && fired.bubbles && fired.composed, event).to.equal(true);
    }
  });

  it('counts unread messages, for eyes and for ears', async () => {
    const { toolbar, button } = await toolbarOf();
    toolbar.unread = 120;
    await toolbar.updateComplete;
    expect(button('chat').querySelector('.badge')!.textContent).to.equal('99+');
    expect(button('chat').ariaLabel).to.contain('120 new messages');
  });

  it('offers sharing where the room allows it, to those who may publish', async () => {
    const { toolbar, button, setState } = await toolbarOf({ canShare: true });
    const requests = recordEvents(toolbar, ['enx-share-request']);
    button('share').click();
    const share = { clientId: 'me', name: 'Me', isSelf: true, stream: undefined };
    await setState(roomState({ ...inCall, canShare: true, share }));
    expect(button('share').getAttribute('aria-pressed')).to.equal('true');
    button('share').click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ on: true }, { on: false }]);
    for (const changes of [{ canShare: false }, { canShare: true, role: 'viewer' as const }]) {
      await setState(roomState({ ...inCall, ...changes }));
      expect(toolbar.shadowRoot!.querySelector('button.share')).to.equal(null);
    }
  });

  it('offers no layout where there are no pictures', async () => {
    const { toolbar, button, setState } = await toolbarOf();
    expect(button('layout').checkVisibility()).to.equal(true);
    await setState(roomState({ ...inCall, chatOnly: true }));
    expect(toolbar.shadowRoot!.querySelector('button.layout')).to.equal(null);
  });

  it('says who muted it when a moderator did, and cannot be clicked then', async () => {
    const { button } = await toolbarOf({ microphone: 'muted', hardMuted: { audio: true, video: false } });
    expect(button('audio').ariaDisabled).to.equal('true');
    expect(button('audio').getAttribute('aria-label')).to.contain('moderator');
    expect(button('video').ariaDisabled).to.equal(null);
  });

  it('is accessible in every device state', async () => {
    for (const state of ['off', 'starting', 'on', 'muted', 'unavailable'] as const) {
      const { toolbar } = await toolbarOf({ microphone: state, camera: state });
      toolbar.style.background = '#14161a';
      await expect(toolbar).to.be.accessible();
    }
  });
});

describe('the chat', () => {
  const chatOf = async (messages: ChatMessage[] = []) => {
    const room = await roomFixture(
      roomState({ connection: 'connected', messages }),
      html`<enx-chat style="height:300px"></enx-chat>`,
    );
    const chat = room.wrapper.querySelector<EnxChat>('enx-chat')!;
    return { ...room, chat, input: deep<HTMLTextAreaElement>(chat.shadowRoot!, 'textarea') };
  };
  const texts = (chat: EnxChat) =>
    [...chat.shadowRoot!.querySelectorAll('.text')].map((text) => text.textContent);
  const enter = (input: HTMLElement, options: KeyboardEventInit = {}) =>
    input.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...options }),
    );

  it('shows messages in order, one heading for several of one person', async () => {
    const { chat } = await chatOf([message(1), message(2), message(3, { senderId: 'bob', from: 'Bob' })]);
    expect(texts(chat)).to.deep.equal(['message 1', 'message 2', 'message 3']);
    expect([...chat.shadowRoot!.querySelectorAll('.from')].map((from) => from.textContent)).to.deep.equal([
      'Ann',
      'Bob',
    ]);
  });

  it('treats what people write as text, never as markup', async () => {
    const hostile = '<img src=x onerror="window.__hacked=1"><b>bold</b>';
    const { chat } = await chatOf([message(1, { text: hostile, from: hostile })]);
    expect(texts(chat)).to.deep.equal([hostile]);
    expect(chat.shadowRoot!.querySelector('img, b')).to.equal(null);
  });

  it('sends with Enter, begins a new line with Shift + Enter, and leaves Enter to input methods', async () => {
    const { chat, input } = await chatOf();
    const requests = recordEvents(chat, ['enx-message-request']);
    input.value = '  hello\nthere ';
    enter(input, { shiftKey: true });
    enter(input, { isComposing: true });
    expect(requests).to.have.length(0);
    enter(input);
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ text: 'hello\nthere' }]);
    expect(input.value).to.equal('');
  });

  it('sends nothing when there is nothing to send', async () => {
    const { chat, input } = await chatOf();
    const requests = recordEvents(chat, ['enx-message-request']);
    input.value = '   ';
    enter(input);
    expect(requests).to.have.length(0);
  });

  it('keeps the text when the page takes the request over', async () => {
    const { chat, input } = await chatOf();
    chat.addEventListener('enx-message-request', (event) => event.preventDefault());
    input.value = 'keep me';
    enter(input);
    expect(input.value).to.equal('keep me');
  });

  it('follows the conversation, but not while somebody reads further up', async () => {
    const many = Array.from({ length: 40 }, (_, index) => message(index + 1));
    const { chat, setState } = await chatOf(many);
    const log = deep(chat.shadowRoot!, '.log');
    await setState(roomState({ messages: [...many, message(41)] }));
    expect(log.scrollHeight - log.scrollTop - log.clientHeight).to.be.lessThan(2);
    log.scrollTop = 0;
    await setState(roomState({ messages: [...many, message(41), message(42)] }));
    expect(log.scrollTop).to.equal(0);
  });

  it('is accessible, empty and full', async () => {
    for (const messages of [[], [message(1), message(2, { isSelf: true })]]) {
      const { chat } = await chatOf(messages);
      await expect(chat).to.be.accessible();
    }
  });
});

describe('the prejoin screen', () => {
  const prejoinOf = async (changes = {}, status: RoomStatus | undefined = undefined, statusUrl = '') => {
    const room = await roomFixture(
      roomState({ microphone: 'on', camera: 'on', ...changes }),
      html`<enx-prejoin
        asks-name
        initial-name="Ann"
        .status=${status}
        status-url=${statusUrl}
      ></enx-prejoin>`,
    );
    return { ...room, prejoin: room.wrapper.querySelector('enx-prejoin')! };
  };

  it('asks to join with the chosen name', async () => {
    const { prejoin } = await prejoinOf();
    const requests = recordEvents(prejoin, ['enx-join-request']);
    deep<HTMLInputElement>(prejoin.shadowRoot!, 'input').value = ' Zoe ';
    deep<HTMLButtonElement>(prejoin.shadowRoot!, 'form .button').click();
    expect(requests.map(({ detail }) => detail)).to.deep.equal([{ name: 'Zoe' }]);
  });

  it('does not join without a name where one is asked for', async () => {
    const { prejoin } = await prejoinOf();
    const requests = recordEvents(prejoin, ['enx-join-request']);
    deep<HTMLInputElement>(prejoin.shadowRoot!, 'input').value = '';
    deep<HTMLButtonElement>(prejoin.shadowRoot!, 'form .button').click();
    expect(requests).to.have.length(0);
  });

  it('shows that the microphone hears something, as long as it is on', async () => {
    const { prejoin, setState } = await prejoinOf();
    expect(prejoin.shadowRoot!.querySelector('.preview enx-level')).to.not.equal(null);
    await setState(roomState({ microphone: 'muted', camera: 'on' }));
    expect(prejoin.shadowRoot!.querySelector('enx-level')).to.equal(null);
  });

  const statusOf = (prejoin: Element): string =>
    [...prejoin.shadowRoot!.querySelectorAll('.status p')].map(({ textContent }) => textContent).join(' ');

  it('says, from `.roomStatus` of the page, how many are in the room and what stands between it and whoever joins', async () => {
    const cases: [RoomStatus, string][] = [
      [{ participants: 0 }, 'Nobody is in the room yet.'],
      [{ participants: 1 }, 'In the room: 1 person'],
      [{ participants: 5, knock: true }, 'In the room: 5 people A moderator will let you in soon.'],
      [{ waiting: true, knock: true }, 'The call begins when the moderator joins.'],
      [
        { participants: 2, locked: true, waiting: true },
        'In the room: 2 people The room is locked. Ask a moderator to unlock it, then try again.',
      ],
      [{}, ''],
    ];
    for (const [status, sentences] of cases) {
      const { prejoin } = await prejoinOf({}, status);
      expect(statusOf(prejoin), JSON.stringify(status)).to.equal(sentences);
    }
  });

  it('shows nothing of a status that is no status', async () => {
    for (const odd of [
      'x',
      7,
      [],
      { participants: 'many', locked: 'yes' },
      { participants: -1 },
    ] as unknown[]) {
      const { prejoin } = await prejoinOf({}, odd as RoomStatus);
      expect(statusOf(prejoin), JSON.stringify(odd)).to.equal('');
    }
  });

  it('asks `.statusUrl`, and believes the page more', async () => {
    const url = `data:application/json,${encodeURIComponent('{"participants": 3}')}`;
    const { prejoin } = await prejoinOf({}, undefined, url);
    await waitUntil(() => statusOf(prejoin) === 'In the room: 3 people');
    prejoin.status = { participants: 4 };
    await prejoin.updateComplete;
    expect(statusOf(prejoin)).to.equal('In the room: 4 people');
  });

  it('says nothing of the room when the status URL answers with something else, or not at all', async () => {
    const fetched = window.fetch;
    for (const url of [
      'data:text/plain,nothing',
      'data:application/json,null',
      'http://127.0.0.1:1/',
      'http://[',
    ]) {
      const asked: Promise<Response>[] = [];
      // Only listens to whether the answer has come.
      window.fetch = (...request) => {
        const answer = fetched(...request);
        asked.push(answer);
        return answer;
      };
      try {
        const { prejoin } = await prejoinOf({}, undefined, url);
        await Promise.allSettled(asked);
        await nextFrame();
        await prejoin.updateComplete;
        expect(statusOf(prejoin), url).to.equal('');
      } finally {
        window.fetch = fetched;
      }
    }
  });

  it('says what is wrong with a device and offers another try', async () => {
    const { prejoin } = await prejoinOf({
      camera: 'unavailable',
      deviceErrors: { camera: new RoomError('device-in-use', 'Your camera is used by another app.') },
    });
    expect(deep(prejoin.shadowRoot!, '[role=alert]').textContent).to.contain('used by another app');
    const requests = recordEvents(prejoin, ['enx-device-retry-request']);
    deep<HTMLButtonElement>(prejoin.shadowRoot!, '.toggle[data-state=unavailable]').click();
    expect(requests).to.have.length(1);
  });

  it('is accessible', async () => {
    const { prejoin } = await prejoinOf();
    await expect(prejoin).to.be.accessible();
  });
});

describe('a screen', () => {
  it('says one sentence, as a status or as an alert', async () => {
    const { wrapper } = await roomFixture(
      roomState(),
      html`<enx-screen heading="Waiting"></enx-screen
        ><enx-screen heading="Broken" text="Why" warning></enx-screen>`,
    );
    const [waiting, broken] = [...wrapper.querySelectorAll('enx-screen')];
    expect(deep(waiting!.shadowRoot!, '[role=status] h2').textContent).to.equal('Waiting');
    expect(deep(broken!.shadowRoot!, '[role=alert] h2').textContent).to.equal('Broken');
    await expect(waiting!).to.be.accessible();
    await expect(broken!).to.be.accessible();
  });
});
