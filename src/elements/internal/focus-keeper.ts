import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Gives the focus a new place when a rendering takes away what had it inside an element. */
export class FocusKeeper implements ReactiveController {
  #held: Element | undefined;

  /** @param lost gives the focus to something that is still there. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly lost: () => void,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    this.#held = this.host.shadowRoot?.activeElement ?? undefined;
  }

  hostUpdated(): void {
    if (this.#held && !this.#held.isConnected && !this.host.shadowRoot!.activeElement) this.lost();
  }
}
