import { dirname } from 'node:path';
import type { Host, Value } from '../../expr/index.ts';
import type { RunFacts } from '../../model/action/io.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { toPlanAddress } from '../names/addresses.ts';
import { createBuiltIns } from '../names/built-ins.ts';
import { type Context, createContext } from '../names/context.ts';
import { createFlowName, type FlowName } from '../names/flow-name.ts';
import type { VariableOptions } from '../names/flow-variables.ts';
import { createRandom, type Random } from '../names/random.ts';
import { takeReplayBelow } from '../names/replayed.ts';
import { createBeforeSteps } from '../prepare/before-steps.ts';
import { createPreparation, createRoundPreparation, type Preparation } from '../prepare/preparation.ts';
import { createStops } from '../stop/stops.ts';
import type { FlowCall } from './called.ts';
import { type ChosenSteps, findReplayed } from './chosen-steps.ts';
import { createResources } from './resources.ts';
import type { FlowRun } from './run-options.ts';
import type { FlowScope, RunScope } from './run-scope.ts';

export interface FlowPlace {
  /** Position in the run, from 0. */
  readonly index: number;
  /** Names the flow's randomness. */
  readonly stream: string;
}

/** A flow with what its steps share, before its first step. */
export interface OpenedFlow {
  readonly scope: FlowScope;
  readonly context: Context;
  readonly name: FlowName;
  /** For its variables, which are still to be made. */
  readonly variables: VariableOptions;
}

/** Makes what the steps of a flow share. */
export function openFlow(run: RunScope, flow: FlowRun, chosen: ChosenSteps, place: FlowPlace): OpenedFlow {
  const { plan, inputs, replay } = flow;
  const { clock, seed, interrupt } = run.options;
  const name = createFlowName(plan, () => ({ env: context, host: createHost('name') }));
  const facts = createFacts(run, plan, { place, name });
  const random = createRandom(`${seed}/${place.stream}`);
  const createHost = createHostMaker(run, facts, (stream) => random.derive(stream));
  const declared = new Map<string, Value>();
  const builtIns = createBuiltIns({ clock, facts, random: () => random.derive('env') });
  const context = createContext({ inputs, replay, declared, builtIns });
  const replayed = findReplayed(chosen, replay);
  const { index } = place;
  const session = createResources({ clock, lifetime: 'session', around: run.resources });
  const scope: FlowScope = {
    run,
    clock,
    plan,
    index,
    facts,
    random,
    replay,
    createHost,
    session,
    resources: createResources({ clock, lifetime: 'flow', around: session }),
    stops: createStops(clock, interrupt),
    calledIn: undefined,
    depth: 0,
    prefix: '',
    told: flow.selection && new Set(),
    cleanups: flow.selection && !flow.selection.withTeardown ? undefined : [],
    leftovers: new Map(),
    inputsOf: flow.inputsOf ?? (() => ({ ...inputs, row: undefined })),
    preparation: createPreparation([...chosen.setup, ...chosen.steps, ...chosen.teardown], {
      isReplay: replay !== undefined,
    }),
    beforeSteps: createBeforeSteps(plan),
    secretNames: new Set([...plan.secrets, ...inputs.secretNames, ...(replay?.secrets.keys() ?? [])]),
    brokenIds: new Set(),
    remember: (address, key, value) =>
      run.emit({ type: 'step_remembered', at: clock.now(), flow: index, address, key, value }),
    addressOf: (step) => step.address,
    isReplayed: (step) => replayed.has(step),
  };
  return { scope, context, name, variables: { plan, inputs, replay, context, declared, createHost } };
}

