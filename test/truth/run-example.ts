import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent, StepFinished } from '../../src/model/events.ts';

const root = join(import.meta.dirname, '..', '..');
/** The folder of the examples. */
export const examples = join(root, 'examples');
// no flow of the examples waits this long
const limitMs = 120_000;

/** What runs the examples, and where the services are. */
export interface Target {
  /** The built command. */
  bin: string;
  vars: Readonly<Record<string, string>>;
  /** A testmesh.yaml for the run. */
  project?: string;
  /** Where the run begins. */
  cwd?: string;
}

/** What became of one run of an example flow. */
export interface ExampleRun {
  /** The exit code; null when it had to be ended. */
  code: number | null;
  /** What a person sees. */
  output: string;
  /** The first step that did not pass, and how. */
  firstBad: (Pick<StepFinished, 'outcome' | 'problems'> & { readonly id: string }) | undefined;
  /** The places that each contradiction of the flow names. */
  contradictions: readonly (readonly string[])[];
  ms: number;
}

/** The folder of a project among the examples, of a flow that is one of its; undefined of the others. */
export function findProjectFolder(flow: string): string | undefined {
  const [, name] = /^(.+)\/flows\//.exec(flow) ?? [];
  return name && join(examples, name);
}

/** Runs one example with the built command and reads its report and its events. */
export function runExample(flow: string, target: Target): Promise<ExampleRun> {
  const cwd = findProjectFolder(flow);
  if (cwd !== undefined) return runFiles([join(examples, flow)], { ...target, cwd });
  const folder = target.project === undefined ? 'examples' : examples;
  return runFiles([join(folder, flow)], target);
}

/** Runs flow files, with more words for the command. */
export async function runFiles(words: readonly string[], { bin, vars, project, cwd }: Target): Promise<ExampleRun> {
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-truth-'));
  const events = join(folder, 'events.ndjson');
  const given = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
  const reporters = ['--reporter', 'tree', '--reporter', `ndjson=${events}`];
  const beganMs = performance.now();
  try {
    if (project !== undefined) writeFileSync(join(folder, 'testmesh.yaml'), project);
    const more = [...given, ...reporters, '--output-dir', join(folder, 'out')];
    const from = cwd ?? (project === undefined ? root : folder);
    const { code, output } = await runProgram([bin, 'run', ...words, ...more], { cwd: from, limitMs });
    const lines = readEventLines(events);
    return {
      code,
      output,
      firstBad: findFirstBad(lines),
      contradictions: listContradictions(lines),
      ms: performance.now() - beganMs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a Node program to its end, at most so long; it sees nothing of this process's environment. */
export function runProgram(
  words: readonly string[],
  { cwd, limitMs }: { cwd: string; limitMs: number },
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...words], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

function findFirstBad(lines: readonly RunEvent[]): ExampleRun['firstBad'] {
  const finished = lines.filter((event) => event.type === 'step_finished');
  const bad = finished.find(({ step, outcome }) => step.depth === 0 && (outcome === 'failed' || outcome === 'errored'));
  return bad && { id: bad.step.id, outcome: bad.outcome, problems: bad.problems };
}

function listContradictions(lines: readonly RunEvent[]): ExampleRun['contradictions'] {
  const problems = lines.flatMap((event) => (event.type === 'flow_finished' ? event.problems : []));
  return problems
    .filter(({ kind }) => kind === 'contradiction')
    .map(({ explained }) => (explained?.parts ?? []).map(({ text }) => text));
}

function readEventLines(file: string): RunEvent[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RunEvent);
  } catch {
    // ended before it wrote anything: its exit code tells
    return [];
  }
}
