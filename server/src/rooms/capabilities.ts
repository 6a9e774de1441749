import { PAUSE_VIDEO } from '../../../src/protocol/index.js';
import type { RoomSettings } from '../rest/room-settings.js';
import { CHAT_HISTORY } from './chat-history.js';

/** What a capability may depend on. */
export interface CapabilityBasis {
  settings: RoomSettings;
  graceMs: number;
}

/**
 * Optional capabilities: word → whether this room has it. `room-connected` announces the words; each is described in
 * src/protocol/README.md. A client that knows none of them loses nothing.
 */
const capabilities: Record<string, (basis: CapabilityBasis) => boolean> = {
  /** A socket may be replaced while the media goes on. */
  resume: ({ graceMs }) => graceMs > 0,
  /** What is said twice under one id is passed on once. */
  dedupe: () => true,
  /** Who comes later may ask for what was said before. */
  [CHAT_HISTORY]: ({ settings }) => settings.chat_history,
  /** Pictures that nobody looks at need not travel. */
  [PAUSE_VIDEO]: () => true,
};

export const capabilitiesOf = (basis: CapabilityBasis): string[] =>
  Object.keys(capabilities).filter((word) => capabilities[word]!(basis));
