/**
 * The parts of a room that are fetched when they are first wanted, so that the rest is there sooner. In the one-file
 * script they are all in it, and loading one takes no time.
 */
import { RoomError } from '../../engine/errors.js';
import type { Panel } from './answers.js';

const loaders = {
  call: () => import('./call-parts.js'),
  people: () => import('../people/enx-people.js'),
  settings: () => import('../settings/enx-settings.js'),
} as const;

type Part = keyof typeof loaders;

const loading = new Map<Part, Promise<void>>();
const here = new Set<Part>();

const partOf = (part: Part | Panel): Part => (part === 'chat' ? 'call' : part);

/** Whether a part can be shown at once. */
export const hasPart = (part: Part | Panel): boolean => here.has(partOf(part));

/**
 * Fetches a part unless it is here or on its way. What failed is tried again by the next call.
 * @throws {RoomError} `connect-failed`
 */
export function loadPart(part: Part | Panel): Promise<void> {
  const name = partOf(part);
  let running = loading.get(name);
  if (!running) {
    running = loaders[name]().then(
      () => void here.add(name),
      (cause: unknown) => {
        loading.delete(name);
        console.warn(`enx-room: the part "${name}" could not be loaded`, cause);
        throw new RoomError(
          'connect-failed',
          'A part of the room could not be loaded. Check your connection, then try again.',
          { cause },
        );
      },
    );
    // Whoever fetches ahead of time need not care.
    running.catch(() => {});
    loading.set(name, running);
  }
  return running;
}

/** Runs when the browser has nothing better to do; soon in those that do not tell. */
export function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(run, { timeout: 2000 });
  else setTimeout(run, 200);
}
