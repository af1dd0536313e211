import type { ActionIo } from '../../model/action/io.ts';
import { countOf } from '../../util/count.ts';
import { compilePath } from '../../util/path-pattern.ts';
import type { StubRequest } from './received.ts';
import type { DroppedRequests, RequestLog } from './request-log.ts';
import { isMatch, type RequestRules } from './request-rules.ts';

/** A path without parameters, and one with them: neither of them a regular expression. */
const FIXED = /^[\w/%~@-]+$/;
const PLAIN = /^\/[\w/%~@:{}-]*$/;

/** How many requests were as wanted: of those that are not kept whole it may not be known. */
export interface RequestCount {
  readonly matched: readonly StubRequest[];
  readonly least: number;
  readonly most: number;
}

/** Counts the requests that are as the rules say, those of which only method and path are still known too. */
export function countRequests(log: RequestLog, rules: RequestRules): RequestCount {
  const matched: StubRequest[] = [];
  let unsure = 0;
  for (const request of log.list((place) => isMatch({ rules: rules.byPath }, place))) {
    if (isMatch(rules, request)) matched.push(request);
    else if (log.isWithoutBody(request)) unsure++;
  }
  const isByPath = rules.byPath.length === rules.rules.length;
  let sure = 0;
  for (const dropped of log.listDropped()) {
    const answer = judgeDropped(dropped, rules);
    if (answer === 'yes' && isByPath) sure += dropped.count;
    else if (answer !== 'no') unsure += dropped.count;
  }
  const least = matched.length + sure;
  return { matched, least, most: least + unsure };
}

/** Whether method and path of dropped requests are as the rules say; of some only the route is known that took them. */
function judgeDropped(
  { method, path, route }: DroppedRequests,
  { byMethod, byPath, pattern }: RequestRules,
): 'yes' | 'no' | 'maybe' {
  if (path !== undefined) return isMatch({ rules: byPath }, { method, path }) ? 'yes' : 'no';
  if (!isMatch({ rules: byMethod }, { method, path: '' })) return 'no';
  const taken = route?.slice(route.indexOf(' ') + 1) ?? '';
  if (!pattern || pattern.text === taken) return 'yes';
  // One path was not among those of a route that does not take it.
  const isTold = FIXED.test(pattern.text) && PLAIN.test(taken);
  return isTold && !compilePath(taken).match(pattern.text) ? 'no' : 'maybe';
}

/** Says what is not kept any more of the requests that a verification is about. */
export function noteDropped(log: RequestLog, { least, most, matched }: RequestCount, io: ActionIo): void {
  const { dropped } = log;
  if (dropped > 0) {
    const isCounted =
      least > matched.length ? 'they count by method and path, and are not in `requests`' : 'they do not count';
    io.report.note(`${countOf(dropped, 'older request')} had to be dropped: ${isCounted}`);
  }
  if (log.bodiesLeftOut > 0)
    io.report.note(`the body of ${countOf(log.bodiesLeftOut, 'request')} is not kept: it has more than 64 KB`);
  if (most > least) io.report.note(`whether ${countOf(most - least, 'request')} more would match cannot be known`);
}
