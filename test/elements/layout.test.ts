import { expect } from '@open-wc/testing';
import {
  corners,
  floatingRect,
  gridLayout,
  mirrored,
  nearestCorner,
  type Rect,
  stageLayout,
  startCorner,
  stripCapacity,
  tilesPerPage,
} from '../../src/elements/stage/layout.js';

const GAP = 8;
const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the grid', () => {
  const sizes = [
    [240, 240],
    [360, 640],
    [480, 320],
    [568, 320],
    [1280, 800],
    [300, 1200],
    [1920, 400],
  ] as const;

  for (const [width, height] of sizes) {
    it(`keeps 1 to 25 tiles inside ${width}×${height}, apart from each other`, () => {
      for (let count = 1; count <= 25; count++) {
        const tiles = gridLayout(count, width, height, GAP);
        expect(tiles).to.have.length(count);
        for (const [index, tile] of tiles.entries()) {
          expect(tile.width, `width of ${index} of ${count}`).to.be.greaterThan(0);
          expect(tile.height, `height of ${index} of ${count}`).to.be.greaterThan(0);
          expect(tile.x).to.be.at.least(-1);
          expect(tile.y).to.be.at.least(-1);
          expect(tile.x + tile.width).to.be.at.most(width + 1);
          expect(tile.y + tile.height).to.be.at.most(height + 1);
          for (const other of tiles.slice(index + 1)) expect(overlap(tile, other)).to.equal(false);
        }
      }
    });
  }

  it('gives a lone tile the whole stage', () => {
    expect(gridLayout(1, 360, 640, GAP)).to.deep.equal([{ x: 0, y: 0, width: 360, height: 640 }]);
  });

  it('puts two side by side where it is wide and stacks them where it is high', () => {
    const [a, b] = gridLayout(2, 1280, 600, GAP);
    expect(a!.y).to.equal(b!.y);
    const [c, d] = gridLayout(2, 360, 640, GAP);
    expect(c!.x).to.equal(d!.x);
  });

  it('gives all tiles the same size and centres the last row', () => {
    const tiles = gridLayout(5, 1280, 800, GAP);
    expect(new Set(tiles.map(({ width, height }) => `${width}×${height}`)).size).to.equal(1);
    const last = tiles.slice(3);
    const left = last[0]!.x;
    const right = 1280 - (last[1]!.x + last[1]!.width);
    expect(Math.abs(left - right)).to.be.at.most(2);
  });

  it('has nothing to place on a stage without size', () => {
    expect(gridLayout(3, 0, 0, GAP)).to.deep.equal([]);
  });
});

describe('large tiles with others beside them', () => {
  const inside = ({ x, y, width: w, height: h }: Rect, width: number, height: number): boolean =>
    x >= -1 && y >= -1 && w > 0 && h > 0 && x + w <= width + 1 && y + h <= height + 1;

  for (const form of ['row', 'column', 'block'] as const) {
    it(`keeps a ${form} apart from them, inside every stage`, () => {
      for (const [width, height] of [
        [1280, 800],
        [360, 640],
        [480, 304],
        [1920, 1080],
      ] as const) {
        for (const paged of [false, true]) {
          const most = stripCapacity(form, width, height, paged ? 100 : 1);
          for (let count = 1; count <= most; count++) {
            const { main, tiles, pager } = stageLayout(form, 1, count, paged, width, height, GAP);
            const all = [...main, ...tiles, ...(pager ? [pager] : [])];
            expect(all).to.have.length(count + (paged ? 2 : 1));
            for (const [index, rect] of all.entries()) {
              expect(inside(rect, width, height), `${width}×${height}, ${index} of ${count}`).to.equal(true);
              for (const other of all.slice(index + 1)) expect(overlap(rect, other)).to.equal(false);
            }
            for (const tile of form === 'block' ? [] : tiles) {
              expect(main[0]!.width * main[0]!.height).to.be.greaterThan(tile.width * tile.height);
            }
          }
        }
      }
    });
  }

  it('keeps a column above the toolbar that lies over a low stage', () => {
    for (const paged of [false, true]) {
      for (const height of [240, 304, 320, 340]) {
        const count = stripCapacity('column', 560, height, paged ? 100 : 3);
        const { tiles } = stageLayout('column', 1, count, paged, 560, height, GAP);
        const lowest = Math.max(...tiles.map(({ y, height: length }) => y + length));
        expect(lowest, `${count} tiles on ${height}px`).to.be.at.most(height - 56);
      }
    }
  });

  it('leaves them the whole stage when nobody is beside them', () => {
    const { main } = stageLayout('column', 1, 0, false, 640, 480, GAP);
    expect(main).to.deep.equal([{ x: 0, y: 0, width: 640, height: 480 }]);
  });

  it('is turned around for pages that are read from right to left', () => {
    expect(mirrored({ x: 0, y: 5, width: 100, height: 50 }, 640)).to.deep.equal({
      x: 540,
      y: 5,
      width: 100,
      height: 50,
    });
  });
});

describe('the floating self view', () => {
  it('stays inside the stage, in its corner', () => {
    for (const [width, height] of [
      [240, 240],
      [360, 640],
      [1280, 800],
    ] as const) {
      for (const corner of corners) {
        const rect = floatingRect(width, height, 4 / 3, 8, corner);
        expect(rect.x).to.be.at.least(0);
        expect(rect.x + rect.width).to.be.at.most(width);
        expect(rect.y + rect.height).to.be.at.most(height);
        const centre = [rect.x + rect.width / 2, rect.y + rect.height / 2] as const;
        expect(nearestCorner(...centre, width, height)).to.equal(corner);
      }
    }
  });

  it('begins at the end side, up where the toolbar lies over the lower edge', () => {
    expect(startCorner(640, false)).to.equal('bottom-right');
    expect(startCorner(640, true)).to.equal('bottom-left');
    expect(startCorner(304, false)).to.equal('top-right');
  });
});

describe('a page of tiles', () => {
  it('grows with the stage', () => {
    expect([
      tilesPerPage(280, 400),
      tilesPerPage(360, 640),
      tilesPerPage(800, 600),
      tilesPerPage(1000, 600),
      tilesPerPage(1280, 720),
    ]).to.deep.equal([1, 6, 9, 16, 25]);
  });
});
