import { css, html } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LocalizedElement } from '../i18n/localized.js';
import { tokens } from '../internal/base-styles.js';
import { define } from '../internal/define.js';

interface Shown {
  id: number;
  emoji: string;
  name: string;
}

const LIFETIME_MS = 4000;
const MOST = 12;

/** Reactions rise over the stage and fade. Decorative: the room tells screen readers of them. */
@define('enx-reactions')
export class EnxReactions extends LocalizedElement {
  static override styles = [
    tokens,
    css`
      :host {
        position: relative;
        z-index: 2;
        grid-area: 1 / 1;
        margin-inline: var(--_space-4);
        width: 220px;
        max-width: 60%;
        overflow: hidden;
        pointer-events: none;
        contain: strict;
      }
      .reaction {
        position: absolute;
        bottom: var(--_space-3);
        display: grid;
        justify-items: center;
        gap: 3px;
        max-width: 110px;
        color: #fff;
        animation: rise 4s ease-out both;
      }
      .reaction.second {
        inset-inline-start: 34%;
      }
      .reaction.third {
        inset-inline-start: 66%;
      }
      .emoji {
        font-size: 34px;
        line-height: 1.2;
      }
      .name {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        padding: 1px 8px;
        border-radius: 999px;
        background: rgb(12 14 18 / 0.7);
        font-size: 0.78em;
        unicode-bidi: isolate;
      }
      @keyframes rise {
        0% {
          opacity: 0;
          transform: translateY(20px) scale(0.7);
        }
        10% {
          opacity: 1;
          transform: none;
        }
        75% {
          opacity: 1;
        }
        100% {
          opacity: 0;
          transform: translateY(-180px);
        }
      }
      @keyframes stay {
        from,
        80% {
          opacity: 1;
        }
        to {
          opacity: 0;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .reaction {
          animation-name: stay;
        }
      }
    `,
  ];

  @state() private shown: readonly Shown[] = [];
  #nextId = 0;

  /** @param name of whoever reacts; shown as text. */
  show(emoji: string, name: string): void {
    const id = this.#nextId++;
    this.shown = [...this.shown.slice(-(MOST - 1)), { id, emoji, name }];
    window.setTimeout(() => (this.shown = this.shown.filter((other) => other.id !== id)), LIFETIME_MS);
  }

  protected override render(): unknown {
    return repeat(
      this.shown,
      ({ id }) => id,
      ({ id, emoji, name }) =>
        html`<div class="reaction ${['first', 'second', 'third'][id % 3]!}" aria-hidden="true">
          <span class="emoji">${emoji}</span><span class="name">${name}</span>
        </div>`,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-reactions': EnxReactions;
  }
}
