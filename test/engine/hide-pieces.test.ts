import { describe, expect, it } from 'vitest';
import { ActionError } from '../../src/model/action/outcome.ts';
import { fakeAction } from '../support/plan-builder.ts';
import { findStep, startRun } from '../support/run-plan.ts';

/** Complains as a server does that reads its query word by word. */
const query = fakeAction(() => {
  throw new ActionError(
    { kind: 'sql', code: '42601', message: 'syntax error at or near "cr8t"', hints: ['perhaps `cr8t` is a column'] },
    { details: [{ title: 'query', lines: ["1 | SELECT 'p4'cr8t"] }], data: { detail: 'near cr8t', position: 9 } },
  );
});
const SECRET = "p4'cr8t-x";

async function run(config: string, more: { expectsError?: boolean; assert?: string[] } = {}) {
  const { events, finish } = startRun({
    secrets: ['S'],
    env: { S: SECRET },
    steps: [{ id: 'a', action: query, config: { query: config }, ...more }],
  });
  await finish();
  return findStep(events, 'a');
}

describe('an error that quotes a piece of a secret', () => {
  it('does not show it, in its hints and lines neither', async () => {
    const step = await run("SELECT '{{S}}'");
    expect(step.outcome).toBe('errored');
    expect(step.problems).toMatchObject([
      { code: '42601', message: 'syntax error at or near "***"', hints: ['perhaps `***` is a column'] },
    ]);
    expect(step.details).toEqual([{ title: 'query', lines: ["1 | SELECT '***'***"] }]);
  });

  it('is not shown where it is expected', async () => {
    const step = await run("SELECT '{{S}}'", {
      expectsError: true,
      assert: ['error.detail == "" and error.message == ""'],
    });
    expect(step.outcome).toBe('failed');
    expect(JSON.stringify(step)).not.toContain('cr8t');
  });

  it('says all of a text without a secret', async () => {
    const step = await run('SELECT cr8t');
    expect(step.problems).toMatchObject([{ message: 'syntax error at or near "cr8t"' }]);
  });
});
