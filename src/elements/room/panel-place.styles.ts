import { css } from 'lit';

/** Where panels stand in a call, and how the list of shortcuts looks; added with the first of them. */
export const panelPlace = css`
  .panel {
    grid-area: 1 / 2 / 3 / 3;
    width: clamp(280px, 32cqw, 360px);
    border-inline-start: 1px solid var(--_line);
  }
  /* The faces keep a column of their own, narrow as it is. */
  @container (max-width: 1000px) {
    .call:has(> .panel:not([hidden])) .top {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container (min-width: 641px) {
    .call[data-chat-only] .panel {
      width: clamp(280px, 60cqw, 56em);
    }
  }
  /* Compact: the panel is a sheet over the lower part of the stage; face and controls stay in sight. */
  @container (max-width: 640px) {
    .panel {
      position: relative;
      z-index: 3;
      grid-area: 1 / 1;
      align-self: end;
      width: auto;
      height: calc(67cqh - 60px);
      border-inline-start: 0;
      border-radius: var(--_radius-l) var(--_radius-l) 0 0;
      overflow: hidden auto;
      box-shadow: 0 -8px 30px rgb(0 0 0 / 0.4);
    }
    /* What it leaves is enough for faces; none of their controls lies below it. */
    .call:has(> .panel:not([hidden])) enx-stage {
      margin-bottom: calc(67cqh - 60px);
    }
    .call[data-chat-only] .panel {
      height: 100%;
    }
  }
  /* Low: beside the call, which keeps room for its controls. */
  @container (max-width: 640px) and ((max-height: 420px) or ((min-width: 461px) and (max-height: 520px))) {
    .panel {
      grid-area: 1 / 2 / 3 / 3;
      align-self: stretch;
      width: min(320px, 100cqw - 232px);
      height: auto;
      border-radius: 0;
    }
    .call:has(> .panel:not([hidden])) enx-stage {
      margin-bottom: 0;
    }
  }
  /* No room beside it: instead of the faces, and under an on-screen keyboard instead of everything. */
  @container (max-width: 460px) and (max-height: 420px) {
    .panel {
      grid-area: 1 / 1;
      width: auto;
    }
    .call:has(> .panel:not([hidden])) .pills {
      display: none;
    }
  }
  @container (max-width: 460px) and (max-height: 260px) {
    .panel {
      grid-area: 1 / 1 / 3 / 2;
    }
  }
  @media (forced-colors: active) {
    .panel {
      border: 1px solid;
      background: Canvas;
    }
  }
  .keys {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: var(--_space-2) var(--_space-4);
    margin: var(--_space-4) 0 0;
  }
  .keys dd {
    margin: 0;
  }
  kbd {
    display: inline-block;
    min-width: 2.2em;
    padding: 3px 8px;
    border: 1px solid color-mix(in srgb, var(--_text) 30%, transparent);
    border-radius: var(--_radius-s);
    background: var(--_surface-raised);
    font: inherit;
    font-weight: 600;
    text-align: center;
  }
`;
