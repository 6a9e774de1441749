import { css } from 'lit';

export const styles = css`
  .search {
    flex: none;
    position: relative;
    padding: var(--_space-3) var(--_space-4) var(--_space-2);
  }
  .search svg {
    position: absolute;
    inset-inline-start: calc(var(--_space-4) + 12px);
    top: calc(50% - 7px);
    font-size: 18px;
    color: var(--_text-muted);
    pointer-events: none;
  }
  .search .field {
    padding-inline: 40px 12px;
    border-radius: 999px;
  }
  section {
    padding: 0 var(--_space-2) var(--_space-2) var(--_space-4);
    padding-inline: var(--_space-4) var(--_space-2);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 40px;
    padding-inline-end: var(--_space-2);
  }
  .head .count {
    font-variant-numeric: tabular-nums;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .guests {
    padding-block: var(--_space-1) var(--_space-3);
    margin: 0 var(--_space-2) var(--_space-2);
    padding-inline: var(--_space-2);
    border-radius: var(--_radius-l);
    background: color-mix(in srgb, var(--_accent) 11%, var(--_surface));
  }
  .guest {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 4px var(--_space-2);
    padding-block: 3px;
    min-height: 48px;
  }
  .guest .name {
    flex: 1 1 7em;
    min-width: 0;
  }
  .answers {
    display: flex;
    gap: 6px;
  }
  .guests .small:not(.main) {
    background: var(--_surface);
  }
  .guests .head {
    padding-inline-end: 0;
  }
  .guests h3 {
    color: var(--_text);
  }
  .person {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 52px;
    content-visibility: auto;
    contain-intrinsic-height: 52px;
  }
  .face {
    flex: none;
    display: grid;
    place-items: center;
    width: 34px;
    height: 34px;
    border-radius: 50%;
    background: var(--_surface-raised);
    color: var(--_text-muted);
    font-size: 0.9em;
    font-weight: 650;
  }
  .who {
    flex: 1;
    min-width: 0;
    display: grid;
    line-height: 1.3;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    /* A name is cut at its own end, and stands where the others stand. */
    unicode-bidi: plaintext;
    text-align: left;
  }
  .name:dir(rtl) {
    text-align: right;
  }
  .self,
  .role {
    color: var(--_text-muted);
  }
  .role {
    font-size: 0.84em;
  }
  .mark {
    flex: none;
    display: inline-flex;
    align-items: center;
    gap: 3px;
    font-size: 0.84em;
    font-variant-numeric: tabular-nums;
  }
  .mark svg {
    font-size: 17px;
  }
  .mark.off {
    color: light-dark(#b3202c, #ff9aa2);
  }
  .mark.hand {
    padding: 3px 8px;
    border-radius: 999px;
    background: color-mix(in srgb, var(--_warning) 26%, var(--_surface));
    font-weight: 650;
  }
  .space {
    width: 8px;
  }
  .nothing {
    margin: var(--_space-5) var(--_space-4);
    color: var(--_text-muted);
    text-align: center;
  }
  .rules {
    flex: none;
    max-height: 55%;
    overflow: auto;
    padding: 0 var(--_space-4);
    padding-bottom: env(safe-area-inset-bottom);
    border-top: 1px solid var(--_line);
  }
  .rules[open] {
    padding-bottom: max(var(--_space-2), env(safe-area-inset-bottom));
  }
  /* Little height: everything scrolls together. */
  @container (max-height: 480px) or ((max-width: 640px) and (max-height: 800px)) {
    :host {
      overflow: hidden auto;
      overscroll-behavior: contain;
    }
    .bar {
      position: sticky;
      z-index: 1;
      top: 0;
      background: var(--_surface);
    }
    .body,
    .rules {
      flex: none;
      max-height: none;
      overflow: visible;
    }
  }
`;
