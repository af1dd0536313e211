import type { Node } from '../yaml/node.ts';
import { type PlainCursor, refuse } from './plain-cursor.ts';
import { PlainEntries } from './plain-entries.ts';
import { takeKey, takeScalar } from './plain-scalars.ts';

const MAX_DEPTH = 40;
const SPACE = /[ \n]*/y;

/** Where a collection between brackets stands. */
interface FlowPlace {
  /** The column of the block collection around it, which its lines are indented more than. */
  readonly parentColumn: number;
  readonly depth: number;
}

/** A list or map between brackets. */
export function takeFlow(cursor: PlainCursor, place: FlowPlace): Node {
  const start = cursor.at;
  // `{{` without quotes is reported by the full reader.
  if (place.depth > MAX_DEPTH || cursor.text.startsWith('{{', start)) refuse();
  const isSeq = cursor.text[start] === '[';
  if (isSeq) {
    const items: Node[] = [];
    takeParts(cursor, { ...place, close: ']' }, () => items.push(takeValue(cursor, place)));
    return { kind: 'seq', items, span: cursor.spanFrom(start), isRaw: false };
  }
  const entries = new PlainEntries();
  takeParts(cursor, { ...place, close: '}' }, () => {
    const key = takeKey(cursor, true) ?? refuse();
    cursor.at++;
    takeSpace(cursor, place);
    entries.add(key, takeValue(cursor, place));
  });
  return { kind: 'map', entries: entries.list, span: cursor.spanFrom(start), isRaw: false };
}

function takeParts(cursor: PlainCursor, place: FlowPlace & { readonly close: string }, takePart: () => void): void {
  cursor.at++;
  takeSpace(cursor, place);
  while (cursor.text[cursor.at] !== place.close) {
    takePart();
    takeSpace(cursor, place);
    if (cursor.text[cursor.at] === ',') {
      cursor.at++;
      takeSpace(cursor, place);
    } else if (cursor.text[cursor.at] !== place.close) refuse();
  }
  cursor.at++;
}

function takeValue(cursor: PlainCursor, { parentColumn, depth }: FlowPlace): Node {
  const first = cursor.text[cursor.at];
  if (first === '[' || first === '{') return takeFlow(cursor, { parentColumn, depth: depth + 1 });
  return takeScalar(cursor, true);
}

function takeSpace(cursor: PlainCursor, { parentColumn, depth }: FlowPlace): void {
  const start = cursor.at;
  cursor.skip(SPACE);
  // Looked for in these blanks alone: a file may be one line.
  const newLine = cursor.text.slice(start, cursor.at).lastIndexOf('\n');
  if (newLine === -1) return;
  const lineStart = start + newLine + 1;
  const column = cursor.at - lineStart;
  const isLastBracket = depth === 0 && column === parentColumn && /[\]}]/.test(cursor.text[cursor.at] ?? '');
  if (column <= parentColumn && !isLastBracket) refuse();
}
