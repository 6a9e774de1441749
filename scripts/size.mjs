/** Prints raw, gzip and brotli size of every entry; fails when a limit is passed. Needs a build. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Limits in bytes of gzip; `undefined` = only shown. */
const entries = [
  { file: 'dist/enx-room.min.js', what: 'the whole room, classic script', limit: 104 * 1024 },
  { file: 'dist/engine.min.js', what: 'the engine alone, with socket.io-client', limit: 42 * 1024 },
  { file: 'dist/index.js', what: 'ES module entry (without lit and socket.io-client)' },
  { file: 'dist/engine.js', what: 'ES module, engine' },
  { file: 'dist/protocol.js', what: 'ES module, protocol' },
];

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
let passed = true;
console.log(
  `${'entry'.padEnd(24)}${'raw'.padStart(10)}${'gzip'.padStart(10)}${'brotli'.padStart(10)}${'limit'.padStart(10)}`,
);
for (const { file, what, limit } of entries) {
  const code = readFileSync(new URL(`../${file}`, import.meta.url));
  const gzip = gzipSync(code, { level: 9 }).length;
  const brotli = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  const over = limit !== undefined && gzip > limit;
  if (over) passed = false;
  console.log(
    `${file.padEnd(24)}${kib(code.length)}${kib(gzip)}${kib(brotli)}${limit ? kib(limit) : ''.padStart(10)}  ${over ? 'TOO LARGE: ' : ''}${what}`,
  );
}
process.exitCode = passed ? 0 : 1;
