import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    /* Whatever the page does to all of its elements: what is inside stays inside. */
    contain: content !important;
    width: 100%;
    min-width: 240px;
    min-height: 240px;
    aspect-ratio: 16 / 10;
    max-height: 100vh;
    max-height: 100dvh;
    border-radius: var(--_radius-l);
    background: var(--_stage);
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  /* Nothing is inherited from the page but colour scheme, font, our own variables, and whether it can be seen at all. */
  .room {
    all: initial;
    visibility: inherit;
    pointer-events: inherit;
    position: absolute;
    inset: 0;
    container-type: size;
    color-scheme: inherit;
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_font-size);
    line-height: 1.4;
    text-align: start;
  }
  /* A page that speaks of no scheme leaves it to the person's system. */
  :host(:not([theme='light'], [theme='dark'])) .room.by-system {
    color-scheme: light dark;
  }
  /* Where the focus goes when what had it is gone. */
  .room:focus {
    outline: none;
  }
  .fill {
    position: absolute;
    inset: 0;
  }
`;
