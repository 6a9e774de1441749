import type { RoomState } from '../../engine/room-state.js';
import { SCREEN, SELF } from '../internal/person.js';
import type { Layout, SelfView } from '../internal/preferences.js';
import { type Form, isGlance, SHORT_STAGE, stripCapacity, tilesPerPage } from './layout.js';

/** Most people shown large at once. */
const MAX_MAIN = 4;

export interface ArrangeInput {
  room: RoomState;
  layout: Layout;
  selfView: SelfView;
  width: number;
  height: number;
  /** Page that is wanted, from 0; the last one stands for those beyond. */
  page: number;
  /** Everybody else, in order of their places. */
  seats: readonly string[];
  speaker: string | undefined;
}

/** Who is shown where. Keys are client ids, {@link SELF} or {@link SCREEN}. */
export interface Arrangement {
  form: Form;
  /** Shown large. */
  main: readonly string[];
  /** Shown on this page. */
  tiles: readonly string[];
  /** Oneself floats over the others. */
  floating: boolean;
  page: number;
  pages: number;
  /** Places of others on the first page, large ones included. */
  firstPage: number;
  /** The large one is whoever talks. */
  follows: boolean;
  /** Nobody else is here. */
  alone: boolean;
}

export function arrange(input: ArrangeInput): Arrangement {
  const { room, width, height, seats } = input;
  const main = mainOf(input);
  const form = main.length === 0 ? 'grid' : formOf(input);
  // In a grid a shared screen is one among the others, and pinned people come first.
  const first = form === 'grid' ? featuredOf(input) : main;
  const others = seats.filter((key) => !first.includes(key));
  const rest = form !== 'grid' ? others : room.share ? [SCREEN, ...first, ...others] : [...first, ...others];
  const self = selfOf(input, rest.length);
  const wanted = rest.length + Number(self === 'grid');
  const capacity = form === 'grid' ? tilesPerPage(width, height) : stripCapacity(form, width, height, wanted);
  // Oneself is the last one on the first page, as long as somebody else is there too.
  const selfAt = Math.max(1, capacity - 1);
  const small = self === 'grid' ? [...rest.slice(0, selfAt), SELF, ...rest.slice(selfAt)] : rest;
  const pages = capacity > 0 ? Math.max(1, Math.ceil(small.length / capacity)) : 1;
  const page = Math.min(input.page, pages - 1);
  return {
    form,
    main,
    tiles: small.slice(page * capacity, (page + 1) * capacity),
    floating: self === 'floating',
    page,
    pages,
    firstPage:
      main.filter((key) => key !== SCREEN).length +
      capacity -
      Number(self === 'grid' && capacity > 1) -
      Number(rest[0] === SCREEN),
    follows: main.length > 0 && !room.share && featuredOf(input).length === 0,
    alone: room.connection === 'connected' && room.participants.length <= 1,
  };
}

/** Pinned by oneself first, then in the spotlight; only who is here. */
function featuredOf({ room, seats }: ArrangeInput): string[] {
  return [...new Set([...room.pinned, ...room.spotlighted])].filter((key) => seats.includes(key));
}

function mainOf(input: ArrangeInput): string[] {
  const { room, layout, width, height, seats, speaker } = input;
  const glance = isGlance(width, height);
  if (room.share && (layout !== 'grid' || glance)) return [SCREEN];
  if (seats.length === 0 || (layout === 'grid' && !glance)) return [];
  const featured = featuredOf(input).slice(0, glance ? 1 : MAX_MAIN);
  if (featured.length > 0) return featured;
  return layout === 'auto' && !glance ? [] : [speaker ?? seats[0]!];
}

function formOf({ layout, width, height }: ArrangeInput): Form {
  const wide = width >= height;
  if (layout === 'speaker') return height <= SHORT_STAGE && wide ? 'column' : 'row';
  return wide ? 'column' : 'block';
}

function selfOf(
  { room, selfView, layout, seats, width, height }: ArrangeInput,
  others: number,
): 'floating' | 'grid' | 'hidden' {
  // Nobody else to look at, and nothing to float over.
  if (seats.length === 0 && !room.share) return selfView === 'hidden' ? 'hidden' : 'grid';
  if (isGlance(width, height)) {
    return room.share || selfView === 'hidden' ? 'hidden' : 'floating';
  }
  if (selfView !== 'auto') return selfView;
  if (layout === 'grid') return 'grid';
  // Beside a shared screen there is no room to float in.
  if (room.share) return 'grid';
  return others === 0 || seats.length === 1 ? 'floating' : 'grid';
}
