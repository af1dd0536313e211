import { isMap, readKey } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError, type ActionOutcome } from '../../model/action/outcome.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { showTyped } from '../kafka/show.ts';
import { describeNearMiss, findNearRequest } from './near-miss.ts';
import { keyOfStub } from './open-stub.ts';
import type { StubRequest } from './received.ts';
import { countRequests, noteDropped, type RequestCount } from './request-count.ts';
import type { RequestLog } from './request-log.ts';
import {
  askWhere,
  createRules,
  isMatch,
  listDoubts,
  MOST_DOUBTED,
  measure,
  type RequestRules,
} from './request-rules.ts';
import { keyOfSharedStub } from './shared-stub.ts';
import type { VerifySettings } from './stub-settings.ts';
import type { StubView } from './stub-view.ts';

const NEAREST = 3;
/** How long one request too many is waited for, also where nothing is waited for otherwise. */
const SETTLE_MS = 500;

interface Wanted {
  readonly min: number;
  readonly max: number;
}

/** The stub that a step started, or that of the run with this name. @throws ActionError when it is not running */
export function findStub(id: string, io: ActionIo): StubView {
  const view = io.resources.find<StubView>(keyOfStub(id)) ?? io.resources.find<StubView>(keyOfSharedStub(id));
  if (view) return view;
  const { mocks } = io.facts.services?.values ?? {};
  const isOff = mocks !== undefined && isMap(mocks) && readKey(mocks, id) === false;
  const hint = isOff
    ? `\`mocks\` in testmesh.yaml says that the service \`${id}\` is asked: give the step \`when: mocks.${id}\``
    : '`server` is the id of the `mock_server_start` step, which has to run before this one, or a stub of testmesh.yaml';
  throw new ActionError({ kind: 'authoring', message: `no stub \`${id}\` is running`, hints: [hint] });
}

/** Compares the requests that a stub got with what is expected of them. */
export async function verifyRequests(config: VerifySettings, io: ActionIo): Promise<ActionOutcome> {
  const view = findStub(config.server, io);
  const rules = createRules(config, io.expressions);
  const wanted = readWanted(config.count);
  const log = config.scope === 'all' ? view.everything : view.log;
  const within = config.within ?? (wanted.max === 0 ? SETTLE_MS : undefined);
  const isCounted = wanted.max === Number.POSITIVE_INFINITY && io.step.isCounted === true;
  await waitForRequests(log, { rules, wanted, withinMs: within, isCounted }, io);
  refuseNoBool(config, log, io);
  if (config.scope !== 'all')
    refuseStrays(config.server, countMatches(view.strays.list(), rules) + view.strays.dropped);
  const counted = countRequests(log, rules);
  const { matched, least: count } = counted;
  noteDropped(log, counted, io);
  const isRight = count >= wanted.min && count <= wanted.max;
  refuseUnsure(config.server, counted, wanted);
  if (isRight && isCounted) io.report.note(describeLookingOn(config));
  if (isRight) noteDoubts(config, matched, io);
  if (isRight && count === 0) noteNearMiss(config, { view, log }, io);
  const problems = isRight ? [] : [describeCount(config, { rules, wanted, count })];
  return {
    result: { count, requests: matched },
    summary: describeFound(count, { wanted, within }),
    problems,
    details: isRight ? [] : describeRequests([...log.list()], matched, rules),
  };
}

/** Where only so many may come it is told how long no more came. */
function describeFound(
  count: number,
  { wanted, within }: { readonly wanted: Wanted; readonly within: number | undefined },
): string {
  const found = countOf(count, 'request');
  const isSettled = wanted.max !== Number.POSITIVE_INFINITY && count >= wanted.min && count <= wanted.max;
  const time = formatDuration(chooseSettle(wanted, within));
  return !isSettled ? found : count === 0 ? `${found} within ${time}` : `${found}, no more for ${time}`;
}

function describeLookingOn({ within = SETTLE_MS }: VerifySettings): string {
  const time = formatDuration(Math.min(SETTLE_MS, within));
  return `it looked for more for ${time}, since the flow asks how many requests there are: \`count\` in \`config\` says so`;
}

/** What is not kept whole may decide: then nobody knows. */
function refuseUnsure(server: string, { least, most }: RequestCount, { min, max }: Wanted): void {
  if (least === most || (least >= min && most <= max) || most < min || least > max) return;
  const message = `\`${server}\` got ${least} to ${most} such requests: of those that came first, and of large bodies, it does not know`;
  const hint =
    'it keeps the last 10,000 requests, and bodies of up to 64 KB; `mock_server_reset` has it forget what came before';
  throw new ActionError({ kind: 'stub', message, hints: [hint] });
}

/** A condition that is neither true nor false of a request counts it for none. */
function refuseNoBool({ where, ...others }: VerifySettings, log: RequestLog, { expressions }: ActionIo): void {
  if (!where) return;
  const rest = createRules(others, expressions);
  for (const request of log.list((place) => isMatch({ rules: rest.byPath }, place))) {
    const answer = isMatch(rest, request) ? askWhere(where, request, expressions) : null;
    if (answer === undefined || answer === null || typeof answer === 'boolean') continue;
    const source = where.text.text.trim();
    const message = `\`where\` has to be true or false, and \`${source}\` is ${showTyped(answer, source)} of ${request.method} ${request.path}`;
    const hint = `compare it with something, for example \`where: ${source} == …\``;
    throw new ActionError({ kind: 'authoring', message, hints: [hint] });
  }
}

/** What may be of another flow counts for none. */
function refuseStrays(server: string, count: number): void {
  if (count === 0) return;
  const message = `\`${server}\` got ${countOf(count, 'such request')} without the trace of a flow while other flows ran too: whose they are cannot be known`;
  throw new ActionError({
    kind: 'stub',
    message,
    hints: [
      'a service that passes on the header `traceparent` of what it was asked is told apart',
      'flows with one word under `serial:` never run at the same time; `scope: all` counts what all flows caused',
    ],
  });
}

