/**
 * Compares how the main states look with the pictures in test/visual/. Needs a build, but no server.
 *
 *   node scripts/visual.mjs             compares; what differs is left in screenshots/visual/
 *   node scripts/visual.mjs phone       only these sheets
 *   node scripts/visual.mjs --accept    makes how they look now the reference, after somebody has looked at it
 */
import { acceptSheets, differences, sheets, takeSheets, whyNot } from './lib/visual.mjs';

const words = process.argv.slice(2);
const accept = words.includes('--accept');
const names = Object.keys(sheets).filter((name) =>
  words.every((word) => word === '--accept' || name === word),
);

if (accept) {
  await acceptSheets(await takeSheets(names));
  console.log(`accepted: ${names.join(', ')}`);
} else {
  const reason = await whyNot();
  if (reason) console.log(`SKIPPED: how the room looks, because ${reason}.`);
  const taken = reason ? new Map() : await takeSheets(names);
  for (const [name, sheet] of taken) {
    const lines = differences(name, sheet);
    console.log(`${lines.length > 0 ? '✖' : '✔'} ${name}${lines.map((line) => `\n    ${line}`).join('')}`);
    if (lines.length > 0) process.exitCode = 1;
  }
  if (process.exitCode)
    console.log('See screenshots/visual/. If it should look like that: node scripts/visual.mjs --accept');
}
