import { ExprError } from '../values/error.ts';
import { Budget } from '../values/limits.ts';
import { compilePattern } from '../values/regex.ts';
import { markQuote, quoteValue } from './quote-value.ts';

const maxPattern = 300;
const maxText = 10_000;
/** An element of a pattern with what says how often it comes. */
const element =
  /(?:\\[pP]\{\w+\}|\\x\{[\da-f]+\}|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\((?:\?[:\w<>-]+)?|[^\\])(?:[*+?]|\{\d+(?:,\d*)?\})?\??/gsu;

/** Why a pattern is not found in a text: what would have to be otherwise, or where the text leaves the pattern. */
export function describeMismatch(text: string, pattern: string): string | undefined {
  if (pattern.length > maxPattern || text.length > maxText) return undefined;
  const isFound = (source: string, subject = text) => isFoundIn(source, subject);
  if (isFound(`(?i)${pattern}`)) return 'it matches when case is ignored: begin the pattern with `(?i)`';
  if (text !== text.trim() && isFound(pattern, text.trim()))
    return 'it matches without the spaces at the ends: match `trim(…)`';
  if (isFound(`(?s)${pattern}`)) return 'it matches when `.` takes line feeds too: begin the pattern with `(?s)`';
  if (isFound(`(?m)${pattern}`))
    return 'a line of it matches: begin the pattern with `(?m)` to have `^` and `$` at lines';
  const parts = [...pattern.matchAll(element)].map(([part]) => part);
  const isAnchored = pattern.startsWith('^');
  for (let count = parts.length - 1; count > 1; count--) {
    const start = parts.slice(0, count).join('');
    const reached = closeGroups(start, pattern.includes('|'));
    if (reached === undefined || !isFound(reached)) continue;
    const rest = parts.slice(count).join('');
    return describeReach(text, start, rest);
  }
  return isAnchored && isFound(pattern.slice(1))
    ? 'it matches further on, but not at the start: leave out `^` if that may be'
    : undefined;
}

function describeReach(text: string, start: string, rest: string): string {
  const shown = quoteValue(text, 80);
  if (rest === '$') return `the pattern matches except for \`$\`: the text ${shown} goes on after it`;
  return `the pattern matches up to \`${markQuote(start)}\`; then \`${rest}\` does not fit`;
}

/** Closes what a cut pattern has open; undefined when it cannot stand alone. */
function closeGroups(start: string, hasChoices: boolean): string | undefined {
  let depth = 0;
  for (const [part] of start.matchAll(element)) {
    if (part.startsWith('(')) depth++;
    else if (part.startsWith(')')) depth--;
  }
  const isTorn = depth < 0 || (hasChoices && (depth > 0 || start.includes('|')));
  return isTorn || /[|(]$/.test(start) ? undefined : `${start}${')'.repeat(depth)}`;
}

function isFoundIn(source: string, text: string): boolean {
  try {
    return compilePattern(source).test(text, new Budget());
  } catch (error) {
    if (error instanceof ExprError) return false;
    throw error;
  }
}
