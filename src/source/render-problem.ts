import type { Value } from '../expr/index.ts';
import { describeType, formatValue, isList } from '../expr/index.ts';
import type { ExplainedDifference, ExplainedPart, Problem } from '../model/events.ts';
import { cutColumns, measureColumns } from '../util/cells.ts';
import type { Paint } from '../util/paint.ts';
import { renderExcerpt } from './render-excerpt.ts';

const MAX_PARTS = 12;
const MAX_DIFFERENCES = 15;
const MAX_HINTS = 6;
const MAX_PART_COLUMNS = 44;
const MAX_VALUE_COLUMNS = 160;
const MAX_MESSAGE_LINES = 12;
const MAX_LINE_COLUMNS = 240;

/** Draws what went wrong in a run: message, place, the assertion with the values of its parts, differences, hints; a screenful at most. */
export function renderProblem(problem: Problem, paint: Paint): string {
  const { location, parts = [], differences = [], hints = [] } = problem;
  const notes = renderParts(parts, paint);
  const place = location ? [paint.cyan(`${location.file}:${location.line}:${location.column}`)] : [];
  const excerpt = location ? renderExcerpt(location, { paint, notes }) : [];
  const lines = [
    ...renderMessage(problem, paint),
    ...place,
    ...excerpt,
    ...(excerpt.length === 0 ? notes.map((note) => `  ${note}`) : []),
    ...renderDifferences(differences, paint),
    ...limit(hints, MAX_HINTS, 'hints').map((hint) => `= ${cutColumns(hint, MAX_LINE_COLUMNS)}`),
  ];
  return lines.join('\n');
}

function renderMessage(problem: Problem, paint: Paint): readonly string[] {
  const color = problem.outcome === 'failed' ? paint.red : paint.yellow;
  const code = problem.code === undefined ? '' : ` ${paint.dim(`[${cutColumns(problem.code, 40)}]`)}`;
  const lines = problem.message.split(/\r?\n/).map((line) => cutColumns(line, MAX_LINE_COLUMNS));
  const [first = '', ...rest] = limit(lines, MAX_MESSAGE_LINES, 'lines');
  return [`${color(first)}${code}`, ...rest];
}

/** `body.total   float 60.98`, in columns. */
function renderParts(parts: readonly ExplainedPart[], paint: Paint): readonly string[] {
  const texts = parts.slice(0, MAX_PARTS).map((part) => cutColumns(part.text, MAX_PART_COLUMNS));
  const width = Math.max(0, ...texts.map(measureColumns));
  const lines = texts.map((text, index) => {
    const value = parts[index]?.value ?? null;
    const gap = ' '.repeat(width - measureColumns(text) + 3);
    return `${text}${gap}${paint.cyan(writeValue(value))}`;
  });
  return parts.length > MAX_PARTS ? [...lines, `… and ${parts.length - MAX_PARTS} more`] : lines;
}

function renderDifferences(differences: readonly ExplainedDifference[], paint: Paint): readonly string[] {
  const shown = differences.slice(0, MAX_DIFFERENCES);
  const paths = shown.map(({ path }) => cutColumns(path === '' ? 'the value' : path, MAX_PART_COLUMNS));
  const width = Math.max(0, ...paths.map(measureColumns));
  const lines = shown.flatMap(({ expected, actual }, index) => {
    const path = paths[index] ?? '';
    const margin = ' '.repeat(width + 2);
    const missing = paint.dim('nothing');
    const write = (value: typeof expected) => (value === undefined ? missing : writeValue(value));
    return [
      `  ${path}${' '.repeat(width - measureColumns(path))}   ${paint.green('expected')} ${write(expected)}`,
      `${margin}   ${paint.red('     got')} ${write(actual)}`,
    ];
  });
  return differences.length > MAX_DIFFERENCES
    ? [...lines, `  … and ${differences.length - MAX_DIFFERENCES} more differences`]
    : lines;
}

/** `float 60.98`, `string "7"`, `array (3) [1, 2, 3]`. */
function writeValue(value: Value): string {
  if (value === null) return 'nil';
  const size = isList(value) ? ` (${value.length})` : '';
  return cutColumns(`${describeType(value)}${size} ${formatValue(value, MAX_VALUE_COLUMNS)}`, MAX_VALUE_COLUMNS);
}

function limit(lines: readonly string[], max: number, what: string): readonly string[] {
  return lines.length <= max ? lines : [...lines.slice(0, max), `… and ${lines.length - max} more ${what}`];
}
