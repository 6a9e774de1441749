/** Where tiles go. Pure: sizes in, rectangles out, CSS pixels, left to right; {@link mirrored} turns them around. */

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * `grid`: all alike. Else one or a few large ones with the others in a `row` below, a `column` at the end side or a
 * `block` below.
 */
export type Form = 'grid' | 'row' | 'column' | 'block';

/** A picture narrower or wider than this loses too much of a face when it is cropped to the tile. */
const MIN_ASPECT = 0.75;
const MAX_ASPECT = 16 / 9;

/** A stage this low has the toolbar over its lower edge. */
export const SHORT_STAGE = 340;
/** Height of that toolbar above the lower edge of the tiles. */
const TOOLBAR = 56;
/** What of a column the toolbar leaves in sight. */
const inSight = (height: number): number => (height <= SHORT_STAGE ? height - TOOLBAR : height);
/** A stage this narrow shows one face. */
const GLANCE_WIDTH = 300;
const GLANCE_HEIGHT = 200;
const COMPACT_WIDTH = 480;
const REGULAR_WIDTH = 900;
/** From this size on 25 tiles are still large enough to read a face. */
const LARGE = { width: 1200, height: 620 };

/** There is room for one face only. */
export const isGlance = (width: number, height: number): boolean =>
  width <= GLANCE_WIDTH || height <= GLANCE_HEIGHT;

/** How many tiles a grid of this size shows at once. */
export function tilesPerPage(width: number, height: number): number {
  if (isGlance(width, height)) return 1;
  if (width <= COMPACT_WIDTH || height <= SHORT_STAGE) return 6;
  if (width <= REGULAR_WIDTH) return 9;
  return width >= LARGE.width && height >= LARGE.height ? 25 : 16;
}

/**
 * One tile has the whole stage; more get the rows and columns that make them largest. The last row is centred.
 * @param aspect fixes width ÷ height of the tiles; otherwise it is chosen between 3 : 4 and 16 : 9.
 * @returns one rectangle per tile, in reading order.
 */
