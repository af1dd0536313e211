import type { SeenKeys } from '../../model/action/settings.ts';
import { listParameters } from '../../util/path-pattern.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';

/** The keys of a request, in which anything may be. */
const REQUEST: SeenKeys = {
  ...{ method: undefined, path: undefined, query: undefined, headers: undefined, body: undefined, form: undefined },
  ...{ params: undefined, at: undefined, matched_route: undefined },
};

/** What the answers and conditions of routes see: a request with the parameters that the route's path names. */
export function seeRequest(
  authored: unknown,
  [root, index]: readonly (string | number)[],
): { readonly request: SeenKeys } {
  const routes = isRecord(authored) && root === 'routes' ? authored['routes'] : undefined;
  const route: unknown = Array.isArray(routes) ? routes[Number(index)] : undefined;
  return { request: { ...REQUEST, params: readParameters(route) } };
}

/** The parameters of a route's path; undefined where only the run knows it. */
function readParameters(route: unknown): SeenKeys | undefined {
  const path = isRecord(route) ? route['path'] : undefined;
  if (typeof path !== 'string' || hasPlaceholder(path)) return undefined;
  return Object.fromEntries(listParameters(path).map((name) => [name, undefined]));
}
