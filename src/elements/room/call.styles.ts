import { css } from 'lit';

/** How the room lays out a call; added to its own style when a call begins. */
export const styles = css`
  .call {
    position: absolute;
    /* The lower edge is the toolbar's and the panels' own. */
    inset: env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left);
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) auto;
    background: var(--_stage);
  }
  enx-stage {
    grid-area: 1 / 1;
    min-height: 0;
  }
  enx-toolbar {
    grid-area: 2 / 1;
  }
  .own {
    grid-area: 1 / 1 / 3 / 2;
    position: relative;
    min-height: 0;
    overflow: auto;
    color: var(--_on-stage);
  }
  /* The corner of a shared screen belongs to it. */
  .call[data-share] .everybody {
    display: none;
  }
  /* Over the faces, never behind a panel. */
  .top {
    position: absolute;
    grid-column: 1 / 2;
    z-index: 4;
    top: var(--_space-3);
    inset-inline: var(--_space-3);
    display: grid;
    grid-template-columns: minmax(min-content, 1fr) auto minmax(0, 1fr);
    align-items: start;
    gap: var(--_space-2);
    pointer-events: none;
  }
  .count {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 4px 10px;
    border-radius: 999px;
    background: rgb(12 14 18 / 0.8);
    color: #fff;
    font-size: 0.82em;
    font-variant-numeric: tabular-nums;
  }
  .pills {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .count svg {
    flex: none;
  }
  /* The controls of the face below are wanted now. */
  .call[data-touched] .pills {
    visibility: hidden;
  }
  button.count {
    --_focus: #fff;
    position: relative;
    min-height: 28px;
    border: 0;
    pointer-events: auto;
  }
  button.count:hover {
    background: #2d323a;
  }
  .hands svg {
    color: #ffcf70;
  }
  .recording svg {
    color: #ff8f98;
  }
  enx-time-left:not(:defined) {
    display: none;
  }
  enx-time-left[soon] {
    background: var(--_warning);
    color: #241a00;
  }
  .notices {
    display: grid;
    gap: var(--_space-2);
    justify-items: center;
    min-width: 0;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 10px;
    max-width: 34em;
    padding: 9px 9px 9px 14px;
    padding-inline: 14px 9px;
    border-radius: var(--_radius-m);
    background: #fff;
    color: #171a1f;
    font-size: 0.92em;
    line-height: 1.35;
    box-shadow: 0 4px 18px rgb(0 0 0 / 0.35);
    pointer-events: auto;
    animation: appear var(--_motion) ease-out;
  }
  .notice svg {
    flex: none;
    font-size: 20px;
    color: #9a6200;
  }
  .notice.calm svg {
    color: #1f5fe0;
  }
  .notice p {
    margin: 0;
    flex: 1;
    padding-block: 4px;
  }
  .notice button {
    --_focus: #1f5fe0;
    flex: none;
    min-height: 36px;
    padding: 0 14px;
    border: 0;
    border-radius: 999px;
    background: #e9edf5;
    color: #171a1f;
    font-weight: 600;
    white-space: nowrap;
  }
  .notice button.close {
    padding: 0;
    width: 36px;
    display: grid;
    place-items: center;
    background: none;
  }
  .notice button.close svg {
    color: inherit;
    font-size: 18px;
  }
  .notice button:hover {
    background: #dbe2ef;
  }
  @media (pointer: coarse) {
    .notice button {
      min-height: 44px;
    }
    .notice button.close {
      width: 44px;
    }
    button.count::after {
      content: '';
      position: absolute;
      inset: -8px -4px;
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
      transform: translateY(-6px);
    }
  }
  /* Where there is little room, the call is more than what there is to say about it. */
  @container (max-width: 520px) or (max-height: 420px) {
    .notice:nth-child(n + 3) {
      display: none;
    }
  }
  @container (max-width: 300px) or (max-height: 300px) {
    .notice:nth-child(n + 2) {
      display: none;
    }
  }
  /* Narrow: the action goes below the sentence, and the controls of a face need the whole upper edge. */
  @container (max-width: 520px) {
    enx-stage:hover ~ .top .everybody {
      visibility: hidden;
    }
    .notice {
      flex-wrap: wrap;
      justify-content: flex-end;
    }
    .notice p {
      flex-basis: 55%;
    }
    .notice button:not(.close) {
      order: 1;
      flex: 1 1 40%;
      margin-inline-end: 5px;
    }
  }
  @container (max-width: 640px) {
    .top {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  /* Short: the toolbar lies over the picture. */
  @container (max-height: 340px) {
    .call {
      --_tag-top: var(--_space-2);
      --_tag-bottom: auto;
      --_notice-top: calc(var(--_space-2) + 2.2em);
      --_notice-bottom: auto;
    }
    .everybody {
      display: none;
    }
    /* Names stand at the upper edge here. */
    .top {
      bottom: 68px;
      align-content: space-between;
      grid-template-columns: minmax(0, 1fr);
    }
    .pills {
      order: 1;
    }
    enx-stage {
      grid-area: 1 / 1 / 3 / 2;
    }
    enx-toolbar {
      position: relative;
      z-index: 2;
      background: linear-gradient(to top, rgb(12 14 18 / 0.8), transparent);
      transition: opacity 200ms ease-out;
    }
    /* Never gone: who wants to bring it back must not hit what cannot be seen. */
    .call[data-quiet] enx-toolbar:not(:focus-within) {
      opacity: 0.4;
    }
  }
  @container (max-width: 300px) {
    .everybody {
      display: none;
    }
    .top {
      top: var(--_space-2);
      inset-inline: var(--_space-2);
    }
  }
  @media (prefers-contrast: more) {
    .count {
      background: #000;
    }
  }
  @media (forced-colors: active) {
    .notice,
    .count {
      border: 1px solid;
      background: Canvas;
    }
  }
`;