export function gridLayout(
  count: number,
  width: number,
  height: number,
  gap: number,
  aspect?: number,
): Rect[] {
  if (count === 0 || width <= 0 || height <= 0) return [];
  if (count === 1 && !aspect) return [{ x: 0, y: 0, width: Math.round(width), height: Math.round(height) }];
  let best = { columns: 1, tileWidth: 0, tileHeight: 0, area: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const tileWidth = Math.min(cellWidth, cellHeight * (aspect ?? MAX_ASPECT));
    const tileHeight = Math.min(cellHeight, tileWidth / (aspect ?? MIN_ASPECT));
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

/** Size of the strip beside the large tiles: its breadth, and the length of one tile in it. */
function stripOf(
  form: Form,
  width: number,
  height: number,
): { breadth: number; longest: number; shortest: number } {
  if (form === 'column') {
    const breadth = clamp(width * 0.2, 112, 240);
    return { breadth, longest: breadth * 0.75, shortest: breadth * 0.56 };
  }
  const breadth = clamp(height * 0.2, 110, 148);
  return { breadth, longest: breadth * 1.5, shortest: breadth * 0.76 };
}

/** Height of what is large above a block: a wide picture, and the name below it. */
const aboveBlock = (width: number, height: number): number =>
  clamp(width * 0.5625 + 72, height * 0.4, height * 0.6);

/** Most small tiles beside large ones. */
const STRIP_TILES = 8;
const USUAL_GAP = 8;
/** Breadth of the place for turning pages. */
const PAGER = 44;

/**
 * How many small tiles fit beside the large ones.
 * @param wanted how many there are; where they do not all fit, a place for turning pages is left.
 */
export function stripCapacity(form: Form, width: number, height: number, wanted: number): number {
  if (isGlance(width, height)) return 0;
  if (form === 'block') return width <= COMPACT_WIDTH ? 6 : 9;
  const { shortest } = stripOf(form, width, height);
  const length = form === 'column' ? inSight(height) : width;
  const fits = (free: number): number =>
    clamp(Math.floor((free + USUAL_GAP) / (shortest + USUAL_GAP)), 1, STRIP_TILES);
  const all = fits(length);
  return wanted <= all ? all : fits(length - USUAL_GAP - PAGER);
}

export interface StageLayout {
  main: Rect[];
  tiles: Rect[];
  /** Where pages are turned; only with `paged`. */
  pager: Rect | undefined;
}

/**
 * The whole stage.
 * @param mainCount large tiles; a `grid` has none.
 * @param count small tiles on this page.
 * @param paged there are more pages.
 */
export function stageLayout(
  form: Form,
  mainCount: number,
  count: number,
  paged: boolean,
  width: number,
  height: number,
  gap: number,
  aspect?: number,
): StageLayout {
  if (form === 'grid') return gridStage(count, paged, width, height, gap, aspect);
  if (count === 0 && !paged) {
    return { main: gridLayout(mainCount, width, height, gap), tiles: [], pager: undefined };
  }
  if (form === 'block') {
    const top = aboveBlock(width, height);
    const inner = gridStage(count, paged, width, height - top - gap, gap, aspect, true);
    const below = (rect: Rect): Rect => ({ ...rect, y: Math.round(rect.y + top + gap) });
    return {
      main: gridLayout(mainCount, width, top, gap),
      tiles: inner.tiles.map(below),
      pager: inner.pager && below(inner.pager),
    };
  }
  const { breadth, longest } = stripOf(form, width, height);
  if (form === 'column') {
    const x = Math.round(width - breadth);
    // Where the toolbar lies over the lower edge, pages are turned at the upper one.
    const low = height <= SHORT_STAGE;
    const place = paged ? PAGER + gap : 0;
    const tiles = strip(count, breadth, inSight(height) - place, gap, longest, low);
    return {
      main: gridLayout(mainCount, x - gap, height, gap),
      tiles: tiles.map((rect) => ({ ...rect, x, y: rect.y + (low ? place : 0) })),
      pager: paged
        ? { x, y: low ? 0 : height - PAGER, width: Math.round(breadth), height: PAGER }
        : undefined,
    };
  }
  const y = Math.round(height - breadth);
  const tiles = strip(count, breadth, width - (paged ? PAGER + gap : 0), gap, longest, false);
  return {
    main: gridLayout(mainCount, width, y - gap, gap),
    tiles: tiles.map((rect) => ({ x: rect.y, y, width: rect.height, height: rect.width })),
    pager: paged ? { x: width - PAGER, y, width: PAGER, height: Math.round(breadth) } : undefined,
  };
}

/** Low stages turn their pages at the end side, others below. */
function gridStage(
  count: number,
  paged: boolean,
  width: number,
  height: number,
  gap: number,
  aspect?: number,
  below = height > SHORT_STAGE,
): StageLayout {
  if (!paged) return { main: [], tiles: gridLayout(count, width, height, gap, aspect), pager: undefined };
  if (!below) {
    return {
      main: [],
      tiles: gridLayout(count, width - PAGER - gap, height, gap, aspect),
      pager: { x: width - PAGER, y: 0, width: PAGER, height },
    };
  }
  return {
    main: [],
    tiles: gridLayout(count, width, height - PAGER - gap, gap, aspect),
    pager: { x: 0, y: height - PAGER, width, height: PAGER },
  };
}

/** Tiles below each other, as broad as the strip and at most `longest` high; centred, or from the top. */
function strip(
  count: number,
  breadth: number,
  length: number,
  gap: number,
  longest: number,
  fromTop: boolean,
): Rect[] {
  const each = Math.min((length - gap * (count - 1)) / count, longest);
  const from = fromTop ? 0 : (length - count * each - (count - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => ({
    x: 0,
    y: Math.round(from + index * (each + gap)),
    width: Math.round(breadth),
    height: Math.round(each),
  }));
}

/** For right-to-left pages. @param width of the stage. */
export const mirrored = (rect: Rect, width: number): Rect => ({ ...rect, x: width - rect.x - rect.width });

/** Corners of the floating self view, clockwise. */
export const corners = ['bottom-right', 'bottom-left', 'top-left', 'top-right'] as const;
export type Corner = (typeof corners)[number];

/** Where the self view floats until it is moved: at the end side, away from a toolbar that lies over the picture. */
export function startCorner(height: number, rightToLeft: boolean): Corner {
  return `${height <= SHORT_STAGE ? 'top' : 'bottom'}-${rightToLeft ? 'left' : 'right'}`;
}

/**
 * Small self view in a corner.
 * @param aspect width ÷ height.
 */
export function floatingRect(
  width: number,
  height: number,
  aspect: number,
  margin: number,
  corner: Corner,
): Rect {
  const share = width <= COMPACT_WIDTH ? 0.3 : 0.2;
  const tileWidth = Math.round(clamp(Math.min(width * share, height * 0.34 * aspect), 72, 240));
  const tileHeight = Math.round(tileWidth / aspect);
  return {
    x: corner.endsWith('left') ? margin : Math.round(width) - tileWidth - margin,
    y: corner.startsWith('top') ? margin : Math.round(height) - tileHeight - margin,
    width: tileWidth,
    height: tileHeight,
  };
}

/** The corner that is nearest to a point of the stage. */
export function nearestCorner(x: number, y: number, width: number, height: number): Corner {
  return `${y < height / 2 ? 'top' : 'bottom'}-${x < width / 2 ? 'left' : 'right'}`;
}

const clamp = (value: number, min: number, max: number): number => Math.max(min, Math.min(max, value));
