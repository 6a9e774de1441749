/**
 * Everything that can be set, in one schema: command line, environment and `createServer(options)` all end up here.
 */
import { availableParallelism, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

/** A whole number, or the digits of one as text; `''`, `true` and `1e3` are none. */
export function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .union([z.number(), z.string().regex(/^\d+$/, error).transform(Number)], { error })
    .pipe(z.number().int(error).min(min, error).max(max, error));
}

/** The schema is the documentation of the options: type, range and default of each. */
export const configSchema = z.object({
  /** TCP port of HTTP and signalling; 0 picks a free one. */
  port: whole(0, 65_535).default(8080),
  /** Address to listen on. */
  host: z.string().min(1).max(255).default('127.0.0.1'),
  /** Where clients reach the server, when a proxy stands in front: goes into tokens. Default: as the request says. */
  publicUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  /** IP address at which clients reach the media ports. Default: every address of this machine. */
  publicAddress: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' }).optional(),
  /** UDP port of the first media worker; each further worker takes the next one. */
  mediaPort: whole(1, 65_535).default(40_000),
  /** Media workers, one process and one UDP port each. */
  workers: whole(1, 64).default(Math.max(1, Math.min(64, availableParallelism() - 1))),
  /** TURN servers handed to clients, such as `turn:turn.example.org:3478`; several with commas. */
  turnUrl: z
    .string()
    .regex(
      /^turns?:[\w.:[\]-]+(\?transport=(udp|tcp))?(,turns?:[\w.:[\]-]+(\?transport=(udp|tcp))?)*$/,
      'must be turn: or turns: URLs, separated by commas',
    )
    .optional(),
  /** Secret that the TURN server shares with us (coturn: `static-auth-secret`). */
  turnSecret: z.string().min(8, 'must have at least 8 characters').max(256).optional(),
  /** Name and key for the REST API (HTTP Basic). Both or none. */
  appId: z.string().min(1).max(128).optional(),
  appKey: z.string().min(16, 'must have at least 16 characters').max(256).optional(),
  /** Folder for rooms, tokens and generated keys. */
  dataDir: z.string().min(1).default('.enx-room'),
  /** How long somebody whose connection broke is waited for before the others see them leave, seconds; 0 = not at all. */
  graceSeconds: whole(0, 300).default(15),
  /** Where to tell an application server what happens in rooms, and the key that signs it. Both or none. */
  webhookUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  webhookSecret: z.string().min(16, 'must have at least 16 characters').max(256).optional(),
  /** Serves the demo pages and hands tokens to whoever asks. Never on a server with real rooms. */
  demo: z.union([z.stringbool(), z.boolean()], { error: 'must be true or false' }).default(false),
  /** Least severe log lines that are printed. */
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type ServerConfig = z.output<typeof configSchema>;
/** What `createServer()` takes; everything has a default. */
export type ServerOptions = z.input<typeof configSchema>;

/** A setting that cannot be used; the message is one line and names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const options: Record<keyof ServerConfig, { flag: string; value?: string; help: string }> = {
  port: { flag: 'port', value: 'PORT', help: 'TCP port of HTTP and signalling (8080)' },
  host: { flag: 'host', value: 'HOST', help: 'address to listen on (127.0.0.1)' },
  publicUrl: { flag: 'public-url', value: 'URL', help: 'where clients reach this server, behind a proxy' },
  publicAddress: {
    flag: 'public-address',
    value: 'IP',
    help: 'where clients reach the media ports (all own addresses)',
  },
  mediaPort: { flag: 'media-port', value: 'PORT', help: 'UDP port of the first media worker (40000)' },
  workers: { flag: 'workers', value: 'N', help: 'media workers, one UDP port each (cores − 1)' },
  turnUrl: { flag: 'turn-url', value: 'URL', help: 'TURN servers for clients, separated by commas' },
  turnSecret: { flag: 'turn-secret', value: 'SECRET', help: 'secret shared with them' },
  appId: { flag: 'app-id', value: 'ID', help: 'user name of the REST API (generated)' },
  appKey: { flag: 'app-key', value: 'KEY', help: 'password of the REST API (generated)' },
  dataDir: { flag: 'data-dir', value: 'DIR', help: 'rooms, tokens and keys are kept here (.enx-room)' },
  graceSeconds: { flag: 'grace-seconds', value: 'N', help: 'wait for people whose connection broke (15)' },
  webhookUrl: { flag: 'webhook-url', value: 'URL', help: 'where to tell what happens in rooms' },
  webhookSecret: { flag: 'webhook-secret', value: 'SECRET', help: 'key that signs it' },
  demo: { flag: 'demo', help: 'serve the demo pages, with tokens for everybody' },
  logLevel: {
    flag: 'log-level',
    value: 'LEVEL',
    help: 'fatal, error, warn, info, debug, trace, silent (info)',
  },
};
const keys = Object.keys(options) as (keyof ServerConfig)[];

const environmentName = (key: keyof ServerConfig): string =>
  `ENX_${options[key].flag.replace(/-/g, '_').toUpperCase()}`;

export function helpText(): string {
  const rows = keys.map((key) => {
    const { flag, value, help } = options[key];
    return `  ${`--${flag}${value ? ` ${value}` : ''}`.padEnd(24)} ${help.padEnd(56)} ${environmentName(key)}`;
  });
  return [
    'enx-room-server: the room server for <enx-room>',
    '',
    'Usage: enx-room-server [options]',
    '',
    'Each option can also be set by the environment variable named at the end of its line.',
    '',
    ...rows,
    `  ${'--help'.padEnd(24)} print this`,
    '',
  ].join('\n');
}

/**
 * Command line over environment over defaults.
 * @throws {ConfigError} for an unknown option or a value that cannot be used.
 */
export function readConfig(argv: string[], environment: NodeJS.ProcessEnv): ServerConfig | 'help' {
  let given: Record<string, string | boolean | undefined>;
  try {
    given = parseArgs({
      args: argv,
      strict: true,
      allowPositionals: false,
      options: {
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries(
          keys.map((key) => [
            options[key].flag,
            { type: options[key].value ? 'string' : 'boolean' } as const,
          ]),
        ),
      },
    }).values;
  } catch (error) {
    throw new ConfigError((error as Error).message.split('\n')[0]);
  }
  if (given.help) return 'help';
  const raw: Record<string, unknown> = {};
  for (const key of keys) {
    const value = given[options[key].flag] ?? (environment[environmentName(key)] || undefined);
    if (value !== undefined) raw[key] = value;
  }
  return validateConfig(raw, (key) => `--${options[key].flag}`);
}

/** @throws {ConfigError} */
export function validateConfig(
  raw: unknown,
  nameOf: (key: keyof ServerConfig) => string = (key) => key,
): ServerConfig {
  const result = configSchema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const key = issue.path[0] as keyof ServerConfig | undefined;
    throw new ConfigError(`${key && key in options ? nameOf(key) : 'options'}: ${issue.message}`);
  }
  const config = result.data;
  if (Boolean(config.appId) !== Boolean(config.appKey)) {
    throw new ConfigError(`${nameOf('appId')} and ${nameOf('appKey')} must be given together`);
  }
  if (Boolean(config.turnUrl) !== Boolean(config.turnSecret)) {
    throw new ConfigError(`${nameOf('turnUrl')} and ${nameOf('turnSecret')} must be given together`);
  }
  if (Boolean(config.webhookUrl) !== Boolean(config.webhookSecret)) {
    throw new ConfigError(`${nameOf('webhookUrl')} and ${nameOf('webhookSecret')} must be given together`);
  }
  if (config.mediaPort + config.workers - 1 > 65_535) {
    throw new ConfigError(`${nameOf('mediaPort')}: ${config.workers} workers need ports beyond 65535`);
  }
  return { ...config, dataDir: resolve(config.dataDir) };
}

/** Addresses to write into answers, best first. Loopback last: it only helps people on this very machine. */
export function announcedAddresses(config: ServerConfig): string[] {
  if (config.publicAddress) return [config.publicAddress];
  const external: string[] = [];
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of addresses ?? []) {
      if (!internal && family === 'IPv4') external.push(address);
    }
  }
  return [...external.slice(0, 4), '127.0.0.1'];
}
