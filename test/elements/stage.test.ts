import { expect, html, oneEvent, waitUntil } from '@open-wc/testing';
import '../../src/elements/stage/enx-stage.js';
import { initials } from '../../src/elements/player/avatar.js';
import { EnxPlayer } from '../../src/elements/player/enx-player.js';
import { EnxStage } from '../../src/elements/stage/enx-stage.js';
import type { RoomState } from '../../src/engine/room-state.js';
import { defaultPreferences } from '../../src/elements/internal/preferences.js';
import {
  canvasStream,
  deep,
  person,
  recordEvents,
  roomFixture,
  roomState,
  talker,
} from '../helpers/elements.js';

const me = person('me', { isSelf: true, name: 'Me' });

async function stageOf(changes: Partial<RoomState>, size = '640px') {
  const room = await roomFixture(
    roomState({ connection: 'connected', name: 'Me', clientId: 'me', participants: [me], ...changes }),
    html`<enx-stage style="width:100%;height:100%"></enx-stage>`,
    { size },
  );
  const stage = room.wrapper.querySelector<EnxStage>('enx-stage')!;
  await waitUntil(
    () => stage.shadowRoot!.querySelector<HTMLElement>('enx-player')?.style.width,
    'the stage is laid out',
  );
  const players = () => [...stage.shadowRoot!.querySelectorAll<EnxPlayer>('enx-player')];
  return { ...room, stage, players, names: () => players().map(({ displayName }) => displayName) };
}

