import { stringifyJson } from '../../expr/index.ts';
import { countOf } from '../../util/count.ts';
import type { Route } from './route.ts';
import type { StubView, Unmatched } from './stub-view.ts';
import type { ReadyAnswer } from './wire/send-answer.ts';

/** The 404 of a request that no route takes: it names the nearest one, and what differs; who asked may not know the secrets that are expected. */
export function describeUnmatched(
  { request, nearest }: Unmatched,
  routes: readonly Route[],
  mask: (text: string) => string,
): ReadyAnswer {
  const { method, path } = request;
  const body = stringifyJson({
    error: mask(`no route of the stub takes ${method} ${path}`),
    ...(nearest && { nearest: { route: mask(nearest.route.name), differs: nearest.lines.map(mask) } }),
    routes: routes.map(({ name }) => mask(name)),
  });
  return { status: 404, headers: [['content-type', 'application/json']], body };
}

/** Lines about the requests that no route took; empty when there were none. */
export function listUnmatched(view: StubView): readonly string[] {
  const { count, first } = view.unmatched;
  const lines = first.map(({ request, nearest }) => {
    const why = nearest ? `; nearest is ${nearest.route.name}: ${nearest.lines.join(', ')}` : '';
    return `${request.method} ${request.path}${why}`;
  });
  const hidden = count - first.length;
  return hidden > 0 ? [...lines, `and ${countOf(hidden, 'more request')}`] : lines;
}
