import type { SourceFile } from '../../model/source-file.ts';
import type { MapNode, Node, ScalarNode, SeqNode } from '../yaml/node.ts';
import { takeBlock } from './plain-blocks.ts';
import { orRefused, PlainCursor, refuse } from './plain-cursor.ts';
import { PlainEntries } from './plain-entries.ts';
import { takeFlow } from './plain-flow.ts';
import { makeNull, takeKey, takeScalar } from './plain-scalars.ts';

const MAX_DEPTH = 40;
/** Tabs, carriage returns and all else that nobody sees. */
const ODD = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]/;
const SPACES = / */y;
const DASH = /- +/y;

/** Where a collection stands. */
interface BlockPlace {
  readonly column: number;
  readonly depth: number;
}

/**
 * Reads a file that is laid out as nearly all flows are: one document of maps and lists by indentation, texts that end in their line,
 * brackets (a file of JSON is one pair of them), `|` and `>`. It gives what the full reader gives, for a tenth of the work; undefined for all that is not certain to be
 * plain: mistakes, tags, anchors, tabs, texts over several lines.
 */
export function readPlainLayout(file: SourceFile): Node | undefined {
  if (ODD.test(file.text)) return undefined;
  return orRefused(() => {
    const cursor = new PlainCursor(file);
    if (cursor.column === -1) refuse();
    const root = isBracket(cursor) ? takeInline(cursor, -1) : takeCollection(cursor, 0);
    return cursor.column === -1 ? root : refuse();
  });
}

function takeCollection(cursor: PlainCursor, depth: number): MapNode | SeqNode {
  if (depth > MAX_DEPTH) refuse();
  const place = { column: cursor.column, depth };
  return startsItem(cursor) ? takeSeq(cursor, place) : takeMap(cursor, place, takeKey(cursor, false) ?? refuse());
}

function takeSeq(cursor: PlainCursor, { column, depth }: BlockPlace): SeqNode {
  const start = cursor.at;
  const items: Node[] = [];
  let end = start;
  do {
    const dashAt = cursor.at;
    if (!cursor.skip(DASH)) refuse();
    const itemColumn = column + cursor.at - dashAt;
    const key = takeKey(cursor, false);
    const item = key ? takeMap(cursor, { column: itemColumn, depth: depth + 1 }, key) : takeInline(cursor, column);
    items.push(item);
    end = item.span.end;
    if (cursor.column > column) refuse();
  } while (cursor.column === column && startsItem(cursor));
  return { kind: 'seq', items, span: cursor.spanFrom(start, end), isRaw: false };
}

/** From behind the first key on. */
function takeMap(cursor: PlainCursor, place: BlockPlace, firstKey: ScalarNode): MapNode {
  const entries = new PlainEntries();
  let key = firstKey;
  let end: number;
  for (;;) {
    cursor.at++;
    const value = takeValue(cursor, place);
    entries.add(key, value);
    const isEmpty = value.span.start === value.span.end;
    end = isEmpty ? key.span.end : value.span.end;
    if (cursor.column > place.column) refuse();
    if (cursor.column < place.column) break;
    key = takeKey(cursor, false) ?? refuse();
  }
  return { kind: 'map', entries: entries.list, span: cursor.spanFrom(firstKey.span.start, end), isRaw: false };
}

function takeValue(cursor: PlainCursor, { column, depth }: BlockPlace): Node {
  const colonEnd = cursor.at;
  cursor.skip(SPACES);
  const valueAt = cursor.at;
  if (!isLineEnd(cursor)) return takeInline(cursor, column);
  cursor.at = colonEnd;
  if (!cursor.endLine()) refuse();
  const isBelow = cursor.column > column || (cursor.column === column && startsItem(cursor));
  return isBelow ? takeCollection(cursor, depth + 1) : makeNull(cursor, valueAt);
}

/** A value that begins in the line of its key or dash. */
function takeInline(cursor: PlainCursor, column: number): Node {
  const first = cursor.text[cursor.at];
  if (first === '|' || first === '>') return takeBlock(cursor, column);
  const node = isBracket(cursor) ? takeFlow(cursor, { parentColumn: column, depth: 0 }) : takeScalar(cursor, false);
  if (!cursor.endLine()) refuse();
  return node;
}

function startsItem({ text, at }: PlainCursor): boolean {
  return text[at] === '-' && text[at + 1] === ' ';
}

function isBracket({ text, at }: PlainCursor): boolean {
  return text[at] === '[' || text[at] === '{';
}

function isLineEnd({ text, at }: PlainCursor): boolean {
  const first = text[at];
  return first === undefined || first === '\n' || first === '#';
}
