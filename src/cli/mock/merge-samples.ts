import {
  isEqual,
  isList,
  isMap,
  isNumber,
  matchesPartial,
  stringifyJson,
  type Value,
  type ValueMap,
} from '../../expr/index.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { compilePath } from '../../util/path-pattern.ts';
import { type AskedExample, leaveOutMatched } from './asked-example.ts';
import type { Sample, SampleAnswer } from './sample.ts';
import { blur, isIdText, type Seen, unify } from './vary.ts';

/** A route as somebody would write it. */
export interface RecordedRoute {
  readonly method: string;
  readonly path: string;
  readonly match?: RecordedMatch | undefined;
  /** In turn, the last stays. */
  readonly answers: readonly SampleAnswer[];
  /** A request that it answers; absent where its path and `match` say all of it. */
  readonly example?: AskedExample | undefined;
}

export interface RecordedMatch {
  readonly query?: ValueMap | undefined;
  readonly body?: Value | undefined;
}

/** One answer with what its request held. */
interface Exchange {
  readonly answer: SampleAnswer;
  readonly sources: ReadonlyMap<string, Value>;
}

/** Exchanges that are answered by one route: each run is one answer of it. */
interface Group {
  readonly method: string;
  readonly path: string;
  readonly match: RecordedMatch | undefined;
  /** Of its first request; absent where it is not known. */
  readonly asked: RecordedMatch | undefined;
  readonly runs: readonly (readonly Exchange[])[];
  readonly example: AskedExample;
}

/** Makes routes of what was recorded, together with those of an earlier recording. */
export function mergeSamples(
  samples: readonly Sample[],
  earlier: readonly RecordedRoute[] = [],
): readonly RecordedRoute[] {
  const groups = earlier.map((route): Group => {
    const runs = route.answers.map((answer) => [{ answer, sources: new Map() }]);
    return { ...route, match: route.match, asked: undefined, runs, example: route.example ?? {} };
  });
  for (const list of groupSamples(samples)) addGroup(groups, list);
  const merged = mergeShapes(groups);
  return sortRoutes(merged.map((group) => toRoute(group, merged)));
}

/** Requests that differ as ids and times do belong together. */
function groupSamples(samples: readonly Sample[]): readonly (readonly [Sample, ...Sample[]])[] {
  const groups = new Map<string, [Sample, ...Sample[]]>();
  for (const sample of samples) {
    const { method, path, query, sent } = sample;
    const key = stringifyJson([method, path, blur(query), blur(sent)]);
    const known = groups.get(key);
    if (known) known.push(sample);
    else groups.set(key, [sample]);
  }
  return [...groups.values()];
}

function addGroup(groups: Group[], samples: readonly [Sample, ...Sample[]]): void {
  const [first] = samples;
  const { method, path, query, sent, example: own } = first;
  for (const [at, group] of groups.entries()) {
    const params = group.asked || group.method !== method ? undefined : compilePath(group.path).match(path);
    if (!params || !fits(group.match, first)) continue;
    const runs = foldRuns(samples, params);
    const zipped = group.runs.map((run, index) => [...run, ...(runs[index] ?? [])]);
    const example = Object.keys(params).length === 0 ? own : { params, ...own };
    const isSame = runs.length === group.runs.length && zipped.every((run) => unifyRun(run));
    if (isSame) groups[at] = { ...group, runs: zipped, example };
    else if (group.path === path) groups[at] = { ...group, runs, example };
    if (isSame || group.path === path) return;
  }
  const asked = { query, body: sent };
  groups.push({ method, path, match: undefined, asked, runs: foldRuns(samples), example: own });
}

function fits(match: RecordedMatch | undefined, { query, sent }: Sample): boolean {
  const { query: wanted = {}, body } = match ?? {};
  return matchesPartial(query, wanted).ok && (body === undefined || matchesPartial(sent, body).ok);
}

/** Answers one after another that are the same but for what varies are one. */
function foldRuns(samples: readonly Sample[], params: Readonly<Record<string, string>> = {}): Exchange[][] {
  const runs: Exchange[][] = [];
  for (const sample of samples) {
    const exchange = { answer: sample.answer, sources: listSources(sample, params) };
    const last = runs.at(-1);
    if (last && unifyRun([...last, exchange])) last.push(exchange);
    else runs.push([exchange]);
  }
  return runs;
}

function listSources({ query, sent }: Sample, params: Readonly<Record<string, string>>): ReadonlyMap<string, Value> {
  const sources = new Map<string, Value>();
  for (const [name, value] of Object.entries(params)) sources.set(`request.params.${name}`, value);
  collectSources(sent, 'request.body', sources);
  collectSources(query, 'request.query', sources);
  return sources;
}

function collectSources(value: Value, path: string, sources: Map<string, Value>): void {
  if (typeof value === 'string' || isNumber(value)) sources.set(path, value);
  if (!isMap(value) || isList(value)) return;
  for (const [key, one] of Object.entries(value)) {
    const member = /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    collectSources(one, `${path}${member}`, sources);
  }
}

/** The one answer of a run; undefined when it has several. Headers that vary otherwise than ids and times do are left out. */
function unifyRun(run: readonly Exchange[]): SampleAnswer | undefined {
  const [first] = run;
  if (!first) return undefined;
  const { status, bytes } = first.answer;
  if (run.some(({ answer }) => answer.status !== status || !isSameBytes(answer.bytes, bytes))) return undefined;
  const hasBody = first.answer.body !== undefined;
  if (run.some(({ answer }) => (answer.body !== undefined) !== hasBody)) return undefined;
  const body = unify(run.map(({ answer, sources }): Seen => ({ value: answer.body ?? null, sources })));
  if (body === undefined) return undefined;
  const headers = Object.keys(first.answer.headers).flatMap((name) => {
    const seen = run.map(({ answer, sources }): Seen => ({ value: answer.headers[name] ?? null, sources }));
    const value = unify(seen, name);
    return value !== undefined && isHeader(value) ? [[name, value] as const] : [];
  });
  return { status, headers: Object.fromEntries(headers), ...(hasBody && { body }), ...(bytes && { bytes }) };
}

