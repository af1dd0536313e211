import { compilePattern, describeType, ExprError, type Pattern, type Value } from '../expr/index.ts';
import { RefusalError } from './path-reader.ts';
import type { OwnExpression, PathPlace } from './query.ts';

/**
 * Compiles a regular expression of `match` (the whole text) or `search` (anywhere) in RE2 syntax, of which I-Regexp (RFC 9485) is a
 * part but for its dot, which takes no carriage return. @throws ExprError when it is not valid
 */
export function compileIRegexp(source: string, isWhole: boolean): Pattern {
  const pattern = source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]?|\./g, (part) =>
    part === '.' ? '[^\\n\\r]' : part,
  );
  // By itself first: what is not valid could be made so by what is put around it.
  const anywhere = compilePattern(pattern);
  return isWhole ? compilePattern(`\\A(?:${pattern})\\z`) : anywhere;
}

/** Refuses a pattern that is written in a path and is not valid; one that comes from data matches nothing, says the RFC. @throws RefusalError */
export function checkPattern(source: string, { offset, length }: PathPlace): void {
  try {
    compileIRegexp(source, true);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    throw new RefusalError(error.message, { offset, length, hint: error.hint });
  }
}

/** Refuses a pattern that a flow's names give and that is no text, or not valid: unlike one of the data it is a mistake. @throws ExprError at its place */
export function checkGivenPattern(
  { text, offset, length }: OwnExpression,
  value: Value | undefined,
  compiled: Pattern | ExprError | undefined,
): void {
  const place = { offset, length };
  if (typeof value !== 'string') {
    const hint = `a pattern is a text: write \`"${text.startsWith('{') ? text : `{{${text}}}`}"\``;
    throw new ExprError('run', `the pattern \`${text}\` is ${describeType(value ?? null)}, not string`, {
      ...place,
      hint,
    });
  }
  if (compiled instanceof ExprError) throw new ExprError('run', compiled.message, { ...place, hint: compiled.hint });
}
