import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import { describePortTrouble, leaveOut } from '../settings/port-trouble.ts';
import { createProxy } from './create-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { ProxySettings } from './fault-settings.ts';
import { createTarget, describeProxy, type FaultTarget, judgeProxy } from './fault-target.ts';
import { keyOfSharedProxy } from './shared-proxy.ts';

function keyOfProxy(id: string): string {
  return `fault-proxy:${id}`;
}

/** Starts a proxy for the length of the flow. @throws ActionError when its address or port cannot be used */
export async function openProxy(config: ProxySettings, io: ActionIo): Promise<FaultProxy> {
  const proxy = await startProxy(config, io);
  const name = `fault proxy ${io.step.id}`;
  await io.resources.open<FaultTarget>(keyOfProxy(io.step.id), async () => ({
    value: createTarget(proxy),
    name,
    finish: async (so) => judgeProxy(proxy, { name, step: io.step }, so),
    listDetails: () => describeProxy(proxy, name),
    close: () => proxy.close(),
  }));
  return proxy;
}

/** Starts a proxy. @throws ActionError when its address or port cannot be used */
export async function startProxy(
  config: ProxySettings,
  io: Pick<LastingIo, 'clock' | 'expressions'>,
): Promise<FaultProxy> {
  const proxy = await createProxy(config, io);
  const port = config.listen ?? 0;
  try {
    await proxy.listen(port);
    return proxy;
  } catch (error) {
    throw describePortTrouble(error, port, leaveOut('`listen`')) ?? error;
  }
}

/** The proxy that a step started, or that of the run with this name. @throws ActionError when it is not running */
export function findProxy(id: string, io: ActionIo): FaultTarget {
  const { resources } = io;
  const target = resources.find<FaultTarget>(keyOfProxy(id)) ?? resources.find<FaultTarget>(keyOfSharedProxy(id));
  if (target) return target;
  throw new ActionError({
    kind: 'authoring',
    message: `no fault proxy \`${id}\` is running`,
    hints: [
      '`proxy` is the id of the `fault_proxy_start` step, which has to run before this one, or a proxy of testmesh.yaml',
    ],
  });
}
