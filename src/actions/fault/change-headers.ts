import type { ActiveFault } from './active-fault.ts';

/** The headers of an answer with those changed that faults name (null takes one away), and the faults by which one is another now. */
export function changeHeaders(
  raw: readonly string[],
  faults: readonly ActiveFault[],
): { headers: string[]; changing: readonly ActiveFault[] } {
  const before = new Map<string, string | null>();
  for (let at = 0; at < raw.length; at += 2) before.set((raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '');
  const changes = new Map<string, readonly [string, string | null]>();
  const changing = faults.filter(({ faults: { header = {} } }) => {
    const all = Object.entries(header).map(([name, value]) => [name.toLowerCase(), [name, value]] as const);
    for (const [key, change] of all) changes.set(key, change);
    return all.some(([key, [, value]]) => (before.get(key) ?? null) !== value);
  });
  const headers: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!changes.has(name.toLowerCase())) headers.push(name, raw[at + 1] ?? '');
  }
  for (const [name, value] of changes.values()) if (value !== null) headers.push(name, value);
  return { headers, changing };
}
