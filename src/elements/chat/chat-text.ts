import type { ChatMessage } from '../../engine/room-state.js';
import type { Locale } from '../i18n/locale.js';

/** Who said it to whom, for the heading of a message. */
export function privacyOf(
  { broadcast, isSelf, recipients }: ChatMessage,
  nameOf: (clientId: string) => string,
  { t, list }: Locale,
): string | undefined {
  if (broadcast) return undefined;
  return isSelf ? t('privateTo', { name: list(recipients.map(nameOf)) }) : t('privately');
}

/** The conversation as plain text, one paragraph per message. */
export function chatAsText(
  messages: readonly ChatMessage[],
  nameOf: (clientId: string) => string,
  locale: Locale,
): string {
  return messages
    .map((message) => {
      const privacy = privacyOf(message, nameOf, locale);
      const from = message.isSelf ? locale.t('you') : message.from || locale.t('guest');
      const head = `[${new Date(message.timestamp).toLocaleString(locale.lang)}] ${from}`;
      return `${head}${privacy ? ` (${privacy})` : ''}:\n${message.text}\n`;
    })
    .join('\n');
}

/** Hands a text to the browser as a file to keep. */
export function saveText(text: string, fileName: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href: url, download: fileName }).click();
  // The browser reads it after this task.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
