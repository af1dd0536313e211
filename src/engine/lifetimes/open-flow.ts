import type { OtherFlows } from '../../model/action/other-flows.ts';
import type { ServicesInUse } from '../../model/companions/services-in-use.ts';
import type { StepPosition } from '../../model/events.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { listPhases } from '../../model/walk-steps.ts';
import { createBuiltIns } from '../names/built-ins.ts';
import { createContext } from '../names/context.ts';
import { createFlowName } from '../names/flow-name.ts';
import type { VariableOptions } from '../names/flow-variables.ts';
import { holdVariables } from '../names/following-variables.ts';
import { createRandom, type Random } from '../names/random.ts';
import { createPreparation } from '../prepare/preparation.ts';
import { SECRET_STAND_IN } from '../recorded/hidden-reads.ts';
import { RecordedSteps } from '../recorded/recorded-steps.ts';
import { type ChosenSteps, findReplayed } from './chosen-steps.ts';
import type { FlowFacts } from './flow-facts.ts';
import type { FlowPart, FlowPlace } from './flow-part.ts';
import { NO_OTHERS } from './flow-register.ts';
import { FlowStops } from './flow-stops.ts';
import { createFlowTrace, type FlowTrace } from './flow-trace.ts';
import { Ledger } from './ledger.ts';
import type { OpenedFlow } from './opened-flow.ts';
import { createResources } from './resources.ts';
import { createRunFacts } from './run-facts.ts';
import type { FlowRun } from './run-options.ts';
import { RUN_SERVICES } from './run-services.ts';
import type { Services, SessionServices } from './services.ts';

export interface OpenOptions {
  readonly chosen: ChosenSteps;
  readonly place: FlowPlace;
  readonly part: FlowPart;
  /** Absent outside of all flows. */
  readonly others?: OtherFlows | undefined;
}

/** Makes what the steps of one execution of a flow share. */
export function openFlow(session: SessionServices, flow: FlowRun, options: OpenOptions): OpenedFlow {
  const { plan, inputs, replay } = flow;
  const { clock, identity, policy, wants, emit, hostsIn, reportBug } = session;
  const trace = openTrace(session, plan, options.place);
  const { chosen, place, part, others = NO_OTHERS } = options;
  const name = createFlowName(plan, () => ({ env: context, host: services.createHost('name') }));
  const of = {
    traceId: trace.id,
    others,
    services: session.resources.find<ServicesInUse>(RUN_SERVICES),
    turn: place.turn,
  };
  const { runId, seed = identity.seed } = replay?.recorded ?? identity;
  const run = createRunFacts(plan, { runId, ...of }, name);
  const random = createRandom(`${seed}/${place.stream}`);
  const createHost = hostsIn(run.directory, random);
  const services: Services = {
    resources: createResources({ clock, lifetime: 'flow', around: session.resources }),
    stops: new FlowStops(clock, session.stops),
    clock,
    policy,
    wants,
    random,
    emit,
    hostsIn,
    createHost,
    reportBug,
  };
  const declared = holdVariables(plan, of.services, () => ({ variables, ledger }));
  const builtIns = createBuiltIns({ clock, facts: run, random: () => random.derive('env') });
  const first = createContext({ inputs, replay, declared, builtIns });
  const context = part.after ? first.withNamesOf(part.after.context) : first;
  const variables: VariableOptions = { plan, inputs, replay, context, declared, createHost };
  const steps = listPhases(chosen);
  const ledger = openLedger(flow, session, part);
  return {
    services,
    context,
    name,
    facts: createFacts(flow, { run, trace, index: place.index, chosen }),
    ledger,
    preparation: createPreparation(replay?.recorded ? [] : steps, { isReplay: replay !== undefined }),
    variables,
  };
}

function openLedger(
  { plan, inputs, replay, selection }: FlowRun,
  { secrets }: SessionServices,
  part: FlowPart,
): Ledger {
  const ledger = new Ledger({
    secrets,
    secretNames: [...plan.secrets, ...inputs.secretNames, ...(replay?.secrets.keys() ?? [])],
    keepsCleanups: !selection || selection.withTeardown,
    keepsRuns: selection !== undefined,
    recorded: replay?.recorded && new RecordedSteps(replay.recorded),
  });
  if (replay?.recorded) secrets.add(SECRET_STAND_IN);
  const { after } = part;
  const undoes = part.phases?.includes('teardown') ?? true;
  if (undoes) for (const cleanup of after?.cleanups ?? []) ledger.addCleanup(cleanup);
  for (const name of after?.secretNames ?? []) ledger.keepSecret(name, after?.context.get(name) ?? null);
  return ledger;
}

function openTrace(session: SessionServices, plan: FlowPlan, place: FlowPlace): FlowTrace {
  const { policy } = session;
  const terms =
    policy.trace && plan.trace ? { ...policy.trace, ...plan.trace } : (policy.trace ?? plan.trace ?? NO_TERMS);
  return createFlowTrace(findTraceRandom(session, place), { terms, flowId: plan.id });
}

const NO_TERMS = {};

/** Of virtual users, who take the ids of all their traces from one stream: to begin one takes as long as all else that is done for a trace. */
const traceRandoms = new WeakMap<SessionServices, Random>();

/** Of the run too: a fixed seed must not make a flow take an older run's messages for its own. */
function findTraceRandom(session: SessionServices, { index, turn }: FlowPlace): Random {
  const known = turn && traceRandoms.get(session);
  if (known) return known;
  const { runId, seed } = session.identity;
  const random = createRandom(`${runId}/${seed}/${index}/trace`);
  if (turn) traceRandoms.set(session, random);
  return random;
}

function createFacts(
  { plan, inputs, replay, inputsOf }: FlowRun,
  { run, trace, index, chosen }: Pick<FlowFacts, 'run' | 'trace' | 'index'> & { chosen: ChosenSteps },
): FlowFacts {
  const replayed = findReplayed(chosen, replay);
  return {
    inputsOf: inputsOf ?? (() => ({ ...inputs, row: undefined })),
    positionOf: placeAtTop,
    isReplayed: replay ? (step: StepPlan) => replayed.has(step) : isNever,
    plan,
    index,
    run,
    trace,
    replay,
    calledIn: undefined,
    caller: undefined,
  };
}

function placeAtTop({ address }: StepPlan): StepPosition {
  return { address, depth: 0 };
}

function isNever(): boolean {
  return false;
}
