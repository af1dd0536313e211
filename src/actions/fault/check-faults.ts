import type { ConfigFinding, Mention } from '../../model/action/settings.ts';
import { checkName, hasPlaceholder, isRecord, mentionIn } from '../settings/authored.ts';
import { checkNoQuery } from '../stub/check-routes.ts';
import { isAddress, PROTOCOL_OF } from './fault-settings.ts';
import { findWrongUpstream, protocolOf } from './upstream.ts';

const PROTOCOLS = ['tcp', 'http', 'kafka'] as const;
type Protocol = (typeof PROTOCOLS)[number];

/** The step that started the proxy, or a proxy of the run. */
export const mentionProxy = mentionIn('proxy', 'proxy');

/** Whether it is named as what it gives. */
export function checkProxyName(authored: unknown): readonly ConfigFinding[] {
  return checkName(authored, 'proxy', 'TM382');
}

/** The same of what sets faults in it, each of which has to be for what the proxy sees. */
export function mentionTarget(authored: unknown): readonly Mention[] {
  return mentionProxy(authored).map((mention) => ({
    ...mention,
    check: (proxy) => checkProtocol(authored, mention.id, proxy),
  }));
}

function checkProtocol(authored: unknown, id: string, proxy: unknown): readonly ConfigFinding[] {
  const { faults, match } = isRecord(authored) ? authored : {};
  const protocol = foreseeProtocol(proxy);
  if (!isRecord(faults) || protocol === undefined) return [];
  const wrong = findForeignFault({ faults, match }, { id, protocol });
  if (!wrong) return [];
  const { name, message, hint } = wrong;
  const path = name === 'match' ? [name] : ['faults', name];
  return [{ severity: 'error', code: 'TM382', path, message, help: [hint] }];
}

/** What a proxy will see of what goes through it; undefined where only the run knows. */
function foreseeProtocol(proxy: unknown): Protocol | undefined {
  const { upstream, protocol } = isRecord(proxy) ? proxy : {};
  if (protocol !== undefined) return PROTOCOLS.find((one) => one === protocol);
  if (typeof upstream !== 'string') return undefined;
  const seen = protocolOf({ upstream });
  return seen === 'http' || !hasPlaceholder(upstream) ? seen : undefined;
}

/** The first fault that a proxy cannot have, for it sees nothing of what the fault is for. */
export function findForeignFault(
  { faults, match }: { readonly faults: object; readonly match?: unknown },
  proxy: { readonly id: string; readonly protocol: Protocol },
): { readonly name: string; readonly message: string; readonly hint: string } | undefined {
  const asked = match === undefined ? Object.keys(faults) : [...Object.keys(faults), 'match'];
  const [name, only] =
    Object.entries(PROTOCOL_OF).find(([word, protocol]) => asked.includes(word) && protocol !== proxy.protocol) ?? [];
  if (name === undefined) return undefined;
  const what = only === 'http' ? 'requests' : 'messages of Kafka';
  const seen = proxy.protocol === 'http' ? 'requests of HTTP' : 'connections';
  const message = `\`${name}\` is for ${what}, but the proxy \`${proxy.id}\` sees only ${seen}`;
  return { name, message, hint: `start it with \`protocol: ${only}\`` };
}

/** What can be said of faults before the run. */
export function checkFaults(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const { faults, match } = authored;
  const path = isRecord(match) ? match['path'] : undefined;
  const found: ConfigFinding[] = [
    ...checkProxyName(authored),
    ...checkNoQuery(path, { at: ['match', 'path'], query: undefined }).map((one) => ({ ...one, code: 'TM382' })),
  ];
  if (isRecord(faults)) found.push(...checkBandwidth(faults['bandwidth']));
  if (!isRecord(faults) || Object.keys(faults).length > 0) return found;
  const help = ['for example `faults: {latency: 200ms}`; `fault_clear` ends them'];
  return [...found, { severity: 'error', code: 'TM382', path: ['faults'], message: '`faults` names no fault', help }];
}

/** A bare number is of bytes, of which so few a second are hardly meant. */
function checkBandwidth(bandwidth: unknown): readonly ConfigFinding[] {
  if (typeof bandwidth !== 'number' || bandwidth < 1 || bandwidth >= 1024) return [];
  const message = `\`bandwidth: ${bandwidth}\` is ${bandwidth} bytes a second`;
  const help = [`write \`${bandwidth}KB\` for kilobytes, or \`${bandwidth}b\` where bytes are meant`];
  return [{ severity: 'warning', code: 'TM382', path: ['faults', 'bandwidth'], message, help }];
}

/** What can be said of where a proxy leads before the run. */
export function checkProxy(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const { upstream, protocol: given } = authored;
  const protocol = PROTOCOLS.find((one) => one === given);
  const isOpen = given !== undefined && protocol === undefined;
  if (isOpen || typeof upstream !== 'string' || hasPlaceholder(upstream) || !isAddress(upstream)) return [];
  const wrong = findWrongUpstream({ upstream, protocol });
  if (!wrong) return [];
  return [{ severity: 'error', code: 'TM382', path: ['upstream'], message: wrong.message, help: [wrong.hint] }];
}
