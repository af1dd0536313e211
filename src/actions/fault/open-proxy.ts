import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Problem } from '../../model/events.ts';
import { parseBrokers } from '../kafka/kafka-settings.ts';
import { describePortTrouble, leaveOut } from '../settings/port-trouble.ts';
import { drawRandom } from '../settings/random.ts';
import type { ActiveFault } from './active-fault.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { ProxySettings } from './fault-settings.ts';
import { HttpProxy } from './http-proxy.ts';
import type { PaceHost } from './pacer.ts';
import { TcpProxy } from './tcp-proxy.ts';

const ENCRYPTED =
  'the connections are encrypted: the addresses of brokers stay as they are, so clients may bypass the proxy';

function keyOfProxy(id: string): string {
  return `fault-proxy:${id}`;
}

/** Starts a proxy for the length of the flow. @throws ActionError when its address or port cannot be used */
export async function openProxy(config: ProxySettings, io: ActionIo): Promise<FaultProxy> {
  const proxy = await createProxy(config, io);
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
    finish: async () => [
      ...[...(proxy.troubles ?? [])].map((trouble) => describeTrouble(trouble, name)),
      ...proxy.faults.listUnmet().map((fault) => describeUnmet(fault, name)),
    ],
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

async function createProxy(config: ProxySettings, io: ActionIo): Promise<FaultProxy & Pick<TcpProxy, 'listen'>> {
  const { upstream, protocol, preserve_host: preservesHost = false } = config;
  const host = { clock: io.clock, random: () => drawRandom(io.expressions.host) };
  if (protocol === 'kafka') return createKafkaProxy(upstream, host);
  const isUrl = /^https?:\/\//.test(upstream);
  const kind = protocol ?? (isUrl ? 'http' : 'tcp');
  const text = isUrl ? upstream : `${kind}://${upstream}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && kind === 'http') return new HttpProxy({ upstream: url, preservesHost }, host);
  const port = Number(url?.port) || (url?.protocol === 'https:' ? 443 : url?.protocol === 'http:' ? 80 : undefined);
  if (!url || port === undefined) throw describeWrongUpstream(upstream, `${/^[^\s,:]*/.exec(upstream)?.[0]}:5432`);
  return new TcpProxy({ protocol: 'tcp', upstreams: [{ host: url.hostname.replace(/^\[|\]$/g, ''), port }] }, host);
}

async function createKafkaProxy(upstream: string, host: PaceHost): Promise<TcpProxy> {
  const upstreams = parseBrokers(upstream);
  if (upstreams.length === 0) throw describeWrongUpstream(upstream, 'localhost:9092');
  const { Conversation } = await import('./kafka/conversation.ts');
  const createReader = (proxy: TcpProxy) =>
    new Conversation({
      reach: async (address) => ({ host: '127.0.0.1', port: await proxy.openGate(address) }),
      get withholds() {
        return listWithholding(proxy).length > 0;
      },
      withhold: (topics) => {
        const fault = listWithholding(proxy).find(
          (one) => topics.includes(one.faults.withhold_acks?.topic ?? '') && one.takesRequest(),
        );
        fault?.noteRequest();
        return fault !== undefined;
      },
      noteTls: () => proxy.notes.add(ENCRYPTED),
    });
  return new TcpProxy({ protocol: 'kafka', upstreams, createReader }, host);
}

function listWithholding(proxy: TcpProxy): readonly ActiveFault[] {
  return proxy.faults.active.filter(({ faults }) => faults.withhold_acks);
}

function describeWrongUpstream(upstream: string, example: string): ActionError {
  const message = `\`upstream\`: \`${upstream}\` is not an address with a port`;
  return new ActionError({ kind: 'authoring', code: 'TM382', message, hints: [`for example \`${example}\``] });
}

function describeTrouble(trouble: string, name: string): Problem {
  return {
    outcome: 'errored',
    kind: 'fault',
    message: `${name}: a connection was ended: ${trouble}`,
    hints: ['`protocol: tcp` lets everything through, also directly to the brokers that answers name'],
  };
}

/** A test of a fault that nobody met tests nothing. */
function describeUnmet({ faults }: ActiveFault, name: string): Problem {
  const names = Object.keys(faults).map((fault) => `\`${fault}\``);
  return {
    outcome: 'errored',
    kind: 'fault',
    message: `${name}: ${names.join(', ')} met nothing: nothing went through the proxy while it was set`,
    hints: ['does the service use the address of the proxy?'],
  };
}
