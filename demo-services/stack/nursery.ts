import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ChildSpec {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** The signal by which the guard ends it when this process is gone. */
  lastSignal: NodeJS.Signals;
  /** Whether it runs until it is stopped, so that an end of its own is a loss. */
  isServer?: boolean;
  /** Gives the child a channel to this process, whose end it can watch. */
  hasChannel?: boolean;
  /** Lets the child write to this process's terminal instead of its log file. */
  sharesTerminal?: boolean;
}

/** How a process ended: its exit code, undefined after a signal, and both in words. */
export interface End {
  code: number | undefined;
  text: string;
}

export interface Child {
  name: string;
  pid: number;
  lastSignal: NodeJS.Signals;
  /** Where its output goes. */
  logFile: string;
  isRunning(): boolean;
  /** Whether it is or was being stopped. */
  isStopped(): boolean;
  /** Settles when the process has ended. */
  ended: Promise<End>;
  /** Signals it and waits; after `graceMs` it is killed. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>;
}

export interface Nursery {
  /** A temporary folder that is removed at the end, whatever the end is. */
  folder: string;
  start(spec: ChildSpec): Promise<Child>;
  /** Runs a program to its end; rejects with the end of its output when it fails. */
  run(spec: Omit<ChildSpec, 'lastSignal'>): Promise<void>;
  pids(): number[];
  /** Reports of servers that ended though nobody stopped them: those so far, and each later one at once. */
  watchLost(report: (child: Child, end: End) => void): void;
  /** Has `close` wait for work that may still write into the folder; it ends soon, for nothing can be started any more. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Kills what still runs, removes the folder and returns when all processes are gone. */
  close(): Promise<void>;
}

/** Makes a temporary folder that other users may enter, without a guard yet. */
export function makeRunFolder(): string {
  // as root, PostgreSQL runs under another account, which has to reach its data
  const parent = process.getuid?.() === 0 && !isOpenToAll(tmpdir()) ? '/tmp' : tmpdir();
  const folder = mkdtempSync(join(parent, 'testmesh-stack-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'logs'));
  return folder;
}

function isOpenToAll(folder: string): boolean {
  const parent = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (parent === folder || isOpenToAll(parent));
}

/** Starts the guard process for `folder`; children started here end with this process, even when it is killed. */
export async function openNursery(folder: string, guardFile: string): Promise<Nursery> {
  const guard = spawn(process.execPath, [guardFile], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const guardEnded = watchEnd(guard);
  const guardPid = await waitForSpawn(guard, 'guard');
  guard.stdin.on('error', () => {});
  const send = (...words: (string | number)[]): void => void guard.stdin.write(`${words.join('\t')}\n`);
  send('folder', folder);
  const children = new Set<Child>();
  const tracked: Promise<unknown>[] = [];
  const lost: [Child, End][] = [];
  let reportLost: ((child: Child, end: End) => void) | undefined;
  let isClosed = false;
  let isGuarded = true;

  const start = async (spec: ChildSpec): Promise<Child> => {
    if (isClosed) throw new Error(`\`${spec.name}\` is not started: the stack is being stopped`);
    const logFile = join(folder, 'logs', `${spec.name}.log`);
    const child = await startChild(spec, logFile, (pid) => send('child', pid, spec.lastSignal));
    children.add(child);
    void child.ended.then((end) => {
      children.delete(child);
      send('gone', child.pid);
      if (spec.isServer !== true || child.isStopped()) return;
      lost.push([child, end]);
      reportLost?.(child, end);
    });
    if (isClosed) await child.stop('SIGKILL', 5_000);
    return child;
  };

  return {
    folder,
    pids: () => [...(isGuarded ? [guardPid] : []), ...[...children].map((child) => child.pid)],
    start,
    async run(spec) {
      const child = await start({ ...spec, lastSignal: 'SIGKILL' });
      const end = await child.ended;
      if (end.code !== 0) throw new Error(`\`${spec.name}\` failed (${end.text}):\n${readLogTail(child)}`);
    },
    watchLost(report) {
      reportLost = report;
      for (const [child, end] of lost) report(child, end);
    },
    track(work) {
      tracked.push(work);
      return work;
    },
    async close() {
      isClosed = true;
      await Promise.all([...children].map((child) => child.stop(child.lastSignal, 3_000)));
      await Promise.allSettled(tracked);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      guard.stdin.end();
      await guardEnded;
      isGuarded = false;
    },
  };
}

/** The last lines of a child's output, for an error message. */
export function readLogTail(child: Child, lines = 12): string {
  const text = existsSync(child.logFile) ? readFileSync(child.logFile, 'utf8') : '';
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

async function startChild(spec: ChildSpec, logFile: string, onSpawn: (pid: number) => void): Promise<Child> {
  const output = openSync(logFile, 'a');
  const place = spec.sharesTerminal === true ? 'inherit' : output;
  const spawned = spawn(spec.command, spec.args, {
    stdio: ['ignore', place, place, spec.hasChannel === true ? 'ipc' : 'ignore'],
    detached: true,
    env: spec.env ?? process.env,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  });
  closeSync(output);
  if (spawned.pid !== undefined) onSpawn(spawned.pid);
  const ended = watchEnd(spawned);
  const pid = await waitForSpawn(spawned, spec.name);
  let isStopped = false;
  const isRunning = (): boolean => spawned.exitCode === null && spawned.signalCode === null;
  return {
    name: spec.name,
    pid,
    lastSignal: spec.lastSignal,
    logFile,
    isRunning,
    isStopped: () => isStopped,
    ended,
    async stop(signal, graceMs) {
      isStopped = true;
      if (!isRunning()) return;
      spawned.kill(signal);
      const inTime = await Promise.race([ended.then(() => true), sleep(graceMs, false, { ref: false })]);
      if (!inTime) killGroup(pid);
      await ended;
    },
  };
}

function watchEnd(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: undefined, text: error.message }));
    child.once('exit', (code, signal) => {
      resolve(code === null ? { code: undefined, text: `signal ${signal}` } : { code, text: `exit code ${code}` });
    });
  });
}

function waitForSpawn(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (error) => reject(new Error(`\`${name}\` could not be started: ${error.message}`)));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it ended in the meantime
  }
}
