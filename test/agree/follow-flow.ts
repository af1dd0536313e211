import { readSelect } from '../../src/actions/database/read-select.ts';
import { bindQuery, type Params } from '../../src/actions/database/sql/bind.ts';
import { Agreement } from '../../src/agree/agreement.ts';
import type { Wanted, WantedThing } from '../../src/agree/judge/wanted.ts';
import { toType } from '../../src/agree/words/type-name.ts';
import { isMap, parseJson, type Value } from '../../src/expr/index.ts';
import type { Captured, Problem } from '../../src/model/events.ts';
import type { KafkaExchange, KafkaMessage, SqlExchange } from '../../src/model/exchange.ts';
import type { WatchedStep } from '../../src/model/flow-watch.ts';
import { EventBuilder, type StepDetails } from '../support/events.ts';
import { answerHttp, sendHttp } from '../support/exchanges.ts';

/** One step of a flow that was followed: its events. */
export type Followed = (events: EventBuilder) => void;

export interface MoreOfStep extends StepDetails {
  /** Values that it captures. */
  readonly output?: Readonly<Record<string, Value>>;
}

interface HttpMore extends MoreOfStep {
  readonly headers?: Record<string, string>;
  readonly status?: number;
  readonly sent?: Value;
}

/** A request with its answer; values are data as JSON holds it. */
export function http(id: string, line: string, answer: unknown, more: HttpMore = {}): Followed {
  const { status = line.startsWith('POST') ? 201 : 200, sent, headers = {} } = more;
  const [method, path = ''] = line.split(' ');
  const url = path.startsWith('http') ? path : `http://shop.test${path}`;
  const request = sendHttp(`${method} ${url}`, { headers, ...(sent === undefined ? {} : { body: toJson(sent) }) });
  const body = answer === undefined ? {} : { body: toJson(answer) };
  return finish(id, { ...more, exchange: answerHttp(request, { status, ...body }) });
}

/** A query with its rows. */
export function sql(
  id: string,
  [query, params]: readonly [string, Params?],
  rows: readonly unknown[],
  more: MoreOfStep = {},
): Followed {
  return finish(id, { ...more, exchange: describeSql(query, params, rows) });
}

interface EventMore extends MoreOfStep {
  readonly headers?: Readonly<Record<string, Value>>;
}

/** A wait and what came: one value or several. */
export function awaited(id: string, topic: string, values: unknown, more: EventMore = {}): Followed {
  const { headers = {} } = more;
  const messages = (Array.isArray(values) ? values : [values]).map((value, offset): KafkaMessage => {
    const read = toValue(value);
    return { topic, partition: 0, offset, key: null, value: read, headers, timestamp: null, json: read };
  });
  const exchange: KafkaExchange = {
    protocol: 'kafka',
    cluster: { brokers: ['localhost:9092'] },
    awaited: { since: { kind: 'flow' }, topics: [], count: messages.length, messages, seen: messages.length },
  };
  return finish(id, { ...more, exchange });
}

/** A message that the flow sends. */
export function sent(id: string, topic: string, value: unknown): Followed {
  const messages = [{ headers: [], value: toJson(value) }];
  const exchange: KafkaExchange = {
    protocol: 'kafka',
    cluster: { brokers: ['localhost:9092'] },
    sent: { topic, count: 1, messages, written: [] },
  };
  return finish(id, { exchange });
}

/** A step of which nothing is known: it waits, or does something elsewhere. */
export function other(id: string, action = 'delay'): Followed {
  return finish(id, { action });
}

/** What `effects` saw, as its result has it. */
export function effects(id: string, changes: readonly unknown[]): Followed {
  const result = { count: changes.length, changes: changes.map(toValue) };
  return (events) => void events.step(id, { action: 'effects', role: 'watch', result });
}

/** Steps that run at the same time: all begin before the first ends. */
export function beside(...steps: readonly Followed[]): Followed {
  return (events) => {
    const ended = steps.map((step) => {
      const own = new EventBuilder().flow();
      step(own);
      return own.events.find((event) => event.type === 'step_finished');
    });
    for (const event of ended) if (event) events.start(event.step.address);
    for (const event of ended) if (event) events.finish(event.step.address, { ...event.evidence, ...event.output });
  };
}

