import type { StubRequest } from '../../actions/stub/received.ts';
import type { FaultSettings } from '../../actions/stub/stub-settings.ts';
import type { Answered } from '../../actions/stub/stub-view.ts';
import { showInvisible } from '../../expr/index.ts';
import { hideFields } from '../../util/hidden-fields.ts';
import type { Paint } from '../../util/paint.ts';

/** A request with the route that answered: `12:03:04.017 GET /users/7 → 200 in 1 ms by GET /users/:id`. */
export function describeAnswered(request: StubRequest, answered: Answered, paint: Paint): string {
  const { status, fault, ms, nearest } = answered;
  const color = fault !== undefined || status >= 500 ? paint.red : status >= 400 ? paint.yellow : paint.green;
  const what = color(fault === undefined ? String(status) : nameFault(fault));
  const who = request.matched_route === null ? 'by no route' : `by ${request.matched_route}`;
  const why = nearest && status >= 400 ? `; nearest is ${nearest.route.name}: ${nearest.lines.join(', ')}` : '';
  const asked = `${request.method} ${request.path}${describeQuery(request)}`;
  const time = paint.dim(request.at.slice(11, 23));
  return `${time} ${showInvisible(hideFields(asked))} → ${what} in ${Math.round(ms)} ms ${showInvisible(hideFields(`${who}${why}`))}`;
}

function describeQuery({ query }: StubRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => `${name}=${one}`));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function nameFault(fault: FaultSettings): string {
  return typeof fault === 'string' ? fault : (Object.keys(fault)[0] ?? 'fault');
}
