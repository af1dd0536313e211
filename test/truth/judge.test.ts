import { describe, expect, test } from 'vitest';
import { judgeDefect, judgeHealthy } from './judge.ts';
import type { ExampleRun } from './run-example.ts';

const claim = { flow: 'x.yaml', step: 'place_order', cause: ['body.total', 'int 60'] };

function makeRun(change: Partial<ExampleRun> = {}): ExampleRun {
  const firstBad = { id: 'place_order', outcome: 'failed', problems: [] } as const;
  return { code: 1, output: 'body.total  int 60', firstBad, contradictions: [], ms: 1, ...change };
}

describe('judgeDefect', () => {
  test('is content with a failure of the step that claims it, whose report names the cause', () => {
    expect(judgeDefect(claim, makeRun()).isTrue).toBe(true);
  });

  test.each([
    ['a green run', { code: 0, firstBad: undefined }, 'UNCAUGHT'],
    ['a run that does not end', { code: null }, 'HANGS'],
    ['a run that never began', { code: 2, firstBad: undefined }, 'NO STEP FAILED'],
    ['another step', { firstBad: { id: 'create_user', outcome: 'failed', problems: [] } }, 'ELSEWHERE: create_user'],
    ['an error', { code: 3, firstBad: { id: 'place_order', outcome: 'errored', problems: [] } }, 'NOT A FAILURE'],
    ['a report without the cause', { output: 'body.total' }, 'CAUSE NOT NAMED: int 60'],
  ] as const)('is not content with %s', (_what, change, text) => {
    const verdict = judgeDefect(claim, makeRun(change));
    expect(verdict.isTrue).toBe(false);
    expect(verdict.text).toContain(text);
  });
});

describe('judgeHealthy', () => {
  test('is content with green alone', () => {
    expect(judgeHealthy(makeRun({ code: 0, firstBad: undefined })).isTrue).toBe(true);
    expect(judgeHealthy(makeRun()).text).toBe('RED, exit code 1 at place_order: failed');
    expect(judgeHealthy(makeRun({ code: 3, firstBad: undefined })).isTrue).toBe(false);
  });
});
