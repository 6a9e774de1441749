import { css } from 'lit';

export const styles = css`
  .frame {
    position: relative;
    flex: 1;
    min-height: 0;
    display: flex;
  }
  .log {
    flex: 1;
    min-width: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    padding: var(--_space-3) var(--_space-4);
    display: flex;
    flex-direction: column;
    gap: 3px;
  }
  .log:focus-visible {
    outline-offset: -2px;
  }
  .nothing {
    margin: auto;
    text-align: center;
    color: var(--_text-muted);
    line-height: 1.45;
    text-wrap: balance;
  }
  .nothing strong {
    display: block;
    color: var(--_text);
    font-weight: 600;
  }
  article {
    max-width: 92%;
    align-self: flex-start;
  }
  article.own {
    align-self: flex-end;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
    margin: var(--_space-2) 0 3px;
    font-size: 0.82em;
  }
  .own .head {
    justify-content: flex-end;
  }
  .from {
    max-width: 100%;
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    unicode-bidi: isolate;
  }
  time,
  .privacy {
    color: var(--_text-muted);
    font-variant-numeric: tabular-nums;
  }
  .privacy {
    font-style: italic;
    overflow-wrap: anywhere;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 2px;
  }
  .own .line {
    flex-direction: row-reverse;
  }
  .text {
    margin: 0;
    min-width: 0;
    padding: 7px 12px;
    border-radius: var(--_radius-l);
    background: var(--_surface-raised);
    line-height: 1.4;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
    text-align: start;
    /* Is seen in forced colours. */
    outline: 1px solid transparent;
    outline-offset: -1px;
  }
  .own .text {
    background: color-mix(in srgb, var(--_accent) 16%, var(--_surface));
  }
  .private .text {
    outline: 1px dashed color-mix(in srgb, var(--_text) 48%, transparent);
  }
  a {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .copy {
    flex: none;
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--_text-muted);
    font-size: 15px;
    opacity: 0;
    transition: opacity var(--_motion) ease-out;
  }
  article:hover .copy,
  .copy:focus-visible {
    opacity: 1;
  }
  .copy:hover {
    color: var(--_text);
    background: var(--_surface-raised);
  }
  @media (hover: none) {
    .copy {
      opacity: 1;
    }
  }
  .newer {
    position: absolute;
    bottom: var(--_space-2);
    inset-inline: 0;
    margin-inline: auto;
    width: fit-content;
    box-shadow: 0 4px 14px rgb(0 0 0 / 0.28);
  }
  form {
    flex: none;
    padding: var(--_space-2) var(--_space-3);
    padding-bottom: max(var(--_space-3), env(safe-area-inset-bottom));
    border-top: 1px solid var(--_line);
  }
  .gone {
    margin: 0 0 6px;
    padding: 8px 10px;
    border-radius: var(--_radius-m);
    background: color-mix(in srgb, var(--_warning) 18%, var(--_surface));
    font-size: 0.9em;
  }
  .to {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    margin-bottom: 4px;
    color: var(--_text-muted);
    font-size: 0.88em;
  }
  .to > span:first-child {
    flex: none;
  }
  .to .select {
    flex: 0 1 auto;
  }
  .to select {
    min-height: 32px;
    max-width: 100%;
    padding-inline: 8px 28px;
    border-color: transparent;
    color: var(--_text);
    font-weight: 600;
  }
  .to select:hover {
    background: var(--_surface-raised);
  }
  .write {
    display: flex;
    align-items: flex-end;
    gap: 2px;
  }
  textarea {
    flex: 1;
    min-width: 0;
    max-height: 7.5em;
    min-height: var(--_control-size);
    padding: 11px 14px;
    border: 1px solid color-mix(in srgb, var(--_text) 48%, transparent);
    border-radius: 22px;
    background: var(--_surface);
    color: inherit;
    line-height: 1.35;
    resize: none;
    field-sizing: content;
  }
  textarea::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }
  textarea:focus-visible {
    outline-offset: 0;
  }
  .send {
    color: var(--_accent);
  }
  .send:dir(rtl) svg {
    transform: scaleX(-1);
  }
  @media (pointer: coarse) {
    .to select {
      min-height: 44px;
    }
    .copy {
      width: 44px;
      height: 44px;
    }
    /* Smaller letters make a phone zoom the page in. */
    textarea {
      font-size: max(16px, 1em);
    }
  }
`;
