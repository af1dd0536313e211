import { describe, expect, it } from 'vitest';
import { lookAgain } from '../../../src/actions/changes/look-again.ts';

/** What a database says, which fails so often before it gives an answer. */
async function look(code: string, failures: number): Promise<string> {
  const seen: boolean[] = [];
  await lookAgain(async (isAgain) => {
    seen.push(isAgain);
    if (seen.length <= failures) throw Object.assign(new Error('it fails'), { code });
  });
  return seen.map((isAgain) => (isAgain ? 'again' : 'first')).join(' ');
}

describe('a look at tables', () => {
  it.each([
    ['is one where nothing went away', '42P01', 0, 'first'],
    ['is begun anew where a table of Postgres went away', '42P01', 2, 'first again again'],
    ['is begun anew where a table of MySQL went away', 'ER_NO_SUCH_TABLE', 1, 'first again'],
    ['is begun anew where a table of MySQL was changed', 'ER_TABLE_DEF_CHANGED', 1, 'first again'],
  ])('%s', async (_title, code, failures, expected) => {
    expect(await look(code, failures)).toBe(expected);
  });

  it.each([
    ['tables go away all the time', '42P01', 5],
    ['something else is wrong', '42501', 1],
  ])('fails where %s', async (_title, code, failures) => {
    await expect(look(code, failures)).rejects.toThrow('it fails');
  });
});
