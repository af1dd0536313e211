import { createHostMaker } from '../../engine/lifetimes/host-maker.ts';
import { createRandom } from '../../engine/names/random.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { RunServices } from '../../model/companions/run-services.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import type { Companion } from '../../services/companion.ts';
import { type CompanionTools, createRunServices } from '../../services/run-services.ts';
import { Service } from '../../services/service.ts';
import { Starter } from '../../services/starter.ts';
import { createOutsideEnv } from '../arguments/find-project.ts';
import { findGuard } from '../process/guard-command.ts';
import { signalProcess } from '../process/signal-process.ts';
import { listInputs } from './starter-inputs.ts';

export interface CompanionsOptions {
  /** Those to be started, each behind those that it needs. */
  readonly plans: readonly ProjectCompanion[];
  /** Which services their stubs stand in for, or could. */
  readonly mocks: ReadonlyMap<string, boolean>;
  /** The folder of testmesh.yaml. */
  readonly directory: string;
  readonly inputs: GivenInputs;
  readonly clock: Clock;
  readonly runId: string;
  readonly seed: number;
}

/** Makes the companions of a run: services as processes below this one, stubs and proxies in it. */
export function createCompanions(options: CompanionsOptions): RunServices {
  const { plans, mocks, directory, inputs, clock, runId } = options;
  const { processEnv: env } = inputs;
  const host = { clock, env, directory, mark: runId, kill: signalProcess, guard: findGuard() };
  const render = createRenderer(options);
  const create = (plan: ProjectCompanion, tools: CompanionTools): Companion => {
    const { io, guard, values } = tools;
    if (plan.kind === 'service')
      return new Service({ plan, host, guard, learn: io.learn, render: () => render(plan, values()) });
    return new Starter(plan, async () => {
      const opened = io.openSettings(plan.flow, listInputs(plan, inputs));
      if (plan.kind === 'stub') return (await import('./open-run-stub.ts')).openRunStub(plan, opened);
      return (await import('./open-run-proxy.ts')).openRunProxy(plan, opened);
    });
  };
  return createRunServices({ plans, mocks, host, create });
}

/** Gives what fills in the placeholders of a service's settings. */
function createRenderer({ inputs, clock, runId, seed }: CompanionsOptions) {
  const { processEnv: env } = inputs;
  const shared = { now: () => clock.now(), cpuMs: () => clock.cpuMs(), readEnv: (name: string) => env[name] };
  const createHost = createHostMaker(shared, createRandom(`${seed}/services`));
  return (plan: Extract<ProjectCompanion, { kind: 'service' }>, values: ReturnType<CompanionTools['values']>) =>
    plan.settings.render(createOutsideEnv(inputs, { ...values, RUN_ID: runId }), createHost(plan.name));
}
