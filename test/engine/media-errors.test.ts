import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deviceSentence, mediaError } from '../../src/engine/media-errors.js';
import type { ErrorName } from '../../src/protocol/index.js';
import { deviceError } from '../helpers/fake-media.js';
import { hostileValues } from '../helpers/hostile-values.js';

/** What browsers throw (Media Capture and Streams §10.2) → the published error. */
const mapping: [thrown: string, name: ErrorName, code: number][] = [
  ['NotAllowedError', 'device-permission-denied', 1144],
  ['SecurityError', 'device-permission-denied', 1144],
  ['NotFoundError', 'device-not-found', 1143],
  ['NotReadableError', 'device-in-use', 1145],
  ['AbortError', 'device-in-use', 1145],
  ['OverconstrainedError', 'constraint-unmet', 1149],
  ['TypeError', 'unknown', 1150],
  ['constructor', 'unknown', 1150],
];

describe('what the browser throws', () => {
  for (const [thrown, name, code] of mapping) {
    test(`${thrown} is ${name}`, () => {
      const cause = deviceError(thrown);
      for (const [kind, device] of [
        ['audio', 'microphone'],
        ['video', 'camera'],
      ] as const) {
        const error = mediaError(cause, kind);
        assert.equal(error.name, name);
        assert.equal(error.code, code);
        assert.equal(error.cause, cause);
        assert.match(error.message, new RegExp(`\\b${device}\\b.*\\.$`));
      }
    });
  }

  test('OverconstrainedError about a deviceId is device-id-invalid: that device is not there', () => {
    const cause = Object.assign(deviceError('OverconstrainedError'), { constraint: 'deviceId' });
    const { name, code, message } = mediaError(cause, 'video');
    assert.deepEqual([name, code], ['device-id-invalid', 1142]);
    assert.match(message, /^This camera is not there/);
  });

  test('whatever else is thrown becomes a sentence too', () => {
    for (const value of hostileValues()) assert.equal(mediaError(value, 'audio').name, 'unknown');
  });

  test('what people can do something about may be tried again', () => {
    for (const thrown of ['NotAllowedError', 'NotFoundError', 'NotReadableError'])
      assert.equal(mediaError(deviceError(thrown), 'video').retryable, true);
    assert.equal(mediaError(deviceError('OverconstrainedError'), 'video').retryable, false);
  });
});

describe('the sentence for people', () => {
  test('speaks of one device, or of both in the plural', () => {
    assert.match(deviceSentence('device-permission-denied', 'camera')!, /your camera\. Allow it /);
    assert.match(
      deviceSentence('device-permission-denied', 'microphone and camera')!,
      /your microphone and camera\. Allow them /,
    );
    assert.match(
      deviceSentence('device-not-found', 'microphone and camera')!,
      /^No microphone and no camera/,
    );
    assert.match(
      deviceSentence('device-in-use', 'microphone and camera')!,
      /^Your microphone and camera are /,
    );
  });

  test('is missing where the error is about no device', () => {
    assert.equal(deviceSentence('room-full', 'camera'), undefined);
  });
});
