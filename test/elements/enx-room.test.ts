import { aTimeout, expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import { show } from '../../demo/gallery-states.js';
import { request } from '../../src/elements/internal/requests.js';
import { EnxRoom, type EnxRoomEventMap } from '../../src/index.js';
import { encodeToken } from '../../src/protocol/index.js';
import { deep, nextEvent, recordEvents } from '../helpers/elements.js';

/** A port where nobody listens. */
const unreachable = encodeToken({
  host: '127.0.0.1:9',
  tokenId: 'x',
  roomMeta: { settings: { quality: 'LD' } },
});

const screenOf = (room: Element) => deep(room.shadowRoot!, 'enx-screen').shadowRoot!;

/** A room that shows its preview, with devices. */
async function previewing(): Promise<EnxRoom> {
  const around = await fixture<HTMLElement>(html`<div></div>`);
  const room = document.createElement('enx-room');
  room.setAttribute('join-mode', 'prejoin');
  room.setAttribute('token', unreachable);
  const allowed = oneEvent(room, 'media-access-allowed');
  around.append(room);
  await allowed;
  return room;
}

describe('<enx-room>', () => {
  it('waits quietly without a token', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room></enx-room>`);
    expect(room.state).to.equal('idle');
    expect(screenOf(room).textContent).to.contain('Not in a call');
    await expect(room).to.be.accessible();
  });

  it('says in plain words that a token is no token, and why in the details', async () => {
    const room = document.createElement('enx-room');
    const error = nextEvent<EnxRoomEventMap['room-error']>(room, 'room-error');
    room.setAttribute('token', 'not-a-token');
    document.body.append(room);
    const { detail, bubbles, composed } = await error;
    expect([detail.name, detail.code, bubbles, composed]).to.deep.equal([
      'token-malformed',
      4151,
      true,
      true,
    ]);
    expect(room.state).to.equal('disconnected');
    await room.updateComplete;
    const screen = screenOf(room);
    expect(screen.textContent).to.contain('This invitation is not complete');
    expect(screen.textContent).to.not.match(/4151|token/);
    await expect(room).to.be.accessible();
    room.remove();
  });

  it('offers another try when the server cannot be reached, and releases the devices meanwhile', async () => {
    const room = document.createElement('enx-room');
    const error = nextEvent<EnxRoomEventMap['room-error']>(room, 'room-error');
    room.setAttribute('token', unreachable);
    document.body.append(room);
    expect((await error).detail.name).to.equal('server-unreachable');
    expect([room.room.state.camera, room.room.state.microphone]).to.deep.equal(['off', 'off']);
    await room.updateComplete;
    const retry = deep<HTMLButtonElement>(room.shadowRoot!, 'enx-screen button');
    const again = nextEvent(room, 'room-error');
    retry.click();
    await again;
    room.remove();
  });

  it('fetches its token, with the name that was chosen, and says when there is none', async () => {
    for (const [url, name] of [
      ['/test-token', 'token-malformed'],
      ['/test-token-broken', 'token-malformed'],
      ['/there-is-nothing-here', 'connect-refused'],
    ]) {
      const room = document.createElement('enx-room');
      const error = nextEvent<EnxRoomEventMap['room-error']>(room, 'room-error');
      room.setAttribute('token-url', url!);
      document.body.append(room);
      expect((await error).detail.name, url).to.equal(name);
      room.remove();
    }
  });

  it('does not wait for a token for ever', async () => {
    const { fetch } = window;
    const { timeout } = AbortSignal;
    const room = document.createElement('enx-room');
    try {
      AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 1000);
      window.fetch = (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        });
      const error = nextEvent<EnxRoomEventMap['room-error']>(room, 'room-error');
      room.setAttribute('token-url', '/test-token');
      document.body.append(room);
      expect((await error).detail.name).to.equal('server-unreachable');
    } finally {
      Object.assign(window, { fetch });
      AbortSignal.timeout = timeout;
      room.remove();
    }
  });

  it('joins once the attributes are there, in whatever order they come', async () => {
    const room = document.createElement('enx-room');
    document.body.append(room);
    room.token = 'nonsense';
    room.joinMode = 'manual';
    await aTimeout(20);
    expect(room.state).to.equal('idle');
    room.joinMode = 'auto';
    await oneEvent(room, 'room-error');
    room.remove();
  });

  it('rejects a join without a token and leaves nothing half done', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room join-mode="manual"></enx-room>`);
    const error = await room.join().then(
      () => undefined,
      (reason: unknown) => reason as { name: string },
    );
    expect(error?.name).to.equal('token-malformed');
    expect(room.state).to.equal('idle');
  });

  it('rejects methods that need a room, by number and name', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room join-mode="manual"></enx-room>`);
    const failed = async (promise: Promise<unknown>) =>
      promise.then(
        () => 'resolved',
        ({ name, code }: { name: string; code: number }) => `${name} ${code}`,
      );
    expect(await failed(room.disconnect())).to.equal('disconnect-done 5032');
    expect(await failed(room.sendMessage('x'))).to.equal('not-connected 5086');
    expect(await failed(room.publish())).to.equal('not-connected 5086');
    expect(await failed(room.muteAudio())).to.equal('not-connected 5086');
  });

  it('reports each attribute it does not understand once, and goes on with the default', async () => {
    const room = document.createElement('enx-room');
    const problems = recordEvents(room, ['event-error']);
    room.setAttribute('number-of-attempts', 'many');
    room.setAttribute('local-info', '{broken');
    room.setAttribute('room-info', '{"timeout_interval": "soon", "no_such_key": 1}');
    const error = nextEvent(room, 'room-error');
    room.setAttribute('token', 'nonsense');
    document.body.append(room);
    await error;
    const messages = problems.map(({ detail }) => (detail as { message: string }).message);
    expect(messages).to.have.length(4);
    for (const word of [
      'number-of-attempts',
      'local-info',
      'roomInfo.timeout_interval',
      'roomInfo.no_such_key',
    ]) {
      expect(
        messages.filter((message) => message.includes(word)),
        word,
      ).to.have.length(1);
    }
    const { roomInfo, localInfo } = room.room.options;
    expect([roomInfo.number_of_attempts, roomInfo.timeout_interval, localInfo.audio]).to.deep.equal([
      3,
      10,
      true,
    ]);
    room.remove();
  });

  it('shows a preview before joining, and its buttons work there', async () => {
    const room = await previewing();
    await room.updateComplete;
    const prejoin = deep(room.shadowRoot!, 'enx-prejoin');
    const toggle = deep<HTMLButtonElement>(prejoin.shadowRoot!, '.toggle[data-state=on]');
    toggle.click();
    await aTimeout(0);
    expect(room.room.state.microphone).to.equal('muted');
    const camera = room.room.state.localStream!.getVideoTracks()[0]!;
    room.remove();
    await aTimeout(50);
    expect(camera.readyState, 'the camera is released with the element').to.equal('ended');
  });

  it('lets the page cancel what a control asks for', async () => {
    const room = await previewing();
    await room.updateComplete;
    room.addEventListener('enx-mute-request', (event) => event.preventDefault());
    deep<HTMLButtonElement>(room.shadowRoot!, 'enx-prejoin', '.toggle[data-state=on]').click();
    await aTimeout(0);
    expect(room.room.state.microphone).to.equal('on');
    await room.room.disconnect().catch(() => {});
  });

  it('keeps its devices when it is moved in the page', async () => {
    const room = await previewing();
    const camera = room.room.state.localStream!.getVideoTracks()[0]!;
    const elsewhere = document.createElement('div');
    document.body.append(elsewhere);
    room.remove();
    elsewhere.append(room);
    await aTimeout(50);
    expect(camera.readyState).to.equal('live');
    elsewhere.remove();
    await aTimeout(50);
    expect(camera.readyState).to.equal('ended');
  });

  it('stops devices that the browser hands out after the element is gone', async () => {
    const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let handedOut: MediaStream | undefined;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      await gate;
      return (handedOut = await original(constraints));
    };
    const room = document.createElement('enx-room');
    room.setAttribute('token', unreachable);
    room.setAttribute('join-mode', 'prejoin');
    document.body.append(room);
    await aTimeout(10);
    room.remove();
    await aTimeout(10);
    release();
    await aTimeout(300);
    navigator.mediaDevices.getUserMedia = original;
    expect(handedOut!.getTracks().every(({ readyState }) => readyState === 'ended')).to.equal(true);
  });

  it('takes the size the page gives it and never less than 240 pixels', async () => {
    const box = await fixture<HTMLElement>(
      html`<div style="width:100px"><enx-room style="height:300px"></enx-room></div>`,
    );
    const { width, height } = box.querySelector('enx-room')!.getBoundingClientRect();
    expect([width, height]).to.deep.equal([240, 300]);
  });

  it('leaves no global name behind and can be loaded twice', async () => {
    const before = new Set(Object.getOwnPropertyNames(window));
    const again = (await import(`/src/elements/room/enx-room.ts?again=${Date.now()}`)) as {
      EnxRoom: unknown;
    };
    expect(again.EnxRoom).to.not.equal(EnxRoom);
    expect(customElements.get('enx-room')).to.equal(EnxRoom);
    expect(Object.getOwnPropertyNames(window).filter((name) => !before.has(name))).to.deep.equal([]);
  });

  it('gives way to a layout of the page, and comes back when that is taken away', async () => {
    const room = await fixture<EnxRoom>(
      html`<enx-room style="height:400px"><p slot="brand">Ours</p></enx-room>`,
    );
    await show(room, 'three');
    const ours = () => room.shadowRoot!.querySelector('enx-stage');
    await waitUntil(ours, 'our own stage');
    const layout = document.createElement('div');
    layout.innerHTML =
      '<enx-stage style="height: 300px"></enx-stage><enx-toolbar></enx-toolbar><enx-chat></enx-chat>';
    room.append(layout);
    await waitUntil(() => !ours(), 'the page has taken over');
    await room.updateComplete;
    const stage = layout.querySelector('enx-stage')!;
    await waitUntil(
      () => stage.shadowRoot!.querySelectorAll('enx-player').length === 3,
      'its stage shows people',
    );
    // The page shows the chat itself: the room opens no panel, but says that it is open.
    request(layout.querySelector('enx-toolbar')!, 'enx-chat-request', { open: true });
    await waitUntil(() => layout.querySelector('enx-toolbar')!.panel === 'chat', 'the toolbar knows');
    expect(room.shadowRoot!.querySelector('enx-chat')).to.equal(null);
    layout.remove();
    await waitUntil(ours, 'our own stage is back');
  });

  it('opens the chat where there is nothing to see and hear', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room style="height:400px"></enx-room>`);
    await show(room, 'chat only');
    await waitUntil(() => room.shadowRoot!.querySelector('enx-chat'), 'the chat');
  });
});
