import type { ProxySettings } from '../../actions/fault/fault-settings.ts';
import type { FaultTarget } from '../../actions/fault/fault-target.ts';
import { keyOfSharedProxy } from '../../actions/fault/shared-proxy.ts';
import { protocolOf } from '../../actions/fault/upstream.ts';
import { SharedStub } from '../../actions/stub/shared-stub.ts';
import type { Resource } from '../../model/action/resources.ts';
import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { OpenedSettings } from '../../model/companions/run-services.ts';
import type { Problem } from '../../model/events.ts';
import type { OpenStarter } from '../../services/starter.ts';
import type { Attached } from './attach.ts';
import type { UpCompanion } from './protocol.ts';
import { checkPrint } from './settings-print.ts';

/** Uses a stub or a proxy that listens in `testmesh up`. @throws CompanionError when it is another than this run has */
export async function openAttached(
  plan: StarterPlan,
  opened: OpenedSettings,
  { attached, found }: { attached: Attached; found: UpCompanion },
): Promise<OpenStarter> {
  checkPrint(plan, opened.config, found.print);
  return plan.kind === 'stub'
    ? openStub(plan, opened, { attached, found })
    : openProxy(plan, opened, { attached, found });
}

/** Its requests are answered here, by what testmesh.yaml says now. */
async function openStub(
  { name }: StarterPlan,
  opened: OpenedSettings,
  { attached, found }: { attached: Attached; found: UpCompanion },
): Promise<OpenStarter> {
  const stub = new SharedStub(name, opened);
  attached.serving.set(name, stub.take);
  await attached.peer.call('serve', { stub: name });
  return {
    values: found.values,
    notes: stub.warnings,
    openFlow: (flow) => stub.openFlow(flow),
    finish: () => stub.finish(),
    close: async () => stub.close(),
  };
}

function openProxy(
  { name: proxy }: StarterPlan,
  { config }: OpenedSettings,
  { attached: { peer }, found }: { attached: Attached; found: UpCompanion },
): OpenStarter {
  // Checked by the schema of the action.
  const protocol = protocolOf(config as ProxySettings);
  return {
    values: found.values,
    openFlow({ traceId }) {
      const of = { proxy, traceId };
      peer.notify('openProxy', of);
      const resource: Resource<FaultTarget> = {
        value: {
          protocol,
          address: String(found.values['address']),
          set: async (settings) => void (await peer.call('setFaults', { ...of, settings })),
          clear: () => peer.call('clearFaults', of),
        },
        name: `proxy ${proxy}`,
        finish: (so) => peer.call('judgeProxy', { ...of, so }).catch(describeLoss),
        close: async () => void (await peer.call('closeProxy', of)),
      };
      return [keyOfSharedProxy(proxy), resource];
    },
    finish: async () => [],
    close: async () => undefined,
  };
}

function describeLoss(error: unknown): readonly Problem[] {
  return [{ outcome: 'errored', kind: 'service', message: error instanceof Error ? error.message : String(error) }];
}
