import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const SQL =
  'action: database_query, config: { connection: "postgres://localhost/x", query: "INSERT INTO t VALUES (1)" }';
const find = (rest: string, more = '') =>
  findingsOf(planText(`name: x\nsteps:\n  - { id: a, ${SQL}, ${rest} }\n${more}`));

describe('an expected error', () => {
  it.each(['expect_error: true', 'expect_error: true, assert: ["RUN_ID != nil"]', 'expect_error: { message: "" }'])(
    'may be any: %s',
    (rest) => {
      expect(find(rest)).toEqual(['TM218 3:123 any error of `a` is taken for the expected one, whatever its cause']);
    },
  );

  it.each([
    ['expect_error: { kind: sql, code: "23505" }', ''],
    ['expect_error: { message: taken }', ''],
    [`expect_error: true, assert: ['error.code == "23505"']`, ''],
    ['expect_error: true, output: { code: $.error.code }', 'output: { code: code }'],
    ['expect_error: true', '  - { action: assert, config: { assertions: [a.error.code == "23505"] } }'],
    ['expect_error: false', ''],
  ])('is named: %s', (rest, more) => {
    expect(find(rest, more)).toEqual([]);
  });

  it('may be any of its kind', () => {
    expect(find('expect_error: { kind: sql }')).toEqual([
      'TM218 3:123 any sql error of `a` is taken for the expected one, whatever its cause',
    ]);
    expect(find('expect_error: { message: "", kind: sql }')).toEqual([
      'TM218 3:123 any sql error of `a` is taken for the expected one, whatever its cause',
    ]);
    expect(find('expect_error: { message: "  ", kind: sql }')).toEqual([
      'TM218 3:123 any sql error of `a` is taken for the expected one, whatever its cause',
    ]);
    expect(find('expect_error: { kind: timeout }')).toEqual([]);
  });

  it.each([
    [SQL, 'true', 'as in `expect_error: {kind: sql, code: "23505"}`'],
    [SQL, '{ kind: sql }', 'as in `expect_error: {kind: sql, code: "23505"}`'],
    [SQL, '{ message: "" }', 'as in `expect_error: {kind: sql, code: "23505"}`'],
    [SQL, '{ kind: connection }', 'by its `code` or a part of its `message` beside the `kind`'],
    ['action: http_request, config: { url: "http://localhost/" }', 'true', 'by its `code` or a part of its `message`'],
    [
      'action: redis.get, config: { url: "redis://localhost", key: k }',
      '{ kind: redis }',
      'by its `code` or a part of its `message` beside the `kind`',
    ],
  ])('is advised of the kind that the step can have: %s %s', (action, expected, which) => {
    const { diagnostics } = planText(`name: x\nsteps:\n  - { id: a, ${action}, expect_error: ${expected} }\n`);
    expect(diagnostics.find(({ code }) => code === 'TM218')?.help).toEqual([
      `say which one it is, ${which}, or compare \`error\` in \`assert\``,
    ]);
  });

  it('of a look is named by its poll', () => {
    const poll = (until: string) =>
      findingsOf(
        planText(
          `name: x\nsteps:\n  - { id: p, action: poll, config: { step: { id: a, ${SQL}, expect_error: true }, until: ${until} } }`,
        ),
      );
    expect(poll('error.code == "23505"')).toEqual([]);
    expect(poll('"RUN_ID != nil"')).toHaveLength(1);
  });

  it.each([
    ['{}', 'TM103 3:137 `expect_error`: expected at least one of `kind`, `code` and `message`, got an empty map'],
    ['{ kind: sqll }', 'did you mean'],
    ['{ knd: sql }', 'TM101 3:139 unknown key `knd` in `expect_error`'],
    ['{ code: "{{nobody}}" }', 'TM104 3:148 unknown name `nobody`'],
    ['"23505"', 'TM103 3:137 `expect_error`: expected `true`, `false` or a map with the error, got string "23505"'],
  ])('is checked: %s', (expected, message) => {
    const plan = planText(`name: x\nsteps:\n  - { id: a, ${SQL}, expect_error: ${expected} }\n`);
    const [found] = plan.diagnostics.filter(({ severity }) => severity === 'error');
    expect(`${findingsOf(plan).join('\n')} ${found?.help?.join()}`).toContain(message);
    expect(plan.diagnostics.filter(({ code }) => code === 'TM218')).toHaveLength(expected.includes('sqll') ? 1 : 0);
  });
});
