import { parseDuration } from '../../util/duration.ts';

/** From where on messages count. */
export type Since =
  | { readonly kind: 'flow' | 'now' | 'earliest' }
  | { readonly kind: 'step'; readonly id: string }
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'time'; readonly ms: number };

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

/** Says from where on, as the end of a sentence: `since the beginning of this run`. */
export function describeSince(since: Since): string {
  switch (since.kind) {
    case 'flow':
      return 'since the beginning of this run';
    case 'now':
      return 'since the beginning of this step';
    case 'earliest':
      return 'since the beginning of the topic';
    case 'step':
      return `since step \`${since.id}\``;
    case 'ago':
      return `since ${since.ms / 1000} s before this step`;
    case 'time':
      return `since ${new Date(since.ms).toISOString()}`;
    default:
      return since satisfies never;
  }
}

function readNumber(number: number): Since | undefined {
  if (!Number.isFinite(number) || number < 0) return undefined;
  return { kind: 'time', ms: number < FIRST_MS ? number * 1000 : number };
}
