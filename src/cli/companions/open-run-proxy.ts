import { describeAddress } from '../../actions/fault/create-proxy.ts';
import type { ProxySettings } from '../../actions/fault/fault-settings.ts';
import type { FaultTarget } from '../../actions/fault/fault-target.ts';
import { startProxy } from '../../actions/fault/open-proxy.ts';
import { openForFlow } from '../../actions/fault/shared-proxy.ts';
import type { Resource } from '../../model/action/resources.ts';
import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { OpenedSettings } from '../../model/companions/run-services.ts';
import type { OpenStarter } from '../../services/starter.ts';

/** A proxy that listens. */
export interface RunProxy extends OpenStarter {
  openFlow(): readonly [string, Resource<FaultTarget>];
}

/** Starts a proxy for the whole run. @throws ActionError when its address or port cannot be used */
export async function openRunProxy({ name }: StarterPlan, { config, io }: OpenedSettings): Promise<RunProxy> {
  // Checked by the schema of the action.
  const settings = config as ProxySettings;
  const proxy = await startProxy(settings, io);
  return {
    values: describeAddress(proxy, settings.upstream),
    openFlow: () => openForFlow(proxy, name, io),
    finish: async () => [],
    close: () => proxy.close(),
  };
}
