import { createContext } from '@lit/context';
import type { PlayerConfiguration } from '../../engine/options.js';
import type { RoomState } from '../../engine/room-state.js';
import type { RoomStatistics } from '../../engine/statistics.js';
import type { Locale } from '../i18n/locale.js';
import type { Preferences } from './preferences.js';

/** Everything that elements show; a new frozen object after every change. */
export const roomStateContext = createContext<RoomState>('enx-room-state');

/** Loudness, 0…1, of a talker's slot or of oneself. Polled by meters, so that a level never costs a render. */
export type LevelReader = (slot: number | 'self') => number;
export const levelContext = createContext<LevelReader>('enx-level');

export const playerConfigurationContext = createContext<PlayerConfiguration>('enx-player-configuration');

/** The language of the room. */
export const localeContext = createContext<Locale>('enx-locale');

/** What the person chose for themselves: layout, self view, mirror … */
export const preferencesContext = createContext<Preferences>('enx-preferences');

/** Whom a person does not want to hear (`audio`) or see (`video`), by client id. */
export interface LocalMutes {
  readonly audio: readonly string[];
  readonly video: readonly string[];
}
export const localMutesContext = createContext<LocalMutes>('enx-local-mutes');

/** How good a connection is: 3 good, 2 fair, 1 poor. */
export type Bars = 1 | 2 | 3;
/** Measured connections by client id; who is not in it has not been measured. */
export type Qualities = ReadonlyMap<string, Bars>;
export const qualitiesContext = createContext<Qualities>('enx-qualities');

/** Figures of the connection as the engine measures them now; for whoever draws them. */
export type FiguresReader = () => Promise<RoomStatistics>;
export const figuresContext = createContext<FiguresReader>('enx-figures');
