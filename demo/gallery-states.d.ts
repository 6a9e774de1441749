import type { RoomState } from '../src/engine/room-state.js';

export const states: Record<string, () => Partial<RoomState>>;
export function show(room: HTMLElement, name: string): Promise<void>;
