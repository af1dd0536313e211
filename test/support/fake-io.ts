import { createClock } from '../../src/engine/lifetimes/clock.ts';
import { createResources } from '../../src/engine/lifetimes/resources.ts';
import type { Env, Host, Value } from '../../src/expr/index.ts';
import type { ChildStep, RunStepOptions } from '../../src/model/action/children.ts';
import type { ActionIo } from '../../src/model/action/io.ts';
import type { ChildOutcome } from '../../src/model/action/outcome.ts';
import type { Clock, Resources } from '../../src/model/action/resources.ts';
import type { StepTrace } from '../../src/model/action/step-trace.ts';
import type { Problem } from '../../src/model/events.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { ExpressionAt } from '../../src/model/expression-at.ts';
import type { ExchangeText } from '../../src/reporters/exchange/exchange-text.ts';
import { writeExchange } from '../../src/reporters/exchange/write-exchange.ts';
import { Stop } from '../../src/stop/stop.ts';

export interface FakeIoOptions {
  readonly clock?: Clock;
  /** Of the run that the flow belongs to; absent: a run of its own. */
  readonly run?: Resources;
  readonly stop?: Stop;
  readonly names?: Readonly<Record<string, Value>>;
  /** Absent: one that goes out everywhere. */
  readonly trace?: StepTrace;
  readonly timeoutMs?: number;
  readonly directory?: string;
  readonly children?: readonly ChildStep[];
  readonly runStep?: (child: ChildStep, options?: RunStepOptions) => Promise<ChildOutcome>;
  readonly check?: (expression: ExpressionAt, env: Env) => Problem | undefined;
}

/** What an action is handed in a run, with everything it said kept. */
export interface FakeIo extends ActionIo {
  readonly notes: string[];
  readonly logs: { level: string; message: string; data: Value | undefined }[];
  readonly shownProgress: string[];
  /** What was sent and received, as data and in words. */
  takeExchange(): Exchange | undefined;
  describeExchange(): ExchangeText | undefined;
  close(): Promise<readonly string[]>;
}

const TRACE: StepTrace = {
  traceparent: '00-0123456789abcdef0123456789abcdef-89abcdef00000001-01',
  baggage: 'testmesh.flow=flow,testmesh.trace=0123456789abcdef0123456789abcdef',
  reaches: () => true,
};

/** Stands for the engine: the real clock and real resources, the rest as given. */
export function createFakeIo(options: FakeIoOptions = {}): FakeIo {
  const clock = options.clock ?? createClock();
  const resources = createResources({ clock, lifetime: options.run ? 'session' : 'run', around: options.run });
  const host: Host = { now: () => clock.now() };
  const env = createEnv(options.names ?? {});
  const check = options.check ?? (() => undefined);
  const notes: string[] = [];
  const logs: FakeIo['logs'] = [];
  const shownProgress: string[] = [];
  let build: (() => Exchange) | undefined;
  return {
    step: {
      id: 'step',
      address: 'step',
      timeoutMs: options.timeoutMs,
      attempt: 1,
      trace: options.trace ?? TRACE,
      locate: ({ length: column }) => ({ file: 'flow.yaml', line: 1, column, endLine: 1, endColumn: column }),
    },
    facts: {
      runId: 'run-1',
      flowId: 'flow',
      flowName: 'Flow',
      traceId: '0123456789abcdef0123456789abcdef',
      others: { haveTrace: () => false, ranMeanwhile: false },
      directory: options.directory ?? '.',
    },
    clock,
    stop: options.stop ?? new Stop(),
    resources,
    memory: { isReplay: false, remember: () => undefined, recall: () => undefined },
    expressions: { env, host, check, claim: check, take: (expression) => expression.evaluate(env, host) },
    children: {
      list: options.children ?? [],
      isPart: false,
      isChosen: () => true,
      runStep: options.runStep ?? (() => Promise.reject(new Error('there are no steps'))),
      runSteps: () => Promise.reject(new Error('there are no steps')),
      runFlow: () => Promise.reject(new Error('there is no flow')),
    },
    report: {
      exchange: (given) => {
        build = given;
      },
      note: (text) => notes.push(text),
      rejected: () => undefined,
      hide: () => undefined,
      progress: (text) => shownProgress.push(text),
      log: (level, message, data) => logs.push({ level, message, data }),
    },
    mask: (text) => text,
    notes,
    logs,
    shownProgress,
    takeExchange: () => build?.(),
    describeExchange: () => build && writeExchange(build()),
    close: () => resources.closeAll(5000),
  };
}

/** Names with their values, as expressions see them. */
export function createEnv(names: Readonly<Record<string, Value>>): Env {
  return { get: (name) => (Object.hasOwn(names, name) ? names[name] : undefined), keys: () => Object.keys(names) };
}
