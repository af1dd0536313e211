import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DefectName } from '../../demo-services/shared/defects.ts';
import type { Stack } from '../../demo-services/stack/stack.ts';
import type { LoadSummary } from '../../src/load/metrics/load-summary.ts';
import { countOrders, findTopicEnds, type OrderCounts } from './count-orders.ts';
import { describeCounts, findDifferences } from './judge-reconcile.ts';
import { heal, indent, plant } from './prove-defects.ts';
import { examples, runProgram, type Target } from './run-example.ts';

const EXAMPLE = '32-orders-reconciled-after-a-load.yaml';
/** Orders a second; the highest of them that drops nothing is the one for all. */
const RATES = [100, 50, 25] as const;
/** Where even the lowest drops some: the numbers have to be right at any rate, and it is told. */
const BUSY_RATE = 10;
/** Beside the load itself: setup, the wait for what is missing, and what a busy machine takes. */
const REST_MS = 300_000;

/** Each with what it makes wrong once in 500 orders. */
const RARE = {
  order_event_lost_at_times: { kind: 'events', counted: 'lost' },
  order_event_twice_at_times: { kind: 'events', counted: 'duplicated' },
  order_stored_twice_at_times: { kind: 'rows', counted: 'unexpected' },
} as const satisfies Partial<Record<DefectName, object>>;

export interface ReconcileOptions {
  readonly stack: Stack;
  readonly target: Target;
  readonly seconds: number;
  readonly signal: AbortSignal;
  print(text: string): void;
}

interface LoadedOrders {
  readonly summary: LoadSummary;
  readonly code: number | null;
  readonly output: string;
  readonly counts: OrderCounts;
}

/** Loads the order service with healthy services, with each rare defect, and with a broker that restarts; whether what the load says is what SQL and Kafka say. */
export async function proveReconcile(options: ReconcileOptions): Promise<boolean> {
  const { stack, signal, print } = options;
  const found = await findRate(options);
  if (!found) return false;
  const { rate } = found;
  let areAllTrue = report(options, 'healthy', found.loaded, 0);
  let last: DefectName | undefined;
  for (const name of Object.keys(RARE) as (keyof typeof RARE)[]) {
    signal.throwIfAborted();
    await plant(stack, name, last);
    last = name;
    const loaded = await loadOrders(options, rate);
    const wrong = findMissedDefect(name, loaded);
    areAllTrue = report(options, name, loaded, 99, wrong) && areAllTrue;
  }
  if (last !== undefined) await heal(stack, last);
  const restarted = await loadOrders(options, rate, async () => {
    await sleep((options.seconds * 1000) / 3, undefined, { signal });
    await stack.stopBroker();
    await sleep((options.seconds * 1000) / 12, undefined, { signal });
    await stack.startBroker();
  });
  areAllTrue = report(options, 'broker stopped and started', restarted) && areAllTrue;
  print(`reconcile: ${areAllTrue ? 'all numbers are those of SQL and Kafka' : 'not all is as it has to be'}`);
  return areAllTrue;
}

/** The highest rate at which nothing is dropped, with what its load came to. */
async function findRate(options: ReconcileOptions): Promise<{ rate: number; loaded: LoadedOrders } | undefined> {
  for (const rate of [...RATES, BUSY_RATE]) {
    const loaded = await loadOrders(options, rate);
    const dropped = loaded.summary.scenarios.reduce((sum, scenario) => sum + scenario.dropped, 0);
    const isBelow = rate === BUSY_RATE ? `, below what it is to be shown at: this machine is busy` : '';
    options.print(`reconcile: ${dropped} dropped at ${rate} orders/s over ${options.seconds} s${isBelow}`);
    if (dropped === 0) return { rate, loaded };
  }
  options.print(`✗ reconcile: this machine is too slow for ${BUSY_RATE} orders/s`);
  return undefined;
}

/** Whether the load counted and named what the defect made wrong: so often as it does, of the orders that it was. */
function findMissedDefect(name: keyof typeof RARE, { summary, counts }: LoadedOrders): readonly string[] {
  const { kind, counted } = RARE[name];
  const place = summary.reconcile?.places.find((one) => one.kind === kind);
  // Orders that nobody was told of have no event.
  const placed = name === 'order_stored_twice_at_times' ? counts.events.size : counts.rows.size;
  const wanted = Math.floor((placed + 250) / 500);
  const named = place?.[`${counted}Keys`] ?? [];
  const eventsOfEach = counted === 'duplicated' ? 2 : 0;
  const isNamed = (key: string): boolean => counts.rows.has(key) && (counts.events.get(key) ?? 0) === eventsOfEach;
  return [
    ...(place?.[counted] === wanted ? [] : [`${counted} is ${place?.[counted]}, planted were ${wanted}`]),
    ...(named.length === Math.min(10, wanted) ? [] : [`${named.length} ids are named`]),
    ...named.filter((key) => !isNamed(key)).map((key) => `${key} is named, and is none of them`),
  ];
}

function report(
  { print }: ReconcileOptions,
  name: string,
  { summary, code, output, counts }: LoadedOrders,
  wantedCode?: number,
  more: readonly string[] = [],
): boolean {
  const wrong = [...findDifferences(summary, counts), ...more];
  if (wantedCode !== undefined && code !== wantedCode) wrong.push(`the exit code is ${code}, expected ${wantedCode}`);
  print(`${wrong.length === 0 ? '✓' : '✗'} reconcile, ${name}: ${describeCounts(summary)}`);
  for (const one of wrong) print(indent(one));
  if (wrong.length > 0) print(indent(output));
  return wrong.length === 0;
}

/** Runs the example for a while at a rate, and counts by other means what became of it. */
async function loadOrders(
  { stack, target, seconds }: ReconcileOptions,
  rate: number,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<LoadedOrders> {
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-reconcile-'));
  try {
    const flow = join(folder, 'orders.yaml');
    // What waits for a broker that was away is sent later, a hundred at a time.
    writeFileSync(flow, readFileSync(join(examples, EXAMPLE), 'utf8').replace('within: 30s', 'within: 120s'));
    const email = `load-${Date.now()}@example.com`;
    const summaryFile = join(folder, 'summary.json');
    const vars = Object.entries({ ...target.vars, EMAIL: email }).flatMap(([name, value]) => [
      '--var',
      `${name}=${value}`,
    ]);
    const pace = ['--rate', `${rate}/s`, '--duration', `${seconds}s`, '--pre-allocated-vus', '50', '--max-vus', '200'];
    const words = [target.bin, 'load', flow, ...vars, ...pace, '--summary-export', summaryFile, '-q'];
    const ends = await findTopicEnds(stack.kafkaBrokers);
    const running = runProgram(words, { cwd: folder, limitMs: seconds * 1000 + REST_MS });
    const [{ code, output }] = await Promise.all([running, meanwhile()]);
    const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as LoadSummary;
    return { summary, code, output, counts: await countOrders(stack, { email, ends }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
