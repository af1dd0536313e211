import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { isFullRun } from '../sample.ts';

/** A server that a test started for itself, on a port of its own. */
export interface OwnServer {
  readonly port: number;
  /** A temporary folder, removed at the end. */
  readonly folder: string;
  stop(): Promise<void>;
}

export interface OwnServerOptions {
  /** More words for the server's command line, made when its folder is there. */
  readonly args?: (folder: string) => Promise<readonly string[]> | readonly string[];
}

const reported = new Set<string>();
const run = promisify(execFile);

/** A `describe` whose tests are left out where a program is not installed; with TESTMESH_FULL=1 they fail instead. */
export function describeWithPrograms(name: string, programs: readonly string[], body: () => void): void {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length > 0 && isFullRun)
    throw new Error(`the tests of ${name} need \`${missing.join('`, `')}\`, which TESTMESH_FULL=1 does not do without`);
  for (const program of missing) {
    if (reported.has(program)) continue;
    reported.add(program);
    process.stderr.write(`left out the tests of ${name}: \`${program}\` is not installed\n`);
  }
  describe.skipIf(missing.length > 0)(name, body);
}

/** The path of a program; servers are often where only root looks. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => isExecutable(path));
}

/** Starts a MariaDB server with the user `root` without a password; resolves when it answers. */
export async function startMariadb(options: OwnServerOptions = {}): Promise<OwnServer> {
  const folder = await makeFolder('mariadb');
  const data = join(folder, 'data');
  const account = userInfo().username;
  const install = ['--no-defaults', `--user=${account}`, `--datadir=${data}`, '--skip-test-db'];
  await run(requireProgram('mariadb-install-db'), [...install, '--auth-root-authentication-method=normal']);
  const port = await findFreePort();
  const args = [
    '--no-defaults',
    `--user=${account}`,
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=16M',
    ...((await options.args?.(folder)) ?? []),
  ];
  const client = ['--no-defaults', `--socket=${join(folder, 'socket')}`, '-u', 'root', '-e', 'SELECT 1'];
  return startServer({ program: 'mariadbd', args, port, folder }, async () => {
    await run(requireProgram('mariadb'), client);
  });
}

/** Starts a Redis server that keeps nothing; resolves when it answers. */
export async function startRedis(options: OwnServerOptions = {}): Promise<OwnServer> {
  const folder = await makeFolder('redis');
  const port = await findFreePort();
  const more = (await options.args?.(folder)) ?? [];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...more];
  return startServer({ program: 'redis-server', args, port, folder }, async () => {
    // An answer of any kind: a server with a password refuses.
    const { stdout } = await run(requireProgram('redis-cli'), ['-p', String(port), 'PING']);
    if (!/PONG|NOAUTH/.test(stdout)) throw new Error(stdout);
  });
}

/** Makes a certificate authority and a certificate of it for `localhost`: `ca.pem`, `server.pem` and `server.key`. */
export async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...words: string[]) => run(requireProgram('openssl'), words, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority');
  const extension = ['-addext', 'subjectAltName=DNS:localhost'];
  await openssl('req', ...key, ...extension, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
  await openssl('x509', '-req', '-in', 'server.csr', ...sign, '-out', 'server.pem');
  await chmod(join(folder, 'server.key'), 0o600);
}

export interface ServerSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly folder: string;
  /** Whether the folder stays when the server ends, for one that goes on with it. */
  readonly keepsFolder?: boolean;
}

/** Starts a server; resolves when `ask` does not throw any more. */
export async function startServer(
  { program, args, port, folder, keepsFolder = false }: ServerSpec,
  ask: () => Promise<void>,
): Promise<OwnServer> {
  // The shell ends the server when its own input ends: also when this process is killed.
  const script = '"$@" </dev/null & server=$!; cat >/dev/null; kill $server; wait $server';
  const command = ['-c', script, 'sh', requireProgram(program), ...args];
  const child = spawn('sh', command, { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await ended;
    if (!keepsFolder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await waitFor(ask);
  } catch (error) {
    await stop();
    throw new Error(`${program} did not answer: ${String(error)}\n${log}`);
  }
  return { port, folder, stop };
}

async function waitFor(ask: () => Promise<void>): Promise<void> {
  const endAt = performance.now() + 30_000;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > endAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Makes a temporary folder of a server. */
export async function makeFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `testmesh-${name}-`));
}

function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`\`${name}\` is not installed`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
