import { decodeToken, type ScalarToken } from '../scalars/scalar-text.ts';
import type { ScalarNode } from '../yaml/node.ts';
import { type PlainCursor, refuse } from './plain-cursor.ts';
import { makeDecoded } from './plain-scalars.ts';

const HEADER = /([|>]-?)( *\n)/y;
const FIRST_INDENT = /\n*( *)(?=[^ \n])/y;
const BLANK = / *(?:\n|$)/y;

/** A literal or folded text on the lines below its header, which are indented more than the collection that it stands in. */
export function takeBlock(cursor: PlainCursor, parentColumn: number): ScalarNode {
  const offset = cursor.at;
  const [, header = '', rest = ''] = cursor.take(HEADER) ?? refuse();
  const start = cursor.at;
  const margin = cursor.take(FIRST_INDENT)?.[1]?.length ?? 0;
  if (margin <= parentColumn) refuse();
  const { lines, blanks } = findPatterns(margin);
  cursor.at = start;
  if (!cursor.skip(lines)) refuse();
  const source = cursor.text.slice(start, cursor.at);
  cursor.skip(blanks);
  // A blank line that is indented more than the text belongs to it.
  if (cursor.at < cursor.text.length && cursor.skip(BLANK)) refuse();
  cursor.startLine();
  const props = [{ source: header }, { source: rest }];
  const token: ScalarToken = { type: 'block-scalar', offset, source, indent: parentColumn, props };
  return makeDecoded(cursor, token, {
    text: decodeLines(header, source, margin) ?? decodeToken(token).text,
    style: header.startsWith('>') ? 'folded' : 'literal',
    span: { file: cursor.file, start: offset, end: start + source.trimEnd().length },
  });
}

/** The text, when its margin is all that has to go, and no line that is folded is blank or indented further; else undefined. */
function decodeLines(header: string, source: string, margin: number): string | undefined {
  if (!source.endsWith('\n')) return undefined;
  const text = `\n${source}`.replaceAll(`\n${' '.repeat(margin)}`, '\n').slice(1, -1);
  const end = header.endsWith('-') ? '' : '\n';
  if (header.startsWith('|')) return /^ +$/m.test(text) ? undefined : text + end;
  return /^(?: |$)/m.test(text) ? undefined : text.replaceAll('\n', ' ') + end;
}

interface BlockPatterns {
  /** The lines of the text, without blank ones behind them. */
  readonly lines: RegExp;
  /** Blank lines that do not belong to it. */
  readonly blanks: RegExp;
}

const known = new Map<number, BlockPatterns>();

function findPatterns(margin: number): BlockPatterns {
  const found = known.get(margin);
  if (found) return found;
  const made = {
    lines: new RegExp(`(?:(?: *\\n)* {${margin}} *[^ \\n][^\\n]*(?:\\n|$))+`, 'y'),
    blanks: new RegExp(`(?: {0,${margin}}\\n)*`, 'y'),
  };
  known.set(margin, made);
  return made;
}
