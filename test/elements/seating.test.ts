import { expect } from '@open-wc/testing';
import { type Guest, Seating } from '../../src/elements/stage/seating.js';

const live = (key: string, talking = false): Guest => ({ key, live: true, talking });
const silentWatcher = (key: string): Guest => ({ key, live: false, talking: false });

/** Seats after one round per list of guests. */
function seated(rounds: Guest[][], { places = 3, promote = true, swap = false } = {}): string {
  const seating = new Seating();
  for (const guests of rounds) seating.update(guests, places, promote, swap);
  return seating.seats.join('');
}

describe('seating', () => {
  it('seats people as they come and leaves them there', () => {
    expect(
      seated([
        [live('a'), live('b')],
        [live('c'), live('b'), live('a')],
      ]),
    ).to.equal('abc');
  });

  it('gives a new talker from another page the place of the longest-silent one; nobody else moves', () => {
    expect(
      seated([
        [live('a', true), live('b'), live('c'), live('d'), live('e')],
        [live('a'), live('b', true), live('c'), live('d'), live('e')],
        [live('a'), live('b'), live('c'), live('d'), live('e', true)],
      ]),
    ).to.equal('abedc');
  });

  it('calls nobody onto the first page while another one is in view', () => {
    const round = [live('a'), live('b'), live('c'), live('d', true)];
    expect(seated([round, round], { promote: false })).to.equal('abcd');
  });

  it('prefers people who can be seen to people who cannot', () => {
    expect(
      seated([
        [silentWatcher('w'), live('a'), silentWatcher('x')],
        [silentWatcher('w'), live('a'), silentWatcher('x'), live('b')],
      ]),
    ).to.equal('wabx');
  });

  it('fills a gap on the first page with somebody from the next one', () => {
    expect(
      seated([
        [live('a'), live('b'), live('c'), live('d'), live('e')],
        [live('a'), live('c'), live('d'), live('e')],
      ]),
    ).to.equal('adce');
  });

  it('lets people close up when there is no other page', () => {
    expect(
      seated([
        [live('a'), live('b'), live('c')],
        [live('a'), live('c')],
      ]),
    ).to.equal('ac');
  });

  it('keeps the speaker until somebody else talks and they do not', () => {
    const seating = new Seating();
    seating.update([live('a'), live('b', true)], 3, true, false);
    expect(seating.speaker).to.equal('b');
    seating.update([live('a', true), live('b', true)], 3, true, false);
    expect(seating.speaker).to.equal('b');
    seating.update([live('a'), live('b')], 3, true, false);
    expect(seating.speaker).to.equal('b');
    seating.update([live('a', true), live('b')], 3, true, false);
    expect(seating.speaker).to.equal('a');
    seating.update([live('b')], 3, true, false);
    expect(seating.speaker).to.equal('b');
  });

  it('lets the speaker and the one before change places where the speaker is large', () => {
    const first = [live('a', true), live('b'), live('c')];
    const second = [live('a'), live('b'), live('c', true)];
    expect(seated([first, second], { swap: true })).to.equal('cba');
    expect(seated([first, second])).to.equal('abc');
  });
});
