import type { Since } from '../../model/since.ts';
import { parseDuration } from '../../util/duration.ts';

/** Below this a number is in seconds since 1970, from it on in milliseconds. */
const FIRST_MS = 100_000_000_000;

/** Reads the setting `since`; undefined when it says nothing that is known. */
export function parseSince(text: string | number): Since | undefined {
  if (typeof text === 'number') return readNumber(text);
  const trimmed = text.trim();
  if (trimmed === 'flow' || trimmed === 'now' || trimmed === 'earliest') return { kind: trimmed };
  const step = /^step:\s*([A-Za-z_][A-Za-z0-9_-]*)$/.exec(trimmed);
  if (step?.[1]) return { kind: 'step', id: step[1] };
  if (trimmed.startsWith('-')) {
    const ms = parseDuration(trimmed.slice(1));
    return ms === undefined ? undefined : { kind: 'ago', ms };
  }
  if (/^\d+(\.\d+)?$/.test(trimmed)) return readNumber(Number(trimmed));
  const isDate = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(trimmed);
  const ms = isDate ? Date.parse(trimmed.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(ms) ? undefined : { kind: 'time', ms };
}

function readNumber(number: number): Since | undefined {
  if (!Number.isFinite(number) || number < 0) return undefined;
  return { kind: 'time', ms: number < FIRST_MS ? number * 1000 : number };
}
