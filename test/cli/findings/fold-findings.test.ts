import { describe, expect, it } from 'vitest';
import { foldFindings } from '../../../src/cli/findings/fold-findings.ts';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';

const file = createSourceFile('flow.yaml', '/flow.yaml', 'x\n'.repeat(40));

/** A finding at the beginning of a line. */
function at(line: number, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = (line - 1) * 2;
  return {
    severity: 'warning',
    code: 'TM213',
    message: 'it is never read',
    span: { file, start, end: start + 1 },
    ...more,
  };
}

describe('findings that say the same', () => {
  it('are told one by one while they are few', () => {
    const few = [1, 2, 3, 4, 5].map((line) => at(line));
    expect(foldFindings(few)).toEqual(few);
  });

  it('are folded when they are many, and the places of the rest stay known', () => {
    const other = at(40, { message: 'another' });
    const many = Array.from({ length: 30 }, (_, index) => at(index + 1, { help: ['read it'] }));
    const folded = foldFindings([...many.slice(0, 10), other, ...many.slice(10)]);
    expect(folded).toEqual([
      many[0],
      many[1],
      {
        ...many[2],
        help: [
          'read it',
          'the same in 27 more places: flow.yaml:4, flow.yaml:5, flow.yaml:6, flow.yaml:7, flow.yaml:8 and 22 more',
        ],
      },
      other,
    ]);
  });

  it('are others when their words, code or severity differ', () => {
    const six = [1, 2, 3, 4, 5, 6].map((line) => at(line, { message: `line ${line}` }));
    const mixed = [1, 2, 3].flatMap((line) => [at(line), at(line, { severity: 'error' }), at(line, { code: 'TM214' })]);
    expect(foldFindings(six)).toEqual(six);
    expect(foldFindings(mixed)).toEqual(mixed);
  });

  it('are others when they are errors with another way out', () => {
    const six = [1, 2, 3, 4, 5, 6].map((line) => at(line, { severity: 'error', help: [`write ${line}`] }));
    expect(foldFindings(six)).toEqual(six);
    expect(foldFindings(six.map((one) => ({ ...one, severity: 'warning' as const })))).toHaveLength(3);
  });

  it('may be about a file as a whole', () => {
    const wholes = Array.from({ length: 7 }, (_, index) => at(1, { span: undefined, path: `f${index}.yaml` }));
    expect(foldFindings(wholes).at(-1)?.help).toEqual([
      'the same in 4 more places: f3.yaml, f4.yaml, f5.yaml, f6.yaml',
    ]);
  });
});