describe('the stage', () => {
  it('shows oneself, and says so, while nobody else is there', async () => {
    const { players, stage } = await stageOf({});
    expect(players()).to.have.length(1);
    expect(players()[0]!.self).to.equal(true);
    expect(stage.shadowRoot!.textContent).to.contain('only one here');
  });

  it('lets a lone other person fill it and floats oneself', async () => {
    const { players, stage } = await stageOf({
      participants: [me, person('ann')],
      talkers: [talker(1, 'ann')],
    });
    const [ann, self] = players();
    expect(ann!.displayName).to.equal('ann');
    expect(ann!.getBoundingClientRect().width).to.be.greaterThan(stage.getBoundingClientRect().width * 0.9);
    expect(self!.hasAttribute('data-floating')).to.equal(true);
    expect(self!.getBoundingClientRect().width).to.be.lessThan(stage.getBoundingClientRect().width * 0.4);
  });

  it('keeps everybody in their place when another talker comes to the front', async () => {
    const participants = [me, person('ann'), person('bob'), person('cid')];
    const talkers = [talker(1, 'ann'), talker(2, 'bob'), talker(3, 'cid')];
    const { players, names, setState } = await stageOf({ participants, talkers });
    const before = players();
    const places = before.map(({ style }) => style.transform);
    await setState(
      roomState({
        connection: 'connected',
        name: 'Me',
        participants,
        talkers: [talkers[2]!, talkers[0]!, talkers[1]!],
      }),
    );
    expect(names()).to.deep.equal(['ann', 'bob', 'cid', 'Me']);
    expect(players()).to.deep.equal(before);
    expect(players().map(({ style }) => style.transform)).to.deep.equal(places);
  });

  it('shows people without a stream too', async () => {
    const { names } = await stageOf({
      participants: [me, person('ann'), person('watcher')],
      talkers: [talker(1, 'ann')],
    });
    expect(names()).to.deep.equal(['ann', 'watcher', 'Me']);
  });

  it('puts who does not fit on further pages, for keys and clicks', async () => {
    const others = Array.from({ length: 30 }, (_, index) => person(`p${index}`));
    const { players, names, stage } = await stageOf({ participants: [me, ...others] });
    const pager = () => deep(stage.shadowRoot!, '.pager');
    const [previous, next] = pager().querySelectorAll('button');
    expect(pager().textContent).to.contain('Page 1 of 4');
    expect(players()).to.have.length(9);
    expect(previous!.getAttribute('aria-disabled')).to.equal('true');
    const seen = new Set(names());
    next!.click();
    await stage.updateComplete;
    expect(pager().textContent).to.contain('Page 2 of 4');
    names().forEach((name) => seen.add(name));
    next!.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true, composed: true }));
    stage.page = 3;
    await stage.updateComplete;
    names().forEach((name) => seen.add(name));
    expect(next!.getAttribute('aria-disabled')).to.equal('true');
    stage.page = 2;
    await stage.updateComplete;
    names().forEach((name) => seen.add(name));
    expect(seen.size).to.equal(31);
  });

  it('shows the one who talks where there is room for one face', async () => {
    const participants = [me, person('ann'), person('bob')];
    const { names } = await stageOf(
      { participants, talkers: [talker(1, 'ann'), talker(2, 'bob', { talking: true })] },
      '260px',
    );
    await waitUntil(() => names().length === 2, 'one face and oneself');
    expect(names()).to.deep.equal(['bob', 'Me']);
  });

  it('shows a shared screen whole and large, with people beside it, until it ends', async () => {
    const participants = [me, person('ann'), person('bob')];
    const talkers = [talker(1, 'ann'), talker(2, 'bob')];
    const share = { clientId: 'ann', name: 'ann', isSelf: false, stream: canvasStream() };
    const { stage, setState } = await stageOf({ participants, talkers, share });
    const screen = deep(stage.shadowRoot!, '[data-key=screen]');
    const area = ({ width, height }: DOMRect) => width * height;
    const others = [...stage.shadowRoot!.querySelectorAll('enx-player:not([data-key=screen])')];
    expect(others).to.have.length(3);
    for (const other of others) {
      expect(area(screen.getBoundingClientRect())).to.be.greaterThan(4 * area(other.getBoundingClientRect()));
    }
    const video = deep<HTMLVideoElement>(screen.shadowRoot!, 'video');
    expect(getComputedStyle(video).objectFit).to.equal('contain');
    await setState(roomState({ connection: 'connected', name: 'Me', participants, talkers }));
    expect(stage.shadowRoot!.querySelector('[data-key=screen]')).to.equal(null);
  });

  it('renders only what has changed', async () => {
    const others = Array.from({ length: 24 }, (_, index) => `p${index}`);
    const participants = [me, ...others.map((id) => person(id))];
    const talkersWith = (loud: string) =>
      others.map((id, index) => talker(index + 1, id, { talking: id === loud }));
    const { setState } = await stageOf({ participants, talkers: talkersWith('p0') }, '1280px');
    const rendered: string[] = [];
    const counted = [EnxPlayer, EnxStage].map((element) => {
      const prototype = element.prototype as unknown as { updated(changed: unknown): void };
      const { updated } = prototype;
      prototype.updated = function (this: Element & { displayName?: string }, changed) {
        rendered.push(this.displayName ?? this.localName);
        updated.call(this, changed);
      };
      return () => (prototype.updated = updated);
    });
    const state = { connection: 'connected', name: 'Me', clientId: 'me', participants } as const;
    await setState(roomState({ ...state, talkers: talkersWith('p3') }));
    await setState(roomState({ ...state, talkers: talkersWith('p3'), unreadMessages: 3 } as never));
    counted.forEach((restore) => restore());
    expect(rendered.sort()).to.deep.equal(['p0', 'p3']);
  });

  it('tells which slots are in view, when that changes', async () => {
    const others = Array.from({ length: 12 }, (_, index) => `p${index}`);
    const participants = [me, ...others.map((id) => person(id))];
    const talkers = others.map((id, index) => talker(index + 1, id, { video: true }));
    const { stage, wrapper, setState } = await stageOf({ participants, talkers });
    const told = recordEvents(wrapper, ['enx-seen-request']);
    const state = { connection: 'connected', name: 'Me', clientId: 'me', participants, talkers } as const;
    stage.page = 1;
    await stage.updateComplete;
    await setState(roomState({ ...state, talkers: [...talkers] }));
    await setState(roomState({ ...state, audioOnly: true }));
    expect(told.map(({ detail }) => detail)).to.deep.equal([{ slots: [9, 10, 11, 12] }, { slots: [] }]);
  });

  it('lets the speaker and the one before change places, and leaves the others alone', async () => {
    const participants = [me, person('ann'), person('bob'), person('cid')];
    const talkersWith = (loud: string) =>
      ['ann', 'bob', 'cid'].map((id, index) => talker(index + 1, id, { talking: id === loud }));
    const { stage, players, setState } = await stageOf({ participants, talkers: talkersWith('ann') });
    stage.layout = 'speaker';
    await stage.updateComplete;
    const placeOf = (id: string): string => {
      const { style } = players().find(({ clientId }) => clientId === id)!;
      return [style.transform, style.width, style.height].join();
    };
    const [ann, bob, cid] = ['ann', 'bob', 'cid'].map(placeOf);
    await setState(
      roomState({ connection: 'connected', clientId: 'me', participants, talkers: talkersWith('cid') }),
    );
    expect(['ann', 'bob', 'cid'].map(placeOf)).to.deep.equal([cid, bob, ann]);
  });

  it('follows the layout a person chose in the room, unless the page has fixed one', async () => {
    const participants = [me, person('ann'), person('bob')];
    const talkers = [talker(1, 'ann'), talker(2, 'bob')];
    const { stage, setPreferences } = await stageOf({ participants, talkers });
    const main = () => [...stage.shadowRoot!.querySelectorAll<EnxPlayer>('[part~=main]')].length;
    expect(main()).to.equal(0);
    await setPreferences({ ...defaultPreferences, layout: 'speaker' });
    expect(main()).to.equal(1);
    stage.setAttribute('layout', 'grid');
    await stage.updateComplete;
    expect(main()).to.equal(0);
  });

  it('lets the self view be moved into another corner by keys, by its menu and by dragging', async () => {
    const { players, stage } = await stageOf({
      participants: [me, person('ann')],
      talkers: [talker(1, 'ann')],
    });
    const self = players()[1]!;
    const corner = (): string => {
      const { x, y } = new DOMMatrix(self.style.transform).transformPoint();
      const { width, height } = stage.getBoundingClientRect();
      return `${y < height / 2 ? 'top' : 'bottom'} ${x < width / 2 ? 'left' : 'right'}`;
    };
    expect(corner()).to.equal('bottom right');
    const press = (key: string) =>
      self.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    press('ArrowLeft');
    expect(corner()).to.equal('bottom left');
    press('ArrowUp');
    expect(corner()).to.equal('top left');
    self.extraControls!.find(({ id }) => id === 'move')!.run();
    expect(corner()).to.equal('top right');
    self.getAnimations().forEach((animation) => animation.finish());
    const { left, top, width, height } = self.getBoundingClientRect();
    const stageRect = stage.getBoundingClientRect();
    const pointer = (type: string, clientX: number, clientY: number) =>
      self.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX, clientY, bubbles: true }));
    self.setPointerCapture = () => {};
    pointer('pointerdown', left + width / 2, top + height / 2);
    pointer('pointermove', stageRect.left + 50, stageRect.bottom - 50);
    pointer('pointerup', stageRect.left + 50, stageRect.bottom - 50);
    expect(corner()).to.equal('bottom left');
  });

  it('shows names instead of tiles in a room without sound and picture', async () => {
    const { stage, setState } = await stageOf({});
    await setState(roomState({ connection: 'connected', chatOnly: true, participants: [me, person('ann')] }));
    expect(stage.shadowRoot!.querySelector('enx-player')).to.equal(null);
    expect(deep(stage.shadowRoot!, '.chat-only ul').textContent).to.match(/You\s*ann/);
  });

  it('is accessible', async () => {
    const { stage } = await stageOf({ participants: [me, person('ann')], talkers: [talker(1, 'ann')] });
    await expect(stage).to.be.accessible();
  });
});

