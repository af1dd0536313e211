import { resolve } from 'node:path';
import { isList, type Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import type { LateValue } from '../../model/late-value.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { expectManyCalls } from '../../util/many-calls.ts';
import { readBytes } from '../../util/read-text.ts';
import { readHttpUrl } from '../http/url.ts';
import { drawRandom } from '../settings/random.ts';
import { createDocumentRoutes } from './document-routes.ts';
import { renderFollowUp } from './follow-up.ts';
import { FollowUps } from './follow-ups.ts';
import { passOn } from './forward.ts';
import type { Arrival, StubRequest } from './received.ts';
import { createRequestEnv } from './request-rules.ts';
import { type Answer, type AnswerMaker, Route } from './route.ts';
import { findContradiction, type StubContract } from './stub-contract.ts';
import { StubErrors } from './stub-errors.ts';
import type { FallbackSettings, RouteSettings, StartSettings } from './stub-settings.ts';
import { StubTimers } from './stub-timers.ts';
import type { StubDuties } from './stub-view.ts';
import { describeUnmatched } from './unmatched.ts';
import { type ReadyAnswer, toBody } from './wire/send-answer.ts';

/** What is shared by all that answers in one view of a stub. */
export type StubUpkeep = Pick<StubDuties, 'errors' | 'timers' | 'followUps' | 'contract'>;

/** Makes what one view of a stub shares; `timers` of its own, unless what it does ends with another's. */
export function createUpkeep(
  clock: Clock,
  {
    contract,
    errors = new StubErrors(),
    timers = new StubTimers(clock),
  }: { readonly contract: StubContract | undefined; readonly errors?: StubErrors; readonly timers?: StubTimers },
): StubUpkeep {
  return { contract, errors, timers, followUps: new FollowUps(clock, { timers, errors }) };
}

/** Makes the routes of a stub: its own, and behind them those of the document that it answers by. @throws ActionError when one cannot be read */
export function createAllRoutes(
  { routes = [], from }: Pick<StartSettings, 'routes' | 'from'>,
  io: LastingIo,
  upkeep: StubUpkeep,
): readonly Route[] {
  const { contract } = upkeep;
  const documented =
    from !== undefined && contract ? createDocumentRoutes(contract, io.expressions, upkeep.errors) : [];
  return [...createRoutes(routes, io, upkeep), ...documented];
}

/** Makes routes of the settings, with the names that `io` gives. @throws ActionError when one cannot be read */
export function createRoutes(routes: readonly RouteSettings[], io: LastingIo, upkeep: StubUpkeep): readonly Route[] {
  const maker = createMaker(routes, io, upkeep);
  return routes.map((route) => new Route(route, io.expressions, maker));
}

function createMaker(
  routes: readonly RouteSettings[],
  io: LastingIo,
  { errors, followUps, contract }: StubUpkeep,
): AnswerMaker {
  const { host } = io.expressions;
  const renderFor = createRenderer(io);
  return {
    render({ response, fault }, request) {
      const ready = renderAnswer(response, renderFor(request), io.facts.directory);
      // What is sent broken promises nothing.
      if (contract && typeof fault !== 'string') errors.addContradiction(findContradiction(contract, request, ready));
      return ready;
    },
    delayOf: ({ delay }) => chooseDelay(delay, host),
    followUp(route, request) {
      for (const [index, settings] of (route.settings.then ?? []).entries()) {
        const next = renderFollowUp(settings, { request, render: renderFor(request) }, io);
        const location = io.step.locate(['routes', routes.indexOf(route.settings), 'then', index]);
        if (next) followUps.add(next, { route: route.name, location });
      }
    },
  };
}

/** Says what a stub with these settings does besides answering by its routes. */
export function setUpStub({ fallback }: StartSettings, io: LastingIo, upkeep: StubUpkeep): StubDuties {
  const renderFor = createRenderer(io);
  return {
    ...upkeep,
    clock: { now: () => io.clock.now(), after: (ms, call) => upkeep.timers.after(ms, call) },
    answerUnmatched: (unmatched, routes) =>
      fallback
        ? answerFallback(fallback, unmatched.arrival, renderFor(unmatched.request))
        : describeUnmatched(unmatched, routes, io.mask),
    onMany: expectManyCalls,
  };
}

/** Renders with the request over the names. */
function createRenderer({ expressions: { env, host } }: LastingIo) {
  return (request: StubRequest) => {
    const own = createRequestEnv(request, env);
    return (value: LateValue): Value => value.render(own, host);
  };
}

function renderAnswer(
  { status = 200, headers = {}, body, body_file: file }: Answer['response'],
  render: (value: LateValue) => Value,
  directory: string,
): ReadyAnswer {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    listTexts(render(value)).map((text) => [name, text] as const),
  );
  const made =
    file === undefined ? toBody(body && render(body)) : { body: readBodyFile(file, directory), type: undefined };
  const isTyped = made.type === undefined || given.some(([name]) => name.toLowerCase() === 'content-type');
  return { status, headers: isTyped ? given : [...given, ['content-type', made.type ?? '']], body: made.body };
}

/** A header with a list stands once for each item: each cookie has its own. */
function listTexts(value: Value): readonly string[] {
  return isList(value) ? value.map(String) : [String(value)];
}

/** The bytes of a `body_file`. @throws ActionError when it cannot be read */
export function readBodyFile(file: string, directory: string): Buffer {
  try {
    return readBytes(resolve(directory, file));
  } catch (error) {
    throw new ActionError({ kind: 'file', message: `\`body_file\`: \`${file}\`: ${describeFileTrouble(error)}` });
  }
}

function chooseDelay(delay: Answer['delay'], host: ActionIo['expressions']['host']): number {
  if (delay === undefined || typeof delay === 'number') return delay ?? 0;
  return delay.min + drawRandom(host) * (delay.max - delay.min);
}

async function answerFallback(
  fallback: FallbackSettings,
  arrival: Arrival,
  render: (value: LateValue) => Value,
): Promise<ReadyAnswer> {
  if (!('proxy' in fallback)) return renderAnswer({ status: 404, ...fallback }, render, '');
  const read = readHttpUrl(fallback.proxy);
  if (!('url' in read)) throw new ActionError({ kind: 'authoring', message: `\`fallback.proxy\`: ${read.mistake}` });
  return passOn(arrival, read.url);
}
