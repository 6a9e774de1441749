#!/usr/bin/env node
/** Command line of the room server: reads the configuration, starts, says where it is, stops on signals. */
import { ConfigError, helpText, readConfig } from './config.js';
import { createServer } from './create-server.js';

const EXIT_BAD_CONFIG = 2;

function fail(message: string, code: number): never {
  process.stderr.write(`enx-room-server: ${message}\n`);
  process.exit(code);
}

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === 'help') {
    process.stdout.write(helpText());
    return;
  }
  const server = await createServer(config);
  const { appId, appKey, generated } = server.credentials;
  const shown = server.url.replace('//127.0.0.1', '//localhost');
  const lines = [`Room server:  ${shown}`, `REST API:     ${shown}/video/v2 (app id ${appId})`];
  if (generated) lines.push(`App key:      ${appKey} (shown once, kept in ${config.dataDir})`);
  if (config.demo)
    lines.push(
      '',
      `Demo:         ${shown}/`,
      '              Open it in two tabs, join the same room in both.',
    );
  process.stdout.write(`\n${lines.join('\n')}\n\n`);

  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(`could not stop cleanly: ${String(error)}`, 1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) fail(error.message, EXIT_BAD_CONFIG);
  const { code, message } = error as NodeJS.ErrnoException;
  fail(code === 'EADDRINUSE' ? `the port is in use: ${message}` : message, 1);
});
