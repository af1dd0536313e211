import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { renderDiagnostic } from '../../../src/source/render/render-diagnostic.ts';
import { measureColumns } from '../../../src/util/cells.ts';

function draw(
  text: string,
  pointed: string,
  more: Partial<Diagnostic> & { columns?: number; hide?: (text: string) => string } = {},
): string {
  const file = createSourceFile('flow.yaml', '/flow.yaml', text);
  const start = text.indexOf(pointed);
  const span = { file, start, end: start + pointed.length };
  const { columns, hide, ...rest } = more;
  const diagnostic = { severity: 'error', code: 'TM104', message: 'wrong', span, ...rest } as const;
  return renderDiagnostic(diagnostic, { color: false, columns, hide });
}

describe('renderDiagnostic', () => {
  it.each(['near the start', 'in the middle', 'at the end'])('fits a narrow terminal, %s of a long line', (where) => {
    const words = Array.from({ length: 30 }, (_, index) => `word${index}`);
    const pointed = words[{ 'near the start': 1, 'in the middle': 15, 'at the end': 29 }[where] ?? 0] ?? '';
    const lines = draw(`above: ${words.join('-')}\nkey: ${words.join(' ')}\n`, pointed, { columns: 60 })
      .split('\n')
      .slice(2, -1);
    expect(Math.max(...lines.map(measureColumns))).toBeLessThanOrEqual(60);
    const [carets = '', marked = ''] = lines.toReversed();
    expect(marked).toContain('…');
    expect(marked.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe(pointed);
  });

  it('points at the same under a masked line, and says where it is in the file', () => {
    const drawn = draw('data: hunter2-Secr8t, use: bogus\n', 'bogus', {
      hide: (text) => text.replaceAll('hunter2-Secr8t', '***'),
    });
    expect(drawn.split('\n').slice(1, 4)).toEqual([
      '  flow.yaml:1:28',
      '    1 | data: ***, use: bogus',
      '      |                 ^^^^^',
    ]);
  });

  it('draws code, message, place, lines, carets and help', () => {
    const text = `${'\n'.repeat(10)}      params:\n        - "{{user_idd}}"\n`;
    const more = { message: 'unknown name `user_idd`', help: ['did you mean `user_id`?'] };
    expect(draw(text, 'user_idd', more)).toBe(
      [
        'error[TM104] unknown name `user_idd`',
        '  flow.yaml:12:14',
        '   11 |       params:',
        '   12 |         - "{{user_idd}}"',
        '      |              ^^^^^^^^',
        '   = did you mean `user_id`?',
        '',
      ].join('\n'),
    );
  });

  it('lets no name steer the terminal, begin a line, or give CI a command', () => {
    const evil = 'log\n::error file=a::b\r\n  ::add-mask::c\u001b[2J\u202e ##[group]';
    const shown = draw('a: bad\n', 'bad', { message: evil, help: [evil, '::debug::x'] });
    expect(shown.split('\n')).toHaveLength(7);
    expect(shown).not.toMatch(/(?!\n)[\p{Cc}\u202e]|^\s*::|##\[/mu);
    expect(shown).toContain('log\\n::error file=a::b\\r\\n  ::add-mask::c\\u001b[2J\\u202e \\x23#[group]');
    const ofFile = renderDiagnostic(
      { severity: 'error', code: 'TM001', message: 'm', path: '::error::x\ny.yaml' },
      { color: false },
    );
    expect(ofFile.split('\n')[1]).toBe('  \\x3a:error::x\\ny.yaml');
  });

  it.each([
    ['the first line', 'a: bad\n', 'bad', ['    1 | a: bad', '      |    ^^^']],
    ['the end of the file', 'a: x', '', ['    1 | a: x', '      | ^']],
    ['CRLF', 'a: 1\r\nb: bad\r\n', 'bad', ['    1 | a: 1', '    2 | b: bad', '      |    ^^^']],
    ['tabs', 'a:\tx\tbad\n', 'bad', ['    1 | a:  x   bad', '      |         ^^^']],
    ['wide characters', 'k: 日本 bad\n', 'bad', ['    1 | k: 日本 bad', '      |         ^^^']],
    ['a wide place', 'k: 日本 x\n', '日本', ['    1 | k: 日本 x', '      |    ^^^^']],
    ['accents', 'k: e\u0301e\u0301 bad\n', 'bad', ['    1 | k: e\u0301e\u0301 bad', '      |       ^^^']],
    ['joined emoji', 'k: 👩‍👩‍👧 bad\n', 'bad', ['    1 | k: 👩‍👩‍👧 bad', '      |       ^^^']],
    [
      'characters that steer a terminal',
      'k: \u001b[31m\u202e bad\n',
      'bad',
      ['    1 | k: \ufffd[31m\ufffd bad', '      |           ^^^'],
    ],
    [
      'several lines',
      'k: "a\n  b\n  c"\nx: 1\n',
      '"a\n  b\n  c"',
      ['    1 | k: "a', '      |    ^^', '    2 |   b', '    3 |   c"'],
    ],
    [
      'many lines',
      `k: |\n${'  x\n'.repeat(9)}`,
      `|\n${'  x\n'.repeat(8)}  x`,
      ['    1 | k: |', '      |    ^', ...[2, 3, 4, 5].map((line) => `    ${line} |   x`), '      | …'],
    ],
  ])('draws %s', (_name, text, pointed, lines) => {
    expect(draw(text, pointed).split('\n').slice(2, -1)).toEqual(lines);
  });

  it.each([0, 30, 90, 150, 350])('cuts a long line around a place at column %i', (before) => {
    const text = `${'a'.repeat(before)}BAD${'z'.repeat(390 - before)}\n`;
    const [, , line = '', carets = ''] = draw(text, 'BAD').split('\n');
    expect(measureColumns(line)).toBeLessThanOrEqual(120);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('BAD');
    expect(line.includes('| …')).toBe(before > 100);
    expect(line.endsWith('…')).toBe(before < 350);
  });

  it('finds the place in a line of any length', () => {
    const [, , line = '', carets = ''] = draw(`${'a'.repeat(5000)}BAD${'z'.repeat(5000)}\n`, 'BAD').split('\n');
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('BAD');
  });

  it('draws a finding without a place', () => {
    const diagnostic: Diagnostic = { severity: 'warning', code: 'TM001', message: 'gone', path: 'x.yaml' };
    expect(renderDiagnostic(diagnostic, { color: false })).toBe('warning[TM001] gone\n  x.yaml\n');
  });

  it('colours only when asked', () => {
    const diagnostic: Diagnostic = { severity: 'error', code: 'TM001', message: 'gone', path: 'x.yaml' };
    expect(renderDiagnostic(diagnostic, { color: true })).toContain('\u001b[31m');
    expect(renderDiagnostic(diagnostic, { color: false })).not.toContain('\u001b');
  });
});
