import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createRandom } from '../../src/engine/names/random.ts';
import type { RunEvent } from '../../src/model/events.ts';
import { INTERRUPTED_FLOW } from './interrupted-flow.ts';
import { startSlowRelay } from './slow-relay.ts';

const EXIT_CODES = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 } as const;
type Signal = keyof typeof EXIT_CODES;
const SIGNALS = Object.keys(EXIT_CODES) as Signal[];
const AT_ONCE = 2;
/** How long a user takes to be made: longer than teardown takes to look for it, shorter than the 2 s that the running step has. */
const SERVICE_MS = 250;
/** The flow's own time, 2 s for the running step, teardown's waits, and a loaded machine. */
const LONGEST_MS = 60_000;

export interface SignalsOptions {
  readonly bin: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly count: number;
  readonly seed: string;
  note?(text: string): void;
}

/** What the proof found. */
export interface SignalsProof {
  /** Runs by where the signal met them: before the flow began, in a phase, or when all was done. */
  readonly met: ReadonlyMap<string, number>;
  /** A line for each thing that is not as it must be, with its seed and moment. */
  readonly faults: readonly string[];
}

/**
 * Sends TERM, INT and HUP in turns to runs of one flow, at moments drawn from the seed between its start and its end, teardown
 * included. Each must do its teardown, exit as the signal says, and leave no row once the services are quiet.
 */
export async function proveSignals(options: SignalsOptions): Promise<SignalsProof> {
  const { seed, count, note } = options;
  const relay = await startSlowRelay(options.vars['USER_SERVICE_URL'] ?? '', SERVICE_MS);
  const vars: Record<string, string> = { ...options.vars, USER_SERVICE_URL: relay.url };
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-signals-'));
  const database = new pg.Client(vars['DB_URL']);
  await database.connect();
  const random = createRandom(seed);
  const prefix = `signals-${random.hex(8)}-${Date.now()}`;
  try {
    await database.query('CREATE TABLE IF NOT EXISTS interrupted_rows (name text NOT NULL)');
    writeFileSync(join(folder, 'flow.yaml'), INTERRUPTED_FLOW);
    const start = (name: string) => startRun({ ...options, vars }, folder, `${prefix}-${name}`);
    await start('first').ended;
    const whole = await start('whole').ended;
    const faults = whole.code === 0 ? [] : [`without a signal: exit code ${whole.code}\n${whole.output}`];
    const shots = Array.from({ length: count }, (_, index) => ({
      name: String(index),
      signal: SIGNALS[index % SIGNALS.length] ?? 'SIGINT',
      atMs: random.random() * whole.ms,
    }));
    const met = new Map<string, number>();
    await runAtOnce(shots, async (shot) => {
      const run = start(shot.name);
      await Promise.race([sleep(shot.atMs), run.ended]);
      run.child.kill(shot.signal);
      const verdict = judgeRun(await run.ended, shot.signal);
      met.set(verdict.met, (met.get(verdict.met) ?? 0) + 1);
      const place = `seed ${seed}, run ${shot.name}: ${shot.signal} at ${shot.atMs.toFixed(0)} of ${whole.ms.toFixed(0)} ms`;
      faults.push(...verdict.faults.map((fault) => `${place}: ${fault}`));
      note?.(`${place}: ${verdict.met}${verdict.faults.length > 0 ? `, ${verdict.faults.join(', ')}` : ''}`);
    });
    await relay.settle();
    faults.push(...(await findLeftovers(database, vars, prefix)));
    return { met, faults };
  } finally {
    await database.query('DROP TABLE IF EXISTS interrupted_rows');
    await database.end();
    relay.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly events: readonly RunEvent[];
  readonly ms: number;
}

function startRun(
  { bin, vars }: SignalsOptions,
  folder: string,
  name: string,
): { child: ChildProcess; ended: Promise<RunEnd> } {
  const file = join(folder, `${name}.ndjson`);
  const given = Object.entries({ ...vars, NAME: name }).flatMap(([key, value]) => ['--var', `${key}=${value}`]);
  const reporters = ['--reporter', 'tree', '--reporter', `ndjson=${file}`];
  const beganAt = performance.now();
  const child = spawn(process.execPath, [bin, 'run', 'flow.yaml', ...given, ...reporters], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<RunEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, output, events: readEvents(file), ms: performance.now() - beganAt }),
    );
  });
  return { child, ended };
}

function readEvents(file: string): RunEvent[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RunEvent);
  } catch {
    // ended before it wrote anything
    return [];
  }
}

