/** Prints raw, gzip and brotli size of every entry; fails when a limit is passed. Needs a build. */
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Limits in bytes of gzip; `undefined` = only shown. */
const entries = [
  { file: 'dist/enx-room.min.js', what: 'the whole room, classic script', limit: 104 * 1024 },
  { file: 'dist/engine.min.js', what: 'the engine alone, with socket.io-client', limit: 42 * 1024 },
  { file: 'dist/index.js', what: 'ES module entry (without lit and socket.io-client)' },
  { file: 'dist/engine.js', what: 'ES module, engine' },
  { file: 'dist/protocol.js', what: 'ES module, protocol' },
];

/** A module and everything it imports at once; what it fetches later does not count. */
function withImports(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const code = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const imports = [...code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)].map(
    ([, name]) => folder + name,
  );
  return [file, ...imports.flatMap((name) => withImports(name, seen))];
}
const module = 'dist/module/enx-room.js';
const prejoin = withImports(module);
const call = readdirSync(new URL('../dist/module/', import.meta.url))
  .filter((name) => /^call-parts-.*\.js$/.test(name))
  .flatMap((name) => withImports(`dist/module/${name}`));
entries.push(
  { file: module, files: prejoin, what: 'prejoin screen, ES modules on demand (aim: 45 KiB)' },
  {
    file: module,
    files: [...new Set([...prejoin, ...call])],
    what: 'a call, ES modules on demand (aim: 80 KiB)',
  },
);

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
let passed = true;
console.log(
  `${'entry'.padEnd(24)}${'raw'.padStart(10)}${'gzip'.padStart(10)}${'brotli'.padStart(10)}${'limit'.padStart(10)}`,
);
for (const { file, files = [file], what, limit } of entries) {
  const codes = files.map((name) => readFileSync(new URL(`../${name}`, import.meta.url)));
  const sum = (size) => codes.reduce((all, code) => all + size(code), 0);
  const raw = sum((code) => code.length);
  const gzip = sum((code) => gzipSync(code, { level: 9 }).length);
  const brotli = sum(
    (code) => brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  );
  const over = limit !== undefined && gzip > limit;
  if (over) passed = false;
  console.log(
    `${file.padEnd(24)}${kib(raw)}${kib(gzip)}${kib(brotli)}${limit ? kib(limit) : ''.padStart(10)}  ${over ? 'TOO LARGE: ' : ''}${what}`,
  );
}
process.exitCode = passed ? 0 : 1;
