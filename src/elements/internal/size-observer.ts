/**
 * Tells the content size of an element, now and after every change, CSS pixels, whole.
 *
 * One frame late on purpose: whoever changes layout inside the observer's own callback makes browsers report an error to
 * the page ("ResizeObserver loop completed with undelivered notifications", Resize Observer §3.4).
 */
export class SizeObserver {
  #frame = 0;
  #width = 0;
  #height = 0;
  readonly #observer: ResizeObserver;

  constructor(changed: (width: number, height: number) => void) {
    this.#observer = new ResizeObserver(([entry]) => {
      this.#width = Math.round(entry!.contentRect.width);
      this.#height = Math.round(entry!.contentRect.height);
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        changed(this.#width, this.#height);
      });
    });
  }

  observe(element: Element): void {
    this.#observer.observe(element);
  }

  unobserve(element: Element): void {
    this.#observer.unobserve(element);
  }

  disconnect(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}
