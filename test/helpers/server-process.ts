/** The built room server as a process of its own, which can be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../server/dist/main.js', import.meta.url));

export interface ServerProcess {
  readonly url: string;
  output(): string;
  /** @returns exit code and signal. */
  stop(signal: NodeJS.Signals): Promise<[number | null, string | null]>;
}

/** Resolves when it listens. @param more arguments of the command line */
export async function startServerProcess(
  { port, mediaPort, dataDir }: { port: number; mediaPort: number; dataDir: string },
  ...more: string[]
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [
      main,
      ...['--port', String(port), '--media-port', String(mediaPort), '--workers', '1', '--data-dir', dataDir],
      ...['--log-level', 'error', ...more],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8');
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: string) => {
      output += text;
      if (output.includes('REST API')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
  return {
    url: `http://localhost:${port}`,
    output: () => output,
    stop: async (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

/** A TCP port nobody uses at the moment of asking. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
