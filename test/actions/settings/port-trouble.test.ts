import { expect, it } from 'vitest';
import { describePortTrouble } from '../../../src/actions/settings/port-trouble.ts';

it.each([
  ['EACCES', 'listening on the port 80 is not permitted: ports below 1024 are for root', ['choose another']],
  ['EMFILE', 'no port can be listened on: too many files are open', ['raise the limit: `ulimit -n`']],
  ['ENFILE', 'no port can be listened on: too many files are open', ['raise the limit: `ulimit -n`']],
  ['EADDRINUSE', 'the port 80 is in use', ['choose another']],
])('%s is told from others', (code, message, hints) => {
  const error = Object.assign(new Error('listen'), { code });
  const { problem } = describePortTrouble(error, 80, 'choose another') ?? {};
  expect(problem).toMatchObject({ kind: 'connection', code, hints });
  expect(problem?.message).toContain(message);
});

it('leaves other errors as they are', () => {
  expect(describePortTrouble(new Error('else'), 80, 'choose another')).toBe(undefined);
});
