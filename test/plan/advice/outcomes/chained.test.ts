import { describe, expect, it } from 'vitest';
import { planText } from '../../../support/plan-text.ts';

function find(assertion: string): readonly string[] {
  const step = `{ action: http_request, config: { url: "http://h/" }, assert: [${JSON.stringify(assertion)}] }`;
  const { diagnostics } = planText(`name: x\nsteps:\n  - ${step}\n`);
  return diagnostics.map(({ code, message, help = [] }) => [code, message, ...help].join(' | '));
}

describe('a chain of comparisons', () => {
  it.each([
    ['status >= 200 < 300', '`200 < 300` always holds', 'write `200 <= status < 300`'],
    ['status < 300 >= 200', '`300 >= 200` always holds', 'write `300 > status >= 200`'],
    ['200 < 300 > status', '`200 < 300` always holds', 'write `200 < status < 300`'],
    ['status > 300 < 200', '`300 < 200` can never hold', 'write `300 < status < 200`'],
    ['body.n > 10 > 5', '`10 > 5` always holds', 'write each comparison by itself, joined by `and`'],
    ['100 < status < 300 < 400', '`300 < 400` always holds', 'write each comparison by itself, joined by `and`'],
  ])('whose values are both written out: %s', (assertion, message, help) => {
    expect(find(assertion)).toEqual([`TM208 | ${message}: a chain compares each value with the next one | ${help}`]);
  });

  it.each(['200 <= status < 300', '1 < body.a < body.b', 'len(body) >= 1 < body.n'])('is none in %s', (assertion) => {
    expect(find(assertion)).toEqual([]);
  });

  it('is written as it is suggested, which nothing is said of', () => {
    const written = /write `(.*)`/.exec(find('status >= 200 < 300')[0] ?? '')?.[1] ?? '';
    expect(find(written)).toEqual([]);
  });
});
