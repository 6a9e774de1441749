/** Styles and markup of elements are text, which minifiers of code leave alone: this takes out what browsers skip. */

/** Outside of what is kept: strings, and places that are filled in. */
const keep = /\/\*[^]*?\*\/|"[^"]*"|'[^']*'|\$\{[^}]*\}/g;

/**
 * Style without comments, line breaks and optional spaces and semicolons. Spaces around `+` and `-` stay, for `calc()`
 * needs them, and so does one before a colon, where it tells a descendant from the element itself.
 */
export function trimStyle(css) {
  const kept = [];
  const text = css.replace(keep, (found) => {
    if (found.startsWith('/*')) return ' ';
    kept.push(found);
    return '\0';
  });
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/\( /g, '(')
    .replace(/ (\)|!important)/g, '$1')
    .replace(/;}/g, '}')
    .replace(/(?<![\w.-])0\.(?=\d)/g, '.')
    .trim()
    .replace(/\0/g, () => kept.shift());
}

/** Of markup only the indentation goes: what is left between two words is still a space. */
export const trimTemplates = {
  name: 'trim-templates',
  transform(code, id) {
    if (!/[\\/]build[\\/]src[\\/]elements[\\/]/.test(id)) return null;
    const trimmed = code
      .replace(/\bcss ?`([^`]*)`/g, (_, css) => `css\`${trimStyle(css)}\``)
      .replace(/\n {4,}/g, '\n');
    return { code: trimmed, map: null };
  },
};

/** The compiler puts its helper for decorators into every file; one is enough. */
const helper = /^var __decorate = \(this && this\.__decorate\) \|\| (function \([^]*?\n\});\n/m;
const helperId = '\0decorate';
export const oneDecorateHelper = {
  name: 'one-decorate-helper',
  resolveId: (id) => (id === helperId ? id : null),
  load: (id) => (id === helperId ? helperSource : null),
  transform: (code) =>
    helper.test(code)
      ? { code: code.replace(helper, `import { __decorate } from '${helperId}';\n`), map: null }
      : null,
};
/** As the compiler writes it, without what only runtimes with their own `Reflect.decorate` need. */
const helperSource = `export function __decorate(decorators, target, key, desc) {
  const c = arguments.length;
  let r = c < 3 ? target : desc === null ? (desc = Object.getOwnPropertyDescriptor(target, key)) : desc;
  for (let i = decorators.length - 1; i >= 0; i--) {
    const d = decorators[i];
    if (d) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
  }
  return c > 3 && r && Object.defineProperty(target, key, r), r;
}`;
