import { expect, test } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { giveVars, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of queries in files', 1, 0) > 0);

const timeout = 30_000;

describeWithStack('a query in a file', ({ vars }) => {
  const workspace = useWorkspace();
  const run = (query: string) => {
    const flow = `name: n
env: { DB_URL: x, KIND: int }
steps:
  - { id: make, action: set, config: { made: "7" } }
  - { id: look, action: database_query, config: { connection: "{{DB_URL}}", query: ${query}, params: { t: "{{made}}" } }, assert: ["rows == [{n: 8, t: 7}]"] }
`;
    const file = workspace.write(`${workspace.nextName('flow')}.yaml`, flow);
    return runCli(['run', file, ...giveVars({ DB_URL: vars['DB_URL'] ?? '' })], { cwd: workspace.path });
  };

  inFullRun('has its placeholders filled in when it is a template', { timeout }, async () => {
    workspace.write('sql/q.sql', '-- {{upper("the kind")}}\nSELECT {{made + 1}} AS n,\n  :t::{{KIND}} AS t\n');
    const ended = await run('{ file: sql/q.sql, template: true }');
    expect(ended.code, ended.output).toBe(0);
    const plain = await run('{ file: sql/q.sql }');
    expect(plain.code, plain.output).toBe(3);
  });

  test('is checked before anything runs', { timeout }, async () => {
    workspace.write('sql/wrong.sql', 'SELECT 8 AS n,\n  {{KNID}} AS t\n');
    const ended = await run('{ file: sql/wrong.sql, template: true }');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error[TM104] unknown name `KNID`\n  sql/wrong.sql:2:5\n');
    expect(ended.stderr).toContain('did you mean `KIND`?');
  });
});
