import { writeFileSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter, summaryReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import { browserFlags, ensureBrowser, findFirefox, firefoxPreferences } from './scripts/lib/browser.mjs';

/** Tells scripts/test.mjs how many tests ran, and what passed by name. */
const countReporter = () => ({
  stop({ sessions }) {
    if (!process.env.ENX_TEST_COUNTS) return;
    const counts = { passed: 0, failed: 0, skipped: 0, titles: [] };
    const count = (suite) => {
      const before = counts.failed;
      for (const { name, passed, skipped } of suite.tests) {
        counts[skipped ? 'skipped' : passed ? 'passed' : 'failed'] += 1;
        if (passed && !skipped) counts.titles.push(name);
      }
      suite.suites.forEach(count);
      if (counts.failed === before) counts.titles.push(suite.name);
    };
    for (const session of sessions) {
      if (session.testResults) count(session.testResults);
      if (!session.passed && !session.testResults) counts.failed += 1;
    }
    writeFileSync(process.env.ENX_TEST_COUNTS, JSON.stringify(counts));
  },
});

const chromium = async () =>
  chromeLauncher({
    launchOptions: { executablePath: await ensureBrowser(), args: browserFlags },
    concurrency: 1,
  });

const firefox = () =>
  chromeLauncher({
    puppeteer,
    launchOptions: {
      browser: 'firefox',
      executablePath: findFirefox(),
      headless: true,
      extraPrefsFirefox: firefoxPreferences,
    },
    concurrency: 1,
  });

export default {
  files: ['test/elements/**/*.test.ts'],
  nodeResolve: { browser: true, exportConditions: ['browser'] },
  plugins: [esbuildPlugin({ ts: true, tsconfig: 'tsconfig.base.json', target: 'es2022' })],
  // One browser at a time; scripts/test.mjs runs this twice.
  browsers: [process.env.ENX_TEST_BROWSER === 'firefox' ? firefox() : await chromium()],
  testFramework: { config: { timeout: 15_000 } },
  reporters: [summaryReporter(), defaultReporter({ reportTestProgress: false }), countReporter()],
  filterBrowserLogs: ({ type }) => type === 'error' || type === 'warn',
  middleware: [
    // A token URL for the tests of `token-url`.
    (context, next) => {
      if (context.path === '/test-token') {
        context.body = { token: `made-for-${context.query.name ?? 'nobody'}` };
        return undefined;
      }
      if (context.path === '/test-token-broken') {
        context.body = 'no JSON';
        return undefined;
      }
      return next();
    },
  ],
};
