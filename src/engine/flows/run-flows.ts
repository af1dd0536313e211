import { setMaxListeners } from 'node:events';
import { EVENT_VERSION } from '../../model/events.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { listSteps } from '../../model/walk-steps.ts';
import { createHub } from '../events/hub.ts';
import { createSecrets } from '../events/secrets.ts';
import { closeOwned } from '../lifetimes/close-owned.ts';
import { createResources } from '../lifetimes/resources.ts';
import type { FlowRun, RunOptions, RunOutcome } from '../lifetimes/run-options.ts';
import type { RunScope } from '../lifetimes/run-scope.ts';
import { addCounts, countOutcomes, worstOutcome } from '../outcome/problems.ts';
import { nameSignal, type SignalName } from '../stop/interrupt.ts';
import { callFlow } from './call-flow.ts';
import { type FlowOutcome, runFlow, tellUnstarted } from './run-flow.ts';
import { runSerially } from './run-serially.ts';

/** Runs flows, tells the consumers everything that happens, and gives what became of the run. */
export async function runFlows(flows: readonly FlowRun[], options: RunOptions): Promise<RunOutcome> {
  const { clock, consumers, interrupt } = options;
  setMaxListeners(0, interrupt.signal, interrupt.hard);
  const secrets = createSecrets();
  const hub = createHub({ consumers, secrets, clock });
  let hasBug = false;
  const run: RunScope = {
    options,
    secrets,
    resources: createResources({ clock, lifetime: 'run' }),
    emit: (event) => hub.emit(event),
    servicesFor: keepServices(options),
    callFlow,
    tellBug(error) {
      hasBug = true;
      options.onBug?.(error);
    },
  };
  const startedAt = clock.monotonic();
  tellRunStarted(run, flows.length);
  const outcomes = await runAll(run, flows);
  await closeOwned(run, run.resources, 'the run: ');
  const told = summarize(run, outcomes);
  hub.emit({
    type: 'run_finished',
    at: clock.now(),
    runId: options.runId,
    ...told,
    durationMs: clock.monotonic() - startedAt,
  });
  const unwritten = await hub.close();
  // A signal that came while the reports were being written has been taken from the process, so the exit code must tell.
  const interrupted = findInterrupt(run);
  return { ...told, interrupted, flowOutcomes: outcomes.map(({ outcome }) => outcome), unwritten, hasBug };
}

function keepServices({ services, clock }: RunOptions): RunScope['servicesFor'] {
  const kept = new Map<string, Readonly<Record<string, unknown>>>();
  return (directory) => {
    const known = kept.get(directory) ?? { ...services(directory), now: () => clock.now(), cpuMs: () => clock.cpuMs() };
    kept.set(directory, known);
    return known;
  };
}

function tellRunStarted({ options, emit }: RunScope, flowCount: number): void {
  const { clock, version: testmesh, runId, seed, isSeedFixed } = options;
  const version = EVENT_VERSION;
  emit({ type: 'run_started', at: clock.now(), version, testmesh, runId, seed, isSeedFixed, flowCount });
}

/** Runs as many flows at a time as there are workers, in the order given; of a serial group one at a time. */
async function runAll(run: RunScope, flows: readonly FlowRun[]): Promise<readonly FlowOutcome[]> {
  const streams = nameStreams(flows);
  const outcomes: FlowOutcome[] = [];
  let brokenCount = 0;
  await runSerially({
    count: flows.length,
    workers: run.options.workers ?? 1,
    groupsOf: (index) => listSerialGroups(flows[index]?.plan),
    async run(index) {
      const flow = flows[index];
      if (!flow) return;
      const place = { index, stream: streams[index] ?? String(index) };
      const reason = whyNotStarted(run, brokenCount);
      const outcome = reason === undefined ? await runFlow(run, flow, place) : tellUnstarted(run, flow, place, reason);
      outcomes[index] = outcome;
      if (outcome.outcome === 'failed' || outcome.outcome === 'errored') brokenCount++;
    },
  });
  return outcomes;
}

/** The serial groups of a flow and of those that it calls. */
function listSerialGroups(plan: FlowPlan | undefined): readonly string[] {
  if (!plan) return [];
  const called = listSteps([...plan.setup, ...plan.steps, ...plan.teardown]).flatMap(
    (step) => step.calls?.serial ?? [],
  );
  return plan.serial === undefined ? called : [plan.serial, ...called];
}

/** Names of the flows' randomness: a flow has the same whichever others run; of one that runs several times each has its own. */
function nameStreams(flows: readonly FlowRun[]): readonly string[] {
  const counts = new Map<string, number>();
  return flows.map(({ plan, row }) => {
    const name = row ? `${plan.id}[row ${row.number}]` : plan.id;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name}[${count}]`;
  });
}

function whyNotStarted(run: RunScope, brokenCount: number): string | undefined {
  const signal = findInterrupt(run);
  if (signal) return `not reached: interrupted by ${signal}`;
  const { bail } = run.options;
  if (bail === undefined || brokenCount < bail) return undefined;
  return `not reached: ${brokenCount} ${brokenCount === 1 ? 'flow' : 'flows'} failed`;
}

function summarize(run: RunScope, outcomes: readonly FlowOutcome[]) {
  const flowOutcomes = outcomes.map(({ outcome }) => outcome);
  return {
    outcome: worstOutcome(flowOutcomes),
    interrupted: findInterrupt(run),
    flows: countOutcomes(flowOutcomes),
    steps: outcomes.reduce((sum, { steps }) => addCounts(sum, steps), countOutcomes([])),
  };
}

function findInterrupt({ options: { interrupt } }: RunScope): SignalName | undefined {
  return nameSignal(interrupt.signal) ?? nameSignal(interrupt.hard);
}
