import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

const quiet = (more = 'count: 0'): string =>
  `{ id: quiet, action: kafka_consumer, config: { brokers: "localhost:9092", topic: t, match: { value: { id: "{{ID}}" } }, ${more} } }`;
const unasked = (more = ''): string =>
  `{ id: unasked, action: mock_server_verify, config: { server: stub, path: /a, count: 0${more} } }`;
const stub = '{ id: stub, action: mock_server_start, config: { routes: [] } }';
const post =
  '{ id: place, action: http_request, config: { method: POST, url: "http://localhost/" }, assert: [status == 201] }';
const get = '{ id: look, action: http_request, config: { url: "http://localhost/" }, assert: [status == 200] }';
const send =
  '{ id: send, action: kafka_producer, config: { brokers: "localhost:9092", topic: t, value: { id: "{{ID}}" } } }';
const select =
  '{ id: rows, action: database_query, config: { connection: "postgres://localhost/x", query: "SELECT a FROM t" }, assert: [row_count == 0] }';
const redis = '{ id: cached, action: redis.get, config: { url: "redis://h", key: k }, assert: [exists] }';
const pause = '{ id: rest, action: delay, config: { duration: 1ms } }';
const loop = (steps: string): string => `{ id: each, action: for_each, config: { items: [1, 2], steps: [${steps}] } }`;

function find(steps: readonly string[], setup: readonly string[] = []): readonly string[] {
  const list = (items: readonly string[]) => items.map((step) => `  - ${step}\n`).join('');
  const { diagnostics } = planText(
    `name: n\nenv: { ID: "{{UUID}}" }\n${setup.length > 0 ? `setup:\n${list(setup)}` : ''}steps:\n${list(steps)}`,
  );
  return diagnostics
    .filter(({ code }) => code === 'TM221')
    .map(({ message, span, help = [] }) => [message, span?.file.text.slice(span.start, span.end), ...help].join(' | '));
}

describe('a wait for what this flow alone causes, before all that could cause it', () => {
  const said = (id: string, next: string) =>
    expect.stringContaining(
      `\`${id}\` waits for a message of this flow before anything could cause one: \`${next}\` comes after it | `,
    );
  const wait = (match: string, more = ''): string =>
    `{ id: paid, action: kafka_consumer, config: { brokers: "localhost:9092", topic: t, match: ${match}${more} } }`;
  const own = '{ value: { id: "{{ID}}" } }';
  it.each<[string, readonly string[], readonly string[], string]>([
    ['its producer below', [wait(own), send], [], 'send'],
    ['a request below', [pause, wait('{ trace: current }'), post], [], 'place'],
    ['all below in `steps`', [send], [wait(own)], 'send'],
  ])('%s', (_title, steps, setup, next) => {
    expect(find(steps, setup)).toEqual([said('paid', next)]);
  });

  it.each<[string, readonly string[]]>([
    ['a producer above', [send, wait(own), send.replace('send', 'again')]],
    ['nothing below', [wait(own)]],
    ['a message that others may send', [wait('{ value: { id: 7 } }'), send]],
    ['a look above, which may have found what it waits for', [select, wait(own), send]],
    ['an error that is expected', [wait(own).replace('config:', 'expect_error: { kind: kafka }, config:'), send]],
  ])('is none with %s', (_title, steps) => expect(find(steps)).toEqual([]));
});

describe('a wait for nothing before all that could cause something', () => {
  const HELP = 'move it behind the step that must not cause it';
  const said = (id: string, noun: string, next: string, place: string) =>
    `\`${id}\` waits for no ${noun} before anything could cause one: \`${next}\` comes after it | ${place} | ${HELP}`;
  it.each<[string, readonly string[], string]>([
    ['a producer below', [quiet(), send], 'send'],
    ['a request below', [quiet(), post], 'place'],
    ['a look that may cause something below', [quiet(), get], 'look'],
    ['a loop below', [quiet(), loop(send)], 'each'],
    ['only looks and pauses above', [select, redis, pause, quiet(), post], 'place'],
    ['another wait above', [quiet('count: 1').replace('quiet', 'one').replace('{{ID}}', '7'), quiet(), post], 'place'],
  ])('%s', (_title, steps, next) => {
    expect(find(steps)).toEqual([said('quiet', 'message', next, '0')]);
  });

  const branch = (then: string, other = pause.replace('rest', 'rest2')): string =>
    `{ id: choose, action: if, config: { condition: "ID != nil", then: [${then}], else: [${other}] } }`;
  it.each<[string, readonly string[], string]>([
    ['in a branch with a producer below', [branch(`${quiet()}, ${send}`)], 'send'],
    ['in a branch, and a request behind it', [branch(quiet()), post], 'place'],
    ['in the other branch', [branch(send, quiet()), post], 'place'],
    [
      'in a branch of a branch',
      [branch(branch(quiet()).replace('choose', 'again').replace('rest2', 'rest3')), post],
      'place',
    ],
    ['in a loop, and a request behind it', [loop(quiet()), post], 'place'],
    [
      'in a list of branches that only look',
      [`{ id: both, action: parallel, config: { branches: [{ steps: [${quiet()}] }, { steps: [${pause}] }] } }`, post],
      'place',
    ],
  ])('%s', (_title, steps, next) => {
    expect(find(steps)).toEqual([said('quiet', 'message', next, '0')]);
  });

  it('with other words for nothing, and of a stub', () => {
    expect(find([quiet('count: { max: 0 }'), send])).toEqual([said('quiet', 'message', 'send', '{ max: 0 }')]);
    expect(find([stub, unasked(), post])).toEqual([said('unasked', 'request', 'place', '0')]);
  });

  it.each<[string, readonly string[]]>([
    ['a producer above', [send, quiet()]],
    ['a request above', [get, quiet(), post]],
    ['a loop above', [loop(send), quiet(), post]],
    ['nothing below: another one causes it', [quiet()]],
    ['only looks below', [quiet(), select, redis]],
    ['a message of others that is waited for', [quiet('count: 1').replace('{{ID}}', '7'), send]],
    ['no number of messages', [quiet('timeout: 1s').replace('{{ID}}', '7'), send]],
    ['messages of before the run', [quiet('count: 0, since: earliest'), send]],
    ['messages of before the run', [quiet('count: 0, since: "-10m"'), send]],
    ['a place inside of a loop', [loop(`${quiet()}, ${send}`)]],
    ['a producer above in its branch', [branch(`${send}, ${quiet()}`), post]],
    ['a branch with nothing below', [branch(quiet(), send)]],
    [
      'a producer in the branch beside it',
      [`{ id: both, action: parallel, config: { branches: [{ steps: [${quiet()}] }, { steps: [${send}] }] } }`, post],
    ],
    ['a number from elsewhere', [quiet('count: "{{ID}}"'), send]],
  ])('is none with %s', (_title, steps) => expect(find(steps)).toEqual([]));

  it('looks at setup as well', () => {
    expect(find([quiet(), send], [post])).toEqual([]);
    expect(find([send], [quiet()])).toHaveLength(1);
  });
});
