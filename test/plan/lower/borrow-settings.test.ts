import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const noNames = { get: (name: string) => `${name}:1`, keys: () => ['DB', 'K'] };
const noHost = { now: () => 0 };

const query = (connection: string): string =>
  `  - { action: database_query, config: { ${connection}, query: "DELETE FROM t" } }\n`;
const send = (brokers: string, more = ''): string =>
  `  - { action: kafka_producer, config: { brokers: ${brokers}, topic: t, value: 1${more} } }\n`;
const quiet = (config: string): string =>
  `  - { id: quiet, action: unchanged, config: { ${config}, steps: [{ action: log, config: { message: hello } }] } }\n`;

/** Plans steps below `steps:`; gives the settings that `unchanged` gets, or what is wrong. */
function plan(steps: string, before = '') {
  const planned = planText(`name: x\n${before}steps:\n${steps}`, { given: ['DB', 'K'] });
  const findings = findingsOf(planned);
  const step = planned.flows[0]?.steps.find(({ id }) => id === 'quiet');
  return findings.length > 0 ? findings : step?.config.render(noNames, noHost);
}

describe('settings that are those of the other steps', () => {
  it.each([
    ['one database', query('connection: "{{DB}}"'), 'tables: [a.b]', { connection: 'DB:1' }],
    [
      'one database, named twice, once by another spelling',
      query('connection: "{{DB}}"') + query('connection_string: "{{DB}}"'),
      'tables: [a.b]',
      { connection: 'DB:1' },
    ],
    [
      'a database in a poll, inside of another step',
      '  - { action: if, config: { condition: "true", then: [{ action: db_poll, config: { connection: "{{DB}}", query: "SELECT 1" } }] } }\n',
      'tables: [a.b]',
      { connection: 'DB:1' },
    ],
    [
      'brokers, with how to get in',
      send('"{{K}}"', ', tls: true, sasl: { mechanism: plain, username: u, password: p }'),
      'topics: [a]',
      { brokers: 'K:1', tls: true, sasl: { mechanism: 'plain', username: 'u', password: 'p' } },
    ],
    ['nothing where it has its own', send('"{{K}}"', ', tls: true'), 'topics: [a], brokers: "b:1"', { brokers: 'b:1' }],
    [
      'nothing of the steps where it says which of several',
      query('connection: "{{DB}}"') + query('connection: "mysql://h/d"'),
      'tables: [a.b], connection: "{{DB}}"',
      { connection: 'DB:1' },
    ],
  ])('are %s', (_title, steps, config, expected) => {
    const got = plan(steps + quiet(config)) as Record<string, unknown>;
    const { tables, topics, steps: _steps, ...borrowed } = got;
    expect(borrowed).toEqual(expected);
  });

  it('come from other phases too', () => {
    const setup = `setup:\n${query('connection: "{{DB}}"')}`;
    expect(plan(quiet('tables: [a.b]'), setup)).toMatchObject({ connection: 'DB:1' });
  });

  it.each([
    ['none', '', 'tables: [a.b]', 'connection'],
    ['several', query('connection: "{{DB}}"') + query('connection: "mysql://h/d"'), 'tables: [a.b]', 'connection'],
    ['brokers with two ways to get in', send('"{{K}}"') + send('"{{K}}"', ', tls: true'), 'topics: [a]', 'brokers'],
  ])('are needed where the steps have %s', (_title, steps, config, missing) => {
    const what = config.split(':')[0];
    expect(plan(steps + quiet(config))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^TM392 \\d+:\\d+ \`${what}\` needs \`${missing}\`: the other steps of this flow name none, or several$`,
        ),
      ),
    ]);
  });

  it('have to have time in which something can happen', () => {
    const told = '`for: 0s` looks on for no time: what the steps cause a moment later is not seen';
    const config = 'tables: [a.b], connection: "postgres://h/d"';
    expect(plan(quiet(`for: 0s, ${config}`))).toEqual([expect.stringContaining(told)]);
    expect(plan(quiet(`for: 1ms, ${config}`))).toMatchObject({ for: 1 });
  });

  it('are nothing where nothing is to stay as it is', () => {
    expect(plan(quiet('for: 1s'))).toEqual([
      expect.stringContaining('TM391 3:26 `unchanged` names neither `tables` nor `topics`'),
    ]);
  });
});
