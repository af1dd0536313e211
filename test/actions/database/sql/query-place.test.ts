import { describe, expect, it } from 'vitest';
import { placeInFile } from '../../../../src/actions/database/sql/query-place.ts';
import { ActionError } from '../../../../src/model/action/outcome.ts';
import { toLocation } from '../../../../src/model/location.ts';
import { createSourceFile } from '../../../../src/model/source-file.ts';

/** Where an error at a place of the query is shown, the setting beginning where it is written in the file. */
function place(text: string, query: string, data: Record<string, number>) {
  const file = createSourceFile('f.yaml', '/f.yaml', text);
  const start = text.indexOf('query: ') + 7;
  const error = new ActionError({ kind: 'sql', code: '42703', message: 'no column' }, { data });
  return placeInFile(error, query, toLocation({ file, start, end: text.length - 1 })).problem.location;
}

describe('the place of an SQL error', () => {
  const lines = ['SELECT a,', '       b,', '       c', 'FROM t', 'WHERE a = 1', 'AND d = 2'];
  const query = `${lines.join('\n')}\n`;
  const block = `config:\n  query: |\n${lines.map((line) => `    ${line}\n`).join('')}`;

  it('is the line of the file, in a block', () => {
    expect(place(block, query, { query_line: 3, query_column: 8 })).toMatchObject({
      line: 5,
      column: 12,
      endColumn: 13,
      excerpt: [
        { line: 4, text: '           b,' },
        { line: 5, text: '           c' },
      ],
    });
  });

  it('is it far down a block, too, without the line', () => {
    const { line, column, excerpt } = place(block, query, { query_line: 6, query_column: 5 }) ?? {};
    expect({ line, column, excerpt }).toEqual({ line: 8, column: 9, excerpt: undefined });
  });

  it('is the column of a text in quotes', () => {
    const text = 'config:\n  query: "SELECT a FROM t"\n';
    expect(place(text, 'SELECT a FROM t', { query_line: 1, query_column: 8 })).toMatchObject({ line: 2, column: 18 });
  });

  it('is the setting where the lines of the file are others', () => {
    const text = 'config:\n  query: "SELECT {{x}}\\nFROM t"\n';
    const { line, column } = place(text, 'SELECT 1\nFROM t', { query_line: 2, query_column: 6 }) ?? {};
    expect({ line, column }).toEqual({ line: 2, column: 10 });
  });

  it('is left to the step where the server says none', () => {
    expect(place(block, query, {})).toBeUndefined();
  });
});
