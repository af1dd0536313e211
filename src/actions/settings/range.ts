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

function readAmount(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : typeof value === 'number' ? value : undefined;
}
