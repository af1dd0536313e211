import { describe, expect, it } from 'vitest';
import { positionAt } from '../../../src/model/source-file.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

interface Given {
  readonly names?: readonly string[];
  readonly files?: Record<string, string>;
}

/** The open waits of the first flow of a text: `address line`. */
function findOpen(text: string, { names = [], files = {} }: Given = {}): readonly string[] {
  const plan = planText(text, { files, given: names });
  expect(findingsOf(plan).filter((finding) => / TM1/.test(` ${finding}`))).toEqual([]);
  const waits = plan.flows[0]?.findOpenWaits?.(() => new Set(names)) ?? [];
  return waits.map(({ address, span }) => `${address} ${span.file.path}:${positionAt(span.file, span.start).line}`);
}

const wait = (config: string, id = 'heard'): string =>
  `  - { id: ${id}, action: kafka_consumer, config: { brokers: "b:1", topic: user.login${config === '' ? '' : `, ${config}`} } }\n`;
const sign = `  - { id: sign, action: http_request, config: { url: "http://h/", method: POST }, output: { user_id: $.body.id } }\n`;
const capture = (source: string, name = 'n'): string =>
  `  - { action: http_request, config: { url: "http://h/", method: POST }, output: { ${name}: ${source} } }\n`;
const look = (config: string): string =>
  `  - { id: got, action: http_request, config: { url: "http://h/u", ${config} }, output: { n: $.body.id } }\n`;
const select = (params: string): string =>
  `  - { id: got, action: database_query, config: { connection: "postgres://h/d", query: "SELECT id FROM t WHERE a = $1", params: [${params}] }, output: { n: "$.rows[0].id" } }\n`;
const redis = (key: string): string =>
  `  - { id: got, action: redis.get, config: { url: "redis://h", key: ${key} } }\n`;
const poll = (url: string): string =>
  `  - { action: poll, config: { step: { action: http_request, config: { url: "${url}" }, output: { n: $.body.id } }, until: status == 200 } }\n`;
const send = (key: string): string =>
  `  - { id: sent, action: kafka_producer, config: { brokers: "b:1", topic: t, key: ${key}, value: v } }\n`;
const set = `  - { id: made, action: set, config: { id: "uuid()", kind: "'fix'" } }\n`;
const flow = (steps: string, head = ''): string => `name: f\n${head}steps:\n${steps}`;

