import type { Problem } from '../../model/events.ts';
import type { ExplainedPart } from '../../model/explained.ts';
import { cutColumns, measureColumns } from '../../util/cells.ts';
import type { Paint } from '../../util/paint.ts';
import { takeShown } from '../../util/take-shown.ts';
import { renderDifferences } from './render-differences.ts';
import { renderExcerpt } from './render-excerpt.ts';
import { renderLoops } from './render-loops.ts';
import { renderPartValue } from './render-value.ts';

const MAX_PARTS = 12;
const MAX_HINTS = 6;
const MAX_PART_COLUMNS = 44;
const MAX_MESSAGE_LINES = 12;
const MAX_LINE_COLUMNS = 240;

/** Draws what went wrong in a run: message, place, the assertion with the values of its parts, differences, hints; a screenful at most; lines of a file in the given columns. */
export function renderProblem(problem: Problem, paint: Paint, columns?: number): string {
  const { location, explained, clues = [], hints = [] } = problem;
  const { parts = [], loops = [] } = explained ?? {};
  const notes = renderParts(parts, paint);
  const place = location ? [paint.cyan(`${location.file}:${location.line}:${location.column}`)] : [];
  const excerpt = location ? renderExcerpt(location, { paint, notes, columns }) : [];
  const lines = [
    ...renderMessage(problem, paint),
    ...place,
    ...excerpt,
    ...(excerpt.length === 0 ? notes.map((note) => `  ${note}`) : []),
    ...renderLoops(loops, paint).map((line) => `  ${line}`),
    ...renderDifferences(problem, paint),
    ...limit([...clues.map(({ text }) => text), ...hints], MAX_HINTS, 'hints').map(
      (hint) => `= ${cutColumns(hint, MAX_LINE_COLUMNS)}`,
    ),
  ];
  return lines.join('\n');
}

function renderMessage(problem: Problem, paint: Paint): readonly string[] {
  const color = problem.outcome === 'failed' ? paint.red : paint.yellow;
  const isInText = problem.code === undefined || problem.message.includes(problem.code);
  const code = isInText ? '' : ` ${paint.dim(`[${cutColumns(problem.code, 40)}]`)}`;
  const lines = problem.message.split(/\r?\n/).map((line) => cutColumns(line, MAX_LINE_COLUMNS));
  const [first = '', ...rest] = limit(lines, MAX_MESSAGE_LINES, 'lines');
  return [`${color(first)}${code}`, ...rest];
}

/** `body.total   float 60.98`, in columns. */
function renderParts(parts: readonly ExplainedPart[], paint: Paint): readonly string[] {
  const { shown, hidden } = takeShown(parts, MAX_PARTS);
  const texts = shown.map((part) => cutColumns(part.text, MAX_PART_COLUMNS));
  const width = Math.max(0, ...texts.map(measureColumns));
  const lines = texts.map((text, index) => {
    const part = parts[index];
    const gap = ' '.repeat(width - measureColumns(text) + 3);
    return `${text}${gap}${paint.cyan(part ? renderPartValue(part) : '')}`;
  });
  return hidden > 0 ? [...lines, `… and ${hidden} more`] : lines;
}

function limit(lines: readonly string[], max: number, what: string): readonly string[] {
  const { shown, hidden } = takeShown(lines, max);
  return hidden > 0 ? [...shown, `… and ${hidden} more ${what}`] : shown;
}
