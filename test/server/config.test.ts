import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  announcedAddresses,
  ConfigError,
  configSchema,
  helpText,
  readConfig,
  type ServerConfig,
  validateConfig,
} from '../../server/src/config.js';

function read(argv: string[], environment: NodeJS.ProcessEnv = {}): ServerConfig {
  const config = readConfig(argv, environment);
  assert.notEqual(config, 'help');
  return config as ServerConfig;
}

/** @returns the message, after seeing that it is one line. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.match(error.message, /^[^\n]+$/);
    return error.message;
  }
  return assert.fail('it was accepted');
}

interface Option {
  key: keyof ServerConfig;
  flag: string;
  variable: string;
  /** Text → value. */
  good: [text: string, value: unknown][];
  bad: string[];
  /** Given along, where an option needs another one. */
  along?: string[];
}

const key = 'k'.repeat(16);
const options: Option[] = [
  {
    key: 'port',
    flag: '--port',
    variable: 'ENX_PORT',
    good: [
      ['0', 0],
      ['443', 443],
      ['65535', 65_535],
    ],
    bad: ['abc', '', ' ', '-1', '65536', '80.5', '0x50', '1e3', '80 ', 'NaN', 'Infinity', 'true'],
  },
  {
    key: 'host',
    flag: '--host',
    variable: 'ENX_HOST',
    good: [
      ['0.0.0.0', '0.0.0.0'],
      ['::', '::'],
    ],
    bad: ['', 'h'.repeat(256)],
  },
  {
    key: 'publicUrl',
    flag: '--public-url',
    variable: 'ENX_PUBLIC_URL',
    good: [['https://rooms.example:8443', 'https://rooms.example:8443']],
    bad: ['rooms.example', 'ftp://rooms.example', 'wss://rooms.example', 'https://', '', '/video'],
  },
  {
    key: 'publicAddress',
    flag: '--public-address',
    variable: 'ENX_PUBLIC_ADDRESS',
    good: [
      ['192.0.2.1', '192.0.2.1'],
      ['2001:db8::1', '2001:db8::1'],
    ],
    bad: ['rooms.example', '192.0.2', '192.0.2.256', '192.0.2.1:80', ''],
  },
  {
    key: 'mediaPort',
    flag: '--media-port',
    variable: 'ENX_MEDIA_PORT',
    good: [['50000', 50_000]],
    bad: ['0', '70000', 'abc', '', '1.5'],
    along: ['--workers', '1'],
  },
  {
    key: 'workers',
    flag: '--workers',
    variable: 'ENX_WORKERS',
    good: [
      ['1', 1],
      ['64', 64],
    ],
    bad: ['0', '65', '1.5', 'many', ''],
  },
  {
    key: 'graceSeconds',
    flag: '--grace-seconds',
    variable: 'ENX_GRACE_SECONDS',
    good: [
      ['0', 0],
      ['300', 300],
    ],
    bad: ['301', '1.5', 'forever', ''],
  },
  {
    key: 'webhookUrl',
    flag: '--webhook-url',
    variable: 'ENX_WEBHOOK_URL',
    good: [
      ['https://app.example/hook', 'https://app.example/hook'],
      ['http://user:pass@127.0.0.1:3000/', 'http://user:pass@127.0.0.1:3000/'],
    ],
    bad: ['app.example', 'ftp://app.example', ''],
    along: ['--webhook-secret', '0123456789abcdef'],
  },
  {
    key: 'webhookSecret',
    flag: '--webhook-secret',
    variable: 'ENX_WEBHOOK_SECRET',
    good: [['0123456789abcdef', '0123456789abcdef']],
    bad: ['0123456789abcde', 'x'.repeat(257), ''],
    along: ['--webhook-url', 'https://app.example/hook'],
  },
  {
    key: 'turnUrl',
    flag: '--turn-url',
    variable: 'ENX_TURN_URL',
    good: [
      ['turn:turn.example:3478', 'turn:turn.example:3478'],
      ['turn:a.example,turns:b.example?transport=tcp', 'turn:a.example,turns:b.example?transport=tcp'],
    ],
    bad: [
      'turn.example',
      'https://turn.example',
      'turn:',
      'turn:a b',
      'turn:a,',
      'turn:a?transport=sctp',
      '',
    ],
    along: ['--turn-secret', 'secret-of-turn'],
  },
  {
    key: 'turnSecret',
    flag: '--turn-secret',
    variable: 'ENX_TURN_SECRET',
    good: [['12345678', '12345678']],
    bad: ['1234567', '', 's'.repeat(257)],
    along: ['--turn-url', 'turn:turn.example'],
  },
  {
    key: 'appId',
    flag: '--app-id',
    variable: 'ENX_APP_ID',
    good: [['my-app', 'my-app']],
    bad: ['', 'a'.repeat(129)],
    along: ['--app-key', key],
  },
  {
    key: 'appKey',
    flag: '--app-key',
    variable: 'ENX_APP_KEY',
    good: [[key, key]],
    bad: ['short', '', 'k'.repeat(257)],
    along: ['--app-id', 'my-app'],
  },
  {
    key: 'dataDir',
    flag: '--data-dir',
    variable: 'ENX_DATA_DIR',
    good: [
      ['/var/lib/rooms', '/var/lib/rooms'],
      ['rooms', resolve('rooms')],
    ],
    bad: [''],
  },
  {
    key: 'demo',
    flag: '--demo',
    variable: 'ENX_DEMO',
    good: [
      ['true', true],
      ['false', false],
      ['1', true],
      ['0', false],
    ],
    bad: ['maybe', '2'],
  },
  {
    key: 'logLevel',
    flag: '--log-level',
    variable: 'ENX_LOG_LEVEL',
    good: [
      ['debug', 'debug'],
      ['silent', 'silent'],
    ],
    bad: ['loud', 'DEBUG', ''],
  },
];

