/** Compiles with tsc, then bundles with rollup. `node scripts/build.mjs server` builds only the server. */
import { readdir, rm } from 'node:fs/promises';
import { root, run } from './lib/run.mjs';

const serverOnly = process.argv[2] === 'server';
const startedAt = Date.now();
await Promise.all([
  run('npx', ['tsc', '-p', 'server/tsconfig.json'], { cwd: root }),
  serverOnly ? undefined : run('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: root }),
]);
// Chunk names hold a hash: without this, old ones would pile up.
for (const [folder, stale] of [
  ['server/dist', /^shared-.*\.js(\.map)?$/],
  ['dist', /-[\w-]{8}\.js(\.map)?$/],
  ['dist/lang', /./],
  ['dist/module', /./],
  ['dist/parts', /./],
]) {
  const names = await readdir(new URL(`../${folder}`, import.meta.url)).catch(() => []);
  for (const name of names.filter((entry) => stale.test(entry))) {
    await rm(new URL(`../${folder}/${name}`, import.meta.url));
  }
}
await run('npx', ['rollup', '-c', '--silent', ...(serverOnly ? ['--configTarget', 'server'] : [])], {
  cwd: root,
});
console.log(
  `built ${serverOnly ? 'the server' : 'everything'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
);
