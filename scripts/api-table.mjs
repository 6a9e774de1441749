/** Writes docs/api.md: every option, event, method, request and error, read from the code. `--print` only prints it. */
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

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
    .replace(/\s+/g, ' ');
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

const methods = [
  ...members(parse('src/elements/room/room-verbs.ts'), 'RoomVerbs'),
  ...members(element, 'EnxRoom'),
]
  .filter((node) => node.name && isPublic(node))
  .filter((node) => ts.isMethodDeclaration(node) || ts.isGetAccessor(node) || ts.isPropertyDeclaration(node));

const sections = {
  Options: bare(variable(options, 'optionTable')).properties.flatMap((group) =>
    bare(group.initializer).properties.map((key) => [`${nameOf(group)}.${nameOf(key)}`, '']),
  ),
  Events: [
    ...members(events, 'EnxRoomEventMap').map((node) => [nameOf(node), about(node)]),
    ...listed('ackEvents').map((name) => [name, 'The answer to a verb.']),
    ...listed('messageEvents').map((name) => [name, '`detail.message` is what the server sent.']),
  ].sort(([a], [b]) => (a < b ? -1 : 1)),
  'Methods and properties': methods.map((node) => [nameOf(node), about(node)]),
  Requests: members(parse('src/elements/internal/requests.ts'), 'EnxRequestMap').map((node) => [
    nameOf(node),
    about(node),
  ]),
  Errors: bare(variable(parse('src/protocol/error-codes.ts'), 'errorCodes')).properties.map((node) => [
    nameOf(node),
    node.initializer.getText(),
  ]),
};

export const table = [
  '# Everything a page can use\n\nMade from the code by `node scripts/api-table.mjs`.\n',
  ...Object.entries(sections).map(
    ([title, rows]) =>
      `## ${title}\n\n${rows.map(([name, note]) => `- \`${name}\`${note ? `: ${note}` : ''}`).join('\n')}\n`,
  ),
].join('\n');

if (process.argv.includes('--print')) console.log(table);
else writeFileSync(at('docs/api.md'), table);
