import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

/** Plans one step, at line 3; gives what it became and what is wrong with it. */
function plan(step: string) {
  const planned = planText(`name: x\nsteps:\n  - ${step}\n`);
  const [first] = planned.flows[0]?.steps ?? [];
  const findings = findingsOf(planned);
  const config = findings.length === 0 ? first?.config.render(noNames, noHost) : undefined;
  const until = [(config as { until?: unknown } | undefined)?.until].flat();
  const texts = until.map((one) => (one as { text?: { text: string } } | undefined)?.text?.text);
  return { step: first, until: texts, findings };
}
const noNames = { get: () => undefined, keys: () => [] };
const noHost = { now: () => 0 };

const db = (more: string): string =>
  `{ id: wait, action: db_poll, config: { connection: "postgres://localhost/db", query: "SELECT 1"${more} } }`;
const wait = (config: string): string => `{ id: wait, action: wait_for, config: { ${config} } }`;

describe('waits in other words', () => {
  it.each<[string, string, string[], string]>([
    ['db_poll', db(''), ['row_count > 0'], 'database_query'],
    [
      'db_poll with an expression',
      db(', condition: "rows[0].status == \'paid\'"'),
      ["rows[0].status == 'paid'"],
      'database_query',
    ],
    ['db_poll with a number of rows', db(', expected_rows: 2'), ['row_count == 2'], 'database_query'],
    ['db_poll until a row exists', db(', condition: { type: row_exists }'), ['row_count > 0'], 'database_query'],
    [
      'db_poll with a count',
      db(', condition: { type: row_count, min_count: 3 }'),
      ['row_count >= 3'],
      'database_query',
    ],
    [
      'db_poll with a value',
      db(', condition: { type: value_equals, column: status, value: paid }'),
      ['first_row != nil and first_row["status"] == "paid"'],
      'database_query',
    ],
    [
      'db_poll with a number for a value',
      db(', condition: { type: value_equals, column: total, value: 59.98 }'),
      ['first_row != nil and first_row["total"] == 59.98'],
      'database_query',
    ],
    [
      'db_poll with a value that is there',
      db(', condition: { type: value_not_null, column: paid_at }'),
      ['first_row != nil and first_row["paid_at"] != nil'],
      'database_query',
    ],
    [
      'db_poll with a number in quotes',
      db(', condition: { type: value_equals, column: total, value: "59.98" }'),
      ['first_row != nil and first_row["total"] in ["59.98", 59.98]'],
      'database_query',
    ],
    [
      'db_poll with a column and its value beside the query',
      db(', column: status, expected_value: paid'),
      ['first_row != nil and first_row["status"] == "paid"'],
      'database_query',
    ],
    [
      'db_poll with a column that is there',
      db(', column: paid_at'),
      ['first_row != nil and first_row["paid_at"] != nil'],
      'database_query',
    ],
    [
      'db_poll with a condition that needs no type',
      db(', condition: { column: status, expected_value: paid }'),
      ['first_row != nil and first_row["status"] == "paid"'],
      'database_query',
    ],
    ['db_poll with a number of rows in quotes', db(', expected_rows: "2"'), ['row_count == 2'], 'database_query'],
    [
      'wait_for http with status and value in quotes',
      wait('url: "http://localhost/", status_code: "200", json_path: "$.done", json_value: "true"'),
      ['status in ["200", 200]', 'body.done in ["true", true]'],
      'http_request',
    ],
    ['wait_for http', wait('url: "http://localhost/"'), ['status >= 200 and status < 300'], 'http_request'],
    [
      'wait_for http with status and value',
      wait('type: http, url: "http://localhost/", status_code: 200, json_path: "$.items[0].state", json_value: up'),
      ['status == 200', 'body.items[0].state == "up"'],
      'http_request',
    ],
    [
      'wait_for http with a path that leaves out its beginning',
      wait('url: "http://localhost/", json_path: "status", json_value: up'),
      ['status >= 200 and status < 300', 'body.status == "up"'],
      'http_request',
    ],
    [
      'wait_for http with such a path to an item',
      wait('url: "http://localhost/", json_path: "items[0].id"'),
      ['status >= 200 and status < 300', 'body.items[0].id != nil'],
      'http_request',
    ],
    [
      'wait_for http with what is expected',
      wait('url: "http://localhost/", expected_status: 200, json_path: "status", expected_value: up'),
      ['status == 200', 'body.status == "up"'],
      'http_request',
    ],
    ['wait_for tcp', wait('type: tcp, host: localhost, port: 5432, timeout: 10s'), ['connected'], 'tcp_connect'],
    ['wait_for a port', wait('host: localhost, port: 5432'), ['connected'], 'tcp_connect'],
    [
      'wait_until',
      '{ id: wait, action: wait_until, config: { condition: n == 3, timeout: 5s, steps: [ { id: count, action: set, config: { n: "random_int(3, 3)" } } ] } }',
      ['n == 3'],
      'steps',
    ],
  ])('%s', (_title, step, until, action) => {
    const planned = plan(step);
    expect(planned.findings).toEqual([]);
    expect(planned.step).toMatchObject({ id: 'wait', action: { name: 'poll' }, resultKinds: expect.anything() });
    expect(planned.step?.children).toMatchObject([{ address: 'wait>probe', action: { name: action } }]);
    expect(planned.until).toEqual(until);
  });

  it('end after `max_duration`, and the flow with it or not', () => {
    const until = (more: string): string =>
      `{ id: wait, action: wait_until, config: { condition: n == 3, max_duration: 5m, interval: 2s${more}, steps: [ { action: set, config: { n: "random_int(3, 3)" } } ] } }`;
    const planned = plan(until(', on_timeout: fail'));
    expect(planned.findings).toEqual([]);
    expect(planned.step?.config.render(noNames, noHost)).toMatchObject({ timeout: 300_000, interval: 2000 });
    expect(planned.step?.onError).toBe('fail');
    expect(plan(until(', on_timeout: continue')).step?.onError).toBe('continue');
    expect(plan(until(', on_timeout: later')).findings).toEqual([
      'TM103 3:110 `on_timeout`: expected `fail` or `continue`, got string "later"',
    ]);
    const both = until(', on_timeout: fail').replace('{ id: wait,', '{ id: wait, on_error: fail,');
    expect(plan(both).findings).toEqual(['TM112 3:114 `on_error` and `on_timeout` mean the same: write one of them']);
  });

  it('use what a step of a wait_until captures', () => {
    const look = '{ id: count, action: log, config: { message: "{{TIMESTAMP}}" }, output: { told: message } }';
    expect(plan(`{ action: wait_until, config: { condition: told == "hi", steps: [ ${look} ] } }`).findings).toEqual(
      [],
    );
  });

  it('keep the other settings of a poll, and the step’s own keys', () => {
    const step = db(', timeout: 5s, poll_interval: 250ms').replace(
      '} }',
      '}, assert: [row_count == 1, attempts >= 1] }',
    );
    const planned = plan(step);
    expect(planned.findings).toEqual([]);
    expect(planned.step?.config.render(noNames, noHost)).toMatchObject({ timeout: 5000, interval: 250 });
    expect(planned.step?.assert).toHaveLength(2);
  });

  it.each<[string, string, string[]]>([
    [
      'a missing setting',
      '{ action: db_poll, config: { query: "SELECT 1" } }',
      ['TM102 3:15 `db_poll` needs `connection`'],
    ],
    ['no settings', '{ action: wait_for }', ['TM102 3:15 `wait_for` needs `url`']],
    ['an unknown setting', db(', quer: 1'), ['TM101 3:102 unknown key `quer` in `db_poll`']],
    [
      'both spellings',
      db(', interval: 1s, poll_interval: 1s'),
      ['TM112 3:116 `interval` and `poll_interval` mean the same: write one of them'],
    ],
    [
      'two conditions',
      db(', condition: row_count == 2, expected_rows: 2'),
      ['TM112 3:129 `condition` and `expected_rows` both say what is waited for'],
    ],
    [
      'an unknown type of condition',
      db(', condition: { type: row_exits }'),
      ['TM103 3:121 `type`: expected row_exists, row_count, value_equals or value_not_null, got string "row_exits"'],
    ],
    [
      'a condition that lacks its column',
      db(', condition: { type: value_not_null }'),
      ['TM103 3:121 `condition` of type `value_not_null` needs `column`'],
    ],
    [
      'an unknown type',
      wait('type: udp, host: a, port: 1'),
      ['TM103 3:51 `type`: expected `http` or `tcp`, got string "udp"'],
    ],
    [
      'a path that is no plain one',
      wait('url: "http://localhost/", json_path: "$..id", json_value: 1'),
      ['TM110 3:82 `json_path`: expected keys and positions such as `$.items[0].id`, got `$..id`'],
    ],
    [
      'a mistake in an expression, at its place',
      db(', condition: "row_count = 2"'),
      ['TM109 3:124 unexpected `=`: expected an operator or the end of the expression'],
    ],
    ['an unknown name, at its place', db(', condition: "row_cuont == 2"'), ['TM104 3:114 unknown name `row_cuont`']],
    [
      'a mistake in a step that is waited with',
      '{ action: wait_until, config: { condition: "RUN_ID != nil", steps: [ { action: lgo } ] } }',
      ['TM105 3:84 unknown action `lgo`'],
    ],
    [
      'a bare number for a time',
      db(', timeout: 30'),
      [
        'TM103 3:111 `timeout` of `poll`: expected a duration with its unit, got the bare number 30: write `30ms` or `30s`',
      ],
    ],
  ])('%s is told', (_title, step, findings) => {
    expect(plan(step).findings).toEqual(findings);
  });
});
