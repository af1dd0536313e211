import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

// A process of its own that holds a pipe to the one that started the stack. However that one ends, SIGKILL included,
// the pipe closes and whatever is still listed here is ended and removed.

const graceMs = 5_000;
const children = new Map<number, NodeJS.Signals>();
const folders = new Set<string>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

createInterface({ input: process.stdin }).on('line', follow).on('close', cleanUp);

async function cleanUp(): Promise<void> {
  await endChildren();
  await Promise.all([...folders].map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
  process.exit(0);
}

function follow(line: string): void {
  const [verb, value = '', signal = 'SIGKILL'] = line.split('\t');
  if (verb === 'child') children.set(Number(value), signal as NodeJS.Signals);
  if (verb === 'gone') children.delete(Number(value));
  if (verb === 'folder') folders.add(value);
}

async function endChildren(): Promise<void> {
  for (const [pid, signal] of children) signalGroup(pid, signal);
  const deadline = Date.now() + graceMs;
  while ([...children.keys()].some(isAlive) && Date.now() < deadline) await sleep(50);
  for (const pid of children.keys()) signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
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