/** What `where` may have taken for want of a key, or for a type alone. */
function noteDoubts(
  { where }: VerifySettings,
  matched: readonly StubRequest[],
  { expressions, report }: ActionIo,
): void {
  if (!where) return;
  const texts = new Set<string>();
  for (const request of matched.slice(0, MOST_DOUBTED))
    for (const text of listDoubts(where, request, expressions)) texts.add(text);
  for (const text of [...texts].slice(0, NEAREST)) report.note(text);
}

/** That nothing came says little of a path that is misspelt, unless a route has it, or of another part of the request. */
function noteNearMiss(
  config: VerifySettings,
  { view, log }: { readonly view: StubView; readonly log: RequestLog },
  io: ActionIo,
): void {
  const { path } = config;
  const isRoute = view.routes.some(({ name }) => name.slice(name.indexOf(' ') + 1) === path);
  const near = path === undefined || isRoute ? undefined : findNearRequest(path, log.list());
  if (near) io.report.note(`nothing came to \`${path}\`, but ${near.method} \`${near.path}\` did: is that path meant?`);
  const miss = near ? undefined : describeNearMiss(config, log.list(), io.expressions);
  if (miss !== undefined) io.report.note(miss);
}

function countMatches(requests: Iterable<StubRequest>, rules: RequestRules): number {
  let count = 0;
  for (const request of requests) if (isMatch(rules, request)) count++;
  return count;
}

function readWanted(count: VerifySettings['count']): Wanted {
  if (count === undefined) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (typeof count === 'number') return { min: count, max: count };
  return { min: count.min ?? 0, max: count.max ?? Number.POSITIVE_INFINITY };
}

/** Waits until enough requests have come, then a little for one too many, or for more where the flow asks how many there are; where none may come, for the whole time. */
async function waitForRequests(
  log: RequestLog,
  {
    rules,
    wanted,
    withinMs,
    isCounted,
  }: { rules: RequestRules; wanted: Wanted; withinMs: number | undefined; isCounted: boolean },
  io: ActionIo,
): Promise<void> {
  const isLimited = wanted.max !== Number.POSITIVE_INFINITY;
  if (withinMs === undefined && !isLimited && !isCounted) return;
  let { clearings } = log;
  let count = countRequests(log, rules).least;
  const waitWhile = async (ms: number, isWaiting: () => boolean): Promise<void> => {
    if (!isWaiting()) return;
    const over = new AbortController();
    // Only what comes is looked at: to count all with each would take the longer the more there are.
    const leave = log.onRequest((request) => {
      count = (log.clearings === clearings ? count : 0) + (isMatch(rules, request) ? 1 : 0);
      clearings = log.clearings;
      if (!isWaiting()) over.abort();
    });
    try {
      await io.clock.sleep(ms, AbortSignal.any([over.signal, io.stop.signal]));
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      leave();
    }
  };
  const settleMs = chooseSettle(wanted, withinMs);
  io.report.progress(`waiting ${formatDuration(withinMs ?? settleMs)} for ${rules.name}`);
  if (wanted.min > 0 && withinMs !== undefined) await waitWhile(withinMs, () => count < wanted.min);
  // What has not come in time is not waited for once more.
  if (isLimited || isCounted) await waitWhile(settleMs, () => count >= wanted.min && count <= wanted.max);
}

/** How long it looks on once enough have come. */
function chooseSettle({ min }: Wanted, withinMs = SETTLE_MS): number {
  return min > 0 ? Math.min(SETTLE_MS, withinMs) : withinMs;
}

function describeCount(
  { server, within }: VerifySettings,
  { rules, wanted, count }: { rules: RequestRules; wanted: Wanted; count: number },
): Problem {
  const { min, max } = wanted;
  const some =
    min === max
      ? countOf(min, 'request')
      : max === Number.POSITIVE_INFINITY
        ? `at least ${countOf(min, 'request')}`
        : `${min} to ${max} requests`;
  const time = within === undefined || count > max ? '' : ` within ${formatDuration(within)}`;
  const message = `\`${server}\`: expected ${some} ${rules.name}${time}, got ${count}`;
  return { outcome: 'failed', kind: 'expectation', message };
}

/** The requests that matched, or the nearest ones with what differs. */
function describeRequests(
  all: readonly StubRequest[],
  matched: readonly StubRequest[],
  rules: RequestRules,
): readonly Detail[] {
  if (all.length === 0) return [{ title: 'requests', lines: ['the stub got none'] }];
  if (matched.length > 0) {
    const lines = matched.slice(0, NEAREST).map(describeRequest);
    const hidden = matched.length - lines.length;
    return [{ title: 'requests', lines: hidden > 0 ? [...lines, `and ${countOf(hidden, 'more request')}`] : lines }];
  }
  const near = all
    .map((request) => ({ request, ...measure(rules, request) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEAREST);
  const title = near.length === 1 ? 'nearest request' : `nearest ${near.length} of ${countOf(all.length, 'request')}`;
  const lines = near.flatMap(({ request, lines: differs }) => [
    describeRequest(request),
    ...differs.map((line) => `  ✗ ${line}`),
  ]);
  return [{ title, lines }];
}

function describeRequest({ method, path, query, body, at }: StubRequest): string {
  const search = Object.entries(query).map(([name, value]) => `${name}=${[value].flat().join(',')}`);
  const sent = body === null ? '' : `, body ${showTyped(body, 'body')}`;
  return `${method} ${path}${search.length > 0 ? `?${search.join('&')}` : ''} at ${at}${sent}`;
}
