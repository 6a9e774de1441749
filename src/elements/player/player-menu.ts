import { html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import { icon } from '../internal/icon.js';
import { dotsIcon } from '../internal/icons.js';
import { roveTo } from '../internal/roving.js';
import { wantPart } from '../internal/parts.js';
import type { PlayerControl } from './player-controls.js';

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
    const controls = active || this.open ? this.controls() : [];
    // Always a pair, so that the button that has the focus stays the same element.
    return [this.#bar(label, controls, active), this.open ? this.#list(label, controls) : nothing];
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
        ${icon(dotsIcon)}
      </button>
    </div>`;
  }

  #show(open: boolean): void {
    if (open === this.open) return;
    if (open) void wantPart(this.host, 'extras');
    this.open = open;
    this.host.requestUpdate();
  }

  #list(label: string, controls: readonly PlayerControl[]): unknown {
    return html`<enx-menu
      label=${label}
      exportparts="menu"
      .anchor=${this.host.shadowRoot!.querySelector<HTMLElement>('.more')}
      .entries=${controls}
      @enx-menu-close=${() => this.#show(false)}
    ></enx-menu>`;
  }

  readonly #barKey = (event: KeyboardEvent): void => {
    const all = this.host.shadowRoot!.querySelectorAll<HTMLElement>('.control');
    const buttons = [...all].filter(({ offsetWidth }) => offsetWidth > 0);
    if (buttons.length < 2) return;
    const dir = getComputedStyle(this.host).direction === 'rtl' ? 'rtl' : 'ltr';
    const target = roveTo(event, buttons, 'horizontal', dir);
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    target.focus();
  };
}
