const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/y;

/** Reads `300ms`, `1.5s`, `1h30m`; gives ms, or undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const source = text.trim();
  let totalMs = 0;
  let at = 0;
  while (at < source.length) {
    PART.lastIndex = at;
    const part = PART.exec(source);
    if (!part) return undefined;
    totalMs += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? 0);
    at = PART.lastIndex;
  }
  return source === '' ? undefined : totalMs;
}

/** Writes a length of time for people: `9 ms`, `1.25 s`, `2 m 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [`${Math.floor(seconds / 3600)} h`, `${Math.floor((seconds % 3600) / 60)} m`, `${seconds % 60} s`];
  return parts.filter((part) => !part.startsWith('0 ')).join(' ');
}
