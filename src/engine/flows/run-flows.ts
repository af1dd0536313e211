import { isBad, type Outcome, type Skip } from '../../model/events.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { listPhases, listSteps } from '../../model/walk-steps.ts';
import { countOf } from '../../util/count.ts';
import type { FlowPart, FlowPlace } from '../lifetimes/flow-part.ts';
import type { FlowRun, RunOptions, RunOutcome } from '../lifetimes/run-options.ts';
import { AroundFlows, type FlowsAround } from './around-flows.ts';
import { describeOpenFlows, findOpenWaits, runsAlone } from './open-flows.ts';
import { openRun, type Run } from './open-run.ts';
import { runSerially } from './run-serially.ts';
import type { FlowOutcome } from './session.ts';

export interface RunFlowsOptions extends RunOptions {
  /** How many flows run at the same time; 1 when absent. */
  readonly workers?: number | undefined;
  /** After this many flows that failed or errored no further one starts. */
  readonly bail?: number | undefined;
  /** What runs before and after them all. */
  readonly around?: FlowsAround | undefined;
  /** How often a flow that does not pass is tried again. */
  readonly retries?: number | undefined;
}

/** Runs flows, each in a session of its own, as many at a time as there are workers, in the order given; of a serial group one at a time, and one with an open wait by itself. */
export async function runFlows(flows: readonly FlowRun[], options: RunFlowsOptions): Promise<RunOutcome> {
  const { workers = 1, around = {} } = options;
  const flowCount = flows.length + [around.before, around.after].filter((one) => one !== undefined).length;
  const run = openRun({ ...options, identity: { ...options.identity, flowCount } });
  const beside = new AroundFlows(run, around, options);
  const places = flows.map((flow) => run.placeOf(flow));
  const open = workers > 1 && flows.length > 1 ? flows.map(findOpenWaits) : [];
  if (open.some(({ length }) => length > 0)) run.note(describeOpenFlows(flows, open));
  const missing = await run.startServices();
  const barred = missing === undefined ? await beside.begin() : { kind: 'not_reached' as const, reason: missing };
  let brokenCount = 0;
  await runSerially({
    count: flows.length,
    workers,
    groupsOf: (index) => listSerialGroups(flows[index]?.plan),
    isAlone: (index) =>
      (open[index]?.length ?? 0) > 0 || (options.runServices !== undefined && runsAlone(flows[index])),
    async run(index) {
      const flow = flows[index];
      if (!flow) return;
      const skip = whyNotStarted(run, { bail: options.bail, brokenCount, barred });
      const place = places[index] ?? run.placeOf(flow);
      const outcome = await runUntilPassed(run, beside.give(flow), { place, skip, retries: options.retries ?? 0 });
      if (isBad(outcome)) brokenCount++;
    },
  });
  await beside.end();
  return run.finish();
}

/** Runs a flow, and when it does not pass again as often as it may be; each attempt knows nothing of those before. */
async function runUntilPassed(
  run: Run,
  flow: FlowRun,
  { place, skip, retries }: { place: FlowPlace; skip: Skip | undefined; retries: number },
): Promise<Outcome> {
  if (retries === 0) return (await runAlone(run, flow, { place, skip })).outcome;
  for (let number = 1; ; number++) {
    const attempt = { number, isLast: number > retries };
    const isFirst = number === 1;
    const part = isFirst ? { place, skip, attempt } : { place: run.placeAgain(place, number), attempt };
    const { outcome, retry } = await runAlone(run, flow, part);
    if (retry !== 'follows') return outcome;
  }
}

async function runAlone(run: Run, flow: FlowRun, part: FlowPart): Promise<FlowOutcome> {
  const session = run.openSession();
  try {
    return await session.runFlow(flow, part);
  } finally {
    await session.close();
  }
}

/** The serial groups of a flow and of those that it calls. */
function listSerialGroups(plan: FlowPlan | undefined): readonly string[] {
  if (!plan) return [];
  const called = listSteps(listPhases(plan)).flatMap((step) => step.calls?.serial ?? []);
  return plan.serial === undefined ? called : [plan.serial, ...called];
}

function whyNotStarted(
  run: Run,
  { bail, brokenCount, barred }: { bail: number | undefined; brokenCount: number; barred: Skip | undefined },
): Skip | undefined {
  const kind = 'not_reached';
  if (run.work.asked) return { kind, reason: `not reached: ${run.work.asked.message}` };
  if (barred) return barred;
  const reason = run.findLostService();
  if (reason !== undefined) return { kind, reason };
  if (bail === undefined || brokenCount < bail) return undefined;
  return { kind, reason: `not reached: ${countOf(brokenCount, 'flow')} failed` };
}
