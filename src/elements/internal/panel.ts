import { css, html, nothing } from 'lit';
import { icon } from './icon.js';
import { closeIcon } from './icons.js';

/** There is no keyboard but the one on the screen. */
export const touchesOnly = (): boolean => matchMedia('(hover: none) and (pointer: coarse)').matches;

/** The cursor goes into the field; a screen keyboard that comes up unasked would hide what one wants to read. */
export function focusPanel(root: ParentNode, field: HTMLElement | null): void {
  (touchesOnly() ? root.querySelector<HTMLElement>('#title') : field)?.focus();
}

/** What panels beside the call have in common: a bar with title and close button, and a body that scrolls. */
export const panelStyles = css`
  :host {
    --_focus: var(--_accent);
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--_surface);
    color: var(--_text);
  }
  .bar {
    flex: none;
    display: flex;
    align-items: center;
    gap: 2px;
    padding-block: var(--_space-2);
    padding-inline: var(--_space-4) var(--_space-2);
    border-bottom: 1px solid var(--_line);
  }
  h2 {
    flex: 1;
    margin: 0;
    font-size: 1.05em;
    font-weight: 650;
  }
  h2 .count {
    margin-inline-start: 6px;
    color: var(--_text-muted);
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }
  .icon {
    flex: none;
    display: grid;
    place-items: center;
    width: var(--_control-size);
    height: var(--_control-size);
    border: 0;
    border-radius: 50%;
    background: none;
    color: inherit;
    font-size: 20px;
  }
  .icon:hover,
  .icon[aria-expanded='true'] {
    background: var(--_surface-raised);
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    padding-bottom: env(safe-area-inset-bottom);
  }
  h3 {
    margin: 0;
    font-size: 0.84em;
    font-weight: 600;
    color: var(--_text-muted);
  }
  .small {
    min-height: 36px;
    padding: 4px 14px;
    border: 0;
    border-radius: 999px;
    background: var(--_surface-raised);
    color: var(--_text);
    font-size: 0.92em;
    font-weight: 600;
  }
  .small.main {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .small:hover {
    filter: brightness(0.96);
  }
  @media (pointer: coarse) {
    .small {
      min-height: 44px;
    }
    .icon {
      min-width: 44px;
      min-height: 44px;
    }
  }
`;

/** The bar of a panel. @param extra buttons between title and close. */
export const panelBar = (
  title: unknown,
  closeLabel: string,
  close: () => void,
  extra: unknown = nothing,
): unknown =>
  html`<div class="bar">
    <h2 id="title" tabindex="-1">${title}</h2>
    ${extra}
    <button type="button" class="icon close" aria-label=${closeLabel} title=${closeLabel} @click=${close}>
      ${icon(closeIcon)}
    </button>
  </div>`;
