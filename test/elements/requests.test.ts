/**
 * Every request of a control, on an element that is in a room: what the room does about it, and that it does nothing
 * where the page says no.
 */
import { loadPart } from '../../src/elements/internal/parts.js';
import { aTimeout, expect, waitUntil } from '@open-wc/testing';
import type { EnxRoom } from '../../src/index.js';
import '../../src/index.js';
import { type EnxRequestMap, type EnxRequestName, request } from '../../src/elements/internal/requests.js';
import type { EnxPlayer } from '../../src/elements/player/enx-player.js';
import { canvasStream, deep } from '../helpers/elements.js';
import { scriptedPage, type ScriptedPage } from '../helpers/joined-element.js';

let page: ScriptedPage;

type Frame = [name: string, ...args: unknown[]];

interface Row<K extends EnxRequestName> {
  detail: EnxRequestMap[K];
  /** Messages to the server, media messages aside. */
  sent?: Frame[];
  /** Something of the element: before → after. */
  look?: (room: EnxRoom) => unknown;
  becomes?: [before: unknown, after: unknown];
}

const privately = (room: EnxRoom) =>
  room as unknown as {
    preferences: { theme: string };
    localMutes: unknown;
  };
const panel = (room: EnxRoom): unknown => room.layoutFacts.panel;
/** The list of shortcuts is shown. */
const listed = (room: EnxRoom): boolean => room.shadowRoot!.querySelector('enx-dialog .keys') !== null;
const advanced = (id: string, name: string, clientIds: string[]): Frame[] => [
  ['setAdvancedOptions', [{ id, request: name, clientIds }]],
];

