import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Problem } from '../../model/events.ts';
import { describePortTrouble, leaveOut } from '../settings/port-trouble.ts';
import type { ActiveFault } from './active-fault.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { ProxySettings } from './fault-settings.ts';
import { HttpProxy } from './http-proxy.ts';
import { TcpProxy } from './tcp-proxy.ts';

function keyOfProxy(id: string): string {
  return `fault-proxy:${id}`;
}

/** Starts a proxy for the length of the flow. @throws ActionError when its address or port cannot be used */
export async function openProxy(config: ProxySettings, io: ActionIo): Promise<FaultProxy> {
  const proxy = createProxy(config, io);
  const port = config.listen ?? 0;
  try {
    await proxy.listen(port);
  } catch (error) {
    throw describePortTrouble(error, port, leaveOut('`listen`')) ?? error;
  }
  const name = `fault proxy ${io.step.id}`;
  await io.resources.open<FaultProxy>(keyOfProxy(io.step.id), async () => ({
    value: proxy,
    name,
    finish: async () => proxy.listUnmet().map((fault) => describeUnmet(fault, name)),
    close: () => proxy.close(),
  }));
  return proxy;
}

/** The proxy that a step started. @throws ActionError when it is not running */
export function findProxy(id: string, io: ActionIo): FaultProxy {
  const proxy = io.resources.find<FaultProxy>(keyOfProxy(id));
  if (proxy) return proxy;
  throw new ActionError({
    kind: 'authoring',
    message: `no fault proxy \`${id}\` is running`,
    hints: ['`proxy` is the id of the `fault_proxy_start` step, which has to run before this one'],
  });
}

function createProxy({ upstream, protocol, preserve_host: preservesHost = false }: ProxySettings, io: ActionIo) {
  const draw = io.expressions.host['random'];
  const random = (): number => (typeof draw === 'function' ? Number(draw.call(io.expressions.host)) : 0.5);
  const host = { clock: io.clock, random };
  const isUrl = /^https?:\/\//.test(upstream);
  const kind = protocol ?? (isUrl ? 'http' : 'tcp');
  const url = new URL(isUrl ? upstream : `${kind === 'http' ? 'http' : 'tcp'}://${upstream}`);
  if (kind === 'http') return new HttpProxy({ upstream: url, preservesHost }, host);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : url.protocol === 'http:' ? 80 : undefined);
  if (port === undefined) {
    const message = `\`upstream\`: \`${upstream}\` has no port`;
    throw new ActionError({ kind: 'authoring', code: 'TM382', message, hints: [`for example \`${upstream}:5432\``] });
  }
  return new TcpProxy({ host: url.hostname.replace(/^\[|\]$/g, ''), port }, host);
}

/** A test of a fault that nobody met tests nothing. */
function describeUnmet({ faults }: ActiveFault, name: string): Problem {
  const names = Object.keys(faults).map((fault) => `\`${fault}\``);
  return {
    outcome: 'errored',
    kind: 'fault',
    message: `${name}: nobody met ${names.join(', ')}: nothing went through the proxy while it was set`,
    hints: ['is the address of the proxy the one that the service uses?'],
  };
}
