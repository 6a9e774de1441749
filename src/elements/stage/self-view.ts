import { type Corner, corners, nearestCorner, type Rect } from './layout.js';

/** What the self view needs of the stage. */
export interface SelfViewHost {
  /** Where it floats. */
  corner(): Corner;
  /** Size of the area it may float in. */
  area(): { width: number; height: number };
  /** Where it was put; `undefined` before the stage is laid out. */
  placeOf(element: HTMLElement): Rect | undefined;
  /** It follows the pointer. */
  drag(element: HTMLElement, rect: Rect): void;
  /** It goes into this corner. */
  settle(corner: Corner): void;
}

/** A press that moves less than this is a click. */
const DRAG_THRESHOLD_PX = 6;

/** Lets people drag the floating self view into another corner, or choose one with arrow keys. */
export class SelfView {
  #drag: { id: number; startX: number; startY: number; rect: Rect; moved: boolean } | undefined;

  constructor(private readonly host: SelfViewHost) {}

  readonly down = (event: PointerEvent): void => {
    const rect = this.host.placeOf(event.currentTarget as HTMLElement);
    if (event.button !== 0 || !rect) return;
    this.#drag = { id: event.pointerId, startX: event.clientX, startY: event.clientY, rect, moved: false };
  };

  readonly move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || drag.id !== event.pointerId) return;
    const dx = event.clientX - drag.startX;
    const dy = event.clientY - drag.startY;
    const element = event.currentTarget as HTMLElement;
    if (!drag.moved) {
      if (Math.hypot(dx, dy) < DRAG_THRESHOLD_PX) return;
      drag.moved = true;
      element.setPointerCapture(event.pointerId);
      element.dataset.dragged = '';
    }
    const { width, height } = this.host.area();
    this.host.drag(element, {
      ...drag.rect,
      x: Math.max(0, Math.min(width - drag.rect.width, drag.rect.x + dx)),
      y: Math.max(0, Math.min(height - drag.rect.height, drag.rect.y + dy)),
    });
  };

  readonly up = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || drag.id !== event.pointerId) return;
    this.#drag = undefined;
    const element = event.currentTarget as HTMLElement;
    delete element.dataset.dragged;
    const at = this.host.placeOf(element);
    if (!drag.moved || !at) return;
    const { width, height } = this.host.area();
    const centre = [at.x + at.width / 2, at.y + at.height / 2] as const;
    // The click that ends a drag is no click.
    element.addEventListener('click', swallow, { capture: true, once: true });
    window.setTimeout(() => element.removeEventListener('click', swallow, { capture: true }));
    const cancelled = event.type === 'pointercancel';
    this.host.settle(cancelled ? this.host.corner() : nearestCorner(...centre, width, height));
  };

  /** One corner on, clockwise: for whoever cannot drag. */
  readonly next = (): void => {
    this.host.settle(corners[(corners.indexOf(this.host.corner()) + 1) % corners.length]!);
  };

  readonly key = (event: KeyboardEvent): void => {
    const [vertical, horizontal] = this.host.corner().split('-');
    const to = {
      ArrowUp: `top-${horizontal}`,
      ArrowDown: `bottom-${horizontal}`,
      ArrowLeft: `${vertical}-left`,
      ArrowRight: `${vertical}-right`,
    }[event.key] as Corner | undefined;
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    this.host.settle(to);
  };
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}
