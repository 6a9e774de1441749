import { css } from 'lit';

export const styles = css`
  :host {
    --_focus: #fff;
    --_gap: var(--_space-2);
    position: relative;
    display: flex;
    align-items: center;
    justify-content: safe center;
    gap: var(--_gap);
    padding: var(--_space-2) var(--_space-3) max(var(--_space-2), env(safe-area-inset-bottom));
    color: var(--_on-stage);
    min-width: 0;
  }
  /* Its width is the toolbar's; its height never changes, so measuring it never measures itself. */
  .ruler {
    position: absolute;
    inset-inline: 0;
    height: 0;
  }
  button {
    position: relative;
    flex: none;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-width: var(--_control-size);
    height: var(--_control-size);
    padding: 0 10px;
    border: 0;
    border-radius: 999px;
    background: #2d323a;
    color: inherit;
    font-size: 0.9em;
    font-weight: 550;
    white-space: nowrap;
    transition:
      background-color var(--_motion) ease-out,
      color var(--_motion) ease-out;
  }
  button svg {
    flex: none;
    font-size: 20px;
  }
  button:hover {
    background: #3b414b;
  }
  button[aria-disabled='true'] {
    color: var(--_on-stage-muted);
    cursor: default;
  }
  button[aria-disabled='true']:hover {
    background: #2d323a;
  }
  button[data-state='muted'],
  button[data-state='unavailable'] {
    background: #f2f4f7;
    color: #b3202c;
  }
  button[data-state='muted']:hover,
  button[data-state='unavailable']:hover {
    background: #fff;
  }
  button.on,
  button.on:hover {
    background: #f2f4f7;
    color: #171a1f;
  }
  button.leave {
    background: var(--_danger);
    color: var(--_on-danger);
    padding-inline: 16px;
  }
  button.leave:hover,
  .leave + button.caret:hover {
    background: color-mix(in srgb, var(--_danger) 88%, #000);
  }
  /* A choice that belongs to the button before it. */
  .pair {
    position: relative;
    display: flex;
    flex: none;
  }
  .pair button:first-child:not(:only-child) {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  button.caret {
    min-width: 28px;
    padding: 0 5px;
    border-start-start-radius: 0;
    border-end-start-radius: 0;
    border-inline-start: 1px solid rgb(255 255 255 / 0.16);
  }
  button.caret svg {
    font-size: 15px;
  }
  button.caret[aria-expanded='true'] svg {
    transform: rotate(180deg);
  }
  .leave + button.caret {
    background: var(--_danger);
    color: var(--_on-danger);
    border-inline-start-color: rgb(255 255 255 / 0.4);
  }
  .badge {
    position: absolute;
    top: -3px;
    inset-inline-end: -3px;
    min-width: 19px;
    height: 19px;
    padding: 0 5px;
    border-radius: 999px;
    background: #7ea6ff;
    color: #0c1830;
    font-size: 12px;
    line-height: 19px;
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    text-align: center;
    outline: 1px solid transparent;
  }
  .badge.warning {
    background: var(--_warning);
    color: #241a00;
  }
  .gap {
    width: var(--_space-3);
    flex: none;
  }
  .label {
    display: none;
  }
  button.leave .label {
    display: inline;
  }
  :host([data-size='labels']) button:not(.caret, .leave) {
    flex-direction: column;
    gap: 3px;
    min-width: 66px;
    max-width: 98px;
    height: 54px;
    padding: 2px 8px 0;
    border-radius: 14px;
  }
  :host([data-size='labels']) .pair button:not(.caret, .leave, :only-child) {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  :host([data-size='labels']) button.caret {
    height: auto;
    border-start-end-radius: 14px;
    border-end-end-radius: 14px;
  }
  :host([data-size='labels']) .leave,
  :host([data-size='labels']) .leave + .caret {
    height: 54px;
  }
  :host([data-size='labels']) button.leave {
    border-radius: 14px;
  }
  :host([data-size='labels']) .pair button.leave:not(:only-child) {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  :host([data-size='labels']) .label {
    display: block;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 11.5px;
    line-height: 1.3;
  }
  :host([data-size='labels']) button.leave .label {
    font-size: inherit;
  }
  :host([data-size='labels']) .badge {
    top: 1px;
    inset-inline-end: calc(50% - 24px);
  }
  :host([data-size='tight']) button.leave .label {
    display: none;
  }
  :host([data-size='tight']) {
    --_gap: 6px;
    padding-inline: 6px;
  }
  :host([data-size='tight']) button,
  :host([data-size='tight']) button.leave {
    padding: 0;
  }
  @media (pointer: coarse) {
    button {
      min-width: max(44px, var(--_control-size));
      height: max(44px, var(--_control-size));
    }
    button.caret {
      min-width: 44px;
    }
  }
`;
