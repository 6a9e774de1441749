/**
 * The parts of a room that are fetched when they are first wanted, so that the rest is there sooner. In the one-file
 * script they are all in it, and loading one takes no time.
 */
import { partMissing } from '../../engine/errors.js';

const loaders = {
  prejoin: () => together(import('../prejoin/enx-prejoin.js'), 'fields'),
  call: () => import('../room/call-parts.js'),
  /** Fields of forms and what tests a device: for everything in which something is chosen. */
  fields: () => import('../sound/device-check.js'),
  /** Menus, dialogs, and what is chosen there. */
  extras: () => import('../room/extra-parts.js'),
  chat: () => together(import('../chat/enx-chat.js'), 'fields', 'extras'),
  people: () => together(import('../people/enx-people.js'), 'fields', 'extras'),
  settings: () => together(import('../settings/enx-settings.js'), 'fields', 'extras'),
} as const;

/** At the same time, so that what a part imports is not asked for only when the part is here. */
const together = async <T>(part: Promise<T>, ...others: ('fields' | 'extras')[]): Promise<T> =>
  (await Promise.all([part, ...others.map((other): Promise<unknown> => loadPart(other))]))[0];

export type Part = keyof typeof loaders;
type Parts = { [P in Part]: Awaited<ReturnType<(typeof loaders)[P]>> };

const loading = new Map<Part, Promise<unknown>>();
const here: { [P in Part]?: Parts[P] } = {};

/** What a part exports, if it is here. */
export const partNow = <P extends Part>(part: P): Parts[P] | undefined => here[part];

/**
 * Fetches a part unless it is here or on its way. What failed is tried again by the next call.
 * @throws {RoomError} `connect-failed`
 */
export function loadPart<P extends Part>(part: P): Promise<Parts[P]> {
  let running = loading.get(part) as Promise<Parts[P]> | undefined;
  if (!running) {
    running = (loaders[part]() as Promise<Parts[P]>).then(
      (exports) => (here[part] = exports),
      (cause: unknown) => {
        loading.delete(part);
        console.warn(`enx-room: the part "${part}" could not be loaded`, cause);
        throw partMissing(cause);
      },
    );
    // Whoever fetches ahead of time need not care.
    running.catch(() => {});
    loading.set(part, running);
  }
  return running;
}

/** Fetches a part that somebody wants now. One that does not come is told with `enx-part-missing`, and stays away. */
export async function wantPart<P extends Part>(element: EventTarget, part: P): Promise<Parts[P] | undefined> {
  try {
    return partNow(part) ?? (await loadPart(part));
  } catch {
    element.dispatchEvent(new CustomEvent('enx-part-missing', { bubbles: true, composed: true }));
    return undefined;
  }
}

/** Fetches a part with the first sign that somebody may want it: a pointer or the focus comes near. */
export function fetchWhenNear(element: EventTarget, part: Part): void {
  const near = (): void => {
    for (const name of ['pointerenter', 'focusin']) element.removeEventListener(name, near);
    void loadPart(part).catch(() => {});
  };
  for (const name of ['pointerenter', 'focusin']) element.addEventListener(name, near);
}

/** Runs when the browser has nothing better to do; soon in those that do not tell. */
export function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(run, { timeout: 2000 });
  else setTimeout(run, 200);
}
