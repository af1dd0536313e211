import { ActionError } from '../../model/action/outcome.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import { parseBrokers } from '../kafka/kafka-settings.ts';
import { drawRandom } from '../settings/random.ts';
import type { ActiveFault } from './active-fault.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { ProxySettings } from './fault-settings.ts';
import { HttpProxy } from './http-proxy.ts';
import type { PaceHost } from './pacer.ts';
import { TcpProxy } from './tcp-proxy.ts';

const ENCRYPTED =
  'the connections are encrypted: the addresses of brokers stay as they are, so clients may bypass the proxy';

/** The ports of addresses that name none. */
const USUAL_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  redis: 6379,
  rediss: 6379,
};

/** Makes a proxy that does not listen yet. @throws ActionError when its upstream is no address */
export async function createProxy(
  config: ProxySettings,
  io: Pick<LastingIo, 'clock' | 'expressions'>,
): Promise<FaultProxy & Pick<TcpProxy, 'listen'>> {
  const { upstream, preserve_host: preservesHost = false } = config;
  const host = { clock: io.clock, random: () => drawRandom(io.expressions.host) };
  const kind = protocolOf(config);
  if (kind === 'kafka') return createKafkaProxy(upstream, host);
  const text = /^[a-z][\w+.-]*:\/\//i.test(upstream) ? upstream : `${kind}://${upstream}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && kind === 'http') return new HttpProxy({ upstream: url, preservesHost }, host);
  const port = Number(url?.port) || USUAL_PORTS[url?.protocol.slice(0, -1) ?? ''];
  if (!url || port === undefined) throw describeWrongUpstream(upstream, `${/^[^\s,:]*/.exec(upstream)?.[0]}:5432`);
  return new TcpProxy({ protocol: 'tcp', upstreams: [{ host: url.hostname.replace(/^\[|\]$/g, ''), port }] }, host);
}

/** What it takes apart of what goes through. */
export function protocolOf({ upstream, protocol }: ProxySettings): FaultProxy['protocol'] {
  return protocol ?? (/^https?:/.test(upstream) ? 'http' : 'tcp');
}

/** By what a proxy is reached; where its upstream is an address with a scheme, `url` is that address with the proxy's place in it. */
export function describeAddress({ address, port, protocol }: FaultProxy, upstream: string) {
  const [, scheme, path] = /^([a-z][\w+.-]*:\/\/(?:[^@/\s]*@)?)[^/?#\s]+(.*)$/i.exec(upstream) ?? [];
  const place = `127.0.0.1:${port}`;
  const tcp = scheme === undefined ? `tcp://${place}` : `${scheme}${place}${path}`;
  return { address, url: protocol === 'http' ? address : tcp, host: '127.0.0.1', port };
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
        const all = listWithholding(proxy);
        for (const one of all) one.seen.noteTopics(topics);
        const fault = all.find((one) => topics.includes(one.faults.withhold_acks?.topic ?? '') && one.takesRequest());
        fault?.noteRequest({});
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
