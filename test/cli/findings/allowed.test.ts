import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-allowed-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** A flow whose second step has the finding TM204; `before` stands above it, `behind` on its line. */
const flow = (before = '', behind = ''): string =>
  `name: A\nsteps:\n  - { action: log, config: { message: a } }\n${before}  - { action: http_request, config: { url: "http://127.0.0.1:9" } }${behind}\n`;

async function validate(text: string, project = 'mocks: {}\n', ...words: readonly string[]) {
  writeFileSync(join(cwd, 'flow.yaml'), text);
  writeFileSync(join(cwd, 'testmesh.yaml'), project);
  const { exitCode, errors } = await callCommand(['validate', 'flow.yaml', ...words], { cwd });
  const lines = errors.split('\n');
  const heads = lines.flatMap((line, at) =>
    /^(error|warning)\[/.test(line) ? [`${line} ${lines[at + 1]?.trim()}`] : [],
  );
  return { exitCode, heads, errors };
}

const FOUND = /^warning\[TM204\]/;

describe('a comment that allows a finding', () => {
  it.each<[string, string, string]>([
    ['on its line', '', ' # testmesh: allow TM204 – it only has to answer'],
    ['above it', '  # testmesh: allow TM204 - it only has to answer\n', ''],
    ['above other comments', '  # testmesh: allow TM204: it only has to answer\n\n  # more\n', ''],
    ['with other codes of the line', '', ' # testmesh: allow TM204, TM228 – it only has to answer'],
  ])('leaves it out %s', async (_title, before, behind) => {
    const { heads } = await validate(flow(before, behind));
    expect(heads.filter((head) => FOUND.test(head))).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      'without a reason',
      '',
      ' # testmesh: allow TM204',
      '`allow TM204` says no reason, so it allows nothing flow.yaml:4:69',
    ],
    ['without a code', '', ' # testmesh: allow – it only has to answer', '`allow` names no finding flow.yaml:4:69'],
    ['of another code', '', ' # testmesh: allow TM209 – no', 'there is no TM209 to allow here flow.yaml:4:69'],
    ['at another line', '', '\n# testmesh: allow TM204 – late', 'there is no TM204 to allow here flow.yaml:5:1'],
  ])('allows nothing %s', async (_title, before, behind, message) => {
    const { heads } = await validate(flow(before, behind));
    expect(heads).toEqual([expect.stringMatching(FOUND), `warning[TM228] ${message}`]);
  });

  it('allows no error', async () => {
    const { exitCode, heads } = await validate(
      flow('', ' # testmesh: allow TM105 – no').replace('http_request', 'htp'),
    );
    expect(exitCode).toBe(2);
    expect(heads.map((head) => head.slice(0, 60))).toEqual([
      expect.stringContaining('error[TM105]'),
      expect.stringContaining('warning[TM228] TM105 is an error here'),
    ]);
  });

  it('is none within a text', async () => {
    const { heads } = await validate(flow().replace('message: a', 'message: "# testmesh: allow TM204"'));
    expect(heads).toEqual([expect.stringMatching(FOUND)]);
  });
});

describe('findings of testmesh.yaml', () => {
  it.each<[string, string, readonly string[], number, readonly RegExp[]]>([
    ['off', 'findings: { TM204: off }', [], 0, []],
    ['an error', 'findings: { TM204: error }', [], 2, [/^error\[TM204\]/]],
    ['a warning, as it is', 'findings: { TM204: warning }', [], 0, [FOUND]],
    ['off, for --strict too', 'findings: { TM204: off }', ['--strict'], 0, []],
  ])('are %s', async (_title, project, words, exitCode, heads) => {
    const found = await validate(flow(), project, ...words);
    expect([found.exitCode, found.heads]).toEqual([exitCode, heads.map((head) => expect.stringMatching(head))]);
  });

  it('leave errors, and say so', async () => {
    const { exitCode, errors } = await validate(flow().replace('http_request', 'htp'), 'findings: { TM105: off }');
    expect(exitCode).toBe(2);
    expect(errors).toContain('`findings: {TM105: off}` of testmesh.yaml is for its warnings: an error stays one');
  });

  it('are refused where they are none', async () => {
    for (const [project, message] of [
      ['findings: { TM999: off }', '`findings`: there is no finding `TM999`'],
      ['findings: { TM204: of }', '`TM204`: expected `off`, `warning` or `error`, got string "of"'],
      ['findings: [TM204]', '`findings`: expected a map, got a list'],
    ] as const) {
      const { exitCode, errors } = await validate(flow(), project);
      expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it('hold for runs and loads', async () => {
    await validate(flow(), 'findings: { TM204: error }');
    for (const command of [['run'], ['load', '--once']]) {
      const { exitCode, errors } = await callCommand([command[0] ?? '', 'flow.yaml', ...command.slice(1)], { cwd });
      expect([exitCode, errors]).toEqual([2, expect.stringContaining('error[TM204]')]);
    }
  });
});
