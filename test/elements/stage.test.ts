import { expect, html, waitUntil } from '@open-wc/testing';
import '../../src/elements/stage/enx-stage.js';
import { initials } from '../../src/elements/player/avatar.js';
import type { EnxPlayer } from '../../src/elements/player/enx-player.js';
import type { EnxStage } from '../../src/elements/stage/enx-stage.js';
import type { RoomState } from '../../src/engine/room-state.js';
import { canvasStream, deep, person, roomFixture, roomState, talker } from '../helpers/elements.js';

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
