import { formatValue, isList, isMap, setKey, type Value, type ValueMap } from '../../expr/index.ts';
import type { Detail, Problem, Skip } from '../../model/events.ts';
import { formatDuration } from '../../util/duration.ts';
import { hideByName, MASK, mayHideFields } from '../../util/hidden-fields.ts';
import { roundMs } from '../settings/numbers.ts';

/** What one look of a poll brought. */
export interface Look {
  readonly atMs: number;
  readonly outcome: 'held' | 'not_yet' | 'errored' | 'failed' | 'skipped';
  /** Why it did not hold. */
  readonly problems: readonly Problem[];
  /** Why nothing was looked at. */
  readonly skip?: Skip | undefined;
}

/** One look as flows see it: `{at_ms, outcome, values, message?}`. */
export interface TimelineEntry {
  readonly [key: string]: Value;
  readonly at_ms: number;
  readonly outcome: Look['outcome'];
  readonly values: Readonly<Record<string, Value>>;
}

const MAX_ENTRIES = 1000;
/** So much of a value is looked through for what its name hides. */
export const MAX_HIDING = 100_000;
const MAX_TEXT = 200;
const MAX_DATA = 120;

/** Adds a look; of very many, those that brought nothing new are left out. */
export function addLook(timeline: TimelineEntry[], look: Look): void {
  const values = listValues(look.problems);
  const message = describeUnanswered(look);
  const entry: TimelineEntry = {
    ...{ at_ms: roundMs(look.atMs), outcome: look.outcome, values },
    ...(message !== undefined && { message }),
  };
  const last = timeline.at(-1);
  if (last && timeline.length >= MAX_ENTRIES && describeEntry(last) === describeEntry(entry)) return;
  timeline.push(entry);
}

/** How the values changed, for people; looks that brought the same are one line. */
export function describeTimeline(timeline: readonly TimelineEntry[]): Detail {
  const lines: string[] = [];
  let first = 0;
  for (let at = 0; at < timeline.length; at++) {
    const entry = timeline[at];
    const next = timeline[at + 1];
    if (!entry || (next && describeEntry(next) === describeEntry(entry))) continue;
    const from = formatDuration(timeline[first]?.at_ms ?? 0).padStart(8);
    const until = at > first ? `  ${at - first + 1} looks, until ${formatDuration(entry.at_ms)}` : '';
    lines.push(`${from}  ${describeEntry(entry)}${until}`);
    first = at + 1;
  }
  return { title: 'timeline', lines };
}

/** `body.status = "pending"`: the values of one look on one line. */
export function describeEntry({ outcome, values, message }: TimelineEntry): string {
  const parts = Object.entries(values).map(([text, value]) => `${text} = ${formatValue(hideByName(text, value))}`);
  if (typeof message === 'string') return `${outcome}: ${message}`;
  return parts.length > 0 ? parts.join(', ') : outcome.replace('_', ' ');
}

function describeUnanswered({ outcome, problems, skip }: Look): string | undefined {
  if (outcome === 'skipped') return skip?.reason;
  return outcome === 'errored' ? (problems[0]?.message ?? 'no answer') : undefined;
}

/** The values of an expression's parts that say something by themselves: not the comparison as a whole, no large data. */
function listValues(problems: readonly Problem[]): Readonly<Record<string, Value>> {
  const values: Record<string, Value> = {};
  const parts = problems.flatMap((problem) => problem.explained?.parts ?? []);
  const isHiding = parts.some(
    ({ text, value }) => mayHideFields(text) || mayHideFields(formatValue(value, MAX_HIDING)),
  );
  for (const { text, value } of parts) {
    const isPath = /^[\w.$?[\]"'-]+$/.test(text);
    if (typeof value === 'boolean' && !isPath) continue;
    setKey(values, text, isHiding && !isPath ? withoutTexts(value) : shorten(value));
  }
  return values;
}

/** What is made of data in which something is hidden by its name may show it without the name. */
function withoutTexts(value: Value): Value {
  if (typeof value === 'string') return MASK;
  return isList(value) || isMap(value) ? describeSize(value) : value;
}

function shorten(value: Value): Value {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (!isList(value) && !isMap(value)) return value;
  if (formatValue(value, MAX_DATA + 1).length <= MAX_DATA) return value;
  return describeSize(value);
}

/** `array (3)`: a list or map of which nothing is shown. */
export function describeSize(value: readonly Value[] | ValueMap): string {
  return isList(value) ? `array (${value.length})` : `map (${Object.keys(value).length})`;
}
