import { readFileSync } from 'node:fs';

/** How many connections this machine was refused so far, whatever their port; undefined where it does not count that. */
export function readRefusedCount(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/net/snmp', 'utf8');
  } catch {
    return undefined;
  }
  const [names, counts] = text.split('\n').filter((line) => line.startsWith('Tcp:'));
  const at = names?.split(' ').indexOf('AttemptFails') ?? -1;
  const count = Number(counts?.split(' ')[at]);
  return Number.isSafeInteger(count) ? count : undefined;
}
