import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    border-radius: var(--_radius-l);
    background: var(--_tile);
    color: var(--_on-stage);
    contain: strict;
    container-type: size;
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
  :host([self]) video {
    transform: scaleX(-1);
  }
  :host([screen]) video {
    object-fit: contain;
    transform: none;
    background: #0b0c0f;
  }
  .avatar {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
  }
  .initials {
    display: grid;
    place-items: center;
    width: min(45cqmin, 7.5rem);
    aspect-ratio: 1;
    border-radius: 50%;
    background: hsl(var(--_hue, 220) 34% 36%);
    color: #fff;
    font-size: min(17cqmin, 2.75rem);
    font-weight: 600;
    letter-spacing: 0.02em;
    user-select: none;
  }
  /* The ring is drawn once and only fades and grows: no layout, no repaint. */
  .ring {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    box-shadow: inset 0 0 0 3px var(--_talking);
    opacity: 0;
    pointer-events: none;
    transition: opacity var(--_motion) ease-out;
  }
  .bloom {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    box-shadow: inset 0 0 28px 4px color-mix(in srgb, var(--_talking) 60%, transparent);
    opacity: 0;
    pointer-events: none;
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
    background: rgb(12 14 18 / 0.66);
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
  .tag svg {
    flex: none;
    font-size: 1.1em;
    color: #ff9aa2;
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
  @media (forced-colors: active) {
    .ring[data-talking] {
      border: 3px solid Highlight;
    }
  }
`;
