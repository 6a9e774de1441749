import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomState } from '../../engine/room-state.js';
import { base, tokens } from '../internal/base-styles.js';
import { LocalizedElement } from '../i18n/localized.js';
import { define } from '../internal/define.js';
import { roomStateContext } from '../internal/contexts.js';
import '../player/enx-player.js';
import {
  floatingRect,
  gridLayout,
  type Rect,
  SHARE_STRIP_TILES,
  shareLayout,
  tilesPerPage,
} from './layout.js';

interface Tile {
  key: string;
  name: string;
  self: boolean;
  slot: number | 'self' | undefined;
  stream: MediaStream | undefined;
  video: boolean;
  audioMuted: boolean;
  talking: boolean;
}

/**
 * The faces. Lays its players out by its own size: one other person fills it, more share it, oneself floats or joins.
 *
 * @csspart tile - One player; `screen` besides for the shared screen.
 * @csspart more - Stands for people who do not fit.
 * @slot empty - Shown while nobody else is here, instead of our sentence.
 */
@define('enx-stage')
export class EnxStage extends LocalizedElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: block;
        position: relative;
        overflow: hidden;
        background: var(--_stage);
        color: var(--_on-stage);
      }
      .tiles {
        position: absolute;
        inset: var(--_tile-gap);
        bottom: calc(var(--_tile-gap) + var(--_bottom-inset, 0px));
      }
      enx-player,
      .more {
        position: absolute;
        inset-inline-start: auto;
        left: 0;
        top: 0;
        transition: transform var(--_motion) ease-out;
      }
      enx-player[data-floating] {
        z-index: 1;
        box-shadow: 0 4px 18px rgb(0 0 0 / 0.4);
        outline: 1px solid rgb(255 255 255 / 0.14);
      }
      .more {
        display: grid;
        place-items: center;
        border-radius: var(--_radius-l);
        background: var(--_tile);
        font-size: 1.4em;
        font-weight: 600;
      }
      .empty {
        position: absolute;
        inset-inline: 0;
        bottom: 56px;
        display: grid;
        justify-items: center;
        padding: 0 var(--_space-4);
        pointer-events: none;
      }
      .empty p {
        margin: 0;
        padding: 8px 16px;
        border-radius: 18px;
        background: rgb(12 14 18 / 0.7);
        text-align: center;
        line-height: 1.4;
        text-wrap: balance;
      }
      .empty span {
        color: #ccd2db;
      }
      @container (max-height: 340px) {
        .empty {
          top: var(--_space-3);
          bottom: auto;
        }
        .empty span {
          display: none;
        }
      }
    `,
  ];

  @consume({ context: roomStateContext, subscribe: true }) @property({ attribute: false }) room:
    RoomState | undefined;
  @state() private size = { width: 0, height: 0 };
  #observer: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'group');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  protected override render(): unknown {
    const { room } = this;
    if (!room) return nothing;
    const { shown, hiddenCount, floating } = this.#arrange(room);
    const alone = room.connection === 'connected' && room.participants.length <= 1;
    return html`
      <div class="tiles">
        ${
          room.share
            ? html`<enx-player
                class="screen"
                part="tile screen"
                exportparts="video, name-tag"
                screen
                ?self=${room.share.isSelf}
                display-name=${room.share.name}
                .stream=${room.share.stream}
                ?video=${Boolean(room.share.stream)}
              ></enx-player>`
            : nothing
        }
        ${repeat(
          floating ? [...shown, floating] : shown,
          ({ key }) => key,
          (tile) => html`
            <enx-player
              part="tile"
              exportparts="video, avatar, name-tag"
              data-key=${tile.key}
              ?data-floating=${tile === floating}
              display-name=${tile.name}
              .stream=${tile.stream}
              .slotId=${tile.slot}
              ?self=${tile.self}
              ?video=${tile.video}
              ?audio-muted=${tile.audioMuted}
              ?talking=${tile.talking}
            ></enx-player>
          `,
        )}
        ${
          hiddenCount > 0
            ? html`<div
                class="more"
                part="more"
                role="img"
                aria-label=${this.t('moreLabel', { count: hiddenCount })}
              >
                ${this.t('more', { count: hiddenCount })}
              </div>`
            : nothing
        }
      </div>
      ${
        alone
          ? html`<div class="empty">
              <slot name="empty"
                ><p>${this.t('alone')} <span>${this.t('aloneHint')}</span></p></slot
              >
            </div>`
          : nothing
      }
    `;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale')) this.setAttribute('aria-label', this.t('stage'));
  }

  protected override updated(): void {
    const tiles = this.renderRoot.querySelector('.tiles');
    if (tiles && !this.#observer) {
      this.#observer = new ResizeObserver(([entry]) => {
        const { width, height } = entry!.contentRect;
        this.size = { width, height };
      });
      this.#observer.observe(tiles);
    }
    this.#place();
  }

  /** Puts every tile where the layout wants it; through the style object, which every content policy allows. */
  #place(): void {
    const { width, height } = this.size;
    // Not measured yet.
    if (width === 0 || height === 0) return;
    const screen = this.renderRoot.querySelector<HTMLElement>('.screen');
    const players = [
      ...this.renderRoot.querySelectorAll<HTMLElement>('enx-player:not([data-floating], .screen), .more'),
    ];
    const place = (element: HTMLElement, rect: Rect): void => {
      element.style.width = `${rect.width}px`;
      element.style.height = `${rect.height}px`;
      element.style.transform = `translate(${rect.x}px, ${rect.y}px)`;
    };
    let tiles: Rect[];
    if (screen) {
      const layout = shareLayout(players.length, width, height, 8);
      place(screen, layout.screen);
      tiles = layout.tiles;
    } else tiles = gridLayout(players.length, width, height, 8);
    tiles.forEach((rect, index) => place(players[index]!, rect));
    const floating = this.renderRoot.querySelector<HTMLElement>('enx-player[data-floating]');
    if (floating) {
      const aspect = width < height && width <= 480 ? 3 / 4 : 4 / 3;
      place(floating, floatingRect(width, height, aspect, 8, getComputedStyle(this).direction === 'rtl'));
    }
  }

  #arrange(room: RoomState): { shown: Tile[]; hiddenCount: number; floating: Tile | undefined } {
    const self: Tile = {
      key: 'self',
      name: room.name,
      self: true,
      slot: 'self',
      stream: room.localStream,
      video: room.camera === 'on',
      audioMuted: room.microphone !== 'on',
      talking: room.talking,
    };
    // By slot, not by who talked last: whoever stays keeps their place.
    const talkers = [...room.talkers].sort((a, b) => a.slot - b.slot);
    const listed = new Set(talkers.map(({ clientId }) => clientId));
    const remote: Tile[] = [
      ...talkers.map(({ clientId, name, slot, stream, video, audio, talking }) => ({
        key: clientId,
        name,
        self: false,
        slot,
        stream,
        video,
        audioMuted: !audio,
        talking,
      })),
      ...room.participants
        .filter(({ isSelf, clientId }) => !isSelf && !listed.has(clientId))
        .map(({ clientId, name }) => ({
          key: clientId,
          name,
          self: false,
          slot: undefined,
          stream: undefined,
          video: false,
          audioMuted: true,
          talking: false,
        })),
    ];
    if (remote.length === 0) return { shown: [self], hiddenCount: 0, floating: undefined };
    const { width, height } = this.size;
    const page = room.share
      ? Math.min(SHARE_STRIP_TILES, tilesPerPage(width, height))
      : tilesPerPage(width, height);
    // Beside a shared screen there is no room to float in.
    const floats = !room.share && (remote.length === 1 || page === 1);
    const places = floats ? page : Math.max(1, page - 1);
    // On the smallest stage there is one face: the one who talks.
    const visible = page === 1 ? [remote.find(({ talking }) => talking) ?? remote[0]!] : remote;
    const fits = visible.length <= places ? visible : visible.slice(0, Math.max(1, places - 1));
    const hiddenCount = page === 1 ? 0 : remote.length - fits.length;
    return {
      shown: floats ? fits : [...fits, self],
      hiddenCount,
      floating: floats ? self : undefined,
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-stage': EnxStage;
  }
}
