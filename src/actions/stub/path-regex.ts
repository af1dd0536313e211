import { Budget, compilePattern } from '../../expr/index.ts';
import type { PathPattern } from '../../util/path-pattern.ts';

/** Compiles a regular expression that the whole path has to match, in linear time. @throws ExprError when it does not parse */
export function compilePathRegex(source: string): PathPattern {
  // By itself first, so that what is said of a mistake quotes what was written.
  compilePattern(source);
  const pattern = compilePattern(`^(?:${source})$`);
  return { text: source, match: (path) => (pattern.test(path, new Budget()) ? {} : undefined) };
}
