import { createHostMaker } from '../../engine/lifetimes/host-maker.ts';
import { createRandom } from '../../engine/names/random.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { OpenedSettings, RunServices } from '../../model/companions/run-services.ts';
import type { ProjectCompanion, ServicePlan, ServiceSettings } from '../../model/companions/service-plan.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import type { Companion } from '../../services/companion.ts';
import type { ServiceHost } from '../../services/host.ts';
import { type CompanionTools, type CompanionValues, createRunServices } from '../../services/run-services.ts';
import { Service } from '../../services/service.ts';
import { type OpenStarter, Starter } from '../../services/starter.ts';
import { createOutsideEnv } from '../environments/outside-env.ts';
import { findGuard } from '../process/guard-command.ts';
import { signalProcess } from '../process/signal-process.ts';
import { listInputs } from './starter-inputs.ts';

export interface CompanionsOptions extends RenderOptions {
  /** Those to be started, each behind those that it needs. */
  readonly plans: readonly ProjectCompanion[];
  /** Which services their stubs stand in for, or could. */
  readonly mocks: ReadonlyMap<string, boolean>;
  /** The folder of testmesh.yaml. */
  readonly directory: string;
}

/** What settings are rendered with. */
export interface RenderOptions {
  readonly inputs: GivenInputs;
  readonly clock: Clock;
  readonly runId: string;
  readonly seed: number;
}

/** Who else has to do with companions. */
export interface CompanionHooks {
  /** Gives one that runs elsewhere; undefined: it is started here. */
  attach?(plan: ProjectCompanion, tools: CompanionTools): Companion | undefined;
  /** Opens a stub or a proxy in another way. */
  open?(plan: StarterPlan, opened: OpenedSettings): Promise<OpenStarter>;
  onService?(service: Service): void;
  /** A service ended though nobody stopped it. */
  onLoss?(plan: ServicePlan, message: string): void;
}

/** Makes the companions of a run: services as processes below this one, stubs and proxies in it. */
export function createCompanions(options: CompanionsOptions, hooks: CompanionHooks = {}): RunServices {
  const { plans, mocks } = options;
  const host = createServiceHost(options);
  const make = createMaker(options, host, hooks);
  const create = (plan: ProjectCompanion, tools: CompanionTools) => hooks.attach?.(plan, tools) ?? make(plan, tools);
  return createRunServices({ plans, mocks, host, create });
}

/** What processes are started with. */
export function createServiceHost({
  clock,
  inputs: { processEnv: env },
  directory,
  runId: mark,
}: Omit<CompanionsOptions, 'plans' | 'mocks'>): ServiceHost {
  return { clock, env, directory, mark, kill: signalProcess, guard: findGuard() };
}

/** Gives what makes a companion, which does not run yet. */
export function createMaker(
  options: RenderOptions,
  host: ServiceHost,
  hooks: CompanionHooks = {},
): (plan: ProjectCompanion, tools: CompanionTools) => Companion {
  const { inputs } = options;
  const render = createRenderer(options);
  const open = hooks.open ?? openStarter;
  return (plan, { io, guard, values }) => {
    if (plan.kind !== 'service') {
      const start = () => open(plan, io.openSettings(plan.flow, listInputs(plan, inputs)));
      return new Starter(plan, { open: start, note: io.note });
    }
    const onLoss = (message: string): void => hooks.onLoss?.(plan, message);
    const service = new Service({ plan, host, guard, learn: io.learn, render: () => render(plan, values()), onLoss });
    hooks.onService?.(service);
    return service;
  };
}

async function openStarter(plan: StarterPlan, opened: OpenedSettings): Promise<OpenStarter> {
  if (plan.kind === 'stub') return (await import('./open-run-stub.ts')).openRunStub(plan, opened);
  return (await import('./open-run-proxy.ts')).openRunProxy(plan, opened);
}

/** Gives what fills in the placeholders of a service's settings, with what its companions give. */
export function createRenderer({ inputs, clock, runId, seed }: RenderOptions) {
  const { processEnv: env } = inputs;
  const shared = { now: () => clock.now(), cpuMs: () => clock.cpuMs(), readEnv: (name: string) => env[name] };
  const createHost = createHostMaker(shared, createRandom(`${seed}/services`));
  return (plan: ServicePlan, values: CompanionValues): ServiceSettings =>
    plan.settings.render(createOutsideEnv(inputs, { ...values, RUN_ID: runId }), createHost(plan.name));
}
