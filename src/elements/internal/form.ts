import { css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';

/** Switches and choices as panels and the prejoin screen show them. */
export const formStyles = css`
  .row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--_space-3);
    min-height: 44px;
  }
  .row.stacked {
    display: grid;
    gap: 5px;
    justify-content: stretch;
  }
  .row .words {
    min-width: 0;
    line-height: 1.35;
  }
  .row .hint {
    display: block;
    color: var(--_text-muted);
    font-size: 0.88em;
  }
  .row.stacked .words {
    font-size: 0.9em;
    font-weight: 600;
  }
  select,
  .field {
    appearance: none;
    width: 100%;
    min-width: 0;
    min-height: var(--_control-size);
    padding: 0 14px;
    border: 1px solid color-mix(in srgb, var(--_text) 48%, transparent);
    border-radius: var(--_radius-m);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }
  select {
    padding-inline: 12px 34px;
  }
  .field::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }
  .fold > summary {
    display: flex;
    align-items: center;
    min-height: 44px;
    font-weight: 600;
    cursor: pointer;
  }
  .fold > summary::before {
    content: '';
    flex: none;
    width: 7px;
    height: 7px;
    margin-inline: 2px 12px;
    border: solid currentColor;
    border-width: 2px 2px 0 0;
    transform: rotate(45deg);
    transition: transform var(--_motion) ease-out;
  }
  .fold > summary:dir(rtl)::before {
    transform: rotate(-135deg);
  }
  .fold[open] > summary::before {
    transform: rotate(135deg);
  }
  .fold > summary::-webkit-details-marker {
    display: none;
  }
  .select {
    position: relative;
    display: block;
    min-width: 0;
  }
  .select::after {
    content: '';
    position: absolute;
    inset-inline-end: 15px;
    top: calc(50% - 6px);
    width: 7px;
    height: 7px;
    border: solid currentColor;
    border-width: 0 2px 2px 0;
    transform: rotate(45deg);
    pointer-events: none;
  }
  input[role='switch'] {
    appearance: none;
    flex: none;
    position: relative;
    width: 42px;
    height: 24px;
    margin: 0;
    border: 2px solid color-mix(in srgb, var(--_text) 58%, transparent);
    border-radius: 999px;
    background: transparent;
    cursor: pointer;
    transition: background-color var(--_motion) ease-out;
  }
  input[role='switch']::after {
    content: '';
    position: absolute;
    top: 3px;
    inset-inline-start: 3px;
    width: 14px;
    height: 14px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--_text) 64%, transparent);
    transition: transform var(--_motion) ease-out;
  }
  input[role='switch']:checked {
    border-color: var(--_accent);
    background: var(--_accent);
  }
  input[role='switch']:checked::after {
    background: var(--_on-accent);
    transform: translateX(18px);
  }
  input[role='switch']:checked:dir(rtl)::after {
    transform: translateX(-18px);
  }
  label.row {
    cursor: pointer;
  }
  @media (pointer: coarse) {
    select,
    .field {
      min-height: max(44px, var(--_control-size));
      /* Smaller text makes a phone zoom in. */
      font-size: max(16px, 1em);
    }
  }
  @media (forced-colors: active) {
    input[role='switch']::after,
    input[role='switch']:checked::after {
      background: ButtonText;
    }
    input[role='switch']:checked {
      background: Highlight;
    }
  }
`;

export interface SwitchRow {
  label: string;
  hint?: string;
  on: boolean;
  change: (on: boolean) => void;
}

/** A switch shows the state, not the click: it moves when the state does. */
export const switchRow = ({ label, hint, on, change }: SwitchRow): unknown =>
  html`<label class="row">
    <span class="words">${label}${hint ? html`<span class="hint">${hint}</span>` : nothing}</span>
    <input
      type="checkbox"
      role="switch"
      .checked=${live(on)}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        const wanted = input.checked;
        input.checked = on;
        change(wanted);
      }}
    />
  </label>`;

export interface SelectRow {
  label: string;
  value: string;
  options: readonly { id: string; label: string }[];
  change: (id: string) => void;
  /** Name of the control where the label is not shown. */
  hideLabel?: boolean;
}

export const selectRow = ({ label, value, options, change, hideLabel }: SelectRow): unknown =>
  html`<label class="row stacked">
    <span class=${hideLabel ? 'visually-hidden' : 'words'}>${label}</span>
    <span class="select"
      ><select
        @change=${(event: Event) => {
          const select = event.target as HTMLSelectElement;
          const wanted = select.value;
          select.value = value;
          change(wanted);
        }}
      >
        ${options.map(
          (option) =>
            html`<option value=${option.id} .selected=${live(option.id === value)}>${option.label}</option>`,
        )}
      </select></span
    >
  </label>`;
