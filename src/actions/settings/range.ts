import type { ConfigFinding } from '../../model/action/settings.ts';
import { parseDuration } from '../../util/duration.ts';
import { isRecord } from './authored.ts';

/** Of `{min, max}` as authored, numbers or lengths of time, of which the first is more than the second: how to say so. */
export function describeTurnedRange(authored: unknown): string | undefined {
  if (!isRecord(authored)) return undefined;
  const { min, max } = authored;
  const [least, most] = [readAmount(min), readAmount(max)];
  return least !== undefined && most !== undefined && least > most
    ? `\`min\` ${min} is more than \`max\` ${max}`
    : undefined;
}

/** What can be said of the number of things that are wanted. */
export function checkWanted(count: unknown, things: 'requests' | 'messages'): readonly ConfigFinding[] {
  const about = { code: 'TM331', path: ['count'] } as const;
  const turned = describeTurnedRange(count);
  if (turned !== undefined) {
    const help = [`no number of ${things} can be both`];
    return [{ ...about, severity: 'error', message: `\`count\`: ${turned}`, help }];
  }
  const any = describeAnyCount(count);
  if (any === undefined) return [];
  const help = [`\`count: 0\` says that there are none, \`{min: 1}\` that there are some`];
  return [{ ...about, severity: 'warning', message: `\`count\`: ${any}`, help }];
}

/** Of a number that is wanted, as authored: why any number is right, so that nothing is checked; undefined where one may be wrong. */
function describeAnyCount(authored: unknown): string | undefined {
  if (!isRecord(authored) || authored['max'] !== undefined) return undefined;
  const { min = 0 } = authored;
  return min === 0 ? 'any number is right, none too: nothing is checked' : undefined;
}

function readAmount(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : typeof value === 'number' ? value : undefined;
}
