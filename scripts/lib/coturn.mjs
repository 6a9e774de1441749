/** Finds coturn for the tests of relayed media, or installs it: TURNSERVER_PATH, PATH, Debian's package (as root). */
import { findProgram, installDebianPackage } from './debian.mjs';

/** @returns the path of a `turnserver` that is there, or `undefined`. */
export function findTurnServer() {
  const { TURNSERVER_PATH } = process.env;
  return findProgram([
    ...(TURNSERVER_PATH ? [TURNSERVER_PATH] : []),
    '/usr/bin/turnserver',
    '/usr/local/bin/turnserver',
    '/opt/homebrew/bin/turnserver',
    'turnserver',
  ]);
}

/** @returns the path of a `turnserver`, installed if need be and possible; `undefined` after one line that says so. */
export async function ensureTurnServer() {
  if (!findTurnServer()) await installDebianPackage('coturn');
  const path = findTurnServer();
  if (!path)
    console.warn(
      'SKIPPED: the tests of relayed media, because there is no coturn and it cannot be installed here (set TURNSERVER_PATH).',
    );
  return path;
}
