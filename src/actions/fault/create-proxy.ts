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
import { findWrongUpstream, protocolOf, readHttpUpstream, readTcpUpstream, type Upstream } from './upstream.ts';

const ENCRYPTED =
  'the connections are encrypted: the addresses of brokers stay as they are, so clients may bypass the proxy';

/** Makes a proxy that does not listen yet. @throws ActionError when its upstream is no address */
export async function createProxy(
  config: ProxySettings,
  io: Pick<LastingIo, 'clock' | 'expressions'>,
): Promise<FaultProxy & Pick<TcpProxy, 'listen'>> {
  const { upstream, preserve_host: preservesHost = false } = config;
  const host = { clock: io.clock, random: () => drawRandom(io.expressions.host) };
  const wrong = findWrongUpstream(config);
  if (wrong) throw new ActionError({ kind: 'authoring', code: 'TM382', message: wrong.message, hints: [wrong.hint] });
  const kind = protocolOf(config);
  const url = kind === 'http' ? readHttpUpstream(upstream) : undefined;
  if (url) return new HttpProxy({ upstream: url, preservesHost }, host);
  if (kind === 'kafka') return createKafkaProxy(parseBrokers(upstream), host);
  const target = readTcpUpstream(upstream);
  return new TcpProxy({ protocol: 'tcp', upstreams: target ? [target] : [] }, host);
}

/** By what a proxy is reached; where its upstream is an address with a scheme, `url` is that address with the proxy's place in it. */
export function describeAddress({ address, port, protocol }: FaultProxy, upstream: string) {
  const [, scheme, path] = /^([a-z][\w+.-]*:\/\/(?:[^@/\s]*@)?)[^/?#\s]+(.*)$/i.exec(upstream) ?? [];
  const place = `127.0.0.1:${port}`;
  const tcp = scheme === undefined ? `tcp://${place}` : `${scheme}${place}${path}`;
  return { address, url: protocol === 'http' ? address : tcp, host: '127.0.0.1', port };
}

async function createKafkaProxy(upstreams: readonly Upstream[], host: PaceHost): Promise<TcpProxy> {
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
