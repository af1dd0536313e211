import type { Resource } from '../../model/action/resources.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import type { ActiveFault } from './active-fault.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { createTarget, describeProxy, type FaultTarget, judgeProxy } from './fault-target.ts';

/** The key under which a flow sees a proxy of the run, by its name in testmesh.yaml. */
export function keyOfSharedProxy(name: string): string {
  return `fault proxy of the run:${name}`;
}

/** What a flow sees of a proxy of the run: what went through since it began, and faults that end with it; those that another one set beside it hold on. */
export function openForFlow(
  proxy: FaultProxy,
  name: string,
  { step }: Pick<LastingIo, 'step'>,
): readonly [string, Resource<FaultTarget>] {
  const known = new Set(proxy.troubles);
  const own = new Set<ActiveFault>();
  const resource: Resource<FaultTarget> = {
    value: createTarget(proxy, proxy.total, own),
    name: `proxy ${name}`,
    finish: async (so) => judgeProxy(proxy, { name: `proxy ${name}`, step }, so, { known, own }),
    listDetails: () => describeProxy(proxy, `proxy ${name}`, own),
    close: async () => void (own.size > 0 && (await proxy.faults.forget(own))),
  };
  return [keyOfSharedProxy(name), resource];
}
