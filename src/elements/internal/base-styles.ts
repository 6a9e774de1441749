import { css } from 'lit';

/**
 * Shared by all elements. Public tokens (`--enx-…`) may be set on any ancestor; inside, only the private aliases
 * (`--_…`) are read, so that every token has one default in one place.
 */
export const tokens = css`
  :host {
    --_stage: var(--enx-color-stage, #14161a);
    --_on-stage: #f2f4f7;
    --_on-stage-muted: #a9b0bb;
    --_tile: #23272e;
    --_surface: var(--enx-color-surface, light-dark(#ffffff, #1b1e23));
    --_surface-raised: var(--enx-color-surface-raised, light-dark(#f3f4f6, #262a31));
    --_text: var(--enx-color-text, light-dark(#171a1f, #f2f4f7));
    --_text-muted: var(--enx-color-text-muted, light-dark(#59616d, #a9b0bb));
    --_line: var(--enx-color-line, light-dark(rgb(23 26 31 / 0.13), rgb(255 255 255 / 0.13)));
    --_accent: var(--enx-color-accent, light-dark(#1f5fe0, #7ea6ff));
    --_on-accent: var(--enx-color-on-accent, light-dark(#ffffff, #0c1830));
    --_danger: var(--enx-color-danger, #d92f3c);
    --_on-danger: var(--enx-color-on-danger, #ffffff);
    --_warning: var(--enx-color-warning, #f5b83d);
    --_success: var(--enx-color-success, #35c27a);
    --_talking: var(--enx-color-talking, #4cd08b);
    --_radius-s: var(--enx-radius-s, 6px);
    --_radius-m: var(--enx-radius-m, 10px);
    --_radius-l: var(--enx-radius-l, 12px);
    --_space-1: var(--enx-space-1, 4px);
    --_space-2: var(--enx-space-2, 8px);
    --_space-3: var(--enx-space-3, 12px);
    --_space-4: var(--enx-space-4, 16px);
    --_space-5: var(--enx-space-5, 24px);
    --_space-6: var(--enx-space-6, 32px);
    --_font: var(--enx-font, inherit);
    --_font-size: var(--enx-font-size, 15px);
    --_control-size: var(--enx-control-size, 44px);
    --_tile-gap: var(--enx-tile-gap, 8px);
    --_tile-aspect: var(--enx-tile-aspect, auto);
    --_motion: var(--enx-motion, 160ms);
  }
  @media (prefers-reduced-motion: reduce) {
    :host {
      --_motion: 0ms;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --_stage: var(--enx-color-stage, #000);
      --_on-stage: #fff;
      --_on-stage-muted: #dfe4ec;
      --_text: var(--enx-color-text, light-dark(#000, #fff));
      --_text-muted: var(--enx-color-text-muted, light-dark(#2c323b, #dfe4ec));
      --_line: var(--enx-color-line, light-dark(#59616d, #a9b0bb));
    }
  }
`;

export const base = css`
  :host {
    box-sizing: border-box;
  }
  /* What pages like to set on everything, and what would be handed down to us. */
  :host > * {
    font-style: normal;
    font-variant: normal;
    letter-spacing: normal;
    word-spacing: normal;
    text-indent: 0;
    text-shadow: none;
    text-transform: none;
    white-space: normal;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button,
  input,
  textarea {
    font: inherit;
    letter-spacing: inherit;
  }
  button {
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--_focus, var(--_accent));
    outline-offset: 2px;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--_space-2);
    min-height: var(--_control-size);
    padding: 6px var(--_space-5);
    border: 0;
    border-radius: 999px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
    transition: filter var(--_motion) ease-out;
  }
  .button:hover:not(:disabled) {
    filter: brightness(1.08);
  }
  .button:disabled {
    opacity: 0.55;
  }
  .button.quiet {
    background: var(--_surface-raised);
    color: var(--_text);
  }
  /* Where tones are not enough, or are not shown at all. */
  @media (forced-colors: active), (prefers-contrast: more) {
    button:not([role]) {
      border: 1px solid !important;
    }
  }
  @media (forced-colors: active) {
    [aria-disabled='true'] {
      color: GrayText !important;
    }
    .on,
    [data-state='muted'],
    [data-state='unavailable'],
    [aria-expanded='true'] {
      background: Highlight !important;
      color: HighlightText !important;
    }
    svg {
      color: inherit !important;
    }
  }
`;
