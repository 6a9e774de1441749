/** Programs out there branch on these names and numbers: changing one here must be a decision, not an accident. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, type ErrorName, errorCodes, nameOf } from '../../src/protocol/index.js';

const published: [name: ErrorName, code: number][] = [
  ['device-id-invalid', 1142],
  ['device-not-found', 1143],
  ['device-permission-denied', 1144],
  ['device-in-use', 1145],
  ['no-media-requested', 1146],
  ['constraint-unmet', 1149],
  ['unknown', 1150],
  ['browser-unsupported', 1153],
  ['insecure-page', 1153],
  ['parameter-invalid', 1155],
  ['share-running', 1151],
  ['moderator-missing', 1130],
  ['stream-type-invalid', 1156],
  ['stream-not-found', 1159],
  ['media-connection-failed', 1160],
  ['server-unreachable', 1161],
  ['attempts-exceeded', 1165],
  ['moderators-only', 1168],
  ['not-enabled', 1170],
  ['floor-not-granted', 1173],
  ['already-in-state', 1177],
  ['text-too-large', 1195],
  ['hard-muted', 1201],
  ['unexpected-disconnection', 2002],
  ['normal-disconnect', 2006],
  ['disconnected-by-moderator', 2011],
  ['room-dismissed', 2012],
  ['room-expired', 2013],
  ['room-empty', 2014],
  ['entry-denied', 2015],
  ['replaced-by-newer-session', 2016],
  ['server-shutdown', 2017],
  ['request-pending', 1702],
  ['request-not-found', 1707],
  ['not-authorised', 4101],
  ['share-refused', 4108],
  ['connect-refused', 4119],
  ['lock-state-unchanged', 4121],
  ['room-locked', 4122],
  ['token-malformed', 4151],
  ['token-oversized', 4152],
  ['token-unknown', 4153],
  ['token-tampered', 4154],
  ['token-expired', 4155],
  ['token-used', 4156],
  ['room-gone', 4157],
  ['room-full', 4158],
  ['message-malformed', 4160],
  ['not-joined', 4161],
  ['rate-exceeded', 4162],
  ['media-unavailable', 4163],
  ['internal-error', 4164],
  ['disconnect-running', 5031],
  ['disconnect-done', 5032],
  ['network-changed', 5073],
  ['reconnect-timeout', 5074],
  ['connect-failed', 5086],
  ['not-connected', 5086],
  ['reconnect-failed', 5087],
];

test('the published names and numbers are exactly these', () => {
  assert.deepEqual(Object.entries(errorCodes), published);
});

test('codeOf gives the number of every name', () => {
  for (const [name, code] of published) assert.equal(codeOf(name), code);
});

test('nameOf gives a name back that carries the number', () => {
  for (const [, code] of published) assert.equal(codeOf(nameOf(code)), code);
  assert.equal(nameOf(5031), 'disconnect-running');
  assert.equal(nameOf(1161), 'server-unreachable');
});

test('of two names for one number nameOf gives the one about connecting', () => {
  assert.equal(nameOf(5086), 'connect-failed');
  assert.equal(nameOf(1153), 'browser-unsupported');
});

test('numbers that are not ours are unknown', () => {
  for (const code of [0, -1, 7, 99_999, NaN, Infinity]) assert.equal(nameOf(code), 'unknown');
});

test('every name is one kebab-case word', () => {
  for (const [name] of published) assert.match(name, /^[a-z]+(?:-[a-z]+)*$/);
});