/** Makes what the steps of a called flow share: names, time and teardown are its own; resources and the run are those of the caller. */
export function openCalledFlow(around: FlowScope, plan: FlowPlan, call: FlowCall): OpenedFlow {
  const { step, frame, attempt, signal } = call;
  const { run, clock } = around;
  const name = createFlowName(plan, () => ({ env: context, host: createHost('name') }));
  const facts = new Facts({ ...around.facts, flowId: plan.id, directory: dirname(plan.file.absolutePath) }, name);
  const random = around.random.derive(`${frame.stream}#${attempt}`);
  const createHost = createHostMaker(run, facts, (stream) => random.derive(stream));
  const outside = around.inputsOf(plan);
  const given = new Map([...outside.given, ...Object.entries(call.input)]);
  const environment = without(outside.environment, call.unknown);
  const inputs = { ...outside, given, environment, envFile: without(outside.envFile, call.unknown), overrides: [] };
  const declared = new Map<string, Value>();
  const builtIns = createBuiltIns({ clock, facts, random: () => random.derive('env') });
  const replay = around.replay && takeReplayBelow(around.replay, frame.address);
  const context = createContext({ inputs, replay, declared, builtIns });
  const planPrefix = `${toPlanAddress(step.address)}>`;
  const prefix = `${frame.address}>`;
  const isTeardown = step.phase === 'teardown';
  const { stops } = around;
  const scope: FlowScope = {
    ...around,
    plan,
    facts,
    random,
    createHost,
    stops: createStops(clock, run.options.interrupt, {
      main: signal,
      teardown: stops.teardown,
      soon: isTeardown ? stops.teardown : stops.soon,
      findStop: () => (isTeardown ? stops.teardownStopping : stops.stopping),
    }),
    calledIn: around.calledIn ?? step.phase,
    depth: frame.depth + 1,
    prefix,
    cleanups: around.cleanups && [],
    leftovers: new Map(),
    preparation: prepareCall(around, call),
    beforeSteps: createBeforeSteps(plan),
    secretNames: new Set([...around.secretNames, ...plan.secrets, ...inputs.secretNames]),
    brokenIds: new Set(),
    addressOf: ({ address }) =>
      address.startsWith(planPrefix) ? `${prefix}${address.slice(planPrefix.length)}` : address,
  };
  const { unknown } = call;
  return { scope, context, name, variables: { plan, inputs, replay, context, declared, createHost, unknown } };
}

/** What was prepared before the call stays, unless the flow itself causes what its steps wait for. */
function prepareCall(around: FlowScope, { step, frame }: FlowCall): Preparation {
  const isReplay = around.replay !== undefined;
  const early = frame.preparation.calls.get(step);
  if (early) return createRoundPreparation(step.children, { isReplay }, early);
  return createPreparation(step.children, { isReplay, isConditional: frame.preparation.conditional.has(step) });
}

function without(
  values: ReadonlyMap<string, Value>,
  names: ReadonlySet<string> | undefined,
): ReadonlyMap<string, Value> {
  return names?.size ? new Map([...values].filter(([name]) => !names.has(name))) : values;
}

function createFacts(
  { options }: RunScope,
  plan: FlowPlan,
  { place, name }: { place: FlowPlace; name: FlowName },
): RunFacts {
  const { runId, seed } = options;
  const facts = {
    runId,
    flowId: plan.id,
    // Of the run too: a fixed seed must not make a flow take an older run's messages for its own.
    traceId: createRandom(`${runId}/${seed}/${place.index}/trace`).hex(32),
    directory: dirname(plan.file.absolutePath),
  };
  return new Facts(facts, name);
}

/** A class, for an object that is written with a getter of its own stays until V8's next long collection, with all that it reaches. */
class Facts implements RunFacts {
  readonly runId: string;
  readonly flowId: string;
  readonly traceId: string;
  readonly directory: string;
  readonly #name: FlowName;

  constructor({ runId, flowId, traceId, directory }: Omit<RunFacts, 'flowName'>, name: FlowName) {
    this.runId = runId;
    this.flowId = flowId;
    this.traceId = traceId;
    this.directory = directory;
    this.#name = name;
  }

  /** Made of variables, which are not there from the beginning. */
  get flowName(): string {
    return this.#name.text;
  }
}

function createHostMaker(run: RunScope, facts: RunFacts, derive: (stream: string) => Random): (stream: string) => Host {
  const shared = run.servicesFor(facts.directory);
  return (stream) => {
    let derived: Random | undefined;
    const take = (): Random => {
      derived ??= derive(stream);
      return derived;
    };
    // Not a copy of what is shared: one is made for each attempt, and most are never asked for anything.
    const own = { random: () => take().random(), uuid: () => take().uuid() };
    const host: Host = Object.setPrototypeOf(own, shared);
    return host;
  };
}
