/** Prints raw, gzip and brotli size of every entry; fails when a limit is passed. Needs a build. */
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** A file and everything that has to come with it; what it fetches later does not count. */
function withImports(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const code = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const imports = [...code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)].map(([, name]) => name);
  // Parts of the classic script name what they need in their first words.
  const [, wanted = ''] = /^export default\(\w+,\w+\)=>\w+\(\[([^\]]*)\]/.exec(code) ?? [];
  const parts = [...wanted.matchAll(/"\.\/([\w.-]+)"/g)].map(([, name]) => `${name}.js`);
  return [file, ...[...imports, ...parts].flatMap((name) => withImports(folder + name, seen))];
}

/** What an entry and these parts of it weigh together. */
function together(entry, folder, parts) {
  const files = readdirSync(new URL(`../${folder}/`, import.meta.url)).filter((name) => name.endsWith('.js'));
  const begins = parts.map((part) => files.find((name) => name.startsWith(`${part}-`)));
  return [
    ...new Set([entry, ...begins.map((name) => `${folder}/${name}`)].flatMap((file) => withImports(file))),
  ];
}

const script = 'dist/enx-room.min.js';
const module = 'dist/module/enx-room.js';
const classic = (parts) => together(script, 'dist/parts', parts);
const modules = (parts) => together(module, 'dist/module', parts);
const prejoin = ['prejoin', 'fields'];
const everything = ['call', 'seldom', 'extras', 'fields', 'chat', 'people', 'settings'];

/** Limits in bytes of gzip; `undefined` = only shown. */
const entries = [
  { file: script, what: 'classic script: the file itself', limit: 40 * 1024 },
  { file: script, files: classic(prejoin), what: '… prejoin screen', limit: 45 * 1024 },
  { file: script, files: classic(['call']), what: '… a call', limit: 80 * 1024 },
  { file: script, files: classic(everything), what: '… a call with every panel', limit: 112 * 1024 },
  { file: module, files: modules(prejoin), what: 'ES modules: prejoin screen', limit: 45 * 1024 },
  { file: module, files: modules(['call']), what: '… a call', limit: 80 * 1024 },
  { file: module, files: modules(everything), what: '… a call with every panel', limit: 112 * 1024 },
  { file: 'dist/enx-room.all.min.js', what: 'the whole room in one classic script', limit: 106 * 1024 },
  { file: 'dist/engine.min.js', what: 'the engine alone, with socket.io-client', limit: 41 * 1024 },
  { file: 'dist/index.js', what: 'ES module entry (without lit and socket.io-client)' },
  { file: 'dist/engine.js', what: 'ES module, engine' },
  { file: 'dist/protocol.js', what: 'ES module, protocol' },
];

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
let passed = true;
console.log(
  `${'entry'.padEnd(26)}${'raw'.padStart(10)}${'gzip'.padStart(10)}${'brotli'.padStart(10)}${'limit'.padStart(10)}`,
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
    `${file.padEnd(26)}${kib(raw)}${kib(gzip)}${kib(brotli)}${limit ? kib(limit) : ''.padStart(10)}  ${over ? 'TOO LARGE: ' : ''}${what}`,
  );
}
process.exitCode = passed ? 0 : 1;
