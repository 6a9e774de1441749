/**
 * The parts of a room that are fetched when they are first shown, so that the prejoin screen is there sooner. In the
 * one-file script they are all in it, and loading one takes no time.
 */
import type { Panel } from './answers.js';

const loaders = {
  call: () => import('./call-parts.js'),
  people: () => import('../people/enx-people.js'),
  settings: () => import('../settings/enx-settings.js'),
} as const;

/** Rendering does not wait for it: an element comes to life when its code has arrived. Never rejects. */
export function loadPart(part: keyof typeof loaders | Panel): Promise<void> {
  return loaders[part === 'chat' ? 'call' : part]().then(
    () => {},
    (error: unknown) => console.warn(`enx-room: "${part}" could not be loaded`, error),
  );
}