const rows: { [K in EnxRequestName]: Row<K>[] } = {
  'enx-join-request': [],
  'enx-leave-request': [{ detail: {}, sent: [['drop', { self: true }]] }],
  'enx-end-request': [{ detail: {}, sent: [['drop', { all: true, clients: null, deleteRoom: false }]] }],
  'enx-mute-request': [
    { detail: { kind: 'audio', muted: true }, sent: [['user-audio-muted']] },
    { detail: { kind: 'video', muted: true }, sent: [['user-video-muted']] },
  ],
  'enx-device-retry-request': [
    { detail: {}, look: ({ room }) => room.state.microphone, becomes: ['on', 'on'] },
  ],
  'enx-device-request': [
    {
      detail: { device: 'camera', id: '' },
      look: () => page.asked.length,
      becomes: [1, 2],
    },
  ],
  'enx-share-request': [],
  'enx-pin-request': [
    { detail: { clientId: 'bo', pinned: true }, sent: advanced('update-pin-users', 'add', ['bo']) },
    { detail: { clientId: 'bo', pinned: false }, sent: advanced('update-pin-users', 'remove', ['bo']) },
  ],
  'enx-hand-request': [
    {
      detail: { raised: true },
      look: ({ room }) => room.state.hands.map(({ clientId }) => clientId),
      becomes: [[], ['client-1']],
    },
  ],
  'enx-floor-request': [
    { detail: { accept: true }, sent: [['processFloorRequest', 'client-1', 'acceptFloor']] },
    { detail: { accept: false }, sent: [['processFloorRequest', 'client-1', 'rejectFloor']] },
  ],
  'enx-reaction-request': [
    {
      detail: { emoji: '👍' },
      look: () => page.pc('data')!.channel!.sent.length,
      becomes: [0, 1],
    },
  ],
  'enx-admit-request': [
    { detail: { clientId: 'guest', admit: true }, sent: [['user-allowed', 'guest']] },
    { detail: { clientId: 'guest', admit: false }, sent: [['user-denied', 'guest']] },
  ],
  'enx-message-request': [
    {
      detail: { text: 'Hello', recipients: ['bo'] },
      look: ({ room }) => room.state.messages.map(({ text }) => text),
      becomes: [[], ['Hello']],
    },
  ],
  'enx-chat-request': [{ detail: { open: true }, look: panel, becomes: [undefined, 'chat'] }],
  'enx-people-request': [{ detail: { open: true }, look: panel, becomes: [undefined, 'people'] }],
  'enx-settings-request': [{ detail: { open: true }, look: panel, becomes: [undefined, 'settings'] }],
  'enx-shortcuts-request': [{ detail: { open: true }, look: listed, becomes: [false, true] }],
  'enx-moderate-request': [
    { detail: { clientId: 'bo', action: 'mute' }, sent: [['hardmute-user-audio', { clientId: 'bo' }]] },
    { detail: { clientId: 'bo', action: 'unmute' }, sent: [['hardunmute-user-audio', { clientId: 'bo' }]] },
    { detail: { clientId: 'bo', action: 'stop-video' }, sent: [['hardmute-user-video', { clientId: 'bo' }]] },
    {
      detail: { clientId: 'bo', action: 'allow-video' },
      sent: [['hardunmute-user-video', { clientId: 'bo' }]],
    },
    { detail: { clientId: 'bo', action: 'spotlight' }, sent: advanced('spotlight-users', 'add', ['bo']) },
    {
      detail: { clientId: 'bo', action: 'end-spotlight' },
      sent: advanced('spotlight-users', 'remove', ['bo']),
    },
    { detail: { clientId: 'bo', action: 'make-moderator' }, sent: [['switchUserRole', 'bo']] },
    { detail: { clientId: 'bo', action: 'remove' }, sent: [['drop', { all: false, clientIds: ['bo'] }]] },
    { detail: { clientId: 'bo', action: 'let-speak' }, sent: [['processFloorRequest', 'bo', 'grantFloor']] },
    {
      detail: { clientId: 'bo', action: 'end-speaking' },
      sent: [['processFloorRequest', 'bo', 'releaseFloor']],
    },
    { detail: { clientId: 'bo', action: 'refuse-hand' }, sent: [['processFloorRequest', 'bo', 'denyFloor']] },
    { detail: { clientId: 'bo', action: 'invite-to-speak' }, sent: [['inviteToFloor', { clientId: 'bo' }]] },
  ],
  'enx-rule-request': [
    { detail: { rule: 'locked', on: true }, sent: [['lockRoom', true]] },
    { detail: { rule: 'knock', on: true }, sent: [['enableKnock', true]] },
    { detail: { rule: 'muted', on: true }, sent: [['room-muted', {}]] },
    { detail: { rule: 'muted', on: false }, sent: [['room-unmuted', {}]] },
  ],
  'enx-reception-request': [
    {
      detail: { quality: 'LD' },
      look: ({ room }) => room.state.receiveQuality,
      becomes: ['Auto', 'LD'],
    },
    { detail: { audioOnly: true }, look: ({ room }) => room.state.audioOnly, becomes: [false, true] },
  ],
  'enx-preference-request': [
    {
      detail: { name: 'theme', value: 'dark' },
      look: (room) => room.getAttribute('theme'),
      becomes: [null, 'dark'],
    },
  ],
  'enx-local-mute-request': [
    {
      detail: { clientId: 'bo', kind: 'audio', muted: true },
      look: (room) => privately(room).localMutes,
      becomes: [
        { audio: [], video: [] },
        { audio: ['bo'], video: [] },
      ],
    },
  ],
  'enx-seen-request': [
    {
      detail: { slots: [] },
      sent: [['setAdvancedOptions', [{ id: 'pause-video', sIds: [1] }]]],
    },
  ],
  // Players do these themselves; see below.
  'enx-capture-request': [],
  'enx-full-screen-request': [],
  'enx-picture-in-picture-request': [],
};

/** Messages to the server from here on, media messages aside. */
const sentSince = (start: number): Frame[] =>
  page.server.received
    .slice(start)
    .filter(({ name }) => name !== 'signaling_message')
    .map(({ name, args }) => [name, ...args.filter((argument) => argument !== null)] as Frame);

