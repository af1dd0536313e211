import { createHostMaker } from '../../engine/lifetimes/host-maker.ts';
import { createRandom } from '../../engine/names/random.ts';
import type { Env, Value } from '../../expr/index.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { RunServices } from '../../model/run-services.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { createRunServices } from '../../services/run-services.ts';
import { findGuard } from '../process/guard-command.ts';
import { signalProcess } from '../process/signal-process.ts';

export interface ServicesOptions {
  /** Those to be started, each behind those that it needs. */
  readonly plans: readonly ServicePlan[];
  /** The folder of testmesh.yaml. */
  readonly directory: string;
  readonly inputs: GivenInputs;
  readonly clock: Clock;
  readonly runId: string;
  readonly seed: number;
}

/** Makes the services of a run as processes below this one. */
export function startServices({ plans, directory, inputs, clock, runId, seed }: ServicesOptions): RunServices {
  const { processEnv: env } = inputs;
  const shared = { now: () => clock.now(), cpuMs: () => clock.cpuMs(), readEnv: (name: string) => env[name] };
  const createHost = createHostMaker(shared, createRandom(`${seed}/services`));
  return createRunServices({
    plans,
    host: { clock, env, directory, mark: runId, kill: signalProcess, guard: findGuard() },
    render: (plan, services) =>
      plan.settings.render(createNames(inputs, { services, RUN_ID: runId }), createHost(plan.name)),
  });
}

/** What settings of services see: what is given from outside, as flows rank it, then the built-in names. */
function createNames({ given, processEnv, envFile }: GivenInputs, builtIns: Readonly<Record<string, Value>>): Env {
  const get = (name: string): Value | undefined => {
    const ofProcess = Object.hasOwn(processEnv, name) ? processEnv[name] : undefined;
    const outside = given.get(name) ?? (ofProcess === undefined ? envFile.get(name) : { text: ofProcess });
    if (outside) return outside.text ?? ('value' in outside ? outside.value : undefined) ?? null;
    return Object.hasOwn(builtIns, name) ? builtIns[name] : undefined;
  };
  const keys = () =>
    new Set([...given.keys(), ...Object.keys(processEnv), ...envFile.keys(), ...Object.keys(builtIns)]);
  return { get, keys };
}
