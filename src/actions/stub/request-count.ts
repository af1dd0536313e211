import type { ActionIo } from '../../model/action/io.ts';
import { countOf } from '../../util/count.ts';
import type { StubRequest } from './received.ts';
import type { RequestLog } from './request-log.ts';
import { isMatch, type RequestRules } from './request-rules.ts';

/** How many requests were as wanted: of those that are not kept whole it may not be known. */
export interface RequestCount {
  readonly matched: readonly StubRequest[];
  readonly least: number;
  readonly most: number;
}

/** Counts the requests that are as the rules say, those of which only method and path are still known too. */
export function countRequests(log: RequestLog, rules: RequestRules): RequestCount {
  const byPath = { rules: rules.byPath };
  const matched: StubRequest[] = [];
  let unsure = 0;
  for (const request of log.list()) {
    if (isMatch(rules, request)) matched.push(request);
    else if (log.isWithoutBody(request) && isMatch(byPath, request)) unsure++;
  }
  const { meant, unknown } = log.countDropped((request) => isMatch(byPath, request));
  const isByPath = rules.byPath.length === rules.rules.length;
  const isAll = rules.rules.length === 0;
  const least = matched.length + (isByPath ? meant : 0) + (isAll ? unknown : 0);
  return { matched, least, most: matched.length + unsure + meant + unknown };
}

/** Says what is not kept any more of the requests that a verification is about. */
export function noteDropped(log: RequestLog, { least, most, matched }: RequestCount, io: ActionIo): void {
  const { dropped } = log;
  if (dropped > 0) {
    const isCounted =
      least > matched.length ? 'they count by method and path, and are not in `requests`' : 'they do not count';
    io.report.note(`${countOf(dropped, 'older request')} had to be dropped: ${isCounted}`);
  }
  const large = log.list().filter((request) => log.isWithoutBody(request)).length;
  if (large > 0) io.report.note(`the body of ${countOf(large, 'request')} is not kept: it has more than 64 KB`);
  if (most > least) io.report.note(`whether ${countOf(most - least, 'request')} more would match cannot be known`);
}
