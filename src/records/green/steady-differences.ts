import { type Difference, listDifferences, type Value } from '../../expr/index.ts';
import { isMasked } from '../../model/event-table/masked.ts';

/** Keys that differ from run to run, whatever is right: ids, times, what was measured, what comes of the connection. */
const VOLATILE_KEY =
  /(?:^|[._-])(?:id|uuid|guid|ids|at|on|date|time|timestamp|timings?|timeline|ms|nonce|token|etag|size|url|port|offset|attempts|age|expires|keep-alive|set-cookie|content-length|last-modified|request-id|trace-?id|traceparent)$|[a-z](?:Id|Ids|At|On|Date|Time|Timestamp|Token)$/;

/** Parts of texts that differ from run to run: UUIDs, times, long numbers and digests, ports of this machine. */
const MADE =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b[0-9a-f]{12,}\b|\b(?=\w*\d)[A-Za-z0-9_-]{20,}\b|\d{6,}|(?<=(?:localhost|127\.0\.0\.1|\[::1\]):)\d+/gi;

/**
 * Where a result is not what it was when the step last passed. What differs between two passes counts for nothing, nor do ids, times and
 * what a run makes up; what is masked cannot be compared.
 */
export function listSteadyDifferences(now: Value, [last, before]: readonly Value[]): readonly Difference[] {
  if (last === undefined) return [];
  const unsteady = new Set(
    before === undefined ? [] : listDifferences(last, before).map(({ path }) => withoutPositions(path)),
  );
  return listDifferences(now, last).filter((difference) => {
    const path = withoutPositions(difference.path);
    return !listAbove(path).some((above) => unsteady.has(above) || VOLATILE_KEY.test(above)) && !isMadeUp(difference);
  });
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

function isMadeUp({ kind, actual = null, expected = null }: Difference): boolean {
  if (isMasked(actual) || isMasked(expected)) return true;
  if (kind !== 'changed' || typeof actual !== 'string' || typeof expected !== 'string') return false;
  return actual.replace(MADE, '*') === expected.replace(MADE, '*');
}
