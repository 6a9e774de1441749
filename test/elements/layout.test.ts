import { expect } from '@open-wc/testing';
import {
  floatingRect,
  gridLayout,
  type Rect,
  shareLayout,
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

describe('a shared screen', () => {
  it('leaves room for people beside it where it is wide and below it where it is high', () => {
    for (const [width, height] of [
      [1280, 800],
      [360, 640],
      [480, 304],
    ] as const) {
      for (let count = 1; count <= 4; count++) {
        const { screen, tiles } = shareLayout(count, width, height, GAP);
        expect(tiles).to.have.length(count);
        for (const [index, tile] of tiles.entries()) {
          expect(overlap(screen, tile), `${width}×${height}, tile ${index} of ${count}`).to.equal(false);
          expect(tile.x + tile.width).to.be.at.most(width + 1);
          expect(tile.y + tile.height).to.be.at.most(height + 1);
          for (const other of tiles.slice(index + 1)) expect(overlap(tile, other)).to.equal(false);
        }
        expect(screen.width * screen.height).to.be.greaterThan(width * height * 0.6);
      }
    }
  });

  it('has the whole stage when nobody is beside it', () => {
    expect(shareLayout(0, 640, 480, GAP).screen).to.deep.equal({ x: 0, y: 0, width: 640, height: 480 });
  });
});

describe('the floating self view', () => {
  it('stays inside the stage, at its end side', () => {
    for (const [width, height] of [
      [240, 240],
      [360, 640],
      [1280, 800],
    ] as const) {
      for (const rightToLeft of [false, true]) {
        const rect = floatingRect(width, height, 4 / 3, 8, rightToLeft);
        expect(rect.x).to.be.at.least(0);
        expect(rect.x + rect.width).to.be.at.most(width);
        expect(rect.y + rect.height).to.be.at.most(height);
        expect(rect.x < width / 2).to.equal(rightToLeft);
      }
    }
  });

  it('goes up where the toolbar lies over the lower edge', () => {
    expect(floatingRect(480, 304, 4 / 3, 8, false).y).to.equal(8);
  });
});

describe('a page of tiles', () => {
  it('grows with the stage', () => {
    expect([
      tilesPerPage(280, 400),
      tilesPerPage(360, 640),
      tilesPerPage(800, 600),
      tilesPerPage(1280, 800),
    ]).to.deep.equal([1, 6, 9, 16]);
  });
});
