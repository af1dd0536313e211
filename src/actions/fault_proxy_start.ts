import type { ActionDefinition } from '../model/action/definition.ts';
import { checkProxy } from './fault/check-faults.ts';
import { describeAddress } from './fault/create-proxy.ts';
import type { ProxySettings } from './fault/fault-settings.ts';
import { proxySettings } from './fault/fault-settings.ts';
import { openProxy } from './fault/open-proxy.ts';

/** Starts a proxy between a service and what it depends on, for the length of the flow. */
export const faultProxyStart: ActionDefinition<ProxySettings> = {
  name: 'fault_proxy_start',
  summary: 'Starts a proxy in which faults can be set, between a service and what it depends on',
  settings: { schema: proxySettings, check: checkProxy },
  result: { keys: { address: 'string', url: 'string', host: 'string', port: 'number' }, started: 'proxy' },
  judges: true,
  traits: { isLocal: true },
  async run(config, io) {
    const proxy = await openProxy(config, io);
    return {
      result: describeAddress(proxy, config.upstream),
      summary: `${proxy.address} to ${config.upstream.replace(/\/\/[^@/\s]*@/, '//')}`,
    };
  },
};
