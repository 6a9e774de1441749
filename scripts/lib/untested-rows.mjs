/**
 * Rows of docs/api.md that no title of a test names.
 *
 * @param {string} page docs/api.md; what comes after "Published names" has no code, so no test
 * @param {readonly string[]} titles of suites and tests that passed
 * @returns {string[]}
 */
export function untestedRows(page, titles) {
  const [ours] = page.split('\n## Published names');
  const rows = [...ours.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  const text = titles.join('\n');
  return rows.filter((name) => {
    // `join()` is written with whatever it is called with.
    const literal = name.replace(/[.()]/g, '\\$&');
    const end = name.endsWith(')') ? literal.slice(0, -2) : `${literal}(?![\\w-])`;
    return !new RegExp(`(?<![\\w.-])${end}`).test(text);
  });
}
