import type { Rect } from './layout.js';

/**
 * Puts tiles where they belong and lets them glide there from where they were, by transform and opacity only. Works
 * through style objects and animations, which every content policy allows.
 */
export class Glide {
  readonly #places = new Map<HTMLElement, Rect>();
  readonly #running = new Map<HTMLElement, Animation>();

  /** @param durationMs 0 = at once. */
  place(element: HTMLElement, rect: Rect, durationMs: number): void {
    const before = this.#places.get(element);
    if (before && same(before, rect)) return;
    const target = `translate(${rect.x}px, ${rect.y}px)`;
    const from = this.#from(element, before, rect);
    this.#running.get(element)?.cancel();
    this.#running.delete(element);
    this.#places.set(element, rect);
    const { style } = element;
    style.width = `${rect.width}px`;
    style.height = `${rect.height}px`;
    style.transform = target;
    if (durationMs <= 0) return;
    const animation = element.animate(
      before
        ? [{ transform: from }, { transform: target }]
        : [
            { opacity: 0, transform: `${target} scale(0.97)` },
            { opacity: 1, transform: target },
          ],
      { duration: durationMs, easing: 'cubic-bezier(0.2, 0.7, 0.3, 1)' },
    );
    this.#running.set(element, animation);
    animation.addEventListener('finish', () => {
      if (this.#running.get(element) === animation) this.#running.delete(element);
    });
  }

  /** Where the element was put last. */
  of(element: HTMLElement): Rect | undefined {
    return this.#places.get(element);
  }

  /** Follows a pointer, without gliding. */
  drag(element: HTMLElement, rect: Rect): void {
    this.#running.get(element)?.cancel();
    this.#places.set(element, rect);
    element.style.transform = `translate(${rect.x}px, ${rect.y}px)`;
  }

  /** Forgets elements that are gone. */
  keep(elements: ReadonlySet<HTMLElement>): void {
    for (const element of [...this.#places.keys()]) {
      if (elements.has(element)) continue;
      this.#places.delete(element);
      this.#running.delete(element);
    }
  }

  /** Where it can be seen right now, as a transform of its new box. */
  #from(element: HTMLElement, before: Rect | undefined, rect: Rect): string {
    if (!before) return '';
    const scale = (sx: number, sy: number): string =>
      `scale(${((before.width / rect.width) * sx).toFixed(4)}, ${((before.height / rect.height) * sy).toFixed(4)})`;
    if (this.#running.get(element)?.playState === 'running') {
      const { e, f, a, d } = new DOMMatrix(getComputedStyle(element).transform);
      return `translate(${e}px, ${f}px) ${scale(a, d)}`;
    }
    return `translate(${before.x}px, ${before.y}px) ${scale(1, 1)}`;
  }
}

const same = (a: Rect, b: Rect): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
