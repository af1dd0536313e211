import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { httpRequest } from '../../src/actions/http_request.ts';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import { ActionError } from '../../src/model/action/outcome.ts';
import type { Problem } from '../../src/model/events.ts';
import { fakeAction } from '../support/plan-builder.ts';
import { findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

/** An action that throws this problem, as an action does that cannot be carried out. */
const throwing = (problem: Omit<Problem, 'outcome'>) =>
  fakeAction(
    () => {
      throw new ActionError(problem);
    },
    { settings: { schema: z.strictObject({}) } },
  );

const act = throwing({ kind: 'sql', code: '23505', message: 'the value is taken: "users_email_key"' });
const refuse = throwing({ kind: 'connection', code: 'ECONNREFUSED', message: 'nothing listens there' });
const typo = throwing({ kind: 'sql', code: '42601', message: 'syntax error' });
const mistake = throwing({ kind: 'authoring', code: 'TM301', message: 'no address' });

async function run(step: string) {
  const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, ${step} }\n`, {
    actions: { act, refuse, typo, mistake },
  });
  await finish();
  const { outcome, problems, summary } = findStep(events, 'a');
  return { outcome, summary, problems: problems.map(({ kind, code, message }) => ({ kind, code, message })) };
}

describe('expect_error', () => {
  it.each([
    'expect_error: true',
    'expect_error: { kind: sql, code: "23505" }',
    'expect_error: { code: 23505 }',
    'expect_error: { message: users_email }',
    'expect_error: { kind: sql, code: "{{ 23505 }}" }, assert: [error.kind == "sql"]',
  ])('is met with %s', async (expected) => {
    expect(await run(`action: act, ${expected}`)).toMatchObject({ outcome: 'passed', summary: 'expected error 23505' });
  });

  it.each([
    [
      'another code',
      'typo',
      '{ kind: sql, code: "23505" }',
      'expected the error sql 23505, got sql 42601: syntax error',
    ],
    [
      'another message',
      'act',
      '{ message: users_name }',
      'expected an error with "users_name" in its message, got sql 23505: the value is taken: "users_email_key"',
    ],
    ['another kind', 'typo', '{ kind: redis }', 'expected the error redis, got sql 42601: syntax error'],
    [
      'an error of the connection that is another',
      'refuse',
      '{ kind: connection, code: ENOTFOUND }',
      'expected the error connection ENOTFOUND, got connection ECONNREFUSED: nothing listens there',
    ],
  ])('fails on %s', async (_, action, expected, message) => {
    expect(await run(`action: ${action}, expect_error: ${expected}`)).toEqual({
      outcome: 'failed',
      summary: expect.any(String),
      problems: [{ kind: 'expectation', code: undefined, message }],
    });
  });

  it.each(['{ kind: sql, code: "23505" }', '{ code: "23505" }'])(
    'is errored when nobody answers: %s',
    async (expected) => {
      expect(await run(`action: refuse, expect_error: ${expected}`)).toMatchObject({
        outcome: 'errored',
        problems: [{ kind: 'connection', code: 'ECONNREFUSED' }],
      });
    },
  );

  it.each([
    ['an action', 'action: mistake, expect_error: true'],
    ['an action, whatever is expected', 'action: mistake, expect_error: { code: TM301 }'],
    ['a placeholder', `action: log, config: { message: "{{int('x')}}" }, expect_error: true`],
    ['the step of a poll', 'action: poll, config: { step: { action: mistake }, until: "true" }, expect_error: true'],
    [
      'a step of a loop',
      `action: for_each, config: { items: [1], steps: [ { action: log, config: { message: "{{int('x')}}" } } ] }, expect_error: true`,
    ],
    ['a step of a branch', 'action: parallel, config: { steps: [ { action: mistake } ] }, expect_error: true'],
  ])('is not met by a refusal of ours: %s', async (_, step) => {
    expect(await run(step)).toMatchObject({ outcome: 'errored' });
  });

  it('says what to write where an answer that refuses was taken for an error', async () => {
    const answer = { ...httpRequest, run: async () => ({ result: { status: 404 }, summary: '404' }) };
    const { events, finish } = startText(
      `name: x\nsteps:\n  - { id: a, action: answer, config: { url: "http://x/" }, expect_error: true }\n`,
      {
        actions: { answer: answer as unknown as ActionDefinition },
      },
    );
    await finish();
    expect(findStep(events, 'a')).toMatchObject({
      outcome: 'failed',
      problems: [
        {
          message: 'expected an error, but `http_request` succeeded with 404',
          hints: ['a 404 is an answer, not an error: write `assert: [status == 404]` in place of `expect_error`'],
        },
      ],
    });
  });
});