async function runAtOnce<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Where the signal met the run, and what became of it that must not. */
export function judgeRun(
  { code, signal, output, events }: Pick<RunEnd, 'code' | 'signal' | 'output' | 'events'>,
  sent: Signal,
): { met: string; faults: string[] } {
  const faults: string[] = [];
  if (signal === 'SIGKILL') return { met: 'ended by force', faults: [`hangs\n${output}`] };
  if (/this is a bug in testmesh|node:internal|UnhandledPromise/.test(output)) faults.push(`crashed\n${output}`);
  const finished = events.find((event) => event.type === 'run_finished');
  const hasBegun = events.some((event) => event.type === 'flow_started');
  const isBySignal = code === EXIT_CODES[sent] || (code === null && signal === sent);
  if (!hasBegun) {
    if (!isBySignal) faults.push(`exit code ${code} before the flow began\n${output}`);
    return { met: 'before the flow', faults };
  }
  if (!finished) return { met: 'in the flow', faults: [...faults, `no end of the run was told\n${output}`] };
  const isOver = finished.interrupted === undefined;
  if (isOver ? !isBySignal && code !== 0 : code !== EXIT_CODES[sent]) faults.push(`exit code ${code}\n${output}`);
  if (!isOver && finished.interrupted !== sent) faults.push(`interrupted by ${finished.interrupted}`);
  const undone = listTeardown(events);
  for (const id of ['remove_rows', 'remove_users'])
    if (undone.get(id) !== 'passed') faults.push(`teardown's ${id} is ${undone.get(id) ?? 'missing'}\n${output}`);
  const bad = [...undone].filter(([, outcome]) => outcome === 'failed' || outcome === 'errored');
  for (const [id, outcome] of bad) faults.push(`teardown's ${id} ${outcome}\n${output}`);
  return { met: isOver ? 'when all was done' : findPhase(events), faults };
}

function listTeardown(events: readonly RunEvent[]): Map<string, string> {
  const undone = new Map<string, string>();
  for (const event of events)
    if (event.type === 'step_finished' && event.step.phase === 'teardown' && event.step.depth === 0)
      undone.set(event.step.id, event.outcome);
  return undone;
}

/** The phase in which the run was cut: teardown when all steps before it passed. */
function findPhase(events: readonly RunEvent[]): string {
  for (const event of events) {
    if (event.type !== 'step_finished' || event.step.depth > 0) continue;
    if (event.step.phase === 'teardown') return 'in teardown';
    if (event.outcome !== 'passed') return `in ${event.step.phase}`;
  }
  return 'in the flow';
}

/** What is left once all that the runs caused has been handled. */
async function findLeftovers(
  database: pg.Client,
  vars: Readonly<Record<string, string>>,
  prefix: string,
): Promise<string[]> {
  const count = async (sql: string): Promise<number> => (await database.query(sql, [`${prefix}%`])).rows[0].n;
  const outbox = 'SELECT count(*)::int AS n FROM user_service.outbox WHERE payload LIKE $1';
  const endAt = Date.now() + LONGEST_MS;
  while ((await count(outbox.replace('$1', "'%' || $1"))) > 0 && Date.now() < endAt) await sleep(100);
  await waitUntilGreeted(database, vars, prefix);
  const faults: string[] = [];
  const looks = {
    'rows of the flow': 'SELECT count(*)::int AS n FROM interrupted_rows WHERE name LIKE $1',
    users: 'SELECT count(*)::int AS n FROM user_service.users WHERE email LIKE $1',
    notifications: "SELECT count(*)::int AS n FROM notification_service.notifications WHERE data->>'email' LIKE $1",
    'connections to the database':
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'testmesh' AND query LIKE '%interrupted_rows%' AND $1 <> ''",
  };
  for (const [what, sql] of Object.entries(looks)) {
    const n = await count(sql);
    if (n > 0) faults.push(`${n} ${what} left`);
  }
  return faults;
}

/** A user made last is greeted last: then everything before it has been handled, too. */
async function waitUntilGreeted(
  database: pg.Client,
  vars: Readonly<Record<string, string>>,
  prefix: string,
): Promise<void> {
  const email = `last-${prefix}@example.com`;
  const response = await fetch(`${vars['USER_SERVICE_URL']}/api/v1/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'last', email }),
  });
  const { id } = (await response.json()) as { id: string };
  const remove = 'DELETE FROM notification_service.notifications WHERE user_id = $1';
  const endAt = Date.now() + LONGEST_MS;
  while ((await database.query(remove, [id])).rowCount === 0) {
    if (Date.now() > endAt) throw new Error('the notification service does not become quiet');
    await sleep(50);
  }
  await database.query('DELETE FROM user_service.users WHERE id = $1', [id]);
}
