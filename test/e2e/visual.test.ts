/** The main states look as they did when somebody last looked at them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, sheets, takeSheets, whyNot } from '../../scripts/lib/visual.mjs';

const reason = await whyNot();
if (reason) console.log(`SKIPPED: how the room looks, because ${reason}.`);

for (const name of Object.keys(sheets)) {
  test(`the states look as before: ${name}`, { skip: reason }, async () => {
    const taken = await takeSheets([name]);
    assert.deepEqual(
      differences(name, taken.get(name)),
      [],
      'see screenshots/visual/; if it should look like that: npm run visual -- --accept',
    );
  });
}
