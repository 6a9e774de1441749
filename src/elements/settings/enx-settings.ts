import { consume } from '@lit/context';
import { css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { RoomState } from '../../engine/room-state.js';
import { languages } from '../i18n/languages.js';
import { QuietElement } from '../i18n/quiet-element.js';
import { base, tokens } from '../internal/base-styles.js';
import { changedIn } from '../internal/changed-in.js';
import { preferencesContext, roomStateContext } from '../internal/contexts.js';
import { define } from '../internal/define.js';
import { deviceRow } from '../internal/device-row.js';
import { formStyles, selectRow, switchRow } from '../internal/form.js';
import '../internal/strings-panels.js';
import { panelBar, panelStyles } from '../internal/panel.js';
import { defaultPreferences, type Preferences } from '../internal/preferences.js';
import { type PreferenceChange, request } from '../internal/requests.js';
import type { StringKey } from '../internal/strings.js';
import '../sound/enx-level.js';
import '../sound/enx-speaker-test.js';
import { layouts } from '../toolbar/toolbar-items.js';
import './enx-statistics.js';

const selfViews: Record<Preferences['selfView'], StringKey> = {
  auto: 'layoutAuto',
  floating: 'selfFloating',
  grid: 'selfGrid',
  hidden: 'selfHidden',
};
const themes: Record<Preferences['theme'], StringKey> = {
  auto: 'themeAuto',
  light: 'themeLight',
  dark: 'themeDark',
};
const qualities: Record<'Auto' | 'HD' | 'SD' | 'LD', StringKey> = {
  Auto: 'layoutAuto',
  HD: 'qualityHigh',
  SD: 'qualityMedium',
  LD: 'qualityLow',
};

/**
 * Everything a person can choose for themselves, and what the connection does.
 *
 * @fires {CustomEvent} enx-device-request - Another device was chosen.
 * @fires {CustomEvent} enx-preference-request - Anything else was chosen.
 * @fires {CustomEvent} enx-reception-request - What one wants to receive was chosen.
 * @fires {CustomEvent} enx-shortcuts-request - The list of keyboard shortcuts is wanted.
 * @fires {CustomEvent} enx-settings-request - The panel is to be closed.
 * @csspart section - Settings that belong together.
 */
@define('enx-settings')
export class EnxSettings extends QuietElement {
  static override styles = [
    tokens,
    base,
    panelStyles,
    formStyles,
    css`
      section {
        display: grid;
        gap: var(--_space-2);
        padding: var(--_space-4);
        border-bottom: 1px solid var(--_line);
      }
      section:last-child {
        border-bottom: 0;
      }
      h3 {
        margin-bottom: 2px;
      }
      .keyboard {
        display: grid;
        gap: var(--_space-2);
      }
      .small {
        justify-self: start;
      }
      /* There is no keyboard to take a short cut with. */
      @media (hover: none) and (pointer: coarse) {
        .keyboard {
          display: none;
        }
      }
    `,
  ];

  @consume({ context: roomStateContext, subscribe: true })
  @property({
    attribute: false,
    hasChanged: changedIn<RoomState>(
      'devices',
      'microphone',
      'camera',
      'audioOnly',
      'chatOnly',
      'receiveQuality',
    ),
  })
  room: RoomState | undefined;
  @consume({ context: preferencesContext, subscribe: true })
  @property({ attribute: false })
  preferences: Preferences = defaultPreferences;

  @state() private showsFigures = false;
  @query('#title') private readonly titleElement!: HTMLElement;

  override focus(): void {
    void this.updateComplete.then(() => this.titleElement.focus());
  }

  protected override render(): unknown {
    const { room, t } = this;
    if (!room) return nothing;
    return html`
      ${panelBar(t('settings'), t('closeSettings'), () => request(this, 'enx-settings-request', { open: false }))}
      <div class="body">
        ${room.chatOnly ? nothing : [this.#sound(room), this.#picture(room)]} ${this.#appearance(room)}
        ${this.#connection(room)}
      </div>
    `;
  }

  #section(title: StringKey, content: unknown): unknown {
    return html`<section part="section" aria-labelledby=${title}>
      <h3 id=${title}>${this.t(title)}</h3>
      ${content}
    </section>`;
  }

  #sound({ devices, microphone }: RoomState): unknown {
    const { t, preferences } = this;
    return this.#section('sound', [
      microphone === 'off' ? nothing : this.#device('microphone', devices.microphones, devices.microphoneId),
      microphone === 'off' ? nothing : html`<enx-level></enx-level>`,
      devices.canChooseSpeaker ? this.#device('speaker', devices.speakers, devices.speakerId) : nothing,
      html`<enx-speaker-test></enx-speaker-test>`,
      switchRow({
        label: t('noiseSuppression'),
        on: preferences.noiseSuppression,
        change: (value) => this.#prefer({ name: 'noiseSuppression', value }),
      }),
      switchRow({
        label: t('echoCancellation'),
        on: preferences.echoCancellation,
        change: (value) => this.#prefer({ name: 'echoCancellation', value }),
      }),
    ]);
  }

  #picture({ devices, camera }: RoomState): unknown {
    const { t, preferences } = this;
    return this.#section('picture', [
      camera === 'off' ? nothing : this.#device('camera', devices.cameras, devices.cameraId),
      camera === 'off'
        ? nothing
        : selectRow({
            label: t('sendQuality'),
            value: preferences.quality,
            options: (['HD', 'SD', 'LD'] as const).map((id) => ({ id, label: t(qualities[id]) })),
            change: (id) => this.#prefer({ name: 'quality', value: id as Preferences['quality'] }),
          }),
      selectRow({
        label: t('selfView'),
        value: preferences.selfView,
        options: options(selfViews, t),
        change: (id) => this.#prefer({ name: 'selfView', value: id as Preferences['selfView'] }),
      }),
      switchRow({
        label: t('mirror'),
        on: preferences.mirror,
        change: (value) => this.#prefer({ name: 'mirror', value }),
      }),
    ]);
  }

  #appearance({ chatOnly }: RoomState): unknown {
    const { t, preferences } = this;
    return this.#section('appearance', [
      chatOnly
        ? nothing
        : selectRow({
            label: t('layout'),
            value: preferences.layout,
            options: options(layouts, t),
            change: (id) => this.#prefer({ name: 'layout', value: id as Preferences['layout'] }),
          }),
      selectRow({
        label: t('theme'),
        value: preferences.theme,
        options: options(themes, t),
        change: (id) => this.#prefer({ name: 'theme', value: id as Preferences['theme'] }),
      }),
      selectRow({
        label: t('language'),
        value: preferences.language,
        options: [{ id: '', label: t('pageLanguage') }, ...languageOptions()],
        change: (value) => this.#prefer({ name: 'language', value }),
      }),
      html`<div class="keyboard">
        ${switchRow({
          label: t('shortcutsOn'),
          on: preferences.shortcuts,
          change: (value) => this.#prefer({ name: 'shortcuts', value }),
        })}
        <button
          type="button"
          class="small"
          @click=${() => request(this, 'enx-shortcuts-request', { open: true })}
        >
          ${t('shortcuts')}
        </button>
      </div>`,
    ]);
  }

  #connection({ audioOnly, receiveQuality, chatOnly }: RoomState): unknown {
    const { t } = this;
    return this.#section('statistics', [
      chatOnly
        ? nothing
        : [
            switchRow({
              label: t('audioOnly'),
              hint: t('audioOnlyHint'),
              on: audioOnly,
              change: (on) => request(this, 'enx-reception-request', { audioOnly: on }),
            }),
            audioOnly
              ? nothing
              : selectRow({
                  label: t('receiveQuality'),
                  value: receiveQuality,
                  options: options(qualities, t),
                  change: (id) =>
                    request(this, 'enx-reception-request', { quality: id as RoomState['receiveQuality'] }),
                }),
          ],
      switchRow({
        label: t('showStatistics'),
        on: this.showsFigures,
        change: (on) => void this.#showFigures(on),
      }),
      this.showsFigures ? html`<enx-statistics></enx-statistics>` : nothing,
    ]);
  }

  async #showFigures(shows: boolean): Promise<void> {
    this.showsFigures = shows;
    await this.updateComplete;
    // They come at the end, below what is in view.
    this.renderRoot.querySelector('enx-statistics')?.scrollIntoView({ block: 'start' });
  }

  #device(
    device: 'microphone' | 'camera' | 'speaker',
    list: RoomState['devices']['cameras'],
    id: string,
  ): unknown {
    return deviceRow(this, device, list, id, this.t);
  }

  #prefer(change: PreferenceChange): void {
    request(this, 'enx-preference-request', change);
  }
}

const options = (
  words: Record<string, StringKey>,
  t: (key: StringKey) => string,
): { id: string; label: string }[] => Object.entries(words).map(([id, key]) => ({ id, label: t(key) }));

/** Every language by the name it has for itself. */
function languageOptions(): { id: string; label: string }[] {
  return languages
    .map((id) => {
      const name = new Intl.DisplayNames(id, { type: 'language' }).of(id) ?? id;
      return { id, label: name.charAt(0).toLocaleUpperCase(id) + name.slice(1) };
    })
    .sort((a, b) => a.label.localeCompare(b.label));
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-settings': EnxSettings;
  }
}
