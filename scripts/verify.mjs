/** The same as `npm test`, after a clean build: what has to pass before anything is merged. */
import { rm } from 'node:fs/promises';
import { root, run } from './lib/run.mjs';

for (const folder of ['build', 'dist', 'server/dist']) {
  await rm(new URL(`../${folder}`, import.meta.url), { recursive: true, force: true });
}
await run(process.execPath, ['scripts/test.mjs', ...process.argv.slice(2)], { cwd: root });
