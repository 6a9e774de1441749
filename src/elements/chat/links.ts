import { html } from 'lit';

const address = /(?:\bhttps?:\/\/|(?<![\w.@/])www\.)[^\s<>"'`\p{Extended_Pictographic}]+/giu;
const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Takes off what belongs to the sentence and not to the address: a full stop, or a bracket that was opened before it. */
function trimmed(text: string): string {
  let end = text.length;
  for (; end > 0; end--) {
    const last = text[end - 1]!;
    const opening = pairs[last];
    const sentence = /[.,;:!?…。，！？、]/.test(last);
    const unbalanced =
      opening !== undefined &&
      text.slice(0, end).split(last).length > text.slice(0, end).split(opening).length;
    if (!sentence && !unbalanced) break;
  }
  return text.slice(0, end);
}

/** An address that is safe to offer: http or https, well-formed. */
function safe(text: string): string | undefined {
  try {
    const { protocol, href } = new URL(/^www\./i.test(text) ? `https://${text}` : text);
    return protocol === 'http:' || protocol === 'https:' ? href : undefined;
  } catch {
    return undefined;
  }
}

/** A message as text and links, in order. Everything that is no web address stays text. */
export function withLinks(text: string): unknown[] {
  const parts: unknown[] = [];
  let done = 0;
  for (const match of text.matchAll(address)) {
    const shown = trimmed(match[0]);
    const href = safe(shown);
    if (!href) continue;
    parts.push(
      text.slice(done, match.index),
      html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${shown}</a>`,
    );
    done = match.index + shown.length;
  }
  parts.push(text.slice(done));
  return parts.filter((part) => part !== '');
}
