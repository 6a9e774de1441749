import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    overflow: hidden auto;
    background: var(--_surface);
    color: var(--_text);
  }
  .content {
    display: grid;
    grid-template-columns: minmax(0, 1.4fr) minmax(16em, 1fr);
    align-items: center;
    align-content: center;
    gap: var(--_space-5);
    min-height: 100%;
    max-width: 68em;
    margin: 0 auto;
    padding: max(var(--_space-5), env(safe-area-inset-top)) max(var(--_space-5), env(safe-area-inset-right))
      max(var(--_space-5), env(safe-area-inset-bottom)) max(var(--_space-5), env(safe-area-inset-left));
  }
  .content.plain {
    grid-template-columns: minmax(0, 1fr);
  }
  .preview {
    position: relative;
    width: 100%;
    aspect-ratio: 16 / 10;
    max-height: 70cqh;
    border-radius: var(--_radius-l);
    overflow: hidden;
    background: #23272e;
    color: #f2f4f7;
  }
  enx-player {
    width: 100%;
    height: 100%;
  }
  /* Between the hint and the buttons, if the player has room for that. */
  @container (min-height: 120px) {
    enx-player::part(avatar) {
      inset-block: 36px 64px;
    }
  }
  /* The lower edge lights up with the voice. */
  enx-level {
    position: absolute;
    inset: auto 0 0;
    height: 6px;
    border-radius: 0;
  }
  .hint {
    position: absolute;
    inset-inline: 0;
    top: var(--_space-3);
    width: fit-content;
    max-width: calc(100% - 24px);
    margin: 0 auto;
    padding: 4px 12px;
    border-radius: 999px;
    background: rgb(12 14 18 / 0.66);
    text-align: center;
    font-size: 0.9em;
    color: #fff;
  }
  .toggles {
    position: absolute;
    inset-inline: 0;
    bottom: var(--_space-3);
    display: flex;
    justify-content: center;
    gap: var(--_space-3);
  }
  .toggle {
    --_focus: #fff;
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    border: 1px solid rgb(255 255 255 / 0.2);
    border-radius: 50%;
    background: rgb(12 14 18 / 0.66);
    color: #fff;
    font-size: 21px;
  }
  .toggle[data-state='muted'],
  .toggle[data-state='unavailable'] {
    background: #f2f4f7;
    color: #b3202c;
  }
  .toggle[aria-disabled='true'] {
    color: #c3cad5;
    cursor: default;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--_space-3);
    width: 100%;
    max-width: 22em;
    justify-self: center;
  }
  /* One below the other, picture and words have the same edges. */
  @container (max-width: 520px) {
    .content:not(.plain) form {
      max-width: none;
    }
  }
  h2 {
    margin: 0;
    font-size: 1.45em;
    font-weight: 650;
    line-height: 1.2;
    text-wrap: balance;
  }
  p {
    margin: 0;
    line-height: 1.5;
    color: var(--_text-muted);
  }
  .status {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .status:not(:has(p)) {
    position: absolute;
  }
  .status svg {
    flex: none;
    font-size: 20px;
  }
  .problem {
    padding: 10px 12px;
    border-radius: var(--_radius-m);
    background: color-mix(in srgb, var(--_warning) 18%, var(--_surface));
  }
  .problem p {
    color: var(--_text);
  }
  label.name {
    display: grid;
    gap: 6px;
    font-size: 0.9em;
    font-weight: 600;
  }
  .name .field {
    font-weight: 400;
  }
  .devices {
    border-top: 1px solid var(--_line);
  }
  .devices > summary {
    font-size: 0.94em;
  }
  .choices {
    display: grid;
    gap: var(--_space-3);
    padding-bottom: var(--_space-2);
  }
  @container (max-width: 680px) {
    .content {
      grid-template-columns: minmax(0, 1fr);
      padding: var(--_space-4);
      gap: var(--_space-4);
    }
    .preview {
      max-height: 45cqh;
    }
  }
  @container (max-height: 400px) and (min-width: 441px) {
    .content:not(.plain) {
      grid-template-columns: minmax(0, 1fr) minmax(13em, 1fr);
      align-items: start;
      padding: var(--_space-3);
      gap: var(--_space-4);
    }
    .preview {
      max-height: calc(100cqh - 24px);
      position: sticky;
      top: var(--_space-3);
    }
    p.allow {
      display: none;
    }
  }
  @container (max-width: 440px) and (max-height: 400px) {
    .preview {
      aspect-ratio: auto;
      height: 72px;
    }
    .content {
      padding: var(--_space-3);
      gap: var(--_space-3);
    }
    form {
      gap: var(--_space-2);
    }
    h2 {
      font-size: 1.1em;
    }
    enx-player {
      opacity: 0.4;
    }
    .toggles {
      bottom: 12px;
    }
    .hint {
      display: none;
    }
  }
`;
