/**
 * docs/api.md says what the code has, and its status is what the code does. That every row is named by a test is looked
 * at where all tests have run: scripts/test.mjs.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  elsewhere,
  fromOtherServers,
  missing,
  refused,
  toldAs,
  unknownOptions,
} from '../../scripts/lib/api-status.mjs';
import { untestedRows } from '../../scripts/lib/untested-rows.mjs';
import { notOffered } from '../../server/src/signalling/handlers/index.js';
import { ackEvents } from '../../src/elements/room/event-map.js';
import { type OptionGroup, resolveOptions } from '../../src/engine/options.js';
import { initialRoomState } from '../../src/engine/room-state.js';
import { errorCodes } from '../../src/protocol/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${root}/docs/api.md`, 'utf8');

/** Names of one section of the page. */
function rowsOf(title: string): string[] {
  const [, section = ''] = page.split(`\n## ${title}\n`);
  return [...section.split('\n## ')[0]!.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name!);
}

const source = (folder: string): string =>
  readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('error-codes.ts'))
    .map((path) => readFileSync(`${root}/${folder}/${path}`, 'utf8'))
    .join('\n');

test('docs/api.md is what scripts/api-table.mjs makes of the code', () => {
  const made = execFileSync(process.execPath, ['scripts/api-table.mjs', '--print'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(made.trimEnd(), page.trimEnd(), 'run node scripts/api-table.mjs');
});

test('a row that no title names is found, and a part of another word is no name', () => {
  const rows =
    '| `join()` |\n| `.state` |\n| `room-locked` |\n| `localInfo.audio` |\n\n## Published names\n| `x` |';
  assert.deepEqual(untestedRows(rows, []), ['join()', '.state', 'room-locked', 'localInfo.audio']);
  assert.deepEqual(
    untestedRows(rows, ['rejoin() of room.state', 'room-locked-in', 'localInfo.audioMuted']),
    untestedRows(rows, []),
  );
  assert.deepEqual(
    untestedRows(rows, ['join(token) and .state', 'tells room-locked', 'localInfo.audio is true']),
    [],
  );
});

describe('the status of a row', () => {
  const all = [...rowsOf('Events'), ...rowsOf('Errors')];

  test('is said of rows that there are', () => {
    assert.ok(all.length > 200);
    for (const name of fromOtherServers) assert.ok(all.includes(name), name);
  });

  test('of an error says whether anything here raises it', () => {
    const code = source('src') + source('server/src');
    for (const name of Object.keys(errorCodes))
      assert.equal(code.includes(`'${name}'`), !fromOtherServers.has(name), name);
  });
});

describe('a published name that is not here', () => {
  const ours = ['Options', 'Events', 'Methods', 'Requests'].flatMap(rowsOf);
  const absentEvents = [...Object.keys(toldAs), ...refused.events, ...Object.values(missing).flat()];

  test('is none of ours', () => {
    for (const name of [...absentEvents, ...unknownOptions]) {
      assert.ok(!ours.includes(name), name);
      assert.ok(!ours.includes(`${name}()`), name);
    }
    for (const [name, here] of Object.entries({ ...elsewhere, ...refused.methods }))
      assert.ok(!ours.includes(`${name}()`), `${name} is ${here}`);
    for (const name of absentEvents) assert.ok(!ackEvents.some((event) => event === name), name);
  });

  test('has something of ours that does or tells the same, where it says so', () => {
    const methods = rowsOf('Methods');
    for (const [name, here] of Object.entries(elsewhere)) {
      const field = /^room\.state\.(\w+)$/.exec(here)?.[1];
      if (field) assert.ok(field in initialRoomState, `${name}: ${here}`);
      else assert.ok(methods.includes(here) || ours.includes(here), `${name}: ${here}`);
    }
    for (const [name, here] of Object.entries(toldAs)) assert.ok(ours.includes(here), `${name}: ${here}`);
  });

  test('is refused by our server with the number it says', () => {
    for (const [method, request] of Object.entries(refused.methods)) {
      const [answer] = notOffered[request] ?? [];
      assert.equal((answer as { result?: number } | undefined)?.result, refused.code, method);
    }
  });

  test('is an option that is told as unknown, and the others count', () => {
    for (const name of unknownOptions) {
      const [group, key] = name.split('.') as [OptionGroup, string];
      const told: string[] = [];
      resolveOptions(group, { [key]: true }, {}, ({ where }) => told.push(where));
      assert.deepEqual(told, [name]);
    }
  });
});
