import { ExprError, formatValue, isEqual, isList, printJson, showInvisible, type Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { ExplainedComparison, ExplainedDifference } from '../../model/explained.ts';
import { cutColumns, measureColumns } from '../../util/cells.ts';
import { MASK } from '../../util/hidden-fields.ts';
import type { Paint } from '../../util/paint.ts';
import { takeShown } from '../../util/take-shown.ts';
import { renderValue } from './render-value.ts';
import { type DiffLine, diffLines, findParting } from './text-diff.ts';

const MAX_DIFFERENCES = 15;
/** Above this many differences of one kind, at one place of many items, the others are only named. */
const MAX_ALIKE = 4;
const MAX_INDEXES = 8;
/** Above this many differences large data is shown side by side as well. */
const FEW = 8;
const LARGE_LINES = 20;
const MAX_DIFF_LINES = 32;
const MAX_PATH_COLUMNS = 44;
const MAX_LINE_COLUMNS = 140;
const GLANCE = 60;
const COLUMNS_BEFORE = 40;
const COLUMNS_AFTER = 60;

/** Draws where two values differ: the places one by one, long texts and many places as a diff; a screenful at most. */
export function renderDifferences(problem: Problem, paint: Paint): readonly string[] {
  const { differences = [], compared, differenceCount = 0 } = problem.explained ?? {};
  const count = Math.max(differenceCount, differences.length);
  const [first] = differences;
  if (first && differences.length === 1 && isLongText(first) && !isHidden(first)) return renderTexts(first, paint);
  const groups = groupAlike(differences);
  const diff = compared && groups.length > FEW ? diffData(compared) : undefined;
  const { shown } = takeShown(groups, diff ? FEW : MAX_DIFFERENCES);
  const places = shown.flatMap((group) => group.shown);
  const width = Math.max(0, ...places.map((one) => measureColumns(writePath(one))));
  const lines = shown.flatMap((group) => [
    ...group.shown.flatMap((one) => renderDifference(one, width, paint)),
    ...renderAlike(group),
  ]);
  const hidden = count - shown.reduce((sum, { shown, alike }) => sum + shown.length + alike.length, 0);
  const more = hidden > 0 ? [`… and ${hidden} more ${hidden === 1 ? 'difference' : 'differences'}`] : [];
  return [...[...lines, ...more].map((line) => `  ${line}`), ...(diff ? renderDiff(diff, paint) : [])];
}

/** Differences of one kind at one place of many items: some are reported, the others named. */
interface Group {
  readonly shown: readonly ExplainedDifference[];
  readonly alike: readonly ExplainedDifference[];
}

function groupAlike(differences: readonly ExplainedDifference[]): readonly Group[] {
  const groups = new Map<string, ExplainedDifference[]>();
  for (const one of differences) {
    const shape = `${one.kind ?? 'changed'} ${one.path.replaceAll(/\[\d+\]/g, '[*]')}`;
    const group = groups.get(shape);
    if (group) group.push(one);
    else groups.set(shape, [one]);
  }
  return [...groups.values()].map((all) => {
    const most = all.length <= MAX_ALIKE ? all.length : MAX_ALIKE - 1;
    return { shown: all.slice(0, most), alike: all.slice(most) };
  });
}

/** `… and 12 more alike, at body.lines[*].price: body.lines[7], …`. */
function renderAlike({ alike }: Group): readonly string[] {
  const [first] = alike;
  if (!first) return [];
  const place = cutColumns(first.path.replaceAll(/\[\d+\]/g, '[*]'), MAX_PATH_COLUMNS);
  const indexes = alike.slice(0, MAX_INDEXES).map(({ path }) => path.match(/\[\d+\]/g)?.join('') ?? '');
  const rest = alike.length > indexes.length ? ', …' : '';
  return [`… and ${alike.length} more at ${place}: ${indexes.join(', ')}${rest}`];
}

function renderDifference(difference: ExplainedDifference, width: number, paint: Paint): readonly string[] {
  const { kind, expected, actual, expectedPath } = difference;
  const path = writePath(difference);
  const start = `${path}${' '.repeat(Math.max(0, width - measureColumns(path)))}   `;
  const margin = ' '.repeat(measureColumns(start));
  const write = (value: Value | undefined) => (value === undefined ? paint.dim('nothing') : renderValue(value));
  if (kind === 'missing') return [`${start}${paint.green('is missing')}: expected ${write(expected)}`];
  if (kind === 'extra') return [`${start}${paint.red('is not expected')}: got ${write(actual)}`];
  if (isHidden(difference)) return [`${start}both are hidden, and they are not equal: ${write(actual)}`];
  const place =
    expectedPath === undefined ? '' : paint.dim(`   (of ${cutColumns(expectedPath, MAX_PATH_COLUMNS)} there)`);
  if (kind === 'order') return renderOrder(difference, { start, margin, paint });
  const sides = isLongText(difference) ? cutAround(String(expected), String(actual)) : undefined;
  return [
    `${start}${paint.green('expected')} ${sides ? sides.expected : write(expected)}${place}`,
    `${margin}${paint.red('     got')} ${sides ? sides.actual : write(actual)}`,
  ];
}

/** Whether the two sides differ in nothing but what is hidden of them. */
function isHidden({ kind = 'changed', expected, actual }: ExplainedDifference): boolean {
  return kind === 'changed' && typeof actual === 'string' && expected === actual && actual.includes(MASK);
}

interface OrderStyle {
  readonly start: string;
  readonly margin: string;
  readonly paint: Paint;
}

/** The item that stands elsewhere, or the place where two orders part. */
function renderOrder(
  { path, move, expected = null, actual = null }: ExplainedDifference,
  style: OrderStyle,
): readonly string[] {
  const { start, margin, paint } = style;
  const head = `${start}same items, different order`;
  if (move) {
    return [
      `${head}: ${cutColumns(move.from, MAX_PATH_COLUMNS)} was expected at ${cutColumns(move.to, MAX_PATH_COLUMNS)}`,
    ];
  }
  if (!isList(expected) || !isList(actual)) return [head];
  const at = actual.findIndex((item, index) => !isEqual(item, expected[index] ?? null));
  return [
    `${head}, from ${cutColumns(`${path}[${at}]`, MAX_PATH_COLUMNS)} on`,
    `${margin}${paint.green('expected')} ${renderValue(expected.slice(at))}`,
    `${margin}${paint.red('     got')} ${renderValue(actual.slice(at))}`,
  ];
}

function writePath({ path }: ExplainedDifference): string {
  return path === '' ? 'the value' : cutColumns(path, MAX_PATH_COLUMNS);
}

function isLongText({ kind = 'changed', expected, actual }: ExplainedDifference): boolean {
  if (kind !== 'changed' || typeof expected !== 'string' || typeof actual !== 'string') return false;
  return Math.max(expected.length, actual.length) > GLANCE || `${expected}${actual}`.includes('\n');
}

/** One long text and what it should be: line by line, or around the place where they part. */
function renderTexts(difference: ExplainedDifference, paint: Paint): readonly string[] {
  const expected = String(difference.expected);
  const actual = String(difference.actual);
  const hasLines =
    [expected, actual].some((text) => text.split('\n', 3).length > 2) ||
    [expected, actual].every((text) => text.includes('\n'));
  const lines = hasLines ? diffLines(expected, actual) : undefined;
  const at = findParting(expected, actual);
  const line = expected.slice(0, at).split('\n').length;
  const place = hasLines ? `in line ${line}` : `at character ${at + 1}`;
  const head = `  ${writePath(difference)}   differs first ${place}: ${expected.length} characters expected, ${actual.length} got`;
  if (lines && lines.length > 0) return [head, ...renderDiff(lines, paint)];
  const sides = cutAround(expected, actual);
  return [
    head,
    `    ${paint.green('expected')} ${sides.expected}`,
    `    ${paint.red('     got')} ${sides.actual}`,
    `             ${' '.repeat(sides.caretColumn)}${paint.red('^')}`,
  ];
}

/** The stretch of both texts around the place where they part. */
function cutAround(expected: string, actual: string): { expected: string; actual: string; caretColumn: number } {
  const at = findParting(expected, actual);
  const from = at <= COLUMNS_BEFORE + 10 ? 0 : at - COLUMNS_BEFORE;
  const before = quote(expected.slice(from, at));
  const write = (text: string) => {
    const isWhole = text.length <= at + COLUMNS_AFTER;
    const after = quote(text.slice(at, at + COLUMNS_AFTER));
    return `${from > 0 ? '…' : '"'}${before}${after}${isWhole ? '"' : '…'}`;
  };
  return { expected: write(expected), actual: write(actual), caretColumn: 1 + measureColumns(before) };
}

/** As a text within quotes: `a\n`. */
function quote(text: string): string {
  return showInvisible(formatValue(text, text.length + 10 + text.length * 6).slice(1, -1));
}

/** Both sides as indented JSON, line by line; undefined when that says no more than the places do. */
function diffData({ expected, actual }: ExplainedComparison): readonly DiffLine[] | undefined {
  try {
    const [before, after] = [printJson(expected, 2, true), printJson(actual, 2, true)];
    const isLarge = Math.max(before.split('\n').length, after.split('\n').length) > LARGE_LINES;
    return isLarge ? diffLines(before, after) : undefined;
  } catch (error) {
    // Numbers that JSON does not know.
    if (error instanceof ExprError) return undefined;
    throw error;
  }
}

function renderDiff(lines: readonly DiffLine[], paint: Paint): readonly string[] {
  const { shown, hidden } = takeShown(lines, MAX_DIFF_LINES);
  const drawn = shown.map(({ kind, text }) => {
    const line = cutColumns(text, MAX_LINE_COLUMNS);
    if (kind === 'expected') return `    ${paint.green(`- ${line}`)}`;
    if (kind === 'actual') return `    ${paint.red(`+ ${line}`)}`;
    return kind === 'place' ? `    ${paint.cyan(line)}` : `      ${line}`.trimEnd();
  });
  const more = hidden > 0 ? [`    … and ${hidden} more lines`] : [];
  return [`    ${paint.green('- expected')}  ${paint.red('+ got')}`, ...drawn, ...more];
}
