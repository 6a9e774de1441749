import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeToken, encodeToken, MAX_TOKEN_LENGTH, type Token } from '../../src/protocol/index.js';
import { disfigured, hostileValue, hostileValues } from '../helpers/hostile-values.js';
import { SeededRandom } from '../helpers/seeded-random.js';

const token = {
  host: 'rooms.example:8443',
  gateway: 'edge.example',
  tokenId: 'token-1',
  signature: 'signed',
  logId: 'log-1',
  secure: true,
  roomMeta: { settings: { quality: 'HD', media_configuration: 'default' } },
};
const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');

function read(value: unknown): { token: Token; raw: Record<string, unknown> } {
  const decoded = decodeToken(value);
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.reason);
  return decoded;
}

function refuses(value: unknown, problem: string, reason: RegExp): void {
  const decoded = decodeToken(value);
  assert.ok(!decoded.ok, 'the token was accepted');
  assert.equal(decoded.problem, problem);
  assert.match(decoded.reason, reason);
}

describe('encoding', () => {
  const spicy = { ...token, room: { name: 'Größe – 日本 😀 \u007f\n"\\' }, lone: '\ud800' };

  test('yields plain ASCII inside plain base64', () => {
    const encoded = encodeToken(spicy);
    assert.match(encoded, /^[A-Za-z0-9+/]+=*$/);
    assert.match(Buffer.from(encoded, 'base64').toString('latin1'), /^[\x20-\x7e]+$/);
  });

  test('can be decoded byte by byte, as the published client does', () => {
    const byteWise = JSON.parse(atob(encodeToken(spicy))) as typeof spicy;
    assert.deepEqual(byteWise, spicy);
  });

  test('comes back unchanged', () => {
    assert.deepEqual(read(encodeToken(spicy)).raw, spicy);
    assert.deepEqual(read(encodeToken(token)).token, token);
  });
});

describe('decoding', () => {
  test('hands out what a client needs, and everything else for the echo', () => {
    const full = { ...token, room: { _id: 'room-1' }, version: '1', extra: [1, { two: 2 }] };
    const { token: known, raw } = read(base64(JSON.stringify(full)));
    assert.deepEqual(known, token);
    assert.deepEqual(raw, full);
  });

  test('takes line breaks and spaces anywhere', () => {
    const encoded = base64(JSON.stringify(token));
    const wrapped = ` ${encoded.replace(/(.{20})/g, '$1\r\n')}\t\n`;
    assert.deepEqual(read(wrapped).raw, token);
  });

  test('takes the URL-safe alphabet and missing padding', () => {
    const tricky = { ...token, tokenId: '>>>???~~~' };
    const urlSafe = Buffer.from(JSON.stringify(tricky)).toString('base64url');
    assert.match(urlSafe, /[-_]/);
    assert.deepEqual(read(urlSafe).raw, tricky);
    assert.deepEqual(read(base64(JSON.stringify(token)).replace(/=+$/, '')).raw, token);
  });

  test('takes the middle part of a JWT', () => {
    const parts = ['{"alg":"HS256"}', JSON.stringify(token), 'signature bytes'];
    const jwt = parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
    assert.deepEqual(read(jwt).raw, token);
  });

  test('reads raw UTF-8, percent signs included', () => {
    const name = '100 % Größe 日本 😀 %41';
    assert.equal(read(base64(JSON.stringify({ ...token, name }))).raw.name, name);
  });

  test('reads Latin-1 where the bytes are not UTF-8', () => {
    assert.equal(read(base64(JSON.stringify({ ...token, name: 'Größe' }), 'latin1')).raw.name, 'Größe');
  });

  test('does without everything but the host', () => {
    assert.deepEqual(read(base64('{"host":"h"}')).token, { host: 'h' });
  });

  test('lets odd optional fields fall away', () => {
    const odd = {
      host: 'h',
      gateway: 5,
      tokenId: {},
      signature: [],
      logId: null,
      secure: 'yes',
      roomMeta: 7,
    };
    assert.deepEqual(read(base64(JSON.stringify(odd))).token, { host: 'h' });
    const oddSettings = base64(JSON.stringify({ host: 'h', roomMeta: { settings: 'HD' } }));
    assert.deepEqual(read(oddSettings).token, { host: 'h', roomMeta: { settings: {} } });
  });

  test('refuses a token without a usable host', () => {
    for (const host of [undefined, null, '', 5, [], 'h'.repeat(513)]) {
      refuses(base64(JSON.stringify({ ...token, host })), 'token-malformed', /incomplete: host: expected/);
    }
  });

  test('refuses what is empty or not text', () => {
    for (const value of hostileValues().filter(
      (candidate) => typeof candidate !== 'string' || candidate === '',
    ))
      refuses(value, 'token-malformed', /empty or not a string/);
  });

  test('refuses what is not base64 of a JSON object', () => {
    for (const value of [
      'not base64!',
      '%%%%',
      '=',
      ' ',
      'a',
      'a.b.c',
      'a.b.c.d',
      base64('not JSON'),
      base64('[]'),
      base64('"text"'),
      base64('null'),
      base64('5'),
      base64('{"host":"h"'),
      base64('{"host":"h"} trailing'),
      '\ud800',
      'ä',
    ]) {
      refuses(value, 'token-malformed', /not base64 of a JSON object/);
    }
  });

  test('looks at no more than the largest token', () => {
    const padded = (length: number): string => {
      const encoded = encodeToken(token);
      return encoded + ' '.repeat(length - encoded.length);
    };
    assert.deepEqual(read(padded(MAX_TOKEN_LENGTH)).raw, token);
    refuses(padded(MAX_TOKEN_LENGTH + 1), 'token-oversized', /longer than 16384 characters/);
  });

  test('lets __proto__ and constructor reach no prototype', () => {
    const poison = '{"host":"h","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const { token: known, raw } = read(base64(poison));
    assert.deepEqual(known, { host: 'h' });
    assert.ok(!Object.hasOwn(raw, '__proto__'));
    assert.equal(Object.getPrototypeOf(raw), Object.prototype);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    refuses(base64('{"__proto__":{"host":"h"}}'), 'token-malformed', /host: expected a string, got nothing/);
  });

  test('survives nesting as deep as a token has room for', () => {
    const depth = 4000;
    const deep = base64(`{"host":"h","x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    assert.ok(deep.length < MAX_TOKEN_LENGTH);
    assert.equal(decodeToken(deep).ok, true);
  });

  test('never throws, whatever it is given', () => {
    const random = new SeededRandom(20_260_721);
    const wellFormed = encodeToken(token);
    const alphabet = [...'ABCabc019+/=-_. \n{}"%:,\u0000\u00ff\ud800'];
    for (let index = 0; index < 5000; index++) {
      let input: unknown;
      switch (random.below(4)) {
        case 0:
          input = hostileValue(random);
          break;
        case 1: {
          const at = random.below(wellFormed.length);
          input = wellFormed.slice(0, at) + random.pick(alphabet) + wellFormed.slice(at + random.below(5));
          break;
        }
        case 2:
          input = Array.from({ length: random.below(200) }, () => random.pick(alphabet)).join('');
          break;
        default: {
          // What survives JSON of a disfigured token.
          let json: string | undefined;
          try {
            json = JSON.stringify(disfigured(token, random));
          } catch {
            json = '{';
          }
          input = base64((json ?? '').slice(0, 10_000));
        }
      }
      const decoded = decodeToken(input);
      if (decoded.ok) assert.equal(typeof decoded.token.host, 'string');
      else assert.ok(decoded.reason.length < 300);
    }
    assert.deepEqual(Object.keys(Object.prototype), []);
  });
});
