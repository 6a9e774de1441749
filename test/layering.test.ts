/** Imports point down: elements → engine → protocol ← server. Names the line that breaks this. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Room of the house → what it may import: other rooms, then packages. */
const rules: Record<string, { rooms: string[]; packages: RegExp }> = {
  'src/protocol': { rooms: [], packages: /^$/ },
  'src/engine': { rooms: ['src/protocol'], packages: /^socket\.io-client$/ },
  'src/elements': {
    rooms: ['src/engine', 'src/protocol'],
    packages: /^(lit(\/.*)?|@lit\/context|lucide\/dist\/esm\/icons\/[\w-]+\.mjs)$/,
  },
  'server/src': {
    rooms: ['src/protocol'],
    packages: /^(node:.*|fastify|@fastify\/static|socket\.io|zod|lmdb|pino|prom-client|node-datachannel)$/,
  },
};

/** Elements show state and fire requests; of the engine they may hold types, and only the room element a Room. */
const engineValuesInElements: Record<string, string[]> = {
  'src/elements/room/enx-room.ts': ['errors', 'room'],
  'src/elements/room/event-table.ts': ['endings'],
  'src/elements/internal/parts.ts': ['errors'],
  'src/elements/room/room-attributes.ts': ['options'],
  'src/elements/room/room-verbs.ts': ['errors'],
  'src/elements/room/token-url.ts': ['errors'],
};

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}

interface Import {
  file: string;
  line: number;
  specifier: string;
  typeOnly: boolean;
  /** Fetched when it is needed, not before the file runs. */
  onDemand?: boolean;
}

function* importsOf(file: string): Generator<Import> {
  const text = readFileSync(join(root, file), 'utf8');
  for (const match of text.matchAll(/^(import|export)\s+(type\s)?([^;'"]*?from\s+)?'([^']+)';/gms)) {
    const line = text.slice(0, match.index).split('\n').length;
    const names = /\{([^}]*)\}/s.exec(match[3] ?? '')?.[1];
    const allTypes = names !== undefined && names.split(',').every((name) => /^\s*(type\s|$)/.test(name));
    yield { file, line, specifier: match[4]!, typeOnly: Boolean(match[2]) || allTypes };
  }
  for (const match of text.matchAll(/\bimport\('([^']+)'\)/g)) {
    const line = text.slice(0, match.index).split('\n').length;
    yield { file, line, specifier: match[1]!, typeOnly: false, onDemand: true };
  }
}

function violations(): string[] {
  const found: string[] = [];
  for (const [room, { rooms, packages }] of Object.entries(rules)) {
    for (const file of sources(room)) {
      for (const { line, specifier, typeOnly } of importsOf(file)) {
        const where = `${file}:${line} imports ${specifier}`;
        if (!specifier.startsWith('.')) {
          if (!packages.test(specifier)) found.push(`${where}: not a package that ${room} may use`);
          continue;
        }
        const target = relative(root, resolve(root, dirname(file), specifier));
        if (target.startsWith(`${room}/`)) continue;
        const targetRoom = rooms.find((allowed) => target.startsWith(`${allowed}/`));
        if (!targetRoom) found.push(`${where}: ${room} may only import ${rooms.join(', ') || 'itself'}`);
        else if (room === 'src/elements' && targetRoom === 'src/engine' && !typeOnly) {
          const module = target.slice('src/engine/'.length).replace(/\.js$/, '');
          if (!engineValuesInElements[file]?.includes(module)) {
            found.push(`${where}: elements hold the engine's types, not its code`);
          }
        }
      }
    }
  }
  return found;
}

test('imports point down, and no layer uses a package that belongs to another', () => {
  assert.deepEqual(violations(), []);
});

/** The file and all that is fetched with it: files, and packages by name. */
function fetchedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { specifier, typeOnly, onDemand } of importsOf(file)) {
    if (typeOnly || onDemand) continue;
    if (!specifier.startsWith('.')) seen.add(specifier);
    else fetchedWith(relative(root, resolve(root, dirname(file), specifier)).replace(/\.js$/, '.ts'), seen);
  }
  return seen;
}

test('what is needed before a call does not fetch what only a call needs', () => {
  const before = fetchedWith('src/engine/room.ts');
  const call = fetchedWith('src/engine/call.ts');
  for (const name of ['src/engine/call.ts', 'src/protocol/index.ts', 'socket.io-client']) {
    assert.ok(!before.has(name), `${name} is fetched before a call`);
  }
  for (const name of ['src/engine/session-media.ts', 'socket.io-client'])
    assert.ok(call.has(name), `${name} is fetched with a call`);
});

test('the check sees every import form', () => {
  const specifiers = [...importsOf('src/elements/room/enx-room.ts')].map(({ specifier }) => specifier);
  assert.ok(specifiers.includes('../../engine/room.js'), 'value imports');
  const extras = [...importsOf('src/elements/room/extra-parts.ts')].map(({ specifier }) => specifier);
  assert.ok(extras.includes('../menu/enx-menu.js'), 'side-effect imports');
  const parts = [...importsOf('src/elements/internal/parts.ts')].map(({ specifier }) => specifier);
  assert.ok(parts.includes('../people/enx-people.js'), 'imports on demand');
});
