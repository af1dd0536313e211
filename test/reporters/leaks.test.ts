import { expect, it } from 'vitest';
import { createHub } from '../../src/engine/events/hub.ts';
import { createSecrets } from '../../src/engine/events/secrets.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { createReporter, reporterNames } from '../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion } from '../support/events.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { expectNoLeak } from '../support/leaks/find-leaks.ts';
import { ODD_SECRETS } from '../support/leaks/odd-secrets.ts';
import { sample } from '../support/sample.ts';

/** What goes to and comes from other services than those of HTTP, as their actions describe it. */
function describeExchanges(secret: string): readonly Exchange[] {
  const literal = `'${secret.replaceAll("'", "''")}'`;
  const message = { topic: 't', partition: 0, offset: 7, timestamp: null, json: { text: secret } };
  return [
    {
      protocol: 'sql',
      database: {
        dialect: 'postgres',
        name: 'db',
        host: 'h',
        port: 1,
        database: 'd',
        user: 'u',
        hasPassword: true,
        tls: 'disable',
      },
      query: `SELECT :a, ${literal}`,
      statements: [{ text: `SELECT $1, ${literal}`, parameters: [{ value: secret, literal }] }],
      response: { summary: '1 row', columns: ['a'], rows: [{ a: secret, password: 'x' }], rowCount: 1, changed: 0 },
    },
    {
      protocol: 'kafka',
      cluster: { brokers: ['h:1'], sasl: { mechanism: 'PLAIN', user: 'u' } },
      sent: {
        topic: 't',
        count: 1,
        messages: [{ key: secret, value: JSON.stringify({ text: secret }), headers: [{ name: 'h', value: secret }] }],
        written: [],
      },
      awaited: {
        since: { kind: 'flow' },
        topics: [],
        match: { value: { text: secret } },
        count: 1,
        messages: [{ ...message, key: secret, value: { text: secret }, headers: { h: secret } }],
        seen: 1,
      },
    },
    {
      protocol: 'redis',
      server: { name: 'h:1', host: 'h', port: 1, database: 0, user: '', hasPassword: false, isTls: false },
      command: ['SET', `k${secret}`, JSON.stringify({ text: secret })],
      reply: { text: secret, list: [secret] },
    },
  ];
}

const names = sample('odd secrets in reports', Object.keys(ODD_SECRETS), { count: 2 });

it.each(names)('no report shows a secret of SQL, Kafka or Redis: with %s', async (name) => {
  const secret = ODD_SECRETS[name] ?? '';
  const cut = (text: string): string => `${text.slice(0, 30)}…`;
  const builder = new EventBuilder().run().flow();
  for (const [index, exchange] of describeExchanges(secret).entries()) {
    const problem = {
      ...failedAssertion(),
      message: `the server said: ${cut(JSON.stringify(secret))}`,
      hints: [`near ${cut(secret)}`],
    };
    builder.step(`step_${index}`, {
      outcome: 'failed',
      problems: [problem],
      result: { rows: [{ [secret]: secret }] },
      exchange,
      details: [
        { title: 'nearest message', lines: [`value ${cut(JSON.stringify({ text: secret }))}`, `key ${cut(secret)}`] },
      ],
    });
  }
  const outputs: Record<string, string> = {};
  const consumers = await Promise.all(
    reporterNames.map((reporter) => {
      const write = (text: string): void => {
        outputs[reporter] = (outputs[reporter] ?? '') + text;
      };
      return createReporter(reporter, { write, rewriteStart: write, verbosity: 2 });
    }),
  );
  const secrets = createSecrets();
  secrets.add(secret);
  const hub = createHub({ consumers, secrets, clock: createFakeClock() });
  for (const event of builder.endFlow('failed').endRun('failed').events) hub.emit(event);
  expect(await hub.close()).toEqual([]);
  expect(Object.keys(outputs).sort()).toEqual([...reporterNames].sort());
  expectNoLeak(outputs, secret);
});
