import { createContext } from '@lit/context';
import type { PlayerConfiguration } from '../../engine/options.js';
import type { RoomState } from '../../engine/room-state.js';

/** Everything that elements show; a new frozen object after every change. */
export const roomStateContext = createContext<RoomState>('enx-room-state');

/** Loudness, 0…1, of a talker's slot or of oneself. Polled by meters, so that a level never costs a render. */
export type LevelReader = (slot: number | 'self') => number;
export const levelContext = createContext<LevelReader>('enx-level');

export const playerConfigurationContext = createContext<PlayerConfiguration>('enx-player-configuration');
