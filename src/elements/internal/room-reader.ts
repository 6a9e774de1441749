import { ContextEvent } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomState } from '../../engine/room-state.js';
import { roomStateContext } from './contexts.js';

/**
 * Reads the state of the room around an element without rendering it: the element takes what it needs and renders when
 * that has changed. For elements of which there are many, or whose own data changes seldom.
 */
export class RoomReader implements ReactiveController {
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    /** Called with the current state when the element enters a room, and after every change. */
    private readonly read: (state: RoomState) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.dispatchEvent(new ContextEvent(roomStateContext, this.host, this.#receive, true));
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  readonly #receive = (state: RoomState, unsubscribe?: () => void): void => {
    if (this.#unsubscribe !== unsubscribe) this.#unsubscribe?.();
    this.#unsubscribe = unsubscribe;
    this.read(state);
  };
}
