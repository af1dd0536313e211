import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { readCsv } from '../../../src/plan/read/read-csv.ts';
import { measureCpuMs } from '../../support/cpu-time.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';
import { repeats } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of rows of data', 1, 0) > 0);

/** Plans a flow over data; gives its rows and what is wrong. */
function plan(data: string, files: Record<string, string> = {}, message = 'hi') {
  const text = `name: x\ndata: ${data}\nsteps: [ { action: log, config: { message: "${message}" } } ]\n`;
  const planned = planText(text, { files });
  const rows = planned.flows[0]?.rows?.map(({ number, values, label }) => [number, Object.fromEntries(values), label]);
  return { rows, findings: findingsOf(planned) };
}

describe('data rows', () => {
  it.each<[string, string, Record<string, string>, unknown[]]>([
    [
      'a list, with its types',
      '[ { sku: A1, n: 2 }, { sku: "02", n: null } ]',
      {},
      [
        [1, { sku: 'A1', n: 2 }, 'sku=A1, n=2'],
        [2, { sku: '02', n: null }, 'sku=02, n=nil'],
      ],
    ],
    [
      'columns that are called secrets, which a label does not show',
      '[ { sku: A1, password: zq7-Kw2mTp, API_TOKEN: q8Zk, token_url: u, passwd: 4711 } ]',
      {},
      [
        [
          1,
          { sku: 'A1', password: 'zq7-Kw2mTp', API_TOKEN: 'q8Zk', token_url: 'u', passwd: 4711 },
          'sku=A1, password=***, API_TOKEN=***, token_url=u, passwd=***',
        ],
      ],
    ],
    [
      'CSV, all of it text',
      'rows.csv',
      { 'rows.csv': 'sku,n\nA1,2\n\n"B, ""2""\nx",03\n' },
      [
        [1, { sku: 'A1', n: '2' }, 'sku=A1, n=2'],
        [2, { sku: 'B, "2"\nx', n: '03' }, 'sku=B, "2" x, n=03'],
      ],
    ],
    [
      'CSV with a mark, Windows line ends and blanks in its head',
      'rows.csv',
      { 'rows.csv': '\uFEFFsku, n\r\nA1,2\r\n' },
      [[1, { sku: 'A1', n: '2' }, 'sku=A1, n=2']],
    ],
    [
      'CSV with semicolons, as spreadsheets write it where a comma is decimal',
      'rows.csv',
      { 'rows.csv': 'sku;n\n"A;1";1,5\n' },
      [[1, { sku: 'A;1', n: '1,5' }, 'sku=A;1, n=1,5']],
    ],
    [
      'CSV that says what it has between its cells',
      'rows.csv',
      { 'rows.csv': 'sep=;\r\nsku;n\r\n"A;1";1,5\r\n' },
      [[1, { sku: 'A;1', n: '1,5' }, 'sku=A;1, n=1,5']],
    ],
    [
      'CSV with tabs',
      'rows.csv',
      { 'rows.csv': 'sku\tn\nA;1\t1,5\n' },
      [[1, { sku: 'A;1', n: '1,5' }, 'sku=A;1, n=1,5']],
    ],
    [
      'JSON',
      'rows.json',
      { 'rows.json': '[\n\t{"sku": "A1", "n": 9007199254740993, "tags": ["a"]}\n]' },
      [[1, expect.objectContaining({ sku: 'A1', tags: ['a'] }), 'sku=A1, n=9007199254740993, tags=array']],
    ],
    [
      'YAML',
      'sub/rows.yml',
      { 'sub/rows.yml': '- { sku: A1 }\n- sku: "{{x"\n' },
      [
        [1, { sku: 'A1' }, 'sku=A1'],
        [2, { sku: '{{x' }, 'sku={{x'],
      ],
    ],
    [
      'cells whose placeholders are escaped, or raw, or are none',
      `[ { sku: '\\{{x}}-\\\${y}', b: !raw '{{x}}', c: ['\\<<z>>'], d: '{{1,2},{3}}' } ]`,
      {},
      [[1, { sku: '{{x}}-${y}', b: '{{x}}', c: ['<<z>>'], d: '{{1,2},{3}}' }, expect.any(String)]],
    ],
  ])('are read from %s', (_title, data, files, rows) => {
    const planned = plan(data, files, '{{sku}}');
    expect(planned.findings).toEqual([]);
    expect(planned.rows).toEqual(rows);
  });

  it.each<[string, string, Record<string, string>, string[]]>([
    ['no file', 'rows.csv', {}, ['TM115 2:7 the file `rows.csv` does not exist']],
    [
      'another kind of file',
      'rows.txt',
      {},
      ['TM103 2:7 `data`: expected a .csv, .json or .yaml file or a list, got string "rows.txt"'],
    ],
    ['a map', '{ sku: A1 }', {}, ['TM122 2:7 expected a list of rows, got a map']],
    ['an empty list', '[]', {}, ['TM122 2:7 `data` has no rows: nothing would run']],
    ['an empty file', 'rows.csv', { 'rows.csv': '' }, ['TM122 2:7 `data` has no rows: nothing would run']],
    ['a head alone', 'rows.csv', { 'rows.csv': 'sku,n\n' }, ['TM122 2:7 `data` has no rows: nothing would run']],
    ['a row that is not a map', '[ 1 ]', {}, ['TM122 2:9 expected a row (a map), got int 1']],
    [
      'rows that differ',
      '[ { sku: A1 }, { name: x } ]',
      {},
      ['TM122 2:22 the row has no `sku`, which the first row has'],
    ],
    [
      'a row with more',
      '[ { sku: A1 }, { sku: x, n: 1 } ]',
      {},
      ['TM122 2:22 the row has `n`, which the first row does not have'],
    ],
    [
      'a ragged row',
      'rows.csv',
      { 'rows.csv': 'sku,n\nA1,2\n\nB2\n' },
      ['TM122 rows.csv:4:1 the row has 1 cell, but the header has 2 columns'],
    ],
    [
      'a quote that stays open',
      'rows.csv',
      { 'rows.csv': 'sku,n\nA1,2\n"B2,3\n' },
      ['TM122 rows.csv:3:1 the quote that opens here is not closed in its cell'],
    ],
    [
      'a quote that stays open over many rows',
      'rows.csv',
      { 'rows.csv': `sku,n\nA1,"2\n${'B2,3\n'.repeat(50)}` },
      ['TM122 rows.csv:2:4 the quote that opens here is not closed in its cell'],
    ],
    [
      'a quote that stays open before others',
      'rows.csv',
      { 'rows.csv': 'sku,n\n"A ""1"" x,2\nB2,"3"\n' },
      ['TM122 rows.csv:2:1 the quote that opens here is not closed in its cell'],
    ],
    [
      'JSON that lacks a comma',
      'rows.json',
      { 'rows.json': '[\n\t{"sku": "A1"}\n\t{"sku": "B2"}\n]\n' },
      ['TM004 rows.json:3:2 this is not JSON: expected `,` or `]`, got `{`'],
    ],
    [
      'JSON that is cut off',
      'rows.json',
      { 'rows.json': '[{"sku": "A1"}, {"sku": "B' },
      [
        'TM004 rows.json:1:25 this is not JSON: expected a value, got a text that is not closed or has a character that is not allowed',
      ],
    ],
    [
      'a quote inside',
      'rows.csv',
      { 'rows.csv': 'sku,n\nA"1,2\n' },
      [
        'TM122 rows.csv:2:1 a quote is inside a cell that does not begin with one: quote the cell and double the quote inside it',
      ],
    ],
    [
      'two columns of one name',
      'rows.csv',
      { 'rows.csv': 'a,a\n1,2\n' },
      ['TM122 rows.csv:1:1 two columns are called `a`'],
    ],
    [
      'a column that cannot be a name',
      'rows.csv',
      { 'rows.csv': 'my sku\n1\n' },
      ["TM108 rows.csv:1:1 `my sku` cannot be a variable's name"],
    ],
    [
      'JSON that does not parse',
      'rows.json',
      { 'rows.json': '[ { "a": 1 ' },
      [expect.stringMatching(/^TM0\d\d rows.json:1:/)],
    ],
  ])('%s is told', (_title, data, files, findings) => {
    expect(plan(data, files).findings).toEqual(findings);
  });

  const TAKEN = 'which nothing fills in: a cell is taken as it stands';
  it.each<[string, string, Record<string, string>, string[], unknown]>([
    [
      'a list',
      '[ { mail: "a", n: 1 }, { mail: "g-{{UUID}}@x", n: "{{N}}" } ]',
      {},
      [`TM223 2:30 row 2: \`mail\` holds \`{{UUID}}\`, ${TAKEN}`, `TM223 2:30 row 2: \`n\` holds \`{{N}}\`, ${TAKEN}`],
      'g-{{UUID}}@x',
    ],
    [
      'CSV, once for a column',
      'rows.csv',
      { 'rows.csv': 'mail,n\na,1\n${MAIL},2\n<<mail>>,3\n{{x}},4\n' },
      [`TM223 rows.csv:3:1 row 2: \`mail\` holds \`\${MAIL}\`, ${TAKEN}, as in 2 more rows`],
      '${MAIL}',
    ],
    [
      'JSON, at any depth',
      'rows.json',
      { 'rows.json': '[{"mail": 1}, {"mail": [{"a": "\\\\{{b}} {{c}}"}]}]' },
      [`TM223 rows.json:1:15 row 2: \`mail\` holds \`{{c}}\`, ${TAKEN}`],
      [{ a: '\\{{b}} {{c}}' }],
    ],
    [
      'what may be secret',
      'rows.csv',
      { 'rows.csv': 'mail,api_token\na,${hunter2}\n' },
      [
        'TM223 rows.csv:2:1 row 1: `api_token` holds a placeholder, which nothing fills in: a cell is taken as it stands',
      ],
      undefined,
    ],
  ])(
    'of %s with a placeholder in a cell are taken as they stand, with a warning',
    (_title, data, files, findings, value) => {
      const { findings: found, rows } = plan(data, files);
      expect(found).toEqual(findings);
      if (value !== undefined) expect(rows?.[1]?.[1]).toMatchObject({ mail: value });
    },
  );

  it('are names: of the columns that there are', () => {
    expect(plan('[ { sku: A1 } ]', {}, '{{skuu}}').findings).toEqual(['TM104 3:47 unknown name `skuu`']);
  });
});

describe('a CSV file', () => {
  inFullRun('takes time by its length, not by its square', async () => {
    const file = createSourceFile('rows.csv', '/rows.csv', `n,name\n${'17,Grace Hopper\n'.repeat(60_000)}`);
    expect(await measureCpuMs(() => expect(readCsv(file)).toHaveLength(60_001))).toBeLessThan(3000);
  });

  const cell = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/^\s|\s$/.test(text) && text !== '');
  it('gives the cells that were written, at their places', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        const file = createSourceFile('rows.csv', '/rows.csv', `${lines.join('\n')}\n`);
        const read = readCsv(file);
        if ('message' in read) throw new Error(read.message);
        expect(read.map(({ cells }) => cells)).toEqual(rows);
        expect(read.map(({ span }) => file.text.slice(span.start, span.end))).toEqual(lines);
      }),
    );
  });
});
