import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { createRunError } from './error.ts';
import { type Budget, LIMITS } from './limits.ts';

const require = createRequire(import.meta.url);

/** A compiled pattern in RE2 syntax. */
export interface Pattern {
  /** Whether the pattern is found anywhere in the text; its cost, which grows with both lengths, is charged before. */
  test(text: string, budget: Budget): boolean;
}

/** Compiles a pattern; throws an error that says what is wrong with it. */
export function compilePattern(source: string): Pattern {
  if (source.length > LIMITS.patternLength) {
    throw createRunError(`the pattern has more than ${LIMITS.patternLength} characters`);
  }
  const compiled = compileWithEngine(source);
  return {
    test(text, budget) {
      chargeSearch(compiled, text, budget);
      // Not by a matcher, which keeps groups and so does without the faster engines.
      return compiled.test(text);
    },
  };
}

/** Neither the empty text nor this one is of a kind that a pattern asks for. */
const NO_TEXT = '\u0001 \uffff';

/** Whether a pattern finds something in every text. */
export function takesAll(pattern: Pattern, budget: Budget): boolean {
  return pattern.test('', budget) && pattern.test(NO_TEXT, budget);
}

/** Charges what a search may cost at worst: each character against each instruction of the compiled pattern. */
export function chargeSearch(compiled: { programSize(): number }, text: string, budget: Budget): void {
  budget.spend(text.length * (1 + compiled.programSize() / 3));
}

const recent = new Map<string, Pattern>();
const recentSize = 64;
// To compile takes about this many times as long per character as to look at an item.
const compileSteps = 100;

/** Compiles a pattern that is known only at evaluation; the last few are kept. */
export function compileRecent(source: string, budget: Budget): Pattern {
  const known = recent.get(source);
  if (known !== undefined) return known;
  budget.spend(compileSteps * (1 + source.length));
  const pattern = compilePattern(source);
  if (recent.size >= recentSize) recent.clear();
  recent.set(source, pattern);
  return pattern;
}

let engine: typeof RE2JS | undefined;

function compileWithEngine(source: string): RE2JS {
  if (engine === undefined) {
    const loaded: { RE2JS: typeof RE2JS } = require('re2js');
    engine = loaded.RE2JS;
  }
  try {
    return engine.compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it does not parse';
    throw createRunError(`the pattern is not valid: ${markCuts(reason, source)}`, suggestForPattern(source));
  }
}

/** Where a pattern that does not compile is wrong, from 0, as far as one place is known. */
export function locatePatternMistake(source: string): number | undefined {
  try {
    compilePattern(source);
    return undefined;
  } catch {
    return findLoneParenthesis(source) ?? findQuotedPart(source);
  }
}

/** A parenthesis that has no other one. */
function findLoneParenthesis(source: string): number | undefined {
  const open: number[] = [];
  for (const { 0: part, index } of source.matchAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|[()]/g)) {
    if (part === '(') open.push(index);
    else if (part === ')' && open.pop() === undefined) return index;
  }
  return open.at(-1);
}

/** The part that the engine could not read, where it stands there once. */
function findQuotedPart(source: string): number | undefined {
  try {
    engine?.compile(source);
    return undefined;
  } catch (error) {
    const part = error instanceof Error && 'input' in error && typeof error.input === 'string' ? error.input : source;
    const at = source.indexOf(part);
    return part === source || at !== source.lastIndexOf(part) ? undefined : at;
  }
}

/** The engine quotes the part that it could not read: that it is one is seen, by readers and by what masks secrets. */
function markCuts(reason: string, source: string): string {
  return reason.replace(/(?<=: `).{4,}(?=`$)/s, (part) => {
    const before = source.startsWith(part) ? '' : '…';
    return `${before}${part}${source.endsWith(part) ? '' : '…'}`;
  });
}

function suggestForPattern(source: string): string | undefined {
  if (/\(\?(?:[=!]|<[=!])/.test(source)) return 'RE2 has no look-around: combine two conditions with `and`';
  return /\\[1-9]/.test(source) ? 'RE2 has no back-references' : undefined;
}
