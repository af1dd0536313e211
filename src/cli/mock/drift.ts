import { type IncomingAnswer, sendRequest } from '../../actions/stub/forward.ts';
import { readRequest, type StubRequest } from '../../actions/stub/received.ts';
import type { Route } from '../../actions/stub/route.ts';
import { findContradiction, type StubContract } from '../../actions/stub/stub-contract.ts';
import type { ReadyAnswer } from '../../actions/stub/wire/send-answer.ts';
import { compareAnswers } from './compare-answers.ts';
import { type MadeRequest, makeRequest } from './example-of-route.ts';

/** What became of a route that was held against its service. */
export type RouteVerdict =
  | { readonly outcome: 'agrees' | 'drifted'; readonly asked: string; readonly lines: readonly string[] }
  /** It was not asked for, and why. */
  | { readonly outcome: 'left_out'; readonly reason: string }
  /** It was asked for, and there was no answer. */
  | { readonly outcome: 'lost'; readonly asked: string; readonly error: unknown };

/** What is compared. */
export interface DriftOptions {
  readonly routes: readonly Route[];
  /** How many of them are the stub's own; those behind are of its document. */
  readonly ownCount: number;
  readonly contract: StubContract | undefined;
  /** The service. */
  readonly base: URL;
  readonly signal: AbortSignal;
  /** Reads a file beside that of the stub. @throws when it cannot be read */
  readFile(name: string): Buffer;
}

type Made = Extract<MadeRequest, { arrival: unknown }>['arrival'];

/** From so high a status on, an answer is a failure that nobody can ask for. */
const FAILURE = 500;
const MOST_LINES = 12;

/** Asks a service for what a route of its stub answers, and compares. */
export async function findDrift(route: Route, options: DriftOptions): Promise<RouteVerdict> {
  const { routes, ownCount, contract, readFile } = options;
  const isDocumented = routes.indexOf(route) >= ownCount;
  const made = makeRequest(route, { contract, isDocumented, readFile });
  if ('reason' in made) return { outcome: 'left_out', reason: made.reason };
  const request = readRequest({ ...made.arrival, atMs: 0 });
  const expected = tryToList(route, request, routes);
  if ('reason' in expected) return { outcome: 'left_out', reason: expected.reason };
  const asked = `${made.arrival.method} ${made.arrival.target}`;
  try {
    const answer = await ask(made.arrival, options);
    const lines = compare(expected.answers, { request, answer, isDocumented }, contract);
    return { outcome: lines.length === 0 ? 'agrees' : 'drifted', asked: `${asked} → ${answer.status}`, lines };
  } catch (error) {
    return { outcome: 'lost', asked, error };
  }
}

function tryToList(...about: Parameters<typeof listExpected>): ReturnType<typeof listExpected> {
  try {
    return listExpected(...about);
  } catch (error) {
    return { reason: `its answer cannot be made: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The answers that a request may get: of the route, and of those that take it before until they are used up. */
function listExpected(
  route: Route,
  request: StubRequest & Parameters<Route['claim']>[0],
  routes: readonly Route[],
): { readonly answers: readonly ReadyAnswer[] } | { readonly reason: string } {
  if (route.settings.state) return { reason: 'it takes requests in a `state` alone' };
  const states = new Map();
  if (!route.takes(request, states)) {
    const [first = ''] = route.measure(request, states).lines;
    return { reason: `what can be made of its \`match\` is not what it takes (${first}): give it an \`example\`` };
  }
  const answers: ReadyAnswer[] = [];
  let isFault = false;
  for (const one of routes) {
    if (!one.takes(request, states)) continue;
    one.claim(request);
    const { response, responses, fault } = one.settings;
    for (const given of responses ?? [response ?? {}]) {
      if ((given.fault ?? fault) !== undefined) isFault = true;
      else answers.push(one.maker.render({ response: given, fault: undefined, delay: undefined }, request));
    }
    if (one === route) break;
    if (one.settings.times === undefined) return { reason: `\`${one.name}\` takes its requests before` };
  }
  const possible = answers.filter(({ status }) => status < FAILURE);
  if (possible.length > 0) return { answers: possible };
  const [first] = answers;
  return { reason: isFault || !first ? 'it fails on purpose (`fault`)' : `nobody can ask for a ${first.status}` };
}

function ask({ method, target, rawHeaders, body }: Made, { base, signal }: DriftOptions): Promise<IncomingAnswer> {
  const headers: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  const url = new URL(`${base.href.replace(/\/$/, '')}${target}`);
  return sendRequest({ method, url, headers, body: body.length === 0 ? undefined : body, signal });
}

/** What a document shows is one of many answers, so that its fields are held against the schemas alone. */
function compare(
  expected: readonly ReadyAnswer[],
  { request, answer, isDocumented }: { request: StubRequest; answer: IncomingAnswer; isDocumented: boolean },
  contract: StubContract | undefined,
): readonly string[] {
  const lines = expected
    .map((one) => compareAnswers(isDocumented ? { ...one, headers: [], body: undefined } : one, answer))
    .reduce((least, one) => (one.length < least.length ? one : least));
  if (!contract) return limit(lines);
  const promised = expected.map((one) => findContradiction(contract, request, one)?.message);
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')] as const);
  const kept = findContradiction(contract, request, { ...answer, headers }, 'the service');
  const others = [promised.find((message) => message !== undefined), kept?.message];
  return limit([...lines, ...others.filter((message) => message !== undefined)]);
}

function limit(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`];
}
