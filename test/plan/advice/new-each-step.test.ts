import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

interface Flow {
  readonly head?: string;
  readonly given?: readonly string[];
}

function find(steps: readonly string[], { head = '', given = [] }: Flow = {}): readonly string[] {
  const text = `name: n\n${head}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
  const plan = planText(text, { given });
  expect(findingsOf(plan).filter((line) => /^TM1/.test(line))).toEqual([]);
  return plan.diagnostics
    .filter(({ code }) => code === 'TM222')
    .map(({ message, span, help = [] }) => [message, span?.file.text.slice(span.start, span.end), ...help].join(' | '));
}

const wait = (match: string, more = ''): string =>
  `{ id: wait, action: kafka_consumer, config: { brokers: "localhost:9092", topic: t, match: ${match}${more} } }`;
const send = `{ id: send, action: kafka_producer, config: { brokers: "localhost:9092", topic: t, value: { id: "{{UUID}}" } } }`;
const request = (more: string, rest = 'assert: [status == 200]'): string =>
  `{ action: http_request, config: { url: "http://localhost/"${more} }, ${rest} }`;

const NEW = '`UUID` is new in each step: nothing that another step sent or a service made is equal to it';
const TIME = (name: string) => `\`${name}\` is the time of this step: nothing that another step sent is equal to it`;
const once = (name: string, builtIn: string) =>
  `declare it once, \`env: { ${name}: "{{${builtIn}}}" }\`, and write \`${name}\` here and where it is sent`;

describe('a value that is new in each step, in what is looked for', () => {
  it.each<[string, string, string, string, string]>([
    ['the value of a message', wait('{ value: { id: "{{UUID}}" } }'), NEW, 'UUID', once('ID', 'UUID')],
    ['a text around it', wait('{ key: "o-{{UUID}}" }'), NEW, 'UUID', once('ID', 'UUID')],
    [
      'another name of it',
      wait('{ key: "${RANDOM_ID}" }'),
      NEW.replace('UUID', 'RANDOM_ID'),
      'RANDOM_ID',
      once('ID', 'RANDOM_ID'),
    ],
    ['a condition', wait('{ where: value.id == UUID }'), NEW, 'UUID', once('ID', 'UUID')],
    ['a time', wait('{ value: { at: "{{TIMESTAMP}}" } }'), TIME('TIMESTAMP'), 'TIMESTAMP', once('AT', 'TIMESTAMP')],
    [
      'a time in a condition',
      wait('{ where: value.at == ISO_TIMESTAMP }'),
      TIME('ISO_TIMESTAMP'),
      'ISO_TIMESTAMP',
      once('AT', 'ISO_TIMESTAMP'),
    ],
  ])('%s', (_title, step, message, place, help) => {
    expect(find([send, step])).toEqual([`${message} | ${place} | ${help}`]);
  });

  it('is one in requests to a stub, and in rows that are looked up', () => {
    const stub = '{ id: stub, action: mock_server_start, config: { routes: [] } }';
    const verify = '{ action: mock_server_verify, config: { server: stub, body: { id: "{{UUID}}" } } }';
    expect(find([stub, verify])).toHaveLength(1);
    const rows = (query: string) =>
      `{ action: database_query, config: { connection: "postgres://localhost/x", query: "${query}", params: { id: "{{UUID}}" } }, assert: [row_count == 0] }`;
    expect(find([rows('SELECT a FROM t WHERE id = :id')])).toHaveLength(1);
    expect(find([rows('INSERT INTO t VALUES (:id)')])).toEqual([]);
  });

  it.each<[string, readonly string[], Flow?]>([
    ['a variable that is made once', [wait('{ value: { id: "{{ID}}" } }')], { head: 'env: { ID: "{{UUID}}" }' }],
    ['a name that the flow has itself', [wait('{ value: { id: "{{UUID}}" } }')], { head: 'env: { UUID: x }' }],
    ['a name that is given', [wait('{ value: { id: "{{UUID}}" } }')], { given: ['UUID'] }],
    ['a name that is captured', [request('', 'output: { UUID: $.body.id }'), wait('{ key: "{{UUID}}" }')]],
    [
      'what is the same in all steps',
      [wait('{ value: { run: "{{RUN_ID}}", trace: "{{TRACE_ID}}", day: "{{DATE}}" } }')],
    ],
    ['the order of times', [wait('{ where: value.at >= TIMESTAMP }')]],
    ['what is sent', [send]],
  ])('is not %s', (_title, steps, flow) => expect(find(steps, flow)).toEqual([]));
});

describe('a value that is new in each step, in an assertion', () => {
  it.each([
    ['body.id == UUID', NEW, once('ID', 'UUID')],
    ['body.id == "{{UUID}}"', NEW, once('ID', 'UUID')],
    ['any(body.items, .id == UUID)', NEW, once('ID', 'UUID')],
    ['body.at == TIMESTAMP', TIME('TIMESTAMP'), once('AT', 'TIMESTAMP')],
  ])('%s', (assertion, message, help) => {
    const place = /UUID|TIMESTAMP/.exec(assertion)?.[0];
    expect(find([send, request('', `assert: ['${assertion}']`)])).toEqual([`${message} | ${place} | ${help}`]);
  });

  it('in what a poll waits for', () => {
    const poll = (config: string, rest: string) =>
      `{ action: poll, config: { step: { action: http_request, config: { url: "http://localhost/"${config} } }, ${rest}`;
    expect(find([poll('', 'until: body.id == UUID } }')])).toHaveLength(1);
    expect(find([poll(', query: { id: "{{UUID}}" }', 'until: body.id == UUID } }')])).toEqual([]);
    expect(
      find([poll(', query: { id: "{{UUID}}" }', 'until: status == 200 }, assert: [body.id == UUID] }')]),
    ).toHaveLength(1);
  });

  it.each([
    ['what its own step sent', request(', method: POST, body: { id: "{{UUID}}" }', 'assert: [body.id == UUID]')],
    ['the order of times', request('', 'assert: ["body.at <= TIMESTAMP", "date(body.at) < date(ISO_TIMESTAMP)"]')],
    ['another name', request('', 'assert: [body.id == RUN_ID]')],
  ])('is not %s', (_title, step) => expect(find([step])).toEqual([]));
});

describe('a key by which a request that is sent again is known', () => {
  const order = (id: string, more = 'headers: { Idempotency-Key: "{{UUID}}" }', url = 'http://localhost/orders') =>
    `{ id: ${id}, action: http_request, config: { method: POST, url: "${url}", body: { a: 1 }, ${more} }, assert: [status == 201] }`;
  it('that is another one in the second request', () => {
    const message =
      '`UUID` is new in each step: the same request in `one` has another `Idempotency-Key`, so that this one is no repetition';
    const help =
      'declare it once, `env: { KEY: "{{UUID}}" }`, and write `{{KEY}}` in both; `{{uuid()}}` says that it is to be another one';
    expect(find([order('one'), order('two')])).toEqual([`${message} | "{{UUID}}" | ${help}`]);
    const lower = order('two', 'headers: { x-idempotency-token: "k-{{UUID}}" }');
    expect(find([lower.replace('two', 'one'), lower])).toHaveLength(1);
  });

  it.each<[string, readonly string[]]>([
    ['one request', [order('one')]],
    ['another address', [order('one'), order('two', undefined, 'http://localhost/users')]],
    ['another body', [order('one'), order('two').replace('a: 1', 'a: 2')]],
    [
      'a header of each request',
      [order('one', 'headers: { X-Request-Id: "{{UUID}}" }'), order('two', 'headers: { X-Request-Id: "{{UUID}}" }')],
    ],
    ['one that is meant to be new', [order('one'), order('two', 'headers: { Idempotency-Key: "{{uuid()}}" }')]],
    [
      'a key that is declared',
      [order('one', 'headers: { Idempotency-Key: k }'), order('two', 'headers: { Idempotency-Key: k }')],
    ],
  ])('is none with %s', (_title, steps) => expect(find(steps)).toEqual([]));
});