test('the table of this test covers every option', () => {
  assert.deepEqual(options.map((option) => option.key).sort(), Object.keys(configSchema.shape).sort());
});

test('the defaults are those of the documentation', () => {
  const { workers, ...config } = read([]);
  assert.ok(workers >= 1 && workers <= 64);
  assert.deepEqual(config, {
    port: 8080,
    host: '127.0.0.1',
    mediaPort: 40_000,
    graceSeconds: 15,
    dataDir: resolve('.enx-room'),
    demo: false,
    logLevel: 'info',
  });
});

for (const { key: name, flag, variable, good, bad, along = [] } of options) {
  describe(flag, () => {
    test(`is also ${variable}, and both take the same values`, () => {
      for (const [text, value] of good) {
        assert.deepEqual(read(along, { [variable]: text })[name], value, text);
        if (name !== 'demo') assert.deepEqual(read([...along, flag, text])[name], value, text);
      }
    });

    test('on the command line wins over the environment, also over a bad one', () => {
      const [[text, value]] = good as [[string, unknown]];
      const argument = name === 'demo' ? [flag] : [flag, text];
      for (const other of [good.at(-1)![0], bad[0]!])
        assert.deepEqual(read([...along, ...argument], { [variable]: other })[name], value);
    });

    test('refuses what it cannot use with one line that names it', () => {
      for (const text of bad) {
        if (name !== 'demo')
          assert.match(
            refusal(() => read([...along, `${flag}=${text}`])),
            new RegExp(`^${flag}: .+`),
          );
        // An empty variable counts as one that is not set.
        if (text !== '')
          assert.match(
            refusal(() => read(along, { [variable]: text })),
            new RegExp(`^${flag}: .+`),
          );
      }
    });

    test('counts as not given when the variable is empty', () => {
      assert.deepEqual(read([], { [variable]: '' }), read([]));
    });

    test('is in the help, with its variable', () => {
      const line = helpText()
        .split('\n')
        .find((row) => row.trim().startsWith(`${flag} `));
      assert.match(line ?? '', new RegExp(`${variable}$`));
    });
  });
}

