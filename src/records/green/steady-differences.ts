import { type Difference, describeType, isNumber, listDifferences, type Value } from '../../expr/index.ts';
import { isMasked } from '../../model/event-table/masked.ts';

/** Where a result is not as it was, and how much of it cannot be judged. */
export interface SteadyDifferences {
  readonly differences: readonly Difference[];
  /** Values that are masked on both sides. */
  readonly masked: number;
}

/** Keys whose values are made anew each time: of these only another kind of value counts. */
const MADE_KEY =
  /(?:^|[._-])(?:id|uuid|guid|ids|timings?|timeline|ms|nonce|token|etag|size|url|port|offset|attempts|age|keep-alive|set-cookie|content-length|request-id|trace-?id|traceparent)$|[a-z](?:Id|Ids|Token)$/;
/** Keys of times: of these only what is no time any more counts. */
const TIME_KEY = /(?:^|[._-])(?:at|on|date|time|timestamp|expires|last-modified)$|[a-z](?:At|On|Date|Time|Timestamp)$/;
const TIME = /^\s*(?:\d{4}-\d\d|\d\d?[./]\d\d?[./]\d{4}|\w{3}, \d|\d\d?:\d\d|\d{6,})/;

/** Parts of texts that differ from run to run: UUIDs, times, long numbers and digests, ports of this machine. */
const MADE =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b(?=[a-f]*\d)[0-9a-f]{12,}\b|\b(?=\w*\d)[A-Za-z0-9_-]{20,}\b|\d{6,}|(?<=(?:localhost|127\.0\.0\.1|\[::1\]):)\d+/gi;

/**
 * Where a result is not what it was when the step last passed. Values that differ between two passes count for nothing as long as they
 * are of one kind, nor do ids, times and what a run makes up; what is gone, new or of another kind always counts.
 */
export function listSteadyDifferences(now: Value, [last, before]: readonly Value[]): SteadyDifferences {
  if (last === undefined) return { differences: [], masked: 0 };
  const unsteady = new Set(
    before === undefined ? [] : listDifferences(last, before).map(({ path }) => withoutPositions(path)),
  );
  const all = listDifferences(now, last);
  const differences = all.filter((difference) => {
    const paths = listAbove(withoutPositions(difference.path));
    return !(isSameKind(difference) && (paths.some((path) => unsteady.has(path)) || isMadeUp(difference, paths)));
  });
  return { differences, masked: countMasked(now) };
}

/** Whether both sides are there, and are of one type that is not nil. */
function isSameKind({ kind, actual = null, expected = null }: Difference): boolean {
  if (kind === 'order') return true;
  if (kind !== 'changed' || actual === null || expected === null) return false;
  return (
    isMasked(actual) ||
    isMasked(expected) ||
    describeType(actual) === describeType(expected) ||
    areNumbers(actual, expected)
  );
}

function areNumbers(a: Value, b: Value): boolean {
  return isNumber(a) && isNumber(b);
}

function isMadeUp({ actual = null, expected = null }: Difference, paths: readonly string[]): boolean {
  if (isMasked(actual) || isMasked(expected)) return true;
  if (paths.some((path) => MADE_KEY.test(path))) return true;
  if (paths.some((path) => TIME_KEY.test(path))) return isTime(actual) && isTime(expected);
  if (typeof actual !== 'string' || typeof expected !== 'string') return false;
  return actual.replace(MADE, '*') === expected.replace(MADE, '*');
}

function isTime(value: Value): boolean {
  return typeof value === 'string' ? TIME.test(value) : isNumber(value);
}

/** How many texts have a mask in them. */
function countMasked(value: Value): number {
  if (typeof value === 'string') return isMasked(value) ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  const parts: Iterable<Value> = value instanceof Map ? value.values() : Object.values(value);
  let count = 0;
  for (const part of parts) count += countMasked(part);
  return count;
}

function withoutPositions(path: string): string {
  return path.replace(/\[\d+\]/g, '[]');
}

/** A path and all that it stands in: `body.user.name`, `body.user`, `body`. */
function listAbove(path: string): readonly string[] {
  const parts = path.match(/^[^.[]+|\.[^.[]+|\["(?:[^"\\]|\\.)*"\]|\[\]/g) ?? [];
  const paths: string[] = [];
  let above = '';
  for (const part of parts) {
    above += part.startsWith('["') ? `.${part.slice(2, -2)}` : part;
    paths.push(above);
  }
  return [path, ...paths];
}
