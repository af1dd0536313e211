import { ExprError } from '../../expr/index.ts';
import type { ConfigFinding } from '../../model/action/settings.ts';
import { hasPlaceholder, isRecord, mentionIn } from '../settings/authored.ts';
import { compilePathRegex } from './path-regex.ts';

/** The step that started the stub, or a stub of the run. */
export const mentionServer = mentionIn('server', 'stub');

/** What can be said of routes before the run. */
export function checkRoutes(authored: unknown): readonly ConfigFinding[] {
  const routes = isRecord(authored) ? authored['routes'] : undefined;
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((route: unknown, index) => (isRecord(route) ? checkRoute(route, ['routes', index]) : []));
}

function checkRoute(
  route: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): readonly ConfigFinding[] {
  const { path: given, path_regex: regex, response, responses, then } = route;
  const findings: ConfigFinding[] = [];
  const add = (key: string, message: string, help: readonly string[]) =>
    findings.push({ severity: 'error', code: 'TM381', path: [...path, key], message, help });
  if (given === undefined && regex === undefined)
    findings.push({
      severity: 'error',
      code: 'TM381',
      path,
      message: 'a route needs `path`',
      help: ['for example `path: /users/:id`; `path: "*"` takes every path'],
    });
  if (given !== undefined && regex !== undefined)
    add('path_regex', '`path` and `path_regex` are both given: write one of them', []);
  if (response !== undefined && responses !== undefined)
    add('responses', '`response` and `responses` are both given: write one of them', [
      '`responses` are used in turn, and the last one stays',
    ]);
  const mistake = describeRegex(regex);
  if (mistake !== undefined) add('path_regex', `\`path_regex\`: ${mistake}`, []);
  for (const [index, next] of (Array.isArray(then) ? then : []).entries()) {
    if (!isRecord(next)) continue;
    const isOne = (next['http'] === undefined) !== (next['kafka'] === undefined);
    if (!isOne)
      findings.push({
        severity: 'error',
        code: 'TM381',
        path: [...path, 'then', index],
        message: 'what follows an answer is either `http` or `kafka`',
        help: ['for example `{after: 200ms, http: {url: "{{request.body.callback}}", body: {…}}}`'],
      });
  }
  return findings;
}

function describeRegex(source: unknown): string | undefined {
  if (typeof source !== 'string' || hasPlaceholder(source)) return undefined;
  try {
    compilePathRegex(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return error.message;
  }
}
