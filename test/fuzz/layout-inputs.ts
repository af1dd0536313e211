import { readdirSync, readFileSync } from 'node:fs';
import type { Draws } from './draws.ts';

const FOLDERS = ['../flows/failing/', '../flows/invalid/', '../../examples/', '../../examples/files/'].map(
  (path) => new URL(path, import.meta.url),
);
const FLOWS: readonly string[] = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8')),
);
const MARKS: readonly string[] = [
  ...[
    ' ',
    '  ',
    '    ',
    '\n',
    '\n\n',
    '\n  ',
    '\n      ',
    '\n    \n',
    '\t',
    '\r\n',
    '\u00a0',
    '\u2028',
    '\ufeff',
    'é',
    '😀',
  ],
  ...[
    ':',
    ': ',
    ' #',
    '#',
    '# x\n',
    '-',
    '- ',
    '- - ',
    '-\n',
    '---\n',
    '...',
    '?',
    '? ',
    '&a',
    '*a',
    '!',
    '!raw ',
    '<<',
    '<<: *a\n',
  ],
  ...['"', "'", '""', "''", '\\', '\\n', '\\u00e9', '\\x41', '|', '|\n', '>-\n', '>\n', '|+\n', '|2\n', ': |\n   '],
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    ', ',
    '{{',
    '}}',
    '[a, b]',
    '{a: b, c: [1]}',
    'a: b',
    '"a": ',
    '"a":1',
    '=',
    '%',
    '@',
    '`',
  ],
  ...['a', '0', '.', '~', 'null', '007', '1e999', '.inf'],
];

/** A few lines of a flow, moved to the left, with signs put in, taken out or doubled: what tells one layout of YAML from another. */
export function makeLayout(draws: Draws): string {
  const lines = draws.pick(FLOWS).split('\n');
  const from = draws.below(lines.length);
  const part = lines.slice(from, from + 1 + draws.below(14));
  const margin = Math.min(...part.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  const moved = draws.chance(0.8) && Number.isFinite(margin) ? part.map((line) => line.slice(margin)) : part;
  let text = moved.join('\n') + (draws.chance(0.8) ? '\n' : '');
  for (let times = draws.below(4); times > 0; times--) text = changeOnce(text, draws);
  return text;
}

function changeOnce(text: string, draws: Draws): string {
  const at = draws.below(text.length + 1);
  const other = draws.below(text.length + 1);
  switch (draws.below(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + draws.below(4));
    case 1:
      return text.slice(0, at) + text.slice(other, other + 1 + draws.below(40)) + text.slice(at);
    default:
      return text.slice(0, at) + draws.pick(MARKS) + text.slice(at);
  }
}
