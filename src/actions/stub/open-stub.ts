import { resolve } from 'node:path';
import type { Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Problem } from '../../model/events.ts';
import type { LateValue } from '../../model/late-value.ts';
import { countOf } from '../../util/count.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { readBytes } from '../../util/read-text.ts';
import { readHttpUrl } from '../http/url.ts';
import { describePortTrouble } from '../settings/port-trouble.ts';
import { renderFollowUp } from './follow-up.ts';
import { sendRequest } from './forward.ts';
import type { StubRequest } from './received.ts';
import { createRequestEnv } from './request-rules.ts';
import { type Answer, Route } from './route.ts';
import { type ReadyAnswer, toBody } from './send-answer.ts';
import { StubErrors } from './stub-errors.ts';
import { type StubDuties, StubServer } from './stub-server.ts';
import type { FallbackSettings, RouteSettings, StartSettings } from './stub-settings.ts';
import { describeUnmatched, listUnmatched } from './unmatched.ts';

/** A stub that a step started. */
export interface OpenStub {
  readonly server: StubServer;
  readonly port: number;
}

/** The key under which a stub is open, by the id of the step that started it. */
export function keyOfStub(id: string): string {
  return `stub:${id}`;
}

/** Makes routes of the settings. @throws ActionError when one cannot be read */
export function createRoutes(routes: readonly RouteSettings[], io: ActionIo): readonly Route[] {
  return routes.map((route) => new Route(route, io.expressions));
}

/** Starts a stub for the length of the flow. @throws ActionError when its port is taken */
export async function openStub(config: StartSettings, io: ActionIo): Promise<OpenStub> {
  const errors = new StubErrors();
  const timers = new Timers(io);
  const server = new StubServer(createRoutes(config.routes ?? [], io), createDuties(config, io, { errors, timers }));
  const port = await listen(server, config.port ?? 0);
  const name = `stub ${io.step.id}`;
  await io.resources.open(keyOfStub(io.step.id), async () => ({
    value: server,
    name,
    finish: async () => [...errors.list(), ...judgeUnmatched(server, config, name)],
    close() {
      timers.cancel();
      return server.close();
    },
  }));
  return { server, port };
}

async function listen(server: StubServer, port: number): Promise<number> {
  try {
    return await server.listen(port);
  } catch (error) {
    throw describePortTrouble(error, port, '`port`') ?? error;
  }
}

function judgeUnmatched(server: StubServer, { unmatched }: StartSettings, name: string): readonly Problem[] {
  const lines = listUnmatched(server);
  if (unmatched !== 'fail' || lines.length === 0) return [];
  const message = `${name}: no route took ${countOf(server.unmatched.count, 'request')}`;
  return [{ outcome: 'failed', kind: 'expectation', message, hints: lines }];
}

/** Timers of a stub, which end with it. */
class Timers {
  readonly #cancels = new Set<() => void>();
  readonly #io: Pick<ActionIo, 'clock'>;

  constructor(io: Pick<ActionIo, 'clock'>) {
    this.#io = io;
  }

  after(ms: number, call: () => void): () => void {
    const cancel = this.#io.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      call();
    });
    this.#cancels.add(cancel);
    return cancel;
  }

  cancel(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}

function createDuties(
  { fallback }: StartSettings,
  io: ActionIo,
  { errors, timers }: { errors: StubErrors; timers: Timers },
): StubDuties {
  const { env, host } = io.expressions;
  const renderFor = (request: StubRequest) => {
    const own = createRequestEnv(request, env);
    return (value: LateValue): Value => value.render(own, host);
  };
  return {
    clock: { now: () => io.clock.now(), after: (ms, call) => timers.after(ms, call) },
    render: ({ response }, request) => renderAnswer(response, renderFor(request), io.facts.directory),
    delayOf: ({ delay }) => chooseDelay(delay, host),
    followUp(route, request) {
      for (const settings of route.settings.then ?? []) {
        const next = renderFollowUp(settings, renderFor(request), io);
        if (!next) continue;
        const send = () => void next.send().catch((error) => errors.addFollowUp(next.name, route.name, error));
        timers.after(next.afterMs, send);
      }
    },
    answerUnmatched: (request, nearest, routes) =>
      fallback ? answerFallback(fallback, request, renderFor(request)) : describeUnmatched(request, nearest, routes),
    onProblem: (request, error) => errors.add(request, error),
  };
}

function renderAnswer(
  { status = 200, headers = {}, body, body_file: file }: Answer['response'],
  render: (value: LateValue) => Value,
  directory: string,
): ReadyAnswer {
  const given = Object.entries(headers).map(([name, value]) => [name, String(render(value))] as const);
  const made = file === undefined ? toBody(body && render(body)) : { body: readBody(file, directory), type: undefined };
  const isTyped = made.type === undefined || given.some(([name]) => name.toLowerCase() === 'content-type');
  return { status, headers: isTyped ? given : [...given, ['content-type', made.type ?? '']], body: made.body };
}

function readBody(file: string, directory: string): Buffer {
  try {
    return readBytes(resolve(directory, file));
  } catch (error) {
    throw new ActionError({ kind: 'file', message: `\`body_file\`: \`${file}\`: ${describeFileTrouble(error)}` });
  }
}

function chooseDelay(delay: Answer['delay'], host: ActionIo['expressions']['host']): number {
  if (delay === undefined || typeof delay === 'number') return delay ?? 0;
  const draw = host['random'];
  const random = typeof draw === 'function' ? Number(draw.call(host)) : 0;
  return delay.min + random * (delay.max - delay.min);
}

async function answerFallback(
  fallback: FallbackSettings,
  request: StubRequest,
  render: (value: LateValue) => Value,
): Promise<ReadyAnswer> {
  if (!('proxy' in fallback)) return renderAnswer({ status: 404, ...fallback }, render, '');
  const read = readHttpUrl(fallback.proxy);
  if (!('url' in read)) throw new ActionError({ kind: 'authoring', message: `\`fallback.proxy\`: ${read.mistake}` });
  return forward(request, read.url);
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'te',
  'upgrade',
]);

async function forward(request: StubRequest, base: URL): Promise<ReadyAnswer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const one of [value].flat()) query.append(name, String(one));
  }
  const search = query.size === 0 ? '' : `?${query}`;
  const url = new URL(`${base.href.replace(/\/$/, '')}${request.path}${search}`);
  const headers = Object.entries(request.headers)
    .filter(([name]) => !HOP_BY_HOP.has(name))
    .map(([name, value]) => [name, String(value)] as const);
  const { body } = request;
  const sent = body === null ? undefined : toBody(body).body;
  const answer = await sendRequest({ method: request.method, url, headers, body: sent });
  const back: [string, string][] = [];
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at] ?? '';
    if (!HOP_BY_HOP.has(name.toLowerCase())) back.push([name, answer.rawHeaders[at + 1] ?? '']);
  }
  return { status: answer.status, headers: back, body: answer.body };
}
