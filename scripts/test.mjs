/**
 * Runs everything: types, lint, formatting, unit tests, element tests in two browsers, and calls with real media.
 *
 *   node scripts/test.mjs                  all of it
 *   node scripts/test.mjs unit element     only these stages
 *   node scripts/test.mjs e2e call         only the end-to-end files whose name holds "call"
 *
 * Stages, in this order:
 *   check    types, lint, formatting, sizes
 *   unit     everything that needs no browser; also the model of a session (`unit model`)
 *   element  the elements in Chromium
 *   firefox  the elements in Firefox, and Firefox and Chromium in one room
 *   e2e      calls with real media; also nonsense sent to a real server (`e2e fuzz`), and how the room looks compared
 *            with the pictures in test/visual/ (`e2e visual`), and walks through it by keys (`e2e keyboard`)
 *   turn     calls through coturn
 *   faults   calls while something breaks
 *
 * What it needs beside npm's packages (chromium, firefox-esr, coturn) is installed where that is possible. Ends with
 * a line "N passed, N failed".
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser, ensureFirefox } from './lib/browser.mjs';
import { ensureTurnServer } from './lib/coturn.mjs';
import { root, run } from './lib/run.mjs';
import { untestedRows } from './lib/untested-rows.mjs';

const stages = ['check', 'unit', 'element', 'firefox', 'e2e', 'turn', 'faults'];
const asked = process.argv.slice(2);
const chosen = asked.filter((word) => stages.includes(word));
const filters = asked.filter((word) => !stages.includes(word));
/** No stage takes a third of this. */
const STAGE_LIMIT_MS = 25 * 60_000;
const totals = { passed: 0, failed: 0, skipped: 0 };
/** What passed, by name. */
const titles = [];
const countFile = join(tmpdir(), `enx-room-tests-${process.pid}.json`);

function files(folder, keep) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return files(path, keep);
    return keep(path) && filters.every((filter) => path.includes(filter)) ? [path] : [];
  });
}

function add(counts) {
  for (const key of Object.keys(totals)) totals[key] += counts[key] ?? 0;
}

/** Runs a command that writes its counts into `countFile`; one that dies without doing so counts as a failure. */
async function counted(name, command, args, env = {}) {
  const startedAt = Date.now();
  rmSync(countFile, { force: true });
  let succeeded = true;
  await run(command, args, {
    cwd: root,
    env: { ...process.env, ...env, ENX_TEST_COUNTS: countFile },
    // What a failed test left open must not keep the run from its end.
    timeout: STAGE_LIMIT_MS,
  }).catch(() => {
    succeeded = false;
  });
  const counts = existsSync(countFile) ? JSON.parse(readFileSync(countFile, 'utf8') || '{}') : {};
  rmSync(countFile, { force: true });
  if (!succeeded && !counts.failed) counts.failed = 1;
  add(counts);
  titles.push(...(counts.titles ?? []));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  console.log(`\n── ${name}: ${counts.passed ?? 0} passed, ${counts.failed ?? 0} failed (${seconds} s)\n`);
}

/** Runs a check that either holds or not. */
async function check(name, command, args) {
  const held = await run(command, args, { cwd: root }).then(
    () => true,
    () => false,
  );
  add(held ? { passed: 1 } : { failed: 1 });
  console.log(`${held ? '✔' : '✖'} ${name}`);
}

function nodeTests(name, paths, concurrency) {
  if (paths.length === 0) return undefined;
  return counted(name, process.execPath, [
    '--import',
    'tsx',
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/lib/count-reporter.mjs',
    `--test-reporter-destination=${countFile}`,
    ...paths,
  ]);
}

const wanted = (stage) => chosen.length === 0 || chosen.includes(stage);
const withMedia = ['firefox', 'e2e', 'turn', 'faults'];
if (wanted('element') || withMedia.some(wanted)) process.env.CHROME_PATH = await ensureBrowser();
const firefox = wanted('firefox') ? await ensureFirefox() : undefined;
if (firefox) process.env.FIREFOX_PATH = firefox;
const turnServer = wanted('turn') ? await ensureTurnServer() : undefined;
if (turnServer) process.env.TURNSERVER_PATH = turnServer;

if (wanted('check') || withMedia.some(wanted))
  await run(process.execPath, ['scripts/build.mjs'], { cwd: root });
if (wanted('check')) {
  await check('the protocol needs no DOM and no Node', 'npx', ['tsc', '-p', 'src/protocol/tsconfig.json']);
  await check('the tests have correct types', 'npx', ['tsc', '-p', 'test/tsconfig.json', '--noEmit']);
  await check('eslint has nothing to say', 'npx', ['eslint', '.']);
  await check('everything is formatted', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']);
  await check('the bundles are within their limits', process.execPath, ['scripts/size.mjs']);
}
if (wanted('unit')) {
  const isUnit = (path) =>
    path.endsWith('.test.ts') && !path.startsWith('test/e2e/') && !path.startsWith('test/elements/');
  await nodeTests('unit tests', files('test', isUnit), 2);
}
const elementTests = (browser) =>
  counted(`element tests in ${browser}`, 'npx', ['wtr', '--config', 'web-test-runner.config.mjs'], {
    ENX_TEST_BROWSER: browser,
  });

/** Which stage an end-to-end file belongs to: by the beginning of its name. */
const stageOf = (path) =>
  ['firefox', 'turn', 'faults'].find((stage) => path.startsWith(`test/e2e/${stage}`)) ?? 'e2e';

// One file at a time: each has a server and several browsers' worth of video.
const endToEndTests = (stage) =>
  nodeTests(
    `end-to-end tests: ${stage}`,
    files('test/e2e', (path) => path.endsWith('.test.ts') && stageOf(path) === stage),
    1,
  );

if (wanted('element')) await elementTests('chromium');
// Unit and element tests together name all that a page can use.
if (wanted('unit') && wanted('element') && filters.length === 0) {
  const untested = untestedRows(readFileSync(join(root, 'docs/api.md'), 'utf8'), titles);
  add(untested.length > 0 ? { failed: 1 } : { passed: 1 });
  console.log(
    untested.length > 0
      ? `✖ no title of a test that passed names ${untested.join(', ')}`
      : '✔ every row of docs/api.md is named by a test that passed',
  );
}
if (firefox) await elementTests('firefox');
// Without Firefox or coturn these still run: they say what they skip, and are counted.
for (const stage of withMedia) if (wanted(stage)) await endToEndTests(stage);

console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`,
);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
