import { type Context, ContextEvent } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomState } from '../../engine/room-state.js';
import { roomStateContext } from './contexts.js';

/**
 * Reads something of the room around an element without rendering it: the element takes what it needs and renders when
 * that has changed. For elements of which there are many, or whose own data changes seldom.
 */
export class ContextReader<T> implements ReactiveController {
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly context: Context<unknown, T>,
    /** Called with the current value when the element enters a room, and after every change. */
    private readonly read: (value: T) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.dispatchEvent(new ContextEvent(this.context, this.host, this.#receive, true));
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  readonly #receive = (value: T, unsubscribe?: () => void): void => {
    if (this.#unsubscribe !== unsubscribe) this.#unsubscribe?.();
    this.#unsubscribe = unsubscribe;
    this.read(value);
  };
}

/** Reads the state of the room. */
export class RoomReader extends ContextReader<RoomState> {
  constructor(host: ReactiveControllerHost & HTMLElement, read: (state: RoomState) => void) {
    super(host, roomStateContext, read);
  }
}
