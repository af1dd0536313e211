import { hideWritten } from '../util/hidden-fields.ts';
import type { Location } from './events.ts';
import type { Span } from './source-file.ts';
import { positionAt } from './source-file.ts';

const MAX_LINE_LENGTH = 400;

/** Turns a span into a location that carries its own lines, without passwords that are written out in them, unless its file hides them: those of the span (at most five) and `linesBefore` more. */
export function toLocation(span: Span, linesBefore = 1): Location {
  const { file } = span;
  const start = positionAt(file, span.start);
  const end = positionAt(file, span.end);
  const place = { file: file.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  if (file.hidesLines) return place;
  const first = Math.max(1, start.line - linesBefore);
  const last = Math.min(end.line, start.line + 4);
  const excerpt = [];
  const width = Math.max(MAX_LINE_LENGTH, start.column + MAX_LINE_LENGTH / 2);
  for (let line = first; line <= last; line++)
    excerpt.push({ line, text: cut(hideWritten(lineText(span, line)), width) });
  return { ...place, excerpt };
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function lineText(span: Span, line: number): string {
  const from = span.file.lineStarts[line - 1] ?? 0;
  const next = span.file.text.indexOf('\n', from);
  return span.file.text.slice(from, next === -1 ? undefined : next).replace(/\r$/, '');
}
