import type { ConfigFinding } from '../../model/action/settings.ts';
import { hasPlaceholder, isRecord, mentionIn } from '../settings/authored.ts';
import { checkNoQuery } from '../stub/check-routes.ts';
import { isAddress } from './fault-settings.ts';
import { findWrongUpstream } from './upstream.ts';

const PROTOCOLS = ['tcp', 'http', 'kafka'] as const;

/** The step that started the proxy, or a proxy of the run. */
export const mentionProxy = mentionIn('proxy', 'proxy');

/** What can be said of faults before the run. */
export function checkFaults(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const { faults, match } = authored;
  const path = isRecord(match) ? match['path'] : undefined;
  const found = checkNoQuery(path, { at: ['match', 'path'], query: undefined });
  if (!isRecord(faults) || Object.keys(faults).length > 0) return found;
  const help = ['for example `faults: {latency: 200ms}`; `fault_clear` ends them'];
  return [...found, { severity: 'error', code: 'TM382', path: ['faults'], message: '`faults` names no fault', help }];
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