/** A control that waits when its step is over. */
export function lingering(control: string, step: Followed): Followed {
  return inside(control, step, 2000);
}

/** A control with the one step that it runs. */
export function inside(control: string, step: Followed, waitsMs = 0): Followed {
  return (events) => {
    const own = new EventBuilder().flow();
    step(own);
    const ended = own.events.find((event) => event.type === 'step_finished');
    const place = { parent: control, depth: 1 };
    if (ended) events.step(`${control}>${ended.step.address}`, { ...place, ...ended.evidence, ...ended.output });
    events.step(control, { action: 'control', durationMs: waitsMs });
  };
}

/** A poll with its looks; `until` are the words that its condition reads. */
export function poll(id: string, looks: readonly Followed[]): Followed {
  return (events) => {
    const probe = { parent: id, depth: 1, role: 'look' } as const;
    let shown: StepDetails = {};
    for (const [round, look] of looks.entries()) {
      const inner = new EventBuilder().flow();
      look(inner);
      const [, , found] = inner.events;
      const exchange = found?.type === 'step_finished' ? found.evidence.exchange : undefined;
      if (!exchange) continue;
      shown = { exchange };
      events.step(`${id}>look`, { ...probe, round, exchange });
    }
    // Its own is that of its last look.
    events.step(id, { action: 'poll', ...shown });
  };
}

export interface FollowOptions {
  /** What is known of steps before they run. */
  readonly steps?: Readonly<Record<string, WatchedStep>>;
  readonly variables?: Readonly<Record<string, Value>>;
  /** What is to be compared; absent: `auto`. */
  readonly things?: Readonly<Record<string, Omit<WantedThing, 'name' | 'type' | 'except'> & { except?: string[] }>>;
}

/** Follows a flow; gives what does not agree, each as `step: path = value | step: path = value`. */
export function follow(steps: readonly Followed[], options: FollowOptions = {}): readonly string[] {
  return followed(steps, options).problems.map(showProblem);
}

/** The same with all that is shown. */
export function followed(steps: readonly Followed[], { steps: known = {}, variables = {}, things }: FollowOptions) {
  const wanted: Wanted = {
    things:
      things &&
      Object.entries(things).map(([name, thing]) => ({ ...{ name, type: toType(name) }, except: [], ...thing })),
  };
  const agreement = new Agreement({ stepOf: (address) => known[address], findWanted: () => wanted });
  const events = new EventBuilder().flow({ variables, volatileNames: Object.keys(variables) });
  for (const step of steps) step(events);
  for (const event of events.events) agreement.on(event);
  const problems = agreement.finish({ env: new Map(), host: { now: () => 0 } });
  return { problems, details: agreement.listDetails() };
}

function showProblem({ message, explained }: Problem): string {
  const parts = (explained?.parts ?? []).map(({ text, value }) => `${text} = ${JSON.stringify(value)}`);
  return parts.length > 0 ? parts.join(' | ') : message;
}

function finish(id: string, { output = {}, ...details }: MoreOfStep): Followed {
  const captures = Object.entries(output).map(([name, value]): Captured => ({ name, value, isSecret: false }));
  return (events) => void events.step(id, { ...details, captures });
}

function describeSql(query: string, params: Params | undefined, rows: readonly unknown[]): SqlExchange {
  const { statements } = bindQuery(query, params);
  const read = rows.map(toValue).filter(isMap);
  return {
    protocol: 'sql',
    database: {
      ...{ dialect: 'postgres', name: 'localhost:5432/shop', host: 'localhost', port: 5432, database: 'shop' },
      ...{ user: 'app', hasPassword: false, tls: 'disable' },
    },
    query,
    statements: statements.map((statement) => ({
      text: statement.text,
      parameters: statement.values.map((value) => ({ value, literal: String(value) })),
      reads: readSelect(statement, 'postgres'),
    })),
    response: { summary: '', columns: [], rows: read, rowCount: read.length, changed: 0 },
  };
}

/** Texts are JSON as it stands, for digits that JavaScript would not keep. */
function toJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toValue(value: unknown): Value {
  return parseJson(toJson(value));
}
