/**
 * A classic script that fetches parts of itself. Rollup splits code for module formats only, and an ES module cannot
 * define `<enx-room>` at the moment its script tag is met. So the code is split as AMD, and these lines around it take
 * the place of an AMD loader:
 *
 *     enx-room.min.js    (() => { loader; part(['exports'], function …); })();
 *     parts/call-….js    export default (part, fetchPart) => part(['exports', '../enx-room.min'], function …);
 *
 * A part is an ES module of one function, fetched by the browser's own `import()`: no global name to pass it through, no
 * `<script>` to insert, and nothing that `script-src 'self'` would not allow. It gets the script it belongs to from the
 * loader and never imports it, because a page may have loaded that under another address (`enx-room.min.js?ver=2`).
 */

/** Runs in the page, inside the script: must stand on its own. */
function partLoader() {
  // `import()` does not tell classic scripts of another origin where they came from, so that is noted down.
  const here = document.currentScript?.src;
  /** Name of a file, without extension as in AMD → promise of what the part exports. */
  const parts = {};
  /** Name of a file → how often it could not be fetched. */
  const failures = {};

  const nameOf = (path) => path.split('/').pop();
  /** What the script itself exports to its parts. */
  const core = {};
  parts['__CORE__'] = Promise.resolve(core);

  /** The `part` of parts. */
  const startPart = async (wanted, factory) => {
    const own = {};
    const given = { exports: own, require: undefined };
    const needs = wanted.map((path) => (path in given ? given[path] : fetchPart(path)));
    factory(...(await Promise.all(needs)));
    return own;
  };

  /** Rejects when the file cannot be had; the next call tries again. */
  function fetchPart(path) {
    const name = nameOf(path);
    return (parts[name] ??= (async () => {
      // Parts name each other from where they are, the script from where it is.
      const place = `${path.startsWith('./lang/') ? path : `./parts/${name}`}.js`;
      // Browsers keep that an address failed, so another try needs another address.
      const address = failures[name] ? `${place}?${failures[name]}` : place;
      const file = await import(here ? new URL(address, here).href : address);
      // A part exports the function that starts it, a language its texts.
      return typeof file.default === 'function' ? file.default(startPart, fetchPart) : file;
    })().catch((error) => {
      failures[name] = (failures[name] ?? 0) + 1;
      delete parts[name];
      throw error;
    }));
  }
  /** The `part` of the script: runs at once, with nothing to wait for. */
  const part = (wanted, factory) => factory(...wanted.map((name) => (name === 'exports' ? core : undefined)));
  return { fetchPart, part };
}

/**
 * Output options of such a script; the plugin below has to be among the output's plugins, before the one that minifies.
 * @param {{ script: string, banner: string }} options name of the script in `dist/`, and its first line
 */
export const classicParts = ({ script, banner }) => ({
  dir: 'dist',
  format: 'amd',
  amd: { define: 'part' },
  entryFileNames: script,
  chunkFileNames: 'parts/[name]-[hash].js',
  // Nobody but parts imports from the script.
  minifyInternalExports: true,
  esModule: false,
  strict: true,
  banner: ({ isEntry }) =>
    isEntry
      ? `${banner}\n(() => { const { fetchPart, part } = (${partLoader})();\n`.replace(
          '__CORE__',
          script.replace(/\.js$/, ''),
        )
      : 'export default (part, fetchPart) => ',
  footer: ({ isEntry }) => (isEntry ? '})();' : ''),
});

/** Lets every `import()` of a part go through the loader, which waits for ever where two parts import each other. */
export const fetchParts = {
  name: 'fetch-parts',
  renderDynamicImport: ({ format }) => (format === 'amd' ? { left: 'fetchPart(', right: ')' } : null),
  generateBundle({ format }, bundle) {
    if (format !== 'amd') return;
    const follow = (file, path) => {
      if (bundle[file]?.isEntry) return;
      if (path.includes(file)) this.error(`parts import each other: ${[...path, file].join(' → ')}`);
      for (const next of bundle[file]?.imports ?? []) follow(next, [...path, file]);
    };
    for (const file of Object.keys(bundle)) follow(file, []);
  },
};
