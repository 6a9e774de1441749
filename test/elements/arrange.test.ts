import { expect } from '@open-wc/testing';
import { arrange, type ArrangeInput } from '../../src/elements/stage/arrange.js';
import { person, roomState } from '../helpers/elements.js';
import type { RoomState } from '../../src/engine/room-state.js';

/** A stage of 800 × 600 with these other people. */
function arranged(others: string[], changes: Partial<ArrangeInput> = {}, state: Partial<RoomState> = {}) {
  const room = roomState({
    connection: 'connected',
    clientId: 'me',
    participants: [person('me', { isSelf: true }), ...others.map((id) => person(id))],
    ...state,
  });
  const size = { width: 800, height: 600 };
  return arrange({
    ...{ room, layout: 'auto', selfView: 'auto', page: 0, seats: others, speaker: others[0] },
    ...size,
    ...changes,
  });
}
const share = { clientId: 'a', name: 'a', isSelf: false, stream: undefined };
const glance = { width: 260, height: 300 };
const many = Array.from({ length: 20 }, (_, index) => `p${index}`);

describe('the arrangement of the stage', () => {
  it('shows all alike, oneself last', () => {
    const { form, main, tiles, floating } = arranged(['a', 'b']);
    expect([form, main, tiles, floating]).to.deep.equal(['grid', [], ['a', 'b', 'self'], false]);
  });

  it('floats oneself beside one other person, unless told otherwise', () => {
    expect(arranged(['a']))
      .to.include({ floating: true })
      .and.deep.include({ tiles: ['a'] });
    expect(arranged(['a'], { selfView: 'grid' })).to.deep.include({ tiles: ['a', 'self'], floating: false });
    expect(arranged(['a', 'b'], { selfView: 'floating' })).to.deep.include({
      tiles: ['a', 'b'],
      floating: true,
    });
    expect(arranged(['a', 'b'], { selfView: 'hidden' })).to.deep.include({
      tiles: ['a', 'b'],
      floating: false,
    });
    expect(arranged([], { selfView: 'hidden' })).to.deep.include({ tiles: [], alone: true });
  });

  it('shows a shared screen large, except where a grid was chosen', () => {
    expect(arranged(['a', 'b'], {}, { share })).to.deep.include({
      main: ['screen'],
      tiles: ['a', 'b', 'self'],
      form: 'column',
    });
    expect(arranged(['a', 'b'], { layout: 'grid' }, { share })).to.deep.include({
      main: [],
      tiles: ['screen', 'a', 'b', 'self'],
    });
  });

  it('shows pinned people large, then those in the spotlight', () => {
    expect(arranged(['a', 'b', 'c'], {}, { pinned: ['c'], spotlighted: ['a', 'gone'] })).to.deep.include({
      main: ['c', 'a'],
      tiles: ['b', 'self'],
    });
  });

  it('puts pinned people first in a grid', () => {
    const { tiles } = arranged(['a', 'b', 'c'], { layout: 'grid' }, { pinned: ['c'] });
    expect(tiles).to.deep.equal(['c', 'a', 'b', 'self']);
  });

  it('shows the speaker large where that was chosen, with the others below or beside', () => {
    const speaker = 'b';
    expect(arranged(['a', 'b', 'c'], { layout: 'speaker', speaker })).to.deep.include({
      form: 'row',
      main: ['b'],
      tiles: ['a', 'c', 'self'],
      follows: true,
    });
    expect(arranged(['a', 'b', 'c'], { layout: 'sidebar', speaker }).form).to.equal('column');
    const portrait = { width: 360, height: 640 };
    expect(arranged(['a', 'b', 'c'], { layout: 'sidebar', speaker, ...portrait }).form).to.equal('block');
  });

  it('has room for one face at a glance', () => {
    const input = { ...glance, speaker: 'b' };
    expect(arranged(['a', 'b'], input)).to.deep.include({ main: ['b'], tiles: [], pages: 1, floating: true });
    expect(arranged(['a', 'b'], input, { share })).to.deep.include({
      main: ['screen'],
      tiles: [],
      floating: false,
    });
  });

  it('spreads people over pages, oneself on the first', () => {
    const first = arranged(many);
    expect([first.pages, first.tiles.length, first.tiles.at(-1), first.firstPage]).to.deep.equal([
      3,
      9,
      'self',
      8,
    ]);
    const last = arranged(many, { page: 7 });
    expect([last.page, last.tiles]).to.deep.equal([2, ['p17', 'p18', 'p19']]);
  });

  it('leaves nobody out, whatever the layout and the size', () => {
    for (const layout of ['auto', 'grid', 'speaker', 'sidebar'] as const) {
      for (const [width, height] of [
        [360, 640],
        [568, 320],
        [800, 600],
        [1920, 1080],
      ] as const) {
        for (const state of [{}, { share }]) {
          const seen = new Set<string>();
          const { pages } = arranged(many, { layout, width, height }, state);
          for (let page = 0; page < pages; page++) {
            const { main, tiles } = arranged(many, { layout, width, height, page }, state);
            for (const key of [...main, ...tiles]) seen.add(key);
          }
          expect(seen.size, `${layout} ${width}×${height}`).to.equal(21 + ('share' in state ? 1 : 0));
        }
      }
    }
  });
});
