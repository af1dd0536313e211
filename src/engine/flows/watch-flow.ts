import type { Env } from '../../expr/index.ts';
import type { Problem, RunEvent } from '../../model/events.ts';
import type { FlowWatch } from '../../model/flow-watch.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { OpenedFlow } from '../lifetimes/opened-flow.ts';
import { describeFailure } from '../outcome/acted.ts';

/** Opens what follows a flow where it says that things have to agree; others load nothing of it. */
export async function openWatch(plan: FlowPlan): Promise<FlowWatch | undefined> {
  if (plan.agree === undefined) return undefined;
  return (await import('../../agree/open-agreement.ts')).openAgreement(plan);
}

/** The flow with a watch that hears of all that happens in it, as it is. */
export function attachWatch(opened: OpenedFlow, watch: FlowWatch | undefined): OpenedFlow {
  if (!watch) return opened;
  const { services } = opened;
  const emit = (event: RunEvent): void => {
    try {
      watch.on(event);
    } catch (error) {
      services.reportBug(error);
    }
    services.emit(event);
  };
  return {
    ...opened,
    services: { ...services, emit, wants: { ...services.wants, exchanges: 'all', results: true, brief: false } },
  };
}

/** Asks the watch what it found wanting; that it cannot be asked is the flow's problem. */
export function askWatch(watch: FlowWatch, { services }: OpenedFlow, env: Env): readonly Problem[] {
  try {
    return watch.finish({ env, host: services.createHost('agree') });
  } catch (error) {
    return [describeFailure(error, services).thrown.problem];
  }
}