function isHeader(value: Value): value is string | readonly string[] {
  return typeof value === 'string' || (isList(value) && value.every((item) => typeof item === 'string'));
}

function isSameBytes(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/** Paths that differ in an id, and are answered with the same but for it, are one with a parameter. */
function mergeShapes(groups: readonly Group[]): readonly Group[] {
  const shapes = new Map<string, Group[]>();
  for (const group of groups) {
    const key = stringifyJson([
      group.method,
      listSegments(group.path).map((one) => (isIdText(one) ? ':' : one)),
      blur((group.asked ?? { query: {}, body: null }) as Value),
      (group.match ?? null) as Value,
    ]);
    shapes.set(key, [...(shapes.get(key) ?? []), group]);
  }
  return [...shapes.values()].flatMap((alike) => mergeAlike(alike) ?? alike);
}

function mergeAlike(alike: readonly Group[]): readonly Group[] | undefined {
  const [first] = alike;
  if (!first || alike.length < 2 || alike.some(({ runs }) => runs.length !== 1)) return undefined;
  const all = alike.map(({ path }) => listSegments(path));
  const names = nameParameters(all);
  const path = `/${listSegments(first.path)
    .map((segment, at) => (names[at] ? `:${names[at]}` : segment))
    .join('/')}`;
  const run = alike.flatMap(({ runs: [exchanges = []] }, index) => {
    const params = names.flatMap((name, at) =>
      name ? [[`request.params.${name}`, all[index]?.[at] ?? ''] as const] : [],
    );
    return exchanges.map(({ answer, sources }) => ({ answer, sources: new Map([...params, ...sources]) }));
  });
  const params = Object.fromEntries(names.flatMap((name, at) => (name ? [[name, all[0]?.[at] ?? '']] : [])));
  const example = { ...first.example, params: { ...first.example.params, ...params } };
  return unifyRun(run) && [{ ...first, path, runs: [run], example }];
}

/** `id` for the last segment that varies, `user_id` for one before it. */
function nameParameters(paths: readonly (readonly string[])[]): readonly (string | undefined)[] {
  const [first = []] = paths;
  const varying = first.map((segment, at) => paths.some((path) => path[at] !== segment));
  const last = varying.lastIndexOf(true);
  return first.map((_, at) => {
    if (!varying[at]) return undefined;
    const before = (first[at - 1] ?? 'part').replace(/s$/, '').replaceAll(/\W/g, '_');
    return at === last ? 'id' : /^[A-Za-z_]/.test(before) ? `${before}_id` : `id_${at}`;
  });
}

function listSegments(path: string): readonly string[] {
  return path.replace(/^\//, '').split('/');
}

/** Of several routes with one method and path each asks for what the others do not have. */
function toRoute(group: Group, groups: readonly Group[]): RecordedRoute {
  const { method, path, asked } = group;
  const answers = group.runs.map((run) => unifyRun(run)).filter((answer) => answer !== undefined);
  const others = groups.filter((other) => other !== group && other.method === method && other.path === path);
  const match = group.match ?? (asked && others.length > 0 ? chooseMatch(asked, others) : undefined);
  return { method, path, match, answers, example: leaveOutMatched(group.example, match) };
}

function chooseMatch({ query = {}, body }: RecordedMatch, others: readonly Group[]): RecordedMatch | undefined {
  const known = others.map(({ asked, match }) => asked ?? match ?? {});
  const ownQuery = pickDistinct(
    query,
    known.map((other) => other.query ?? {}),
  );
  const ownBody = isMap(body ?? null)
    ? pickDistinct(
        body as ValueMap,
        known.map((other) => (isMap(other.body ?? null) ? (other.body as ValueMap) : {})),
      )
    : undefined;
  const match = { ...(ownQuery && { query: ownQuery }), ...(ownBody && { body: ownBody }) };
  return Object.keys(match).length === 0 ? undefined : match;
}

/** The entries that one of the others has not, or has with another value. */
function pickDistinct(own: ValueMap, others: readonly ValueMap[]): ValueMap | undefined {
  const distinct = Object.entries(own).filter(
    ([name, value]) => isTelling(value, name) && others.some((other) => !isEqual(other[name] ?? null, value)),
  );
  return distinct.length === 0 ? undefined : Object.fromEntries(distinct);
}

/** Whether the same request would have it again, and all of it is known. */
function isTelling(value: Value, name: string): boolean {
  return isEqual(blur(value, name), value) && !stringifyJson(value).includes(MASK);
}

/** The first that matches answers: those that ask for more, and have fewer parameters, stand first. */
function sortRoutes(routes: readonly RecordedRoute[]): readonly RecordedRoute[] {
  const countOfParameters = ({ path }: RecordedRoute): number =>
    listSegments(path).filter((one) => one.startsWith(':')).length;
  const countOfMatches = ({ match }: RecordedRoute): number =>
    Object.keys(match?.query ?? {}).length +
    (isMap(match?.body ?? null) ? Object.keys(match?.body as ValueMap).length : 0);
  return routes.toSorted(
    (a, b) => countOfParameters(a) - countOfParameters(b) || countOfMatches(b) - countOfMatches(a),
  );
}
