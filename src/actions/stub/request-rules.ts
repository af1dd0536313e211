import {
  type Env,
  ExprError,
  formatValue,
  isList,
  matchesPartial,
  readKey,
  type Value,
  type ValueMap,
} from '../../expr/index.ts';
import type { Expressions } from '../../model/action/io.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { hideByName } from '../../util/hidden-fields.ts';
import { compilePath, type PathPattern } from '../../util/path-pattern.ts';
import { showTyped } from '../kafka/show.ts';
import { compilePathRegex } from './path-regex.ts';
import type { StubRequest } from './received.ts';
import type { MatchSettings } from './stub-settings.ts';

const MAX_DIFFERENCES = 8;

/** What method and path are compared with. */
export type Place = Pick<StubRequest, 'method' | 'path'>;

/** One thing that a request has to be: undefined when it is, else what differs, as lines; `weight` says how much that matters. */
export interface RequestRule<Looked = StubRequest> {
  readonly weight: number;
  compare(request: Looked): readonly string[] | undefined;
}

/** All that a request has to be. */
export interface RequestRules {
  readonly rules: readonly RequestRule[];
  readonly pattern: PathPattern | undefined;
  /** `GET /users/:id`. */
  readonly name: string;
  /** Those of them that the method alone decides, and those that method and path do. */
  readonly byMethod: readonly RequestRule<Place>[];
  readonly byPath: readonly RequestRule<Place>[];
}

/** Makes the rules of a route, or of a look for requests. @throws ExprError when `path_regex` does not parse */
export function createRules(match: MatchSettings, expressions: Expressions): RequestRules {
  const plain = createPathRules(match);
  const rules: RequestRule[] = [...plain.rules];
  for (const part of ['query', 'headers', 'form'] as const) {
    for (const [name, expected] of Object.entries(match[part] ?? {})) rules.push(createTextRule(part, name, expected));
  }
  if (match.body !== undefined) rules.push(createBodyRule(match.body as Value));
  if (match.where) rules.push(createWhereRule(match.where, expressions));
  return { ...plain, rules };
}

/** Makes the rules of method and path alone. @throws ExprError when `path_regex` does not parse */
export function createPathRules({
  method = '*',
  path,
  path_regex: source,
}: Pick<MatchSettings, 'method' | 'path' | 'path_regex'>): RequestRules {
  const pattern = source !== undefined ? compilePathRegex(source) : path === undefined ? undefined : compilePath(path);
  const byMethod = method === '*' ? [] : [createMethodRule(method.toUpperCase())];
  const byPath = pattern ? [...byMethod, createPathRule(pattern)] : byMethod;
  return { rules: byPath, pattern, name: `${method} ${pattern?.text ?? '*'}`, byMethod, byPath };
}

/** Whether all rules hold. */
export function isMatch<Looked>(
  { rules }: { readonly rules: readonly RequestRule<Looked>[] },
  request: Looked,
): boolean {
  for (const rule of rules) if (rule.compare(request)) return false;
  return true;
}

/** What differs, and how far the request is from what the rules ask for: 0 when they hold. */
export function measure<Looked>(
  { rules }: { readonly rules: readonly RequestRule<Looked>[] },
  request: Looked,
): { distance: number; lines: readonly string[] } {
  let distance = 0;
  const lines: string[] = [];
  for (const rule of rules) {
    const differences = rule.compare(request);
    if (!differences) continue;
    distance += rule.weight;
    lines.push(...differences);
  }
  return { distance, lines };
}

/** The flow's names with `request` over them. */
export function createRequestEnv(request: ValueMap, env: Env): Env {
  return {
    get: (name) => (name === 'request' ? request : env.get(name)),
    keys: () => new Set(['request', ...env.keys()]),
    explainMissing: (name, key) => (name === 'request' ? undefined : env.explainMissing?.(name, key)),
  };
}

function createMethodRule(expected: string): RequestRule<Place> {
  return {
    weight: 3,
    compare: ({ method }) => (method === expected ? undefined : [`method: expected ${expected}, got ${method}`]),
  };
}

function createPathRule(pattern: PathPattern): RequestRule<Place> {
  return {
    weight: 6,
    compare: ({ path }) => (pattern.match(path) ? undefined : [`path: expected ${pattern.text}, got ${path}`]),
  };
}

type ExpectedText = NonNullable<MatchSettings['query']>[string];

function createTextRule(part: 'query' | 'headers' | 'form', name: string, expected: ExpectedText): RequestRule {
  const what = `${part === 'headers' ? 'header' : part === 'form' ? 'form field' : 'query parameter'} ${name}`;
  const read = (request: StubRequest): Value | undefined => readKey(request[part], name);
  if (typeof expected === 'object') {
    return {
      weight: 1,
      compare(request) {
        const value = read(request);
        return value === undefined ? undefined : [`${what}: expected none, got ${showTyped(value, what)}`];
      },
    };
  }
  const text = String(expected);
  return {
    weight: 1,
    compare(request) {
      const value = read(request);
      const holds = value !== undefined && isList(value) ? value.includes(text) : value === text;
      return holds
        ? undefined
        : [`${what}: expected ${formatValue(hideByName(what, text))}, got ${showTyped(value, what)}`];
    },
  };
}

function createBodyRule(expected: Value): RequestRule {
  return {
    weight: 1,
    compare({ body }) {
      const { ok, differences } = matchesPartial(body, expected);
      if (ok) return undefined;
      return differences.slice(0, MAX_DIFFERENCES).map(({ path, expected: wanted, actual }) => {
        const place = path.startsWith('[') || path === '' ? `body${path}` : `body.${path}`;
        return `${place}: expected ${showTyped(wanted, place)}, got ${showTyped(actual, place)}`;
      });
    },
  };
}

/** What a condition says of a request; undefined where it cannot be evaluated. */
export function askWhere(
  where: ExpressionAt,
  request: StubRequest,
  { env, host }: Pick<Expressions, 'env' | 'host'>,
): Value | undefined {
  try {
    return where.expression.evaluate(createRequestEnv(request, env), host);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return undefined;
  }
}

/** In so many requests it is looked for what may not be meant. */
export const MOST_DOUBTED = 100;

/** What may not be meant of a condition that takes a request. */
export function listDoubts(
  where: ExpressionAt,
  request: StubRequest,
  { env, host }: Pick<Expressions, 'env' | 'host'>,
): readonly string[] {
  return where.expression.listDoubts(createRequestEnv(request, env), true, { host });
}

function createWhereRule(where: ExpressionAt, { env, host, check }: Expressions): RequestRule {
  const source = `where \`${where.text.text.trim()}\``;
  return {
    weight: 1,
    compare(request) {
      if (askWhere(where, request, { env, host }) === true) return undefined;
      const problem = check(where, createRequestEnv(request, env));
      const parts = (problem?.explained?.parts ?? []).map(
        (part) => `${part.text} is ${showTyped(part.value, part.text)}`,
      );
      return [`${source}: ${parts.length > 0 ? parts.join(', ') : (problem?.message ?? 'is not true')}`];
    },
  };
}
