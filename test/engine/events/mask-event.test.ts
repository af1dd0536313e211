import { describe, expect, it } from 'vitest';
import { maskBrief, maskEvent } from '../../../src/engine/events/mask-event.ts';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import type { Value } from '../../../src/expr/index.ts';
import type { Problem, RunEvent, StepFinished } from '../../../src/model/events.ts';

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

it('hides the items of a list that are a secret together', () => {
  const secrets = createSecrets();
  secrets.add('k9~Ru!x_2q');
  const event = (value: Value) =>
    ({ type: 'flow_finished', at, output: { captures: { value } } }) as unknown as RunEvent;
  const mask = (value: Value): unknown =>
    (maskEvent(event(value), secrets) as unknown as { output: { captures: { value: unknown } } }).output.captures.value;
  expect(mask(['k9~R', 'u!x_2q'])).toEqual(['***', '***']);
  expect(mask([1, 'a', ...'k9~Ru!x_2q', 'b'])).toEqual([1, 'a', ...Array.from('k9~Ru!x_2q', () => '***'), 'b']);
  expect(mask(['k9~R', null, 'u!x_2q', 'k9~R'])).toEqual(['k9~R', null, 'u!x_2q', 'k9~R']);
});

it('gives the same event where there is nothing to hide', () => {
  const event: RunEvent = { type: 'run_noted', at, level: 'info', text: 'the password is wrong' };
  expect(maskEvent(event, createSecrets())).toBe(event);
});

describe('what is hidden by its place', () => {
  const body = { users: [{ name: 'ada', password: 'zq7-Kw2mTp' }], password: 'Mm5-Qq4tYy', role: 'admin' };
  const show = (text: string, value: Value, beside: Value = body): unknown => {
    const part = { offset: 0, length: 1, type: 'any' };
    const parts = [
      { ...part, text: 'body', value: beside },
      { ...part, text, value },
    ];
    return maskProblem({ parts })?.parts[1]?.value;
  };

  it.each<[string, Value, unknown]>([
    ['map(body.users, .password)', ['zq7-Kw2mTp'], ['***']],
    ['values(body)', [body.users, 'Mm5-Qq4tYy', 'admin'], [[{ name: 'ada', password: '***' }], '***', 'admin']],
    ['toPairs(body)', [['password', 'Mm5-Qq4tYy']], [['password', '***']]],
    ['groupBy(body.users, .password)', { 'zq7-Kw2mTp': [1] }, { '***': [1] }],
    ['join(map(body.users, .password), ",")', 'zq7-Kw2mTp,x', '***,x'],
    ['upper(body.password)', 'MM5-QQ4TYY', '***'],
    ['body.password[0:9]', 'Mm5-Qq4tY', '***'],
    ['toBase64(body.password)', Buffer.from('Mm5-Qq4tYy').toString('base64'), '***'],
  ])('is hidden where %s shows it', (text, value, wanted) => {
    expect(show(text, value)).toEqual(wanted);
  });

  it.each<[string, Value, Value, unknown]>([
    ['a short one where it is the whole', { password: 'test1' }, ['test1', 'a test1'], ['***', 'a test1']],
    ['a word where it is the whole', { password: 'password' }, ['password', 'a password'], ['***', 'a password']],
    ['a number where it is the whole', { password: 123456 }, [123456, 'order 123456'], ['***', 'order 123456']],
    ['not what a user is called', { user: 'tester-1', password: 'tester-1' }, ['tester-1'], ['tester-1']],
    ['not what is said of it', { password: 'is too short' }, 'ada is too short', 'ada is too short'],
    ['one in a text of JSON', '{"a":{"password":"a\\"b-Zq7w"}}', 'a"b-Zq7w', '***'],
    ['one in a form', 'user=ada&password=a%2Fb-Zq7w', 'a/b-Zq7w', '***'],
    ['a credential', { headers: { authorization: 'Bearer zq7-Kw2mTp' } }, ['zq7-Kw2mTp'], ['***']],
  ])('is hidden elsewhere: %s', (_title, beside, value, wanted) => {
    expect(show('x', value, beside)).toEqual(wanted);
  });

  it('is known by the path to it, too', () => {
    const part = { offset: 0, length: 1, type: 'string', value: 'zq7-Kw2mTp' };
    const shown = maskProblem({
      parts: [
        { ...part, text: 'body.password' },
        { ...part, text: 'p' },
      ],
    });
    expect(shown?.parts.map(({ value }) => value)).toEqual(['***', '***']);
  });
});

it('masks what a check shows though its list was seen before, when nothing was secret', () => {
  const checks = Object.freeze([{ text: 'body.code == "tok-12345678"', holds: true }]);
  const hidden = Object.freeze([{ text: 'body == "user=a&password=hunter2"', holds: true }]);
  const secrets = createSecrets();
  const show = (of: typeof checks): string => {
    const event = {
      type: 'step_finished',
      at,
      problems: [],
      evidence: { measures: { requests: [], values: [], checks: of } },
    };
    return JSON.stringify(maskBrief(event as unknown as StepFinished, secrets));
  };
  expect([show(checks), show(checks)]).toEqual([expect.stringContaining('tok-'), expect.stringContaining('tok-')]);
  expect([show(hidden), show(hidden)].join()).not.toContain('hunter2');
  secrets.add('tok-12345678');
  expect(show(checks)).not.toContain('tok-');
});
