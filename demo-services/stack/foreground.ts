import { spawnSync } from 'node:child_process';

const firstNode = { major: 20, minor: 19 };

/**
 * Runs a command's work and exits with its code. Ctrl-C, SIGTERM, a closed terminal and the end of the `npm` that
 * started it abort the signal, after which the work has to end by itself.
 */
export async function runToTheEnd(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  refuseOldNode();
  const stopping = new AbortController();
  const interrupted = new Error('interrupted');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(interrupted));
  watchNpm(() => stopping.abort(interrupted));
  try {
    const code = await work(stopping.signal);
    process.exit(code);
  } catch (error) {
    if (stopping.signal.aborted) process.exit(130);
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

function refuseOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > firstNode.major || (major === firstNode.major && minor >= firstNode.minor)) return;
  const wanted = `${firstNode.major}.${firstNode.minor}`;
  process.stderr.write(`this needs Node.js ${wanted} or newer, and this is ${process.versions.node}\n`);
  process.exit(2);
}

/** npm passes nothing on when it is killed, so the processes from it down to this one are watched. */
function watchNpm(onEnd: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const watched = findAncestors(process.ppid);
  setInterval(() => watched.every(isAlive) || onEnd(), 500).unref();
}

/** The given process and those above it, up to an npm; without one, the given process alone. */
function findAncestors(pid: number): number[] {
  const found: number[] = [];
  for (let next = pid; next > 1; ) {
    found.push(next);
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(next)], { encoding: 'utf8' });
    const [, parent, command = ''] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? '') ?? [];
    if (/^(npm|npx) |npm-cli|npx-cli/.test(command)) return found;
    next = Number(parent ?? 0);
  }
  return [pid];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