describe('a player', () => {
  it('shows the picture once its first frame is there, and the avatar without one', async () => {
    const stream = canvasStream();
    const participants = [me, person('ann')];
    const { players, setState } = await stageOf({
      participants,
      talkers: [talker(1, 'ann', { video: true, stream })],
    });
    const [ann] = players();
    await waitUntil(() => ann!.dataset.playing !== undefined, 'the first frame');
    expect(ann!.shadowRoot!.querySelector('.avatar')).to.equal(null);
    await setState(
      roomState({ connection: 'connected', participants, talkers: [talker(1, 'ann', { stream })] }),
    );
    expect(ann!.dataset.playing).to.equal(undefined);
    expect(deep(ann!.shadowRoot!, '.initials').textContent).to.equal('A');
  });

  it('marks who is muted and who talks', async () => {
    const { players } = await stageOf({
      participants: [me, person('ann')],
      talkers: [talker(1, 'ann', { audio: false, talking: true })],
    });
    const root = players()[0]!.shadowRoot!;
    expect(root.querySelector('.tag')!.textContent).to.contain('Muted');
    expect(root.querySelector('.ring')!.hasAttribute('data-talking')).to.equal(true);
  });

  it('shows the image that the page has for somebody (`.avatars`), and initials for everybody else', async () => {
    const { stage, players } = await stageOf({
      participants: [me, person('ann'), person('bob')],
      talkers: [talker(1, 'ann'), talker(2, 'bob')],
    });
    const image = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
    stage.avatars = { ann: image };
    await stage.updateComplete;
    const shown = await Promise.all(
      players().map(async (player) => {
        await player.updateComplete;
        return player.shadowRoot!.querySelector('.avatar img')?.getAttribute('src') ?? 'initials';
      }),
    );
    expect(shown).to.deep.equal([image, 'initials', 'initials']);
    stage.avatars = undefined;
    await stage.updateComplete;
    await players()[0]!.updateComplete;
    expect(players()[0]!.shadowRoot!.querySelector('.avatar img')).to.equal(null);
  });

  it('shows no avatar where the page wants none', async () => {
    const { players, setPlayerConfiguration } = await stageOf({
      participants: [me, person('ann')],
      talkers: [talker(1, 'ann')],
    });
    const configuration = players()[0]!.configuration!;
    expect(players()[0]!.shadowRoot!.querySelector('.avatar')).to.not.equal(null);
    await setPlayerConfiguration({ ...configuration, avatar: false });
    expect(players()[0]!.shadowRoot!.querySelector('.avatar')).to.equal(null);
  });

  describe('has controls that', () => {
    const participants = [me, person('ann')];
    const pictured = () => talker(1, 'ann', { video: true, stream: canvasStream() });

    async function playerOf(changes: Partial<RoomState> = {}, configuration = {}) {
      const room = await stageOf({ participants, talkers: [pictured()], ...changes }, '900px');
      if (Object.keys(configuration).length > 0) {
        await room.setPlayerConfiguration({ ...room.players()[0]!.configuration!, ...configuration });
      }
      const player = room.players()[0]!;
      const root = player.shadowRoot!;
      player.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));
      await player.updateComplete;
      const control = (id: string) => root.querySelector<HTMLElement>(`.control[data-control="${id}"]`);
      const openMenu = async (): Promise<HTMLElement[]> => {
        deep(root, '.more').click();
        await player.updateComplete;
        const menu = deep<HTMLElement & { updateComplete: Promise<unknown> }>(root, 'enx-menu');
        await menu.updateComplete;
        return [...menu.shadowRoot!.querySelectorAll<HTMLElement>('[role=menuitem]')];
      };
      return { ...room, player, root, control, openMenu };
    }
    it('appear while it is hovered, the rest in a menu', async () => {
      const { root, player, openMenu } = await playerOf();
      expect(root.querySelectorAll('.control:not(.more)').length).to.be.greaterThan(3);
      player.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }));
      await player.updateComplete;
      expect(root.querySelectorAll('.control:not(.more)')).to.have.length(0);
      const items = await openMenu();
      const labels = items.map(({ textContent }) => textContent.trim());
      expect(labels).to.include.members(['Mute for me', 'Save picture', 'Pin for me', 'Full screen']);
      items[0]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
      await player.updateComplete;
      expect(root.querySelector('enx-menu')).to.equal(null);
      expect(deep(root, '.more').matches(':focus')).to.equal(true);
    });

    it('are one stop of the Tab key; arrow keys go on from there', async () => {
      const { root, player } = await playerOf();
      player.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }));
      await player.updateComplete;
      const more = deep(root, '.more');
      more.focus();
      await player.updateComplete;
      expect(deep(root, '.more')).to.equal(more);
      expect(more.matches(':focus')).to.equal(true);
      const press = (key: string) =>
        root
          .querySelector(':focus')!
          .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
      press('ArrowLeft');
      expect(root.querySelector<HTMLElement>(':focus')!.dataset.control).to.equal('full-screen');
      press('ArrowRight');
      expect(more.matches(':focus')).to.equal(true);
    });

    it('mute for oneself only, and say so', async () => {
      const { wrapper, root, control, setLocalMutes, players } = await playerOf();
      const requests = recordEvents(wrapper, ['enx-local-mute-request', 'enx-moderate-request']);
      control('audiomute')!.click();
      control('videomute')!.click();
      expect(requests.map(({ detail }) => detail)).to.deep.equal([
        { clientId: 'ann', kind: 'audio', muted: true },
        { clientId: 'ann', kind: 'video', muted: true },
      ]);
      await setLocalMutes({ audio: ['ann'], video: ['ann'] });
      expect(root.querySelector('.tag')!.textContent).to.contain('Muted for you');
      expect(players()[0]!.showsPicture).to.equal(false);
      control('audiomute')!.click();
      expect(requests.at(-1)!.detail).to.deep.equal({ clientId: 'ann', kind: 'audio', muted: false });
    });

    it('mute for everybody in the hands of a moderator', async () => {
      const { wrapper, control, openMenu } = await playerOf({ role: 'moderator' });
      const requests = recordEvents(wrapper, ['enx-local-mute-request', 'enx-moderate-request']);
      control('audiomute')!.click();
      control('videomute')!.click();
      const items = await openMenu();
      items.find(({ textContent }) => textContent.includes('Spotlight'))!.click();
      expect(requests.map(({ detail }) => detail)).to.deep.equal([
        { clientId: 'ann', action: 'mute' },
        { clientId: 'ann', action: 'stop-video' },
        { clientId: 'ann', action: 'spotlight' },
      ]);
    });

    it('are those the page wants', async () => {
      const { root, control } = await playerOf({}, { audiomute: false, videomute: false, screenshot: false });
      expect(control('audiomute') ?? control('videomute') ?? control('screenshot')).to.equal(null);
      expect(root.querySelector('.control')).to.not.equal(null);
    });

    it('save a picture and tell the page, unless it takes that over', async () => {
      const { wrapper, player, control } = await playerOf();
      await waitUntil(() => player.dataset.playing !== undefined, 'the first frame');
      // Tests have no place to save files to.
      const { click } = HTMLAnchorElement.prototype;
      const saved: string[] = [];
      HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
        saved.push(this.download);
      };
      try {
        const captured = oneEvent(wrapper, 'captured-view');
        control('screenshot')!.click();
        const { detail } = (await captured) as HTMLElementEventMap['captured-view'];
        expect(detail).to.include({ clientId: 'ann', name: 'ann', width: 64, height: 48 });
        expect(detail.image.type).to.equal('image/png');
        expect(saved[0]).to.match(/^ann \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/);
        wrapper.addEventListener('enx-capture-request', (event) => event.preventDefault());
        control('screenshot')!.click();
        expect(saved).to.have.length(1);
      } finally {
        HTMLAnchorElement.prototype.click = click;
      }
    });

    it('have the colour and size the page wants', async () => {
      const { control, player } = await playerOf({}, { iconColor: '#ff0000', iconWidth: 18, iconHeight: 17 });
      const svg = control('pin')!.querySelector('svg')!;
      expect(getComputedStyle(svg).color).to.equal('rgb(255, 0, 0)');
      expect([svg.clientWidth, svg.clientHeight]).to.deep.equal([18, 17]);
      expect(getComputedStyle(player).getPropertyValue('--_avatar-width')).to.equal('200px');
    });
  });

  it('shows low bandwidth, a raised hand and a pin, for eyes and for ears', async () => {
    const participants = [me, person('ann')];
    const { players, setPlayerConfiguration } = await stageOf(
      {
        participants,
        talkers: [talker(1, 'ann', { lowBandwidth: true })],
        hands: [{ clientId: 'ann', since: 1 }],
        pinned: ['ann'],
      },
      '900px',
    );
    const [ann] = players();
    const text = () => ann!.shadowRoot!.textContent!;
    expect(text()).to.contain('Hand raised, number 1').and.to.contain('Slow connection');
    expect(text()).to.not.contain('Pinned');
    await setPlayerConfiguration({ ...ann!.configuration!, pinned: true, bandwidth: false });
    expect(text()).to.contain('Pinned');
    expect(ann!.shadowRoot!.querySelector('.notice')).to.equal(null);
  });

  it('shows how good the connection is: a poor one always, a good one on a closer look', async () => {
    const participants = [me, person('ann'), person('bob')];
    const talkers = [talker(1, 'ann'), talker(2, 'bob')];
    const { players, setQualities, setPlayerConfiguration } = await stageOf(
      { participants, talkers },
      '900px',
    );
    const [ann, bob] = players();
    const words = (player: EnxPlayer | undefined) => player!.shadowRoot!.querySelector('.tag')!.textContent;
    let rendered = 0;
    bob!.addController({ hostUpdated: () => (rendered += 1) });
    await setQualities(new Map([['ann', 2]]));
    expect(words(ann)).to.contain('Fair connection');
    expect(rendered, 'of the other one').to.equal(0);
    await setQualities(new Map([['ann', 1]]));
    expect(words(ann)).to.contain('Slow connection');
    await setQualities(new Map([['ann', 3]]));
    expect(words(ann)).to.not.contain('connection');
    ann!.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));
    await ann!.updateComplete;
    expect(words(ann)).to.contain('Good connection');
    await setPlayerConfiguration({ ...ann!.configuration!, bandwidth: false });
    expect(words(ann)).to.not.contain('connection');
  });

  it('finds its person by slot, and follows whoever comes into it', async () => {
    const participants = [me, person('ann'), person('bob')];
    const { wrapper, setState } = await roomFixture(
      roomState({ connection: 'connected', participants, talkers: [talker(1, 'ann')] }),
      html`<enx-player talker="1"></enx-player>`,
    );
    const player = wrapper.querySelector('enx-player')!;
    expect(player.displayName).to.equal('ann');
    await setState(roomState({ connection: 'connected', participants, talkers: [talker(1, 'bob')] }));
    expect(player.displayName).to.equal('bob');
    await setState(roomState({ connection: 'connected', participants }));
    expect(player.hasAttribute('data-absent')).to.equal(true);
  });

  it('makes initials of any name', () => {
    expect(['Ann Lee', 'chloé', '  ', '李 小龙', 'Ann van Dyk', '😀 fun'].map(initials)).to.deep.equal([
      'AL',
      'C',
      '',
      '李小',
      'AD',
      '😀F',
    ]);
  });
});