describe('a request', () => {
  let room: EnxRoom;
  beforeEach(async () => {
    page = scriptedPage();
    const { admission } = page.server;
    page.server.admission = (clientId) => {
      const message = admission!(clientId);
      const me = { clientId, name: 'Ada', role: 'moderator' };
      const bo = { clientId: 'bo', name: 'Bo', role: 'participant' };
      const settings = { mode: 'group', quality: 'SD' };
      const capabilities = ['pause-video'];
      return {
        ...message,
        ...{ user: me, userList: [me, bo], capabilities, initialNumATs: 2 },
        room: { name: 'Daily', share: true, settings },
      };
    };
    room = await page.joined();
    page.pc('data')!.channel!.open();
    page.server.send('active-talkers-updated', {
      active: true,
      activeList: [{ streamId: 1, clientId: 'bo', name: 'Bo', mediatype: 'audiovideo' }],
    });
    await page.server.settled();
    await waitUntil(() => room.shadowRoot!.querySelector('enx-stage'), 'the call is shown');
    // What is in view was told once; from here on only the test asks.
    await aTimeout(100);
    await page.server.settled();
  });
  // How long it takes to fetch a part is no matter here.
  before(() => Promise.all((['chat', 'people', 'settings'] as const).map(loadPart)));
  afterEach(() => page.close());

  for (const name of Object.keys(rows) as EnxRequestName[]) {
    for (const { detail, sent, look, becomes } of rows[name] as Row<EnxRequestName>[]) {
      const ask = () => request(room.shadowRoot!, name, detail as never);

      it(`${name} ${JSON.stringify(detail)} is answered, once`, async () => {
        const start = page.server.received.length;
        if (look) expect(look(room), 'before').to.deep.equal(becomes![0]);
        expect(ask()).to.equal(true);
        expect(sentSince(start), 'nothing happens before listeners had their say').to.deep.equal([]);
        await page.server.settled();
        if (look) {
          await waitUntil(
            () => JSON.stringify(look(room)) === JSON.stringify(becomes![1]),
            `becomes ${JSON.stringify(becomes![1])}`,
          );
        }
        if (sent) {
          await waitUntil(() => sentSince(start).length >= sent.length, 'the server is asked');
          expect(sentSince(start)).to.deep.equal(sent);
        }
      });

      it(`${name} ${JSON.stringify(detail)} comes to nothing where the page cancels it`, async () => {
        document.body.addEventListener(name, (event) => event.preventDefault(), { once: true });
        const start = page.server.received.length;
        expect(ask()).to.equal(false);
        await page.server.settled();
        await aTimeout(0);
        expect(sentSince(start)).to.deep.equal([]);
        if (look) expect(look(room)).to.deep.equal(becomes![0]);
      });
    }
  }

  it('enx-share-request begins and ends a share', async () => {
    const { getDisplayMedia } = navigator.mediaDevices;
    navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(canvasStream());
    try {
      request(room, 'enx-share-request', { on: true });
      await page.server.until('publish', 2);
      expect(page.server.sent('publish').at(-1)).to.include({ screen: true });
      await page.server.settled();
      request(room, 'enx-share-request', { on: false });
      await page.server.until('unpublish');
    } finally {
      navigator.mediaDevices.getDisplayMedia = getDisplayMedia;
    }
  });

  it('enx-join-request joins, and again after leaving', async () => {
    await room.disconnect();
    request(room, 'enx-join-request', { name: 'Bea' });
    await waitUntil(() => room.state === 'connected', 'back in the room');
  });

  const playerOf = async (): Promise<EnxPlayer> => {
    const players = () => [
      ...deep(room.shadowRoot!, 'enx-stage').shadowRoot!.querySelectorAll<EnxPlayer>('enx-player'),
    ];
    await waitUntil(() => players().some((player) => player.self && player.showsPicture), 'a picture');
    return players().find((player) => player.self)!;
  };

  it('enx-full-screen-request fills the screen with a player, which a page may take over', async () => {
    const player = await playerOf();
    const filled: Element[] = [];
    player.requestFullscreen = function (this: Element) {
      filled.push(this);
      return Promise.resolve();
    };
    const asked: unknown[] = [];
    room.addEventListener('enx-full-screen-request', (event) => asked.push((event as CustomEvent).detail));
    player.toggleFullScreen();
    expect(filled).to.deep.equal([player]);
    room.addEventListener('enx-full-screen-request', (event) => event.preventDefault());
    player.toggleFullScreen();
    expect(filled).to.have.length(1);
    expect(asked).to.deep.equal([
      { clientId: 'client-1', on: true },
      { clientId: 'client-1', on: true },
    ]);
  });

  it('enx-picture-in-picture-request opens a small window, unless the page says no', async () => {
    const player = await playerOf();
    const asked: unknown[] = [];
    room.addEventListener('enx-picture-in-picture-request', (event) => {
      asked.push((event as CustomEvent).detail);
      event.preventDefault();
    });
    player.togglePictureInPicture();
    expect(asked).to.deep.equal([{ clientId: 'client-1', on: true }]);
    expect(player.inSmallWindow).to.equal(false);
  });

  it('enx-capture-request saves a picture, unless the page says no', async () => {
    const player = await playerOf();
    const captured: Event[] = [];
    room.addEventListener('captured-view', (event) => captured.push(event));
    room.addEventListener('enx-capture-request', (event) => event.preventDefault(), { once: true });
    player.capture();
    await aTimeout(50);
    expect(captured).to.have.length(0);
    const { click } = HTMLAnchorElement.prototype;
    // Tests have no place to save files to.
    HTMLAnchorElement.prototype.click = () => {};
    try {
      player.capture();
      await waitUntil(() => captured.length === 1, 'captured-view');
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
  });
});
