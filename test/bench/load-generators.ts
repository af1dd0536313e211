import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findBare } from './processes.ts';

/** How often generators are looked at, ms. */
const LOOK_MS = 20;
/** Generator and server have a core each. */
const GENERATOR_CORE = 0;
const SERVER_CORE = 1;

/** A server in a process of its own that counts. */
export interface LoadServer {
  readonly url: string;
  /** How many requests came. */
  count(): Promise<number>;
  close(): void;
}

export async function startLoadServer(): Promise<LoadServer> {
  const child = spawnOn(SERVER_CORE, [process.execPath, findBare('load-server')]);
  if (!child.stdin || !child.stdout) throw new Error('the server has no pipes');
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout });
  const next = async (): Promise<number> => Number((await once(lines, 'line'))[0]);
  const port = await next();
  return {
    url: `http://127.0.0.1:${port}`,
    count() {
      const answer = next();
      stdin.write('count\n');
      return answer;
    },
    close: () => stdin.end(),
  };
}

export interface MeasuredRun {
  readonly server: LoadServer;
  readonly folder: string;
  /** Before so many requests it starts and compiles, which is not counted. */
  readonly warmCount: number;
  /** How many requests it sends in all. */
  readonly count: number;
}

/** CPU time of a load generator for each request that came, µs; of all its threads, once it is warm. */
export async function measureGenerator(
  command: readonly string[],
  { server, folder, warmCount, count }: MeasuredRun,
): Promise<number> {
  const child = spawnOn(GENERATOR_CORE, command, folder);
  const ended = once(child, 'close');
  const from = await server.count();
  const look = async () => ({ cpuMs: readCpuMs(child), count: (await server.count()) - from });
  const reach = async (least: number) => {
    for (;;) {
      const seen = await look();
      if (seen.count >= least || child.exitCode !== null) return seen;
      await passMs(LOOK_MS);
    }
  };
  const before = await reach(warmCount);
  const after = await reach(count * 0.95);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
  return ((after.cpuMs - before.cpuMs) * 1000) / (after.count - before.count);
}

interface K6Run {
  readonly url: string;
  readonly users: number;
  readonly iterations: number;
  readonly connections: 'kept' | 'new';
}

/** The same with k6, where there is one on the PATH. */
export function findK6(folder: string, { url, users, iterations, connections }: K6Run): readonly string[] | undefined {
  if (spawnSync('k6', ['version']).status !== 0) return undefined;
  const file = join(folder, 'load.k6.js');
  writeFileSync(
    file,
    `import http from 'k6/http';
import { check } from 'k6';
export const options = { vus: ${users}, iterations: ${iterations}, noConnectionReuse: ${connections === 'new'} };
export default function () {
  const got = http.get(\`${url}/users/\${__VU}?n=\${__ITER}\`);
  const user = got.json();
  check(got, { status: (r) => r.status === 200, active: () => user.active === true, name: () => user.name.length > 0 });
  const body = JSON.stringify({ user_id: user.id, quantity: __ITER, note: \`order \${__VU}-\${__ITER}\` });
  const made = http.post('${url}/orders', body, { headers: { 'content-type': 'application/json' } });
  const order = made.json();
  check(made, { status: (r) => r.status === 200, total: () => order.total === 59.98, items: () => order.items.length === 1 });
}
`,
  );
  return ['k6', 'run', '--quiet', '--no-summary', file];
}

/** Starts a program on one core, where the machine has two and says which. */
export function spawnOn(core: number, command: readonly string[], cwd?: string): ChildProcess {
  const pinned = cpus().length > 1 && process.platform === 'linux' ? ['taskset', '-c', String(core)] : [];
  const [file = '', ...words] = [...pinned, ...command];
  return spawn(file, words, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** User and system time of a process so far. */
function readCpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function readResidentKb({ pid }: ChildProcess): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

export function passMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
