/** Where tiles go. Pure: sizes in, rectangles out, CSS pixels. */

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A picture narrower or wider than this loses too much of a face when it is cropped to the tile. */
const MIN_ASPECT = 0.75;
const MAX_ASPECT = 16 / 9;

/**
 * One tile has the whole stage; more get the rows and columns that make them largest. The last row is centred.
 * @returns one rectangle per tile, in reading order.
 */
export function gridLayout(count: number, width: number, height: number, gap: number): Rect[] {
  if (count === 0 || width <= 0 || height <= 0) return [];
  if (count === 1) return [{ x: 0, y: 0, width: Math.round(width), height: Math.round(height) }];
  let best = { columns: 1, tileWidth: 0, tileHeight: 0, area: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const tileWidth = Math.min(cellWidth, cellHeight * MAX_ASPECT);
    const tileHeight = Math.min(cellHeight, tileWidth / MIN_ASPECT);
    // A face is about as wide as high, so what counts is the largest square.
    const area = Math.min(tileWidth, tileHeight) ** 2 + tileWidth * tileHeight * 0.01;
    if (area > best.area) best = { columns, tileWidth, tileHeight, area };
  }
  const { columns, tileWidth, tileHeight } = best;
  const rows = Math.ceil(count / columns);
  const top = (height - rows * tileHeight - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (width - inRow * tileWidth - (inRow - 1) * gap) / 2;
    return {
      x: Math.round(left + (index % columns) * (tileWidth + gap)),
      y: Math.round(top + row * (tileHeight + gap)),
      width: Math.round(tileWidth),
      height: Math.round(tileHeight),
    };
  });
}

/** A stage this low has the toolbar over its lower edge. */
export const SHORT_STAGE = 340;

/**
 * Small self view in a lower corner; in an upper one where the toolbar lies over the lower edge.
 * @param rightToLeft puts it left.
 */
export function floatingRect(
  width: number,
  height: number,
  aspect: number,
  margin: number,
  rightToLeft: boolean,
): Rect {
  const share = width <= 480 ? 0.3 : 0.2;
  const tileWidth = Math.round(Math.max(72, Math.min(240, width * share, height * 0.34 * aspect)));
  const tileHeight = Math.round(tileWidth / aspect);
  return {
    x: rightToLeft ? margin : width - tileWidth - margin,
    y: height <= SHORT_STAGE ? margin : height - tileHeight - margin,
    width: tileWidth,
    height: tileHeight,
  };
}

/**
 * A shared screen with people beside it (wide) or below it (high).
 * @param count tiles besides the screen; none leaves it the whole stage.
 */
export function shareLayout(
  count: number,
  width: number,
  height: number,
  gap: number,
): { screen: Rect; tiles: Rect[] } {
  const whole = { x: 0, y: 0, width: Math.round(width), height: Math.round(height) };
  if (count === 0 || width <= 0 || height <= 0) return { screen: whole, tiles: [] };
  const wide = width >= height;
  const strip = Math.round(wide ? Math.min(240, width * 0.24) : Math.min(150, height * 0.24));
  if (wide) {
    const tiles = gridStrip(count, strip, height, gap);
    return {
      screen: { ...whole, width: whole.width - strip - gap },
      tiles: tiles.map((r) => ({ ...r, x: r.x + whole.width - strip })),
    };
  }
  const tiles = gridStrip(count, strip, width, gap).map((r) => ({
    x: r.y,
    y: r.x,
    width: r.height,
    height: r.width,
  }));
  return {
    screen: { ...whole, height: whole.height - strip - gap },
    tiles: tiles.map((r) => ({ ...r, y: r.y + whole.height - strip })),
  };
}

/** Tiles one after the other along `length`, each as broad as the strip; no longer than broad. */
function gridStrip(count: number, breadth: number, length: number, gap: number): Rect[] {
  const each = Math.min((length - gap * (count - 1)) / count, breadth * 0.75);
  return Array.from({ length: count }, (_, index) => ({
    x: 0,
    y: Math.round(index * (each + gap)),
    width: Math.round(breadth),
    height: Math.round(each),
  }));
}

/** Most people shown beside a shared screen. */
export const SHARE_STRIP_TILES = 4;

/** How many tiles a stage of this size shows at once. */
export function tilesPerPage(width: number, height: number): number {
  if (width <= 300 || height <= 200) return 1;
  if (width <= 480 || height <= SHORT_STAGE) return 6;
  return width <= 900 ? 9 : 16;
}
