import type { Host, Value } from '../../expr/index.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { toPlanAddress } from '../../model/walk-steps.ts';
import { createBuiltIns } from '../names/built-ins.ts';
import { createContext } from '../names/context.ts';
import { createFlowName } from '../names/flow-name.ts';
import type { VariableOptions } from '../names/flow-variables.ts';
import { holdVariables } from '../names/following-variables.ts';
import { takeReplayBelow } from '../names/replayed.ts';
import { createPreparation, createRoundPreparation, type Preparation } from '../prepare/preparation.ts';
import type { FlowCall } from './called.ts';
import type { FlowFacts } from './flow-facts.ts';
import { FlowStops } from './flow-stops.ts';
import type { Ledger } from './ledger.ts';
import type { OpenedFlow } from './opened-flow.ts';
import { createRunFacts } from './run-facts.ts';
import type { Services } from './services.ts';

/** Opens the flows that steps of a flow call: names, time and teardown are their own; resources and the run are the caller's. */
export class CalledFlows {
  readonly #facts: FlowFacts;
  readonly #ledger: Ledger;
  readonly #services: Services;

  constructor(facts: FlowFacts, ledger: Ledger, services: Services) {
    this.#facts = facts;
    this.#ledger = ledger;
    this.#services = services;
  }

  /** What the values that a step gives to its flow are made with. */
  createHost(stream: string): Host {
    return this.#services.createHost(stream);
  }

  /** Makes what the steps of a called flow share. */
  open(plan: FlowPlan, call: FlowCall): OpenedFlow {
    const around = this.#facts;
    const { frame, attempt, unknown } = call;
    const name = createFlowName(plan, () => ({ env: context, host: services.createHost('name') }));
    const run = createRunFacts(plan, around.run, name);
    const services = this.#serve(call, {
      random: this.#services.random.derive(`${frame.stream}#${attempt}`),
      directory: run.directory,
    });
    const { clock, random, createHost } = services;
    const inputs = this.#giveInputs(plan, call);
    const declared = holdVariables(plan, run.services, () => ({ variables, ledger }));
    const builtIns = createBuiltIns({ clock, facts: run, random: () => random.derive('env') });
    const replay = around.replay && takeReplayBelow(around.replay, frame.position.address);
    const context = createContext({ inputs, replay, declared, builtIns });
    const variables: VariableOptions = { plan, inputs, replay, context, declared, createHost, unknown };
    const ledger = this.#ledger.openBelow([...plan.secrets, ...inputs.secretNames]);
    return {
      ...{ services, context, name, ledger },
      facts: { ...around, plan, run, trace: around.trace.under(plan.trace), ...placeBelow(around, call) },
      preparation: this.#prepare(call),
      variables,
    };
  }

  #serve({ stop }: FlowCall, own: { random: Services['random']; directory: string }): Services {
    const { clock, stops, hostsIn } = this.#services;
    const { random, directory } = own;
    return {
      ...this.#services,
      random,
      createHost: hostsIn(directory, random),
      // Its teardown runs though the step that calls it was ended.
      stops: new FlowStops(clock, { work: stop, undo: stops.undo }),
    };
  }

  #giveInputs(plan: FlowPlan, { input, unknown }: FlowCall) {
    const outside = this.#facts.inputsOf(plan);
    const given = new Map([...outside.given, ...Object.entries(input)]);
    const environment = without(outside.environment, unknown);
    return { ...outside, given, environment, envFile: without(outside.envFile, unknown), overrides: [] };
  }

  /** What was prepared before the call stays, unless the flow itself causes what its steps wait for. */
  #prepare({ step, frame }: FlowCall): Preparation {
    const isReplay = this.#facts.replay !== undefined;
    if (this.#ledger.recorded) return createPreparation([], { isReplay });
    const early = frame.preparation.calls.get(step);
    if (early) return createRoundPreparation(step.children, { isReplay }, early);
    return createPreparation(step.children, { isReplay, isConditional: frame.preparation.conditional.has(step) });
  }
}

/** Where the steps of a called flow stand: below the step that calls it. */
function placeBelow(
  around: FlowFacts,
  { step, frame }: FlowCall,
): Pick<FlowFacts, 'calledIn' | 'caller' | 'positionOf'> {
  const planPrefix = `${toPlanAddress(step.address)}>`;
  const { address: parent, depth, role } = frame.position;
  return {
    calledIn: around.calledIn ?? step.phase,
    caller: parent,
    positionOf: ({ address }: StepPlan) => ({
      address: address.startsWith(planPrefix) ? `${parent}>${address.slice(planPrefix.length)}` : address,
      parent,
      depth: depth + 1,
      role,
    }),
  };
}

function without(
  values: ReadonlyMap<string, Value>,
  names: ReadonlySet<string> | undefined,
): ReadonlyMap<string, Value> {
  return names?.size ? new Map([...values].filter(([name]) => !names.has(name))) : values;
}