describe('together', () => {
  test('id and key of the app, and URL and secret of TURN, come in pairs', () => {
    for (const [argv, names] of [
      [['--app-id', 'my-app'], /--app-id and --app-key must be given together/],
      [['--app-key', key], /--app-id and --app-key must be given together/],
      [['--turn-url', 'turn:turn.example'], /--turn-url and --turn-secret must be given together/],
      [['--turn-secret', 'secret-of-turn'], /--turn-url and --turn-secret must be given together/],
    ] as const)
      assert.match(
        refusal(() => read([...argv])),
        names,
      );
  });

  test('the ports of all workers must exist', () => {
    assert.equal(read(['--media-port', '65534', '--workers', '2']).mediaPort, 65_534);
    assert.match(
      refusal(() => read(['--media-port', '65534', '--workers', '3'])),
      /^--media-port: 3 workers/,
    );
  });

  test('the first thing wrong is the one that is named', () => {
    assert.match(
      refusal(() => read(['--port', 'x', '--workers', 'y'])),
      /^--port: /,
    );
  });
});

describe('the command line', () => {
  test('refuses options it does not know, values that are missing, and loose words, naming each', () => {
    for (const [argv, names] of [
      [['--prot', '80'], /--prot/],
      [['--port'], /--port/],
      [['--demo=yes'], /--demo/],
      [['8080'], /8080/],
      [['-x'], /-x/],
    ] as const)
      assert.match(
        refusal(() => read([...argv])),
        names,
      );
  });

  test('asks for help with --help and -h, whatever else is there', () => {
    for (const argv of [['--help'], ['-h'], ['--port', 'abc', '--help']])
      assert.equal(readConfig(argv, {}), 'help');
  });

  test('reads no variable without our prefix', () => {
    assert.deepEqual(read([], { PORT: '1', HOST: 'x', WORKERS: '0' }), read([]));
  });
});

describe('options of embedders', () => {
  test('are called by their own names in a refusal', () => {
    assert.match(
      refusal(() => validateConfig({ port: 'abc' })),
      /^port: /,
    );
    assert.match(
      refusal(() => validateConfig({ appId: 'a' })),
      /^appId and appKey /,
    );
  });

  test('may be numbers and booleans, and nothing that merely turns into them', () => {
    assert.deepEqual([validateConfig({ port: 0 }).port, validateConfig({ demo: true }).demo], [0, true]);
    for (const port of [true, null, [80], {}, 80.5, NaN, '', new Date(0)])
      assert.match(
        refusal(() => validateConfig({ port })),
        /^port: /,
      );
    for (const workers of [true, [2], null])
      assert.match(
        refusal(() => validateConfig({ workers })),
        /^workers: /,
      );
  });

  test('must be an object', () => {
    for (const raw of [null, 'text', 5, []])
      assert.match(
        refusal(() => validateConfig(raw)),
        /^options: /,
      );
  });
});

describe('addresses announced to clients', () => {
  test('are the public one alone, where there is one', () => {
    assert.deepEqual(announcedAddresses(read(['--public-address', '192.0.2.1'])), ['192.0.2.1']);
  });

  test('else are those of this machine, few and loopback last', () => {
    const addresses = announcedAddresses(read([]));
    assert.equal(addresses.at(-1), '127.0.0.1');
    assert.ok(addresses.length <= 5);
    assert.ok(addresses.slice(0, -1).every((address) => !address.startsWith('127.')));
  });
});

describe('the program', () => {
  async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'server/src/main.ts', ...argv], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, out, err };
  }

  test('ends with code 2 and one line for a bad option', async () => {
    const { code, out, err } = await run('--port', 'abc');
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^enx-room-server: --port: [^\n]+\n$/);
  });

  test('prints its help and ends well', async () => {
    const { code, out, err } = await run('--help');
    assert.deepEqual([code, err, out], [0, '', helpText()]);
  });
});
