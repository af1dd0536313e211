import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UndoCommand } from '../../services/guard-link.ts';
import { listMarked, RUN_MARK } from '../../services/processes.ts';

// A process of its own that holds a pipe to the one that started a stack, or the services of a run. However that one ends,
// SIGKILL included, the pipe closes and whatever is still listed here is ended and removed; last what left its group, on Linux.

const graceMs = 5_000;
const undoMs = 30_000;
const children = new Map<number, NodeJS.Signals>();
const folders = new Set<string>();
const runs = new Set<string>();
const undos = new Map<string, UndoCommand>();

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});

createInterface({ input: process.stdin }).on('line', follow).on('close', cleanUp);

async function cleanUp(): Promise<void> {
  await endChildren();
  await endMarked();
  await Promise.all([...undos.values()].map(undo));
  await Promise.all([...folders].map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
  process.exit(0);
}

function follow(line: string): void {
  const [verb, value = '', signal = 'SIGKILL'] = line.split('\t');
  if (verb === 'child') children.set(Number(value), signal as NodeJS.Signals);
  if (verb === 'gone') children.delete(Number(value));
  if (verb === 'folder') folders.add(value);
  if (verb === 'run') runs.add(value);
  if (verb === 'undo') undos.set(value, JSON.parse(signal));
  if (verb === 'undone') undos.delete(value);
}

async function endChildren(): Promise<void> {
  for (const [pid, name] of children) signalGroup(pid, name);
  const deadline = Date.now() + graceMs;
  while ([...children.keys()].some(isAlive) && Date.now() < deadline) await sleep(50);
  for (const pid of children.keys()) signalGroup(pid, 'SIGKILL');
}

/** What carries the mark of a run may start more of them until it is gone. */
async function endMarked(): Promise<void> {
  for (const run of runs) {
    const deadline = Date.now() + graceMs;
    for (let pids = listMarked({ [RUN_MARK]: run }); pids.length > 0 && Date.now() < deadline; ) {
      for (const pid of pids) signal(pid, 'SIGKILL');
      await sleep(20);
      pids = listMarked({ [RUN_MARK]: run });
    }
  }
}

/** Runs a command to its end, of which nobody hears. */
function undo({ command: [program = '', ...words], cwd, env }: UndoCommand): Promise<void> {
  const options = { cwd, env: env as NodeJS.ProcessEnv, timeout: undoMs };
  return new Promise((resolve) => execFile(program, words, options, () => resolve()));
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  signal(-pid, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone already
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
