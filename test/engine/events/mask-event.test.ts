import { expect, it } from 'vitest';
import { maskEvent } from '../../../src/engine/events/mask-event.ts';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import type { Problem, RunEvent } from '../../../src/model/events.ts';

const at = 0;

function maskProblem(explained: NonNullable<Problem['explained']>): Problem['explained'] {
  const problem: Problem = { outcome: 'failed', kind: 'assertion', message: 'x', explained };
  const masked = maskEvent({ type: 'run_finished', at, problems: [problem] } as unknown as RunEvent, createSecrets());
  return masked.type === 'run_finished' ? masked.problems?.[0]?.explained : undefined;
}

it('hides a password by the path to it, in parts, differences and maps', () => {
  const part = { offset: 0, length: 1, type: 'string' };
  const explained = maskProblem({
    parts: [
      { ...part, text: 'body.user.password', value: 'hunter2' },
      { ...part, text: 'headers["Authorization"]', value: 'Bearer c0ffee' },
      { ...part, text: 'body.name', value: 'ada' },
      { ...part, text: 'body', value: { password: 'hunter2', list: [{ newPassword: 'hunter2' }], age: 7 } },
    ],
    differences: [
      { path: 'body.password', expected: 'hunter1', actual: 'hunter2' },
      { path: 'body.name', expected: 'bob', actual: 'ada' },
    ],
  });
  expect(JSON.stringify(explained)).not.toMatch(/hunter|c0ffee/);
  expect(explained).toMatchObject({
    parts: [
      { value: '***' },
      { value: expect.stringMatching(/^Bearer \*\*\* \(6 characters, SHA-256 [0-9a-f]{8}\)$/) },
      { value: 'ada' },
      { value: { password: '***', list: [{ newPassword: '***' }], age: 7 } },
    ],
    differences: [
      { expected: '***', actual: '***' },
      { expected: 'bob', actual: 'ada' },
    ],
  });
});

it('gives the same event where there is nothing to hide', () => {
  const event: RunEvent = { type: 'run_noted', at, level: 'info', text: 'the password is wrong' };
  expect(maskEvent(event, createSecrets())).toBe(event);
});
