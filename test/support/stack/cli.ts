import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, inject } from 'vitest';
import type { RunEvent } from '../../../src/model/events.ts';

const root = join(import.meta.dirname, '..', '..', '..');

declare module 'vitest' {
  interface ProvidedContext {
    bin: string;
  }
}

/** The built command; `test/support/stack/setup.ts` provides it. */
export const bin = inject('bin');

/** How a command ended. */
export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a terminal shows them, but not in the order of time. */
  readonly output: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<CliEnd>;
}

export interface CliOptions {
  readonly cwd: string;
  /** Added to PATH and HOME, which is all that the command gets of this process's environment. */
  readonly env?: Record<string, string>;
}

/** Starts the command. */
export function startCli(words: readonly string[], { cwd, env = {} }: CliOptions): RunningCli {
  const child = spawn(process.execPath, [bin, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.stderr += text;
  });
  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, ...seen, output: `${seen.stdout}${seen.stderr}` });
    });
  });
  return { child, stdout: () => seen.stdout, stderr: () => seen.stderr, ended };
}

/** Runs the command to its end. */
export function runCli(words: readonly string[], options: CliOptions): Promise<CliEnd> {
  return startCli(words, options).ended;
}

/** `--var` for each value. */
export function giveVars(vars: Readonly<Record<string, string>>): string[] {
  return Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
}

/** The same values through the environment, where some may be meant for other flows. */
export function shareVars(vars: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [`TESTMESH_VAR_${name}`, value]));
}

/** A folder of a test file's own, removed at its end. */
export interface Workspace {
  readonly path: string;
  /** Writes a file with its folders; returns its name. */
  write(name: string, text: string): string;
  read(name: string): string;
  /** A name that no other call gave: tests run beside each other. */
  nextName(stem: string): string;
  /** The contents of all files below a folder. */
  readAll(folder: string): string;
}

/** Makes the workspace of this test file. */
export function useWorkspace(): Workspace {
  const path = mkdtempSync(join(tmpdir(), 'testmesh-cli-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  let count = 0;
  return {
    path,
    write(name, text) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
      return name;
    },
    read: (name) => readFileSync(join(path, name), 'utf8'),
    nextName: (stem) => `${stem}-${++count}`,
    readAll: (folder) =>
      readdirSync(join(path, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n'),
  };
}

/** The events that the ndjson reporter wrote. */
export function readEvents(text: string): RunEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Text of a file of the project. */
export function readProjectFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function projectPath(path: string): string {
  const found = join(root, path);
  if (!existsSync(found)) throw new Error(`there is no ${found}`);
  return found;
}

/** What no output for people may hold: a stack, or the words of a crash. */
export function expectNoCrash({ output }: Pick<CliEnd, 'output'>): void {
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(output).not.toMatch(/node:internal|UnhandledPromise|this is a bug in testmesh|\[object Object\]/);
}
