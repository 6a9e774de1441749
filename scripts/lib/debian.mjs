/** Debian packages that the tests want beside npm's: a browser, another browser, a TURN server. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

let listsAreFresh = false;

/** Installs a package where that is possible: as root on Debian. @returns whether it went well. */
export async function installDebianPackage(name) {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return false;
  console.log(`Installing Debian’s ${name} …`);
  try {
    if (!listsAreFresh) await run('apt-get', ['update', '-qq']);
    listsAreFresh = true;
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
      // Packages that start a service would otherwise do so here.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
    return true;
  } catch (error) {
    console.warn(String(error));
    return false;
  }
}

/** The first of these programs that is there: full paths, and names to be found in PATH. */
export function findProgram(places) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return places
    .flatMap((place) => (/[\\/]/.test(place) ? [place] : folders.map((folder) => join(folder, place))))
    .find((path) => existsSync(path));
}
