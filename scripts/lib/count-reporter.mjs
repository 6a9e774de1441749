/** Reporter for node's test runner: JSON with how many tests passed, failed and were skipped, and what passed by name. */
export default async function* countReporter(source) {
  const counts = { passed: 0, failed: 0, skipped: 0, titles: [] };
  for await (const { type, data } of source) {
    // Suites and files report as tests too; only leaves count, and suites that were skipped whole.
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    if (type === 'test:pass' && !isSkipped) counts.titles.push(data.name);
    if (data.details?.type === 'suite' && data.skip === undefined) continue;
    if (isSkipped) counts.skipped += 1;
    else if (type === 'test:pass') counts.passed += 1;
    else counts.failed += 1;
  }
  yield JSON.stringify(counts);
}
