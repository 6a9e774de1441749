/** docs/api.md says what the code has, and every row of it is named by a test. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${root}/docs/api.md`, 'utf8');

/** Rows that no test names yet. It may only become shorter. */
const notYet: ReadonlySet<string> = new Set([
  'layoutFacts',
  'enx-floor-request',
  'enx-people-request',
  'enx-shortcuts-request',
  'enx-full-screen-request',
  'enx-picture-in-picture-request',
]);

test('docs/api.md is what scripts/api-table.mjs makes of the code', () => {
  const made = execFileSync(process.execPath, ['scripts/api-table.mjs', '--print'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(made.trimEnd(), page.trimEnd(), 'run node scripts/api-table.mjs');
});

test('every row is named by a test', () => {
  const sources = readdirSync(`${root}/test`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.endsWith('api-table.test.ts'))
    .map((path) => readFileSync(`${root}/test/${path}`, 'utf8'))
    .join('\n');
  const words = new Set(sources.match(/[\w-]+/g));
  const rows = [...page.matchAll(/^- `(?:\w+\.)?([\w-]+)`/gm)].map(([, name]) => name!);
  assert.ok(rows.length > 200);
  assert.deepEqual(
    rows.filter((name) => !words.has(name) && !notYet.has(name)),
    [],
  );
});
