import { html } from 'lit';
import type { Translate } from '../i18n/locale.js';
import type { StringKey } from '../internal/strings.js';
import '../dialog/enx-dialog.js';
import type { Shortcut } from './shortcuts.js';

const words: Record<Shortcut, StringKey> = {
  microphone: 'microphone',
  camera: 'camera',
  hand: 'hand',
  chat: 'chat',
  people: 'people',
  layout: 'layout',
  shortcuts: 'showShortcuts',
};

/** The list of keyboard shortcuts. @param keys key → what it does */
export function renderShortcutHelp(
  t: Translate,
  keys: Readonly<Record<string, Shortcut>>,
  close: () => void,
): unknown {
  const row = (key: string, word: StringKey): unknown =>
    html`<dt><kbd>${key}</kbd></dt>
      <dd>${t(word)}</dd>`;
  return html`<enx-dialog
    heading=${t('shortcuts')}
    text=${t('shortcutsHint')}
    exportparts="dialog"
    @enx-dialog-close=${close}
  >
    <dl class="keys">
      ${Object.entries(keys).map(([key, shortcut]) => row(key.toUpperCase(), words[shortcut]))}
      ${row(t('spaceKey'), 'pushToTalk')}
    </dl>
  </enx-dialog>`;
}
