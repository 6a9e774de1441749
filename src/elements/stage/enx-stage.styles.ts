import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    position: relative;
    min-height: 160px;
    overflow: hidden;
    container-type: size;
    background: var(--_stage);
    color: var(--_on-stage);
    touch-action: pan-y pinch-zoom;
  }
  :host([hidden]) {
    display: none;
  }
  .tiles {
    position: absolute;
    inset: var(--_tile-gap);
    bottom: calc(var(--_tile-gap) + var(--_bottom-inset, 0px));
    gap: var(--_tile-gap);
  }
  enx-player {
    position: absolute;
    left: 0;
    top: 0;
    transform-origin: 0 0;
  }
  enx-player[data-floating] {
    z-index: 1;
    cursor: grab;
    touch-action: none;
    border-radius: var(--_radius-m);
    box-shadow: 0 4px 18px rgb(0 0 0 / 0.4);
    outline: 1px solid rgb(255 255 255 / 0.14);
  }
  enx-player[data-dragged] {
    cursor: grabbing;
  }
  .move {
    position: absolute;
    inset: 0;
    border: 0;
    padding: 0;
    border-radius: inherit;
    background: none;
    color: inherit;
    cursor: inherit;
    touch-action: none;
  }
  .move:focus-visible {
    outline-offset: -3px;
  }
  .pager {
    --_focus: #fff;
    position: absolute;
    z-index: 1;
    left: 0;
    top: 0;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 2px;
    color: var(--_on-stage);
    font-size: 0.86em;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .pager[data-upright] {
    flex-direction: column;
  }
  .pager button {
    flex: none;
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: rgb(255 255 255 / 0.1);
    color: inherit;
    font-size: 20px;
  }
  .pager button:hover:not([aria-disabled='true']) {
    background: rgb(255 255 255 / 0.2);
  }
  .pager button[aria-disabled='true'] {
    color: var(--_on-stage-muted);
    background: none;
    cursor: default;
  }
  :host(:dir(rtl)) .pager:not([data-upright]) svg {
    transform: scaleX(-1);
  }
  .pager[data-upright] svg {
    transform: rotate(90deg);
  }
  .pager span {
    min-width: 3.4em;
    text-align: center;
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
  .empty ::slotted(*) {
    pointer-events: auto;
  }
  .empty p {
    margin: 0;
    padding: 8px 16px;
    border-radius: 18px;
    background: rgb(12 14 18 / 0.72);
    text-align: center;
    line-height: 1.4;
    text-wrap: balance;
  }
  .empty span {
    color: #ccd2db;
  }
  .chat-only {
    position: absolute;
    inset: 0;
    overflow: auto;
    display: grid;
    align-content: safe center;
    justify-items: center;
    gap: var(--_space-3);
    padding: var(--_space-5) var(--_space-4);
    text-align: center;
  }
  .chat-only .picture {
    display: grid;
    place-items: center;
    width: 56px;
    height: 56px;
    border-radius: 50%;
    background: rgb(255 255 255 / 0.08);
    font-size: 26px;
  }
  .chat-only h2 {
    margin: 0;
    font-size: 1.2em;
  }
  .chat-only p {
    margin: 0;
    color: #c3cad5;
    text-wrap: balance;
  }
  .chat-only ul {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--_space-2);
    max-width: 44em;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .chat-only li {
    max-width: 14em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
    padding: 5px 12px;
    border-radius: 999px;
    background: var(--_tile);
    font-size: 0.92em;
  }
  @media (pointer: coarse) {
    .pager button {
      width: 44px;
      height: 44px;
    }
  }
  @container (max-height: 340px) {
    .empty {
      top: 48px;
      bottom: auto;
    }
    .empty span {
      display: none;
    }
    .chat-only .picture {
      display: none;
    }
  }
  @media (prefers-contrast: more) {
    .empty p {
      background: #000;
    }
  }
  @media (forced-colors: active) {
    .chat-only li {
      border: 1px solid;
    }
    enx-player[data-floating],
    enx-player:focus:not(:focus-visible) {
      outline: 1px solid CanvasText;
    }
  }
`;
