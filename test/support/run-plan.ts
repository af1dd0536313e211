import { type RunFlowsOptions, runFlows } from '../../src/engine/flows/run-flows.ts';
import type { FlowRun, RunOutcome, RunPolicy } from '../../src/engine/lifetimes/run-options.ts';
import type { Consumer, Wants } from '../../src/model/consumer.ts';
import type {
  Evidence,
  FlowFinished,
  RunEvent,
  StepFinished,
  StepOutput,
  StepRef,
  StepTiming,
} from '../../src/model/events.ts';
import type { FlowAbout } from '../../src/model/flow-about.ts';
import type { FlowOutput } from '../../src/model/flow-output.ts';
import type { FlowInputs } from '../../src/model/inputs.ts';
import type { FlowPlan } from '../../src/model/plan.ts';
import { Stop } from '../../src/stop/stop.ts';
import { interruptedBy, type SignalName } from '../../src/stop/stop-error.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { buildFlow, type FlowSpec } from './plan-builder.ts';

/** A run under a clock of its own. */
export interface TestRun {
  readonly clock: FakeClock;
  readonly events: readonly RunEvent[];
  readonly bugs: readonly unknown[];
  readonly outcome: Promise<RunOutcome>;
  /** Sends a signal: the first and the second time. */
  interrupt(name?: SignalName): void;
  /** Lets time pass until the run is over. */
  finish(): Promise<RunOutcome>;
}

export interface TestRunOptions
  extends Partial<Omit<RunFlowsOptions, 'clock' | 'interrupt' | 'identity' | 'policy'>>,
    RunPolicy {
  readonly seed?: number;
  /** What the test looks at; all when absent. */
  readonly wants?: Wants;
  readonly inputs?: Partial<FlowInputs>;
  readonly replay?: FlowRun['replay'];
  readonly selection?: FlowRun['selection'];
}

const EVERYTHING: Wants = { exchanges: 'all', results: true, progress: true };

export const NO_INPUTS: FlowInputs = {
  given: new Map(),
  environment: new Map(),
  envFile: new Map(),
  overrides: [],
  secretNames: [],
};

/** Starts flows in the order given. */
export function startRun(specs: FlowSpec | readonly FlowSpec[], options: TestRunOptions = {}): TestRun {
  const list = 'steps' in specs ? [specs] : specs;
  return startPlans(
    list.map((spec) => buildFlow(spec)),
    options,
  );
}

/** Starts flows that are planned already; one with rows once for each. */
export function startPlans(plans: readonly FlowPlan[], options: TestRunOptions = {}): TestRun {
  const { inputs, replay, selection, seed = 4711, wants = EVERYTHING, ...more } = options;
  const clock = createFakeClock();
  const events: RunEvent[] = [];
  const bugs: unknown[] = [];
  const recorder: Consumer = {
    name: 'recorder',
    wants,
    on: (event) => events.push(event),
    close: () => Promise.resolve(),
  };
  const interrupt = { work: new Stop(), undo: new Stop() };
  const flows = plans.flatMap((plan): FlowRun[] => {
    const flow = { plan, inputs: { ...NO_INPUTS, ...inputs }, inputsOf: () => NO_INPUTS, replay, selection };
    return plan.rows?.map((row) => ({ ...flow, row, inputs: { ...flow.inputs, row: row.values } })) ?? [flow];
  });
  const outcome = runFlows(flows, {
    identity: { runId: 'run-1', version: '0.0.0', seed, isSeedFixed: true },
    policy: more,
    services: () => ({ readEnv: () => undefined, readFile: () => '' }),
    onBug: (error) => bugs.push(error),
    ...more,
    clock,
    interrupt,
    consumers: [recorder, ...(more.consumers ?? [])],
  });
  return {
    clock,
    events,
    bugs,
    outcome,
    interrupt(name = 'SIGINT') {
      if (!interrupt.work.asked) return interrupt.work.ask(interruptedBy(name));
      interrupt.work.end(interruptedBy(name, 0));
      interrupt.undo.end(interruptedBy(name, 0));
    },
    finish: () => clock.finish(outcome),
  };
}

/** What became of each step, in the order told: `create passed`, `check skipped: not reached`. */
export function listSteps(events: readonly RunEvent[]): string[] {
  return finishedSteps(events).map(({ step: { address }, outcome, skip }) =>
    skip ? `${address} ${outcome}: ${skip.reason}` : `${address} ${outcome}`,
  );
}

/** What a step came to, whichever part of its event it stands in. */
export type StepFacts = Omit<StepFinished, 'step' | 'timing' | 'output' | 'evidence'> &
  StepRef &
  StepTiming &
  StepOutput &
  Evidence;

/** What became of a step. */
export function findStep(events: readonly RunEvent[], address: string): StepFacts {
  const found = finishedSteps(events).findLast((event) => event.step.address === address);
  if (!found) throw new Error(`no step ${address} was told of`);
  return readStep(found);
}

/** The facts of a step, side by side. */
export function readStep({ step, timing, output, evidence, ...event }: StepFinished): StepFacts {
  return { ...event, ...step, ...timing, ...output, ...evidence };
}

/** What became of a flow. */
export function findFlow(
  events: readonly RunEvent[],
  index = 0,
): Omit<FlowFinished, 'about' | 'output'> & FlowAbout & FlowOutput {
  const found = events.find((event): event is FlowFinished => event.type === 'flow_finished' && event.flow === index);
  if (!found) throw new Error(`no flow ${index} was told of`);
  const { about, output, ...event } = found;
  return { ...event, ...about, ...output };
}

function finishedSteps(events: readonly RunEvent[]): StepFinished[] {
  return events.filter((event): event is StepFinished => event.type === 'step_finished');
}
