import { kafkaBrokers } from '../../actions/kafka_brokers.ts';
import { actions } from '../../actions/registry.ts';
import { runFlows } from '../../engine/flows/run-flows.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Value } from '../../expr/index.ts';
import { createFunctions } from '../../functions/registry.ts';
import type { Problem, StepFinished } from '../../model/events.ts';
import { createSourceFile } from '../../model/source-file.ts';
import { planFile } from '../../plan/plan-file.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';
import { writeYaml } from '../../source/yaml/write-yaml.ts';
import type { Project } from '../arguments/find-project.ts';
import { readOptionalFile } from '../arguments/load-plans.ts';
import { watchSignals } from '../process/interrupt.ts';
import type { Terminal } from '../process/terminal.ts';
import type { Target, TargetKind } from './find-targets.ts';

/** What came of a target. */
export type Reached =
  | { readonly isReached: true; readonly facts: string; readonly durationMs: number }
  | { readonly isReached: false; readonly problem: Pick<Problem, 'message' | 'hints'> };

export interface Reach {
  readonly inputs: GivenInputs;
  readonly project: Project | undefined;
  readonly terminal: Terminal;
  readonly version: string;
  readonly timeoutMs: number;
}

const ADDRESS = 'TESTMESH_DOCTOR_ADDRESS';
const AT_ONCE = 16;

/** How a kind is asked: with the action that flows ask it with. */
const STEPS: Readonly<
  Record<
    TargetKind,
    { readonly action: string; readonly setting: string; readonly named: string; readonly config: object }
  >
> = {
  http: { action: 'http_request', setting: 'url', named: 'url', config: { follow_redirects: false } },
  sql: {
    action: 'database_query',
    setting: 'connection',
    named: 'connection',
    config: { query: 'SELECT version() AS version' },
  },
  redis: {
    action: 'redis.command',
    setting: 'url',
    named: 'connection',
    config: { command: 'INFO', args: ['server'] },
  },
  kafka: { action: kafkaBrokers.name, setting: 'brokers', named: 'connection', config: {} },
};

/** Asks all targets at the same time, each for a bounded time. */
export async function reachTargets(targets: readonly Target[], reach: Reach): Promise<readonly Reached[]> {
  const { terminal, version, timeoutMs } = reach;
  const finished = new Map<number, StepFinished>();
  const clock = createClock();
  const watch = watchSignals(terminal.writeError);
  try {
    const runs = targets.map((target, index) => planTarget(target, index, reach));
    const places = runs.flatMap((run, index) => ('plan' in run ? [index] : []));
    await runFlows(
      runs.flatMap((run) => ('plan' in run ? [run] : [])),
      {
        clock,
        identity: { runId: 'doctor', version, seed: 1, isSeedFixed: false },
        policy: { flowTimeoutMs: timeoutMs * 2 },
        workers: AT_ONCE,
        consumers: [
          {
            name: 'doctor',
            wants: { results: true },
            on: (event) => {
              if (event.type === 'step_finished') finished.set(places[event.flow] ?? -1, event);
            },
            close: () => Promise.resolve(),
          },
        ],
        interrupt: watch,
        services: () => ({ readEnv: (name: string) => terminal.env[name] }),
      },
    );
    return targets.map(({ kind }, index) => describe(kind, finished.get(index), runs[index]));
  } finally {
    watch.release();
  }
}

function planTarget(
  target: Target,
  index: number,
  { inputs, project, timeoutMs }: Reach,
): FlowRun | { readonly mistake: string } {
  const { action, setting, named, config } = STEPS[target.kind];
  const isNamed = 'connection' in target.reach;
  const where = 'connection' in target.reach ? { [named]: target.reach.connection } : { [setting]: `{{${ADDRESS}}}` };
  const step = { id: 'look', action, config: { ...where, ...config, timeout: `${timeoutMs}ms` } };
  const text = writeYaml([{ name: `doctor ${index}`, steps: [step] }]);
  const file = createSourceFile('doctor.yaml', `${project?.directory ?? ''}/doctor-${index}.yaml`, text);
  const given = new Map(inputs.given);
  if ('address' in target.reach) given.set(ADDRESS, { text: target.reach.address, from: 'doctor', isSecret: false });
  const { flows, diagnostics } = planFile(file, {
    actions: new Map([...actions, [kafkaBrokers.name, kafkaBrokers]]),
    functions: createFunctions(),
    givenNames: new Set([...given.keys(), ...inputs.envFile.keys()]),
    readFile: readOptionalFile,
    companions: project?.known,
    ...(isNamed && { flowSettings: project?.flowSettings }),
  });
  const mistake = diagnostics.find(({ severity }) => severity === 'error');
  const [plan] = flows;
  if (mistake || !plan) return { mistake: mistake?.message ?? 'it cannot be asked' };
  return { plan, inputs: resolveInputs(plan, { ...inputs, given }).inputs };
}

function describe(
  kind: TargetKind,
  event: StepFinished | undefined,
  run: FlowRun | { readonly mistake: string } | undefined,
): Reached {
  if (run && 'mistake' in run) return { isReached: false, problem: { message: run.mistake } };
  const [problem] = event?.problems ?? [];
  if (!event || problem || event.outcome !== 'passed')
    return { isReached: false, problem: problem ?? { message: event?.skip?.reason ?? 'it was not asked' } };
  return { isReached: true, facts: sayFacts(kind, event.output.result ?? {}), durationMs: event.timing.durationMs };
}

function sayFacts(kind: TargetKind, result: Readonly<Record<string, Value>>): string {
  const data = result as {
    status?: number;
    headers?: Record<string, Value>;
    first_row?: { version?: string };
    topics?: readonly Value[];
  };
  if (kind === 'http')
    return [String(data.status), ...(data.headers?.['server'] ? [String(data.headers['server'])] : [])].join(', ');
  if (kind === 'kafka') return `${data.topics?.length ?? 0} topics`;
  if (kind === 'sql') return /^\S+ [\d.]+|^[\d.]+\S*/.exec(String(data.first_row?.version))?.[0] ?? 'answers';
  const text = Object.values(result).find((value) => typeof value === 'string');
  return `Redis ${/redis_version:(\S+)/.exec(String(text))?.[1] ?? 'answers'}`;
}