describe('a wait is open to what other flows cause', () => {
  it.each<[string, string, string, string]>([
    ['without a match', '', '', ''],
    ['without a rule in it', 'match: {}', '', ''],
    ['with a match that is written out', 'match: { key: u1, value: { kind: login } }', '', ''],
    ['with a variable that is written out', 'match: { key: "{{USER_KEY}}" }', 'env: { USER_KEY: u1 }', ''],
    ['with what the whole run shares', 'match: { headers: { run: "{{RUN_ID}}" }, value: { day: "{{DATE}}" } }', '', ''],
    [
      'with a variable that `set` makes of what is written out',
      'match: { key: "{{k}}" }',
      '',
      `  - { action: set, config: { k: "'u' + '1'" } }\n`,
    ],
    ['with a column of the data', 'match: { key: "{{sku}}" }', 'data: [{ sku: A1 }]', ''],
    [
      'with a condition that other values meet too',
      'match: { where: "value.id != user_id and value.total > 3" }',
      '',
      sign,
    ],
    [
      'with an own value on one side of `or` alone',
      'match: { where: "value.id == user_id or value.kind == \'login\'" }',
      '',
      sign,
    ],
    ['for silence too', 'count: 0, timeout: 1s, match: { key: u1 }', '', ''],
    [
      'with the position of a round',
      'match: { key: u1 }, since: "{{start}}"',
      'env: { start: "{{ISO_TIMESTAMP}}" }',
      '',
    ],
  ])('%s', (_title, config, head, before) => {
    const text = flow(`${before}${wait(config)}`, head === '' ? '' : `${head}\n`);
    expect(findOpen(text)).toEqual([expect.stringMatching(/^heard flow\.yaml:\d+$/)]);
  });

  it.each<[string, string, string, string]>([
    ['its trace', 'match: { trace: current }', '', ''],
    ['a capture', 'match: { value: { user_id: "{{user_id}}" } }', '', sign],
    ['the result of a step', 'match: { value: { user_id: "{{sign.body.id}}" } }', '', sign],
    ['the result of a step by its id', `match: { key: "{{steps['sign'].body.id}}" }`, '', sign],
    ['a variable with a random part', 'match: { key: "user-{{NAME}}" }', 'env: { NAME: "n-{{UUID}}" }', ''],
    [
      'a variable made of one',
      'match: { key: "{{MAIL}}" }',
      'env: { NAME: "n-{{ISO_TIMESTAMP}}", MAIL: "{{NAME}}@x.org" }',
      '',
    ],
    ['a random function', 'match: { path: { "$.id": "{{NAME}}" } }', 'env: { NAME: "{{random_string(9)}}" }', ''],
    [
      'a random part deep in a variable',
      'match: { key: "{{USER.name}}" }',
      'env: { USER: { name: "{{uuid()}}" } }',
      '',
    ],
    [
      'a variable that `set` makes',
      'match: { headers: { id: "{{k}}" } }',
      '',
      '  - { action: set, config: { k: "uuid()" } }\n',
    ],
    ['a condition', 'match: { where: "value.kind == \'login\' and value.id == user_id" }', '', sign],
    ['a condition on items', 'match: { where: "any(value.items, .id == user_id)" }', '', sign],
    ['a topic of its own', 'topic: "t-{{UUID}}"', '', ''],
  ])('not by %s', (_title, config, head, before) => {
    const own = wait(config).replace('topic: user.login, topic:', 'topic:');
    expect(findOpen(flow(`${before}${own}`, head === '' ? '' : `${head}\n`))).toEqual([]);
  });

  it('with a map that looks like an expression', () => {
    expect(findOpen(flow(wait('match: { value: { expression: a, text: b } }')))).toEqual(['heard flow.yaml:3']);
    const own = flow(wait('match: { value: { expression: "{{UUID}}", text: b } }'));
    expect(findOpen(own)).toEqual([]);
  });

  const constant = 'N: fix';
  const random = 'N: "{{UUID}}"';
  const by = (value: string): string => `match: { key: '{{${value}}}' }`;
  it.each<[string, string, string, string]>([
    ['`set` that hides a variable', by('N'), random, `  - { action: set, config: { N: "'fix'" } }\n`],
    ['a capture with a default', by('n'), '', capture('{ path: $.body.n, default: fix }')],
    [
      'a capture with a default that hides a variable',
      by('N'),
      random,
      capture('{ path: $.body.n, default: fix }', 'N'),
    ],
    ['a capture that is a conditional', by('n'), '', capture(`'status == 200 ? "fix" : body.n'`)],
    ['a capture that is worked out', by('n'), '', capture(`'len(body.n)'`)],
    ['a capture of a number that every answer has', by('n'), '', capture('$.status')],
    ['a capture by a regular expression from something fixed', by('n'), '', capture(`{ regex: '(.)', from: status }`)],
    ['a fixed key that was sent', by('sent.key'), '', send('fix')],
    ['a number that every answer has', by('sign.status'), '', sign],
    ['a built-in name that is a variable', by('UUID'), 'UUID: fix', ''],
    ['a fixed part of a variable', by('USER.kind'), 'USER: { id: "{{UUID}}", kind: fix }', ''],
    ['a fixed part of what `set` makes', by('made.kind'), '', set],
    ['a fixed part of what `set` makes, by `steps`', by('steps.made.kind'), '', set],
    ['a fallback', by('N ?? uuid()'), constant, ''],
    ['a fallback to what is fixed', by('N ?? "fix"'), random, ''],
    ['a conditional', by('true ? "fix" : uuid()'), '', ''],
    ['a condition that is own', by('UUID == "a" ? "fix" : "b"'), '', ''],
    ['a length', by('len(uuid())'), '', ''],
    ['a judgement', by('is_uuid(uuid())'), '', ''],
    ['a slice', by('UUID[14:15]'), '', ''],
    ['a part', by('split(UUID, "-")[0]'), '', ''],
    ['a product', by('TIMESTAMP * 0'), '', ''],
    ['a difference', by('TIMESTAMP - TIMESTAMP'), '', ''],
    ['a sum that takes away', by('TIMESTAMP + (0 - TIMESTAMP)'), '', ''],
    ['a comparison', by('UUID == UUID'), '', ''],
    ['a random text without a letter', 'match: { key: "fix{{random_string(0)}}" }', '', ''],
    ['a random text with a letter', by('random_string(1)'), '', ''],
    ['a random text of a length that the run knows', by('random_string(N)'), 'N: 0', ''],
    ['a random number out of few', by('random_int(1, 9)'), '', ''],
    ['a made-up word', by('faker("person.sex")'), '', ''],
    ['the day', by('now().Format("2006-01-02")'), '', ''],
    ['a built-in time to the second', by('TIMESTAMP'), '', ''],
    ['a text around a time to the second', by('N'), 'N: "t-{{TIMESTAMP}}"', ''],
    ['the time of the day', by('TIME'), '', ''],
    ['a time without a fraction', by('DATETIME'), '', ''],
    ['seconds since 1970', by('now().Unix()'), '', ''],
    ['a layout without a fraction', by('now().Format("20060102150405")'), '', ''],
    ['an answer that anybody gets', by('n'), '', look('')],
    ['an answer by its id', by('got.body.id'), '', look('query: { page: 1 }')],
    ['an answer to an own request id', by('n'), random, look('headers: { x-request-id: "{{N}}" }')],
    ['a row that anybody reads', by('n'), '', select('u1')],
    ['a value that anybody reads', by('got.value'), '', redis('k')],
    ['an answer that a poll looked for', by('n'), '', poll('http://h/u')],
    [
      'what a stub of its own answers',
      by('n'),
      '',
      `  - { id: st, action: mock_server_start, config: {} }\n${look('').replace('http://h', '{{st.url}}')}`,
    ],
    ['the year', by('now().Format("2006")'), '', ''],
    ['the year as a number', by('now().Year()'), '', ''],
    ['the minute', by('now().Format("15:04")'), '', ''],
    ['the day of a built-in time', by('date(ISO_TIMESTAMP).Format("2006-01-02")'), '', ''],
    ['a `let`', by('let a = uuid(); "fix"'), '', ''],
    [
      'a variable made of a variable that is hidden',
      by('M'),
      'N: "{{UUID}}", M: "{{N}}"',
      `  - { action: set, config: { N: "'fix'" } }\n`,
    ],
    ['a condition that is always true', 'match: { where: "user_id == user_id" }', '', sign],
    ['a condition that says nothing of it', 'match: { where: "value.n == len(user_id)" }', '', sign],
    ['a condition with a fallback', 'match: { where: "(value.id ?? user_id) == user_id" }', '', sign],
    ['a condition over a list with what is fixed', `match: { where: "value.id in [user_id, 'fix']" }`, '', sign],
    ['a condition turned round', 'match: { where: "user_id contains value.id" }', '', sign],
    ['a condition over all, which holds of none', 'match: { where: "all(value.items, .id == user_id)" }', '', sign],
    ['a condition on things of the flow', 'match: { where: "any([1], # != 2 and user_id == user_id)" }', '', sign],
    ['a capture that what is awaited hides', `match: { where: "value.kind == key" }`, '', capture('$.body.key', 'key')],
    ['one topic of several', 'topic: [t, "t-{{UUID}}"]', '', ''],
  ])('to %s', (_title, config, variables, before) => {
    const own = wait(config).replace('topic: user.login, topic:', 'topic:');
    const text = flow(`${before}${own}`, variables === '' ? '' : `env: { ${variables} }\n`);
    expect(findOpen(text)).toEqual([expect.stringMatching(/^heard flow\.yaml:\d+$/)]);
  });

  it.each<[string, string, string, string]>([
    ['a fallback between two', by('N ?? uuid()'), random, ''],
    ['a conditional between two', by('true ? N : uuid()'), random, ''],
    ['a sum of texts', by('"n-" + N'), random, ''],
    ['a part that is own', by('USER.id'), 'USER: { id: "{{UUID}}", kind: fix }', ''],
    ['a part of what `set` makes', by('made.id'), '', set],
    ['what `set` makes, by `steps`', by('steps["made"].id'), '', set],
    ['a key that was sent', by('sent.key'), '', send('"{{UUID}}"')],
    ['a random number', by('random_int(1, 1000000)'), '', ''],
    ['another spelling', by('upper(N)'), random, ''],
    ['a number as a text', by('string(user_id)'), '', sign],
    ['the time in milliseconds', by('now().UnixMilli()'), '', ''],
    ['the time to the millisecond in a layout', by('now().Format("20060102150405.000")'), '', ''],
    ['the time as a text', by('ISO_TIMESTAMP'), '', ''],
    ['an answer about what is own', by('n'), random, look('query: { name: "{{N}}" }')],
    ['an answer to somebody who is own', by('n'), '', `${sign}${look('auth: { bearer: "{{user_id}}" }')}`],
    [
      'an answer to a header of who is own',
      by('n'),
      '',
      `${sign}${look('headers: { Authorization: "Bearer {{user_id}}" }')}`,
    ],
    ['a row that is found by what is own', by('n'), '', `${sign}${select('"{{user_id}}"')}`],
    ['a value under an own key', by('got.value'), random, redis('"{{N}}"')],
    ['what a poll found by what is own', by('n'), random, poll('http://h/{{N}}')],
    [
      'what a stub was asked',
      by('asked.requests[0].body.id'),
      '',
      '  - { id: st, action: mock_server_start, config: {} }\n  - { id: asked, action: mock_server_verify, config: { server: st } }\n',
    ],
    ['the time', by('now()'), '', ''],
    ['`$env`', by('$env.N'), random, ''],
    ['a capture by a regular expression', by('n'), '', capture(`{ regex: 'id=(\\w+)' }`)],
    ['a capture from a plain chain', by('n'), '', capture('body.items[0].id')],
    ['a capture that hides a variable that is own', by('N'), random, capture('$.body.n', 'N')],
    ['a condition turned round', 'match: { where: "user_id == value.id" }', '', sign],
    ['a condition that finds it', 'match: { where: "value.text contains user_id" }', '', sign],
    ['a condition over a list of its own', 'match: { where: "value.id in [user_id]" }', '', sign],
    ['a condition over another spelling', 'match: { where: "lower(value.id) == user_id" }', '', sign],
  ])('and not to %s', (_title, config, variables, before) => {
    expect(findOpen(flow(`${before}${wait(config)}`, variables === '' ? '' : `env: { ${variables} }\n`))).toEqual([]);
  });

  it('in a loop whose item or position hides what the flow made', () => {
    const loop = (name: string, items: string): string => {
      const inner = wait(by(name)).trim().slice(2);
      return flow(
        `  - { id: each, action: for_each, config: { items: ${items}, steps: [${inner}] } }\n`,
        `env: { ${name}: "{{UUID}}" }\n`,
      );
    };
    expect(findOpen(loop('item', '[fix]'))).toEqual(['each>heard flow.yaml:4']);
    expect(findOpen(loop('item', '["{{UUID}}", fix]'))).toEqual(['each>heard flow.yaml:4']);
    expect(findOpen(loop('index', '["{{UUID}}"]'))).toEqual(['each>heard flow.yaml:4']);
    expect(findOpen(loop('item', '["{{UUID}}"]'))).toEqual([]);
  });

  it('in a called flow whose variable the call hides, and by what a called flow gives', () => {
    const call = (input: string): string => `  - { id: lib, action: run_flow, config: { flow: lib.yaml${input} } }\n`;
    const waits = { 'lib.yaml': flow(wait(by('N')), 'env: { N: "{{UUID}}" }\n') };
    expect(findOpen(flow(call(', input: { N: fix }')), { files: waits })).toEqual(['lib>heard lib.yaml:4']);
    expect(findOpen(flow(call(', input: { N: "{{UUID}}" }')), { files: waits })).toEqual([]);
    expect(findOpen(flow(call('')), { files: waits })).toEqual([]);
    const gives = { 'lib.yaml': flow(sign, 'env: { K: fix }\noutput: { id: user_id, kind: K }\n') };
    expect(findOpen(flow(`${call('')}${wait(by('lib.id'))}`), { files: gives })).toEqual([]);
    expect(findOpen(flow(`${call('')}${wait(by('lib.kind'))}`), { files: gives })).toEqual(['heard flow.yaml:4']);
  });

  it('with a text of an `env_file` that looks like a placeholder', () => {
    const text = flow(wait(by('N')), 'env_file: a.env\n');
    expect(findOpen(text, { files: { 'a.env': 'N={{UUID}}\n' } })).toEqual(['heard flow.yaml:4']);
  });

  it('when what would be random is given from outside', () => {
    const text = flow(wait('match: { key: "{{NAME}}" }'), 'env: { NAME: "n-{{UUID}}" }\n');
    expect(findOpen(text, { names: ['NAME'] })).toEqual(['heard flow.yaml:4']);
    expect(findOpen(text)).toEqual([]);
  });

  it('wherever it stands: in a branch, a loop, a clean-up, teardown', () => {
    const inner = wait('').trim().slice(2);
    const loop = `  - { id: each, action: for_each, config: { items: [1, 2], steps: [${inner}] } }\n`;
    const cleanup = `  - { id: log, action: log, config: { message: hi }, cleanup: [${inner}] }\n`;
    expect(findOpen(flow(loop))).toEqual(['each>heard flow.yaml:3']);
    expect(findOpen(flow(cleanup))).toHaveLength(1);
    expect(findOpen(`${flow(sign)}teardown:\n${wait('')}`)).toEqual(['teardown/heard flow.yaml:5']);
  });

  it('in a loop over what the flow made, by the item', () => {
    const inner = wait('match: { key: "{{item}}" }').trim().slice(2);
    const loop = (items: string): string =>
      flow(`${sign}  - { id: each, action: for_each, config: { items: ${items}, steps: [${inner}] } }\n`);
    expect(findOpen(loop('"{{sign.body.ids}}"'))).toEqual([]);
    expect(findOpen(loop('[u1, u2]'))).toEqual(['each>heard flow.yaml:4']);
  });

  it('in a called flow, by what the call gives', () => {
    const files = { 'lib.yaml': flow(wait('match: { key: "{{user}}" }')) };
    const call = (user: string): string =>
      flow(`${sign}  - { id: login, action: run_flow, config: { flow: lib.yaml, input: { user: ${user} } } }\n`);
    expect(findOpen(call('"{{user_id}}"'), { files })).toEqual([]);
    expect(findOpen(call('"{{uuid()}}"'), { files })).toEqual([]);
    expect(findOpen(call('u1'), { files })).toEqual(['login>heard lib.yaml:3']);
  });

  it('where a step sees what everybody does', () => {
    const inner = wait('match: { trace: current }').trim().slice(2);
    const quiet = `  - { id: quiet, action: unchanged, config: { topics: [t], brokers: "b:1", steps: [${inner}] } }\n`;
    expect(findOpen(flow(quiet))).toEqual(['quiet flow.yaml:3']);
  });

  it('not when it is skipped, and not for anything else that waits', () => {
    expect(findOpen(flow(`${sign}${wait('').replace('id: heard', 'id: heard, skip: later')}`))).toEqual([]);
    expect(findOpen(flow('  - { action: delay, config: { duration: 1s } }\n'))).toEqual([]);
  });
});
