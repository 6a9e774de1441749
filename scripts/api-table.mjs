/**
 * Writes docs/api.md: every option, event, method, request and error, read from the code, each with its status.
 * `--print` only prints it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';
import ts from 'typescript';
import { elsewhere, fromOtherServers, missing, refused, toldAs, unknownOptions } from './lib/api-status.mjs';

const at = (path) => new URL(`../${path}`, import.meta.url);

function parse(path) {
  return ts.createSourceFile(path, readFileSync(at(path), 'utf8'), ts.ScriptTarget.Latest, true);
}

function find(file, keep) {
  const visit = (node) => (keep(node) ? node : ts.forEachChild(node, visit));
  const found = visit(file);
  if (!found) throw new Error(`${file.fileName} does not hold what the table is made of`);
  return found;
}

const nameOf = (node) => (ts.isStringLiteral(node.name) ? node.name.text : node.name.getText());
/** First sentence of the comment before a declaration. */
const about = (node) => {
  const text = ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/\{@link (\w+)\}/g, '`$1`');
  return (/^.*?[.!?](?= |$)/.exec(text)?.[0] ?? text).replaceAll('|', '\\|');
};
const variable = (file, name) =>
  find(file, (node) => ts.isVariableDeclaration(node) && node.name.getText() === name).initializer;
const bare = (node) =>
  ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? bare(node.expression) : node;
const members = (file, name) =>
  find(
    file,
    (node) => (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) && node.name?.text === name,
  ).members;
const isPublic = (node) =>
  !ts.isPrivateIdentifier(node.name) &&
  !node.modifiers?.some(({ kind }) =>
    [
      ts.SyntaxKind.PrivateKeyword,
      ts.SyntaxKind.ProtectedKeyword,
      ts.SyntaxKind.OverrideKeyword,
      ts.SyntaxKind.AbstractKeyword,
    ].includes(kind),
  );

const events = parse('src/elements/room/event-map.ts');
const listed = (name) => bare(variable(events, name)).elements.map(({ text }) => text);
const options = parse('src/engine/options.ts');
const element = parse('src/elements/room/enx-room.ts');

const publicMembers = (list) =>
  list
    .filter((node) => node.name && isPublic(node))
    .filter(
      (node) => ts.isMethodDeclaration(node) || ts.isGetAccessor(node) || ts.isPropertyDeclaration(node),
    )
    .filter((node) => !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword));
const ofElement = publicMembers([
  ...members(parse('src/elements/room/room-verbs.ts'), 'RoomVerbs'),
  ...members(element, 'EnxRoom'),
]);
/** Methods, and what is a function though it is declared as a property. */
const isCall = (node) => ts.isMethodDeclaration(node) || nameOf(node) === 'registerStrings';
/** What the engine calls when the server tells something; no verbs. */
const internal = new Set(['floor.reset', 'floor.clear', 'floor.received', 'floor.left']);
const groups = [
  ['moderation', 'src/engine/moderation.ts', 'Moderation'],
  ['floor', 'src/engine/floor.ts', 'Floor'],
  ['sharePermissions', 'src/engine/share-permissions.ts', 'SharePermissions'],
].flatMap(([group, path, name]) =>
  publicMembers(members(parse(path), name))
    .map((node) => [`${group}.${nameOf(node)}`, about(node)])
    .filter(([verb]) => !internal.has(verb)),
);

const otherServers = 'from other servers';
const statusOf = (name) => (fromOtherServers.has(name) ? otherServers : 'works');

const sections = {
  Options: [
    ...Object.entries(optionsOf()).flatMap(([group, keys]) =>
      keys.map((key) => [`${group}.${key}`, 'works', '']),
    ),
    ['advanceOptions', 'works', 'A list of `{id, enable}`.'],
  ],
  Events: [
    ...members(events, 'EnxRoomEventMap').map((node) => [nameOf(node), about(node)]),
    ...listed('ackEvents').map((name) => [name, 'The answer to a verb.']),
    ...listed('messageEvents').map((name) => [name, '`detail.message` is what the server sent.']),
  ]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, what]) => [name, statusOf(name), what]),
  Methods: [
    ...ofElement.filter(isCall).map((node) => [`${nameOf(node)}()`, 'works', about(node)]),
    ...groups.map(([name, what]) => [`${name}()`, 'works', what]),
  ],
  Properties: ofElement
    .filter((node) => !isCall(node))
    .map((node) => [`.${nameOf(node)}`, 'works', about(node)]),
  Requests: members(parse('src/elements/internal/requests.ts'), 'EnxRequestMap').map((node) => [
    nameOf(node),
    'works',
    about(node),
  ]),
  Errors: bare(variable(parse('src/protocol/error-codes.ts'), 'errorCodes')).properties.map((node) => [
    nameOf(node),
    statusOf(nameOf(node)),
    node.initializer.getText(),
  ]),
};

function optionsOf() {
  return Object.fromEntries(
    bare(variable(options, 'optionTable')).properties.map((group) => [
      nameOf(group),
      bare(group.initializer).properties.map(nameOf),
    ]),
  );
}

/** Published names that are not ours. */
const absent = [
  ...Object.entries(elsewhere).map(([name, here]) => [`${name}()`, `\`${here}\``]),
  ...Object.entries(toldAs).map(([name, here]) => [name, `told as \`${here}\``]),
  ...Object.keys(refused.methods).map((name) => [
    `${name}()`,
    `refused with ${refused.code}: our server does not offer it`,
  ]),
  ...refused.events.map((name) => [name, 'not here: its request is refused, or nothing makes it']),
  ...Object.entries(missing).flatMap(([why, names]) =>
    names.map((name) => [
      // Events are in kebab-case, methods are not.
      /[A-Z]/.test(name) || ['subscribe', 'unsubscribe', 'pause', 'resume'].includes(name)
        ? `${name}()`
        : name,
      `not here: ${why}`,
    ]),
  ),
  ...unknownOptions.map((name) => [name, 'refused with 1155: an unknown key; the others count']),
];

const row = (...cells) => `| ${cells.join(' | ')} |`;
const tableOf = (head, rows) => [row(...head), row(...head.map(() => '---')), ...rows].join('\n');

const page = [
  '# Everything a page can use',
  'Made from the code by `node scripts/api-table.mjs`. Every name in the first six tables is in the title of a test; ' +
    '`npm test` fails where one is not.',
  `\`works\`: tried against our own server or a scripted one. \`${otherServers}\`: handed on when a server sends it; ` +
    'ours never does.',
  ...Object.entries(sections).flatMap(([title, rows]) => [
    `## ${title}`,
    tableOf(
      ['name', 'status', title === 'Errors' ? 'number' : 'what'],
      rows.map(([name, ...rest]) => row(`\`${name}\``, ...rest)),
    ),
  ]),
  '## Published names that are not here',
  'Of the native and web SDKs: what does the same, or why nothing does.',
  tableOf(
    ['name', 'here'],
    absent.map(([name, here]) => row(`\`${name}\``, here)),
  ),
].join('\n\n');

const table = await prettier.format(page, {
  ...(await prettier.resolveConfig(new URL('../package.json', import.meta.url))),
  parser: 'markdown',
});
if (process.argv.includes('--print')) process.stdout.write(table);
else writeFileSync(at('docs/api.md'), table);
