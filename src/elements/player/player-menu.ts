import { html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import { icon } from '../internal/icon.js';
import { moreIcon } from '../internal/icons.js';
import type { PlayerControl } from './player-controls.js';

/** Space between the menu and the edges of the window. */
const EDGE_PX = 8;

/**
 * The controls over a player: the first ones as buttons while it is hovered, focused or tapped and has room for them,
 * all of them in a menu. One stop for the Tab key per player; arrow keys go on from there.
 */
export class PlayerMenu implements ReactiveController {
  open = false;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly controls: () => PlayerControl[],
  ) {
    host.addController(this);
  }

  /** @param label of the group and its button. @param active the buttons are in view. */
  render(label: string, active: boolean): unknown {
    if (!active && !this.open) return this.#bar(label, [], false);
    const controls = this.controls();
    if (controls.length === 0) return nothing;
    return [this.#bar(label, controls, true), this.open ? this.#list(label, controls) : nothing];
  }

  hostUpdated(): void {
    const list = this.#part<HTMLElement>('.menu');
    if (!list || list.matches(':popover-open')) return;
    list.showPopover?.();
    this.#settle(list);
    list.querySelector<HTMLElement>('button')?.focus();
  }

  hostDisconnected(): void {
    this.open = false;
  }

  #bar(label: string, controls: readonly PlayerControl[], active: boolean): unknown {
    return html`<div
      class="controls"
      part="controls"
      role="group"
      aria-label=${label}
      ?data-active=${active}
      @keydown=${this.#barKey}
    >
      ${controls
        .filter(({ inline }) => inline)
        .map(
          ({ id, label: name, picture, run }) =>
            html`<button
              type="button"
              part="control"
              class="control"
              data-control=${id}
              tabindex="-1"
              aria-label=${name}
              title=${name}
              @click=${run}
            >
              ${icon(picture)}
            </button>`,
        )}
      <button
        type="button"
        part="control"
        class="control more"
        aria-haspopup="menu"
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${label}
        title=${label}
        @click=${() => this.#show(!this.open)}
      >
        ${icon(moreIcon)}
      </button>
    </div>`;
  }

  #list(label: string, controls: readonly PlayerControl[]): unknown {
    return html`<div
      class="menu"
      part="menu"
      role="menu"
      popover="auto"
      aria-label=${label}
      @keydown=${this.#menuKey}
      @toggle=${(event: ToggleEvent) => event.newState === 'closed' && this.#show(false)}
    >
      ${controls.map(
        ({ id, label: name, picture, run }) =>
          html`<button
            type="button"
            role="menuitem"
            data-control=${id}
            tabindex="-1"
            @click=${() => {
              this.#show(false);
              run();
            }}
          >
            ${icon(picture)}<span>${name}</span>
          </button>`,
      )}
    </div>`;
  }

  #show(open: boolean): void {
    if (open === this.open) return;
    this.open = open;
    this.host.requestUpdate();
    if (open) return;
    const list = this.#part<HTMLElement>('.menu');
    const held = list?.matches(':focus-within');
    if (list?.matches(':popover-open')) list.hidePopover();
    if (held) this.#part<HTMLElement>('.more')?.focus();
  }

  /** Beside its button, inside the window. */
  #settle(list: HTMLElement): void {
    const button = this.#part('.more')!.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const rightToLeft = getComputedStyle(this.host).direction === 'rtl';
    const left = rightToLeft ? button.left : button.right - width;
    const below = button.bottom + 4;
    const top = below + height > clientHeight - EDGE_PX ? button.top - height - 4 : below;
    list.style.left = `${Math.max(EDGE_PX, Math.min(clientWidth - width - EDGE_PX, left))}px`;
    list.style.top = `${Math.max(EDGE_PX, Math.min(clientHeight - height - EDGE_PX, top))}px`;
  }

  readonly #barKey = (event: KeyboardEvent): void => {
    const buttons = this.#visible('.control');
    if (buttons.length < 2) return;
    const rightToLeft = getComputedStyle(this.host).direction === 'rtl';
    const step = { ArrowLeft: rightToLeft ? 1 : -1, ArrowRight: rightToLeft ? -1 : 1 }[event.key];
    if (step) this.#step(event, buttons, step);
  };

  readonly #menuKey = (event: KeyboardEvent): void => {
    const buttons = this.#visible('[role="menuitem"]');
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) return this.#step(event, buttons, step);
    // Nothing of what happens here is for the stage or the page.
    event.stopPropagation();
    const target = { Home: buttons[0], End: buttons.at(-1) }[event.key];
    if (target) {
      event.preventDefault();
      target.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      this.#show(false);
    }
  };

  #step(event: KeyboardEvent, buttons: readonly HTMLElement[], step: number): void {
    event.preventDefault();
    event.stopPropagation();
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }

  #visible(selector: string): HTMLElement[] {
    const all = this.host.shadowRoot!.querySelectorAll<HTMLElement>(selector);
    return [...all].filter((element) => element.offsetWidth > 0);
  }

  #part<T extends Element>(selector: string): T | null {
    return this.host.shadowRoot!.querySelector<T>(selector);
  }
}
