import { consume } from '@lit/context';
import { css, html, nothing, svg } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RoomState } from '../../engine/room-state.js';
import type { RoomStatistics } from '../../engine/statistics.js';
import { LocalizedElement } from '../i18n/localized.js';
import { base, tokens } from '../internal/base-styles.js';
import { figuresContext, type FiguresReader, roomStateContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';

const INTERVAL_MS = 2000;
const MEMORY_MS = 60_000;
const CHART = { width: 240, height: 56 };

/** Bits per second of everything sent and received at one moment. */
interface Point {
  at: number;
  send: number;
  receive: number;
}

/**
 * What the connection does: round trip, and per stream bitrate, loss, picture size and codec; a small chart of the
 * last minute. Measures only while it is shown.
 */
@define('enx-statistics')
export class EnxStatistics extends LocalizedElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: grid;
        gap: var(--_space-3);
        font-size: 0.9em;
        font-variant-numeric: tabular-nums;
      }
      svg {
        display: block;
        width: 100%;
        height: 64px;
        border-radius: var(--_radius-s);
        background: var(--_surface-raised);
      }
      path {
        fill: none;
        stroke-width: 1.6;
        vector-effect: non-scaling-stroke;
      }
      .send {
        stroke: var(--_accent);
      }
      .receive {
        stroke: light-dark(#1d7a45, #4cd08b);
        stroke-dasharray: 4 2;
      }
      .keys {
        display: flex;
        flex-wrap: wrap;
        gap: 2px var(--_space-4);
        margin: 0;
      }
      .keys div {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      .keys i {
        display: inline-block;
        width: 16px;
        margin-inline-end: 6px;
        vertical-align: middle;
        border-top: 3px dashed light-dark(#1d7a45, #4cd08b);
      }
      .keys i.own {
        border-top: 3px solid var(--_accent);
      }
      dt,
      .muted {
        color: var(--_text-muted);
      }
      dd {
        margin: 0;
      }
      .streams {
        display: grid;
        gap: var(--_space-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .streams li {
        padding-top: var(--_space-2);
        border-top: 1px solid var(--_line);
      }
      .streams strong {
        font-weight: 600;
        unicode-bidi: isolate;
      }
      .streams dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--_space-3);
        margin: 2px 0 0;
      }
      .streams dl div {
        display: flex;
        gap: 5px;
      }
      p {
        margin: 0;
        color: var(--_text-muted);
      }
    `,
  ];

  @consume({ context: figuresContext }) figures: FiguresReader | undefined;
  @consume({ context: roomStateContext }) room: RoomState | undefined;
  /** What is shown at the moment. */
  @property({ attribute: false }) current: RoomStatistics | undefined;
  @state() private points: readonly Point[] = [];
  #timer: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#measure();
    this.#timer = window.setInterval(() => void this.#measure(), INTERVAL_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
  }

  async #measure(): Promise<void> {
    const current = await this.figures?.().catch(() => undefined);
    if (!current) return;
    this.current = current;
    const sum = (direction: 'send' | 'receive'): number =>
      current.streams.reduce((all, stream) => all + (stream.direction === direction ? stream.bitrate : 0), 0);
    this.points = [
      ...this.points.filter(({ at }) => current.at - at < MEMORY_MS),
      { at: current.at, send: sum('send'), receive: sum('receive') },
    ];
  }

  protected override render(): unknown {
    const { current, t } = this;
    if (!current || current.streams.length === 0) return html`<p>${t('noFigures')}</p>`;
    const last = this.points.at(-1);
    return html`
      ${this.#chart()}
      <dl class="keys">
        <div>
          <dt><i class="own"></i>${t('sent')}</dt>
          <dd>${this.#rate(last?.send ?? 0)}</dd>
        </div>
        <div>
          <dt><i></i>${t('received')}</dt>
          <dd>${this.#rate(last?.receive ?? 0)}</dd>
        </div>
        ${
          current.roundTripMs === undefined
            ? nothing
            : html`<div>
                <dt>${t('roundTrip')}</dt>
                <dd>${this.#unit(current.roundTripMs, 'millisecond')}</dd>
              </div>`
        }
      </dl>
      <ul class="streams">
        ${current.streams.map((stream) => this.#stream(stream))}
      </ul>
    `;
  }

  #stream(stream: RoomStatistics['streams'][number]): unknown {
    const { t } = this;
    const { bitrate, packetsLost, width, height, fps, codec } = stream;
    const figure = (name: string, value: unknown): unknown =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<li>
      <strong>${this.#nameOf(stream)}</strong>
      <dl>
        ${figure(t('bitrate'), this.#rate(bitrate))}
        ${figure(t('loss'), new Intl.NumberFormat(this.locale.lang, { style: 'percent', maximumFractionDigits: 1 }).format(packetsLost))}
        ${
          width && height
            ? figure(
                t('picture'),
                html`<bdi dir="ltr">${width}×${height}${fps ? ` · ${Math.round(fps)}/s` : ''}</bdi>`,
              )
            : nothing
        }
        ${codec ? figure(t('codec'), codec) : nothing}
      </dl>
    </li>`;
  }

  #nameOf({ direction, kind, source, clientId }: RoomStatistics['streams'][number]): string {
    const { t } = this;
    if (direction === 'send') {
      if (source === 'screen') return t('yourScreen');
      return t(kind === 'audio' ? 'ownMicrophone' : 'ownCamera');
    }
    const person = this.room?.participants.find((other) => other.clientId === clientId);
    const name = person?.name || t('guest');
    if (source === 'screen') return t('sharedBy', { name });
    return `${name} · ${t(kind === 'audio' ? 'sound' : 'picture')}`;
  }

  #chart(): unknown {
    const { points } = this;
    const last = points.at(-1);
    if (!last) return nothing;
    const most = Math.max(1, ...points.flatMap(({ send, receive }) => [send, receive]));
    const path = (key: 'send' | 'receive'): string =>
      points
        .map((point, index) => {
          const x = CHART.width - ((last.at - point.at) / MEMORY_MS) * CHART.width;
          const y = CHART.height - 3 - (point[key] / most) * (CHART.height - 8);
          return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
        })
        .join('');
    return html`<svg
      viewBox="0 0 ${CHART.width} ${CHART.height}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${this.t('lastMinute')}
    >
      ${svg`<path class="receive" d=${path('receive')}></path><path class="send" d=${path('send')}></path>`}
    </svg>`;
  }

  #rate(bitsPerSecond: number): string {
    return bitsPerSecond < 1e6
      ? this.#unit(Math.round(bitsPerSecond / 1000), 'kilobit-per-second')
      : this.#unit(bitsPerSecond / 1e6, 'megabit-per-second');
  }

  #unit(value: number, unit: string): string {
    return new Intl.NumberFormat(this.locale.lang, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: unit === 'megabit-per-second' ? 1 : 0,
    }).format(value);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-statistics': EnxStatistics;
  }
}
