import type { ConfigFinding } from '../../model/action/settings.ts';
import { isRecord, mentionIn } from '../settings/authored.ts';

/** The step that started the proxy, or a proxy of the run. */
export const mentionProxy = mentionIn('proxy', 'proxy');

/** What can be said of faults before the run. */
export function checkFaults(authored: unknown): readonly ConfigFinding[] {
  const faults = isRecord(authored) ? authored['faults'] : undefined;
  if (!isRecord(faults) || Object.keys(faults).length > 0) return [];
  const help = ['for example `faults: {latency: 200ms}`; `fault_clear` ends them'];
  return [{ severity: 'error', code: 'TM382', path: ['faults'], message: '`faults` names no fault', help }];
}
