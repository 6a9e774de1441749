import { css } from 'lit';

export const styles = css`
  :host {
    --_focus: #fff;
    /* As large as the page says, as long as that suits the picture. */
    --_icon-fit: clamp(16px, 8cqmin, var(--_icon-width, 30px));
    display: block;
    position: relative;
    overflow: hidden;
    min-width: 40px;
    min-height: 40px;
    border-radius: var(--_radius-l);
    background: var(--_tile);
    color: var(--_on-stage);
    contain: strict;
    container-type: size;
    font-family: var(--_font);
    line-height: 1.4;
    text-align: start;
  }
  :host([hidden]) {
    display: none;
  }
  /* Nobody is there to be shown. */
  :host([data-absent]) {
    visibility: hidden;
  }
  video {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
    opacity: 0;
    transition: opacity var(--_motion) ease-out;
  }
  :host([data-playing]) video {
    opacity: 1;
  }
  :host([data-mirrored]) video {
    transform: scaleX(-1);
  }
  :host([screen]) video,
  :host(:fullscreen) video {
    object-fit: contain;
    background: #0b0c0f;
  }
  :host(:fullscreen) {
    border-radius: 0;
    background: #0b0c0f;
  }
  .avatar {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
  }
  .face {
    width: min(var(--_avatar-width, 200px), 46cqmin);
    height: min(var(--_avatar-height, 200px), 46cqmin);
    border-radius: 50%;
    object-fit: cover;
  }
  .initials {
    display: grid;
    place-items: center;
    background: hsl(var(--_hue, 220) 34% 36%);
    color: #fff;
    font-size: min(calc(var(--_avatar-height, 200px) * 0.38), 17cqmin);
    font-weight: 600;
    letter-spacing: 0.02em;
    user-select: none;
  }
  /* The ring is drawn once and only fades: no layout, no repaint. */
  .ring,
  .bloom {
    position: absolute;
    inset: 0;
    z-index: 1;
    border-radius: inherit;
    opacity: 0;
    pointer-events: none;
  }
  .ring {
    box-shadow: inset 0 0 0 3px var(--_talking);
    transition: opacity var(--_motion) ease-out;
  }
  .bloom {
    box-shadow: inset 0 0 28px 4px color-mix(in srgb, var(--_talking) 60%, transparent);
    transition: opacity 120ms linear;
  }
  .ring[data-talking] {
    opacity: 1;
  }
  .tag {
    position: absolute;
    inset-inline-start: var(--_space-2);
    top: var(--_tag-top, auto);
    bottom: var(--_tag-bottom, var(--_space-2));
    max-width: calc(100% - 2 * var(--_space-2));
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 4px 9px;
    border-radius: 999px;
    background: rgb(12 14 18 / 0.7);
    font-size: 0.82em;
    line-height: 1.3;
    color: #fff;
  }
  .tag .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
  }
  .mark {
    display: inline-grid;
    flex: none;
    font-size: 1.15em;
    color: var(--_icon-color, #fff);
  }
  .mark.muted {
    color: #ff9aa2;
  }
  .mark.hand,
  .mark.weak,
  .mark.fair {
    color: #ffcf70;
  }
  .mark.lost {
    color: #ff9aa2;
  }
  /* Beside the name, on the side of the middle. */
  .notice {
    position: absolute;
    inset-inline-start: var(--_space-2);
    top: var(--_notice-top, auto);
    bottom: var(--_notice-bottom, calc(var(--_space-2) + 2.2em));
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: calc(100% - 68px);
    padding: 3px 9px;
    border-radius: 999px;
    background: rgb(12 14 18 / 0.7);
    color: #ffcf70;
    font-size: 0.8em;
  }
  .notice svg {
    flex: none;
  }
  .notice span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .shade {
    position: absolute;
    inset: 0;
  }
  .controls {
    position: absolute;
    z-index: 2;
    top: var(--_space-1);
    inset-inline-end: var(--_space-1);
    display: flex;
    gap: 2px;
    opacity: 0;
    /* The first tap shows them, the second one means them. */
    pointer-events: none;
    transition: opacity var(--_motion) ease-out;
  }
  .controls[data-active] {
    pointer-events: auto;
    padding: 2px;
    border-radius: 999px;
    background: rgb(12 14 18 / 0.7);
    opacity: 1;
  }
  .control {
    display: grid;
    place-items: center;
    min-width: 32px;
    min-height: 32px;
    padding: 0;
    border: 0;
    border-radius: 999px;
    background: none;
    color: var(--_icon-color, #fff);
  }
  .control:hover {
    background: rgb(255 255 255 / 0.18);
  }
  .control:focus-visible {
    outline-offset: -2px;
  }
  .control svg {
    width: var(--_icon-fit);
    height: clamp(16px, 8cqmin, var(--_icon-height, 30px));
    margin: 4px;
  }
  @container (max-width: 259px) {
    .control:not(.more) {
      display: none;
    }
    /* The mark beside the name says it. */
    .notice {
      display: none;
    }
  }
  @container (max-width: 130px) {
    .tag {
      padding: 3px 7px;
      font-size: 0.72em;
      inset-inline-start: 4px;
      bottom: 4px;
      top: auto;
      max-width: calc(100% - 8px);
    }
  }
  @container (min-width: 260px) {
    .notice ~ .tag .mark.weak {
      display: none;
    }
  }
  @media (pointer: coarse) {
    .control {
      min-width: 44px;
      min-height: 44px;
    }
  }
  @media (prefers-contrast: more) {
    .tag,
    .notice,
    .controls[data-active] {
      background: #000;
    }
    .ring {
      box-shadow: inset 0 0 0 5px var(--_talking);
    }
  }
  @media (forced-colors: active) {
    :host {
      outline: 1px solid CanvasText;
      outline-offset: -1px;
    }
    .ring[data-talking] {
      border: 4px solid Highlight;
    }
    .tag,
    .notice,
    .controls[data-active] {
      border: 1px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }
    .mark,
    .control {
      color: CanvasText;
    }
  }
`;
