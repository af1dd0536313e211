import { compilePattern, ExprError } from '../expr/index.ts';
import { Budget } from '../expr/values/limits.ts';
import type { ValidationSlot } from './keywords.ts';

interface PatternEngine {
  (source: string, flags: string): { test(text: string): boolean };
  code: string;
}

/** Patterns of schemas in linear time: a hostile one cannot hang the process. */
export function createPatternEngine(slot: ValidationSlot): PatternEngine {
  const compile = (source: string) => {
    const pattern = compilePattern(translatePattern(source));
    return {
      test: (text: string) => pattern.test(text, slot.current?.budget ?? new Budget()),
      // The validator tells patterns apart by this.
      toString: () => source,
    };
  };
  return Object.assign(compile, { code: 'compilePattern' });
}

/** JavaScript's spelling of a code unit, in RE2's. */
function translatePattern(source: string): string {
  return source.replaceAll(/\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|[\s\S])/g, (written, unit, point) =>
    unit || point ? `\\x{${unit ?? point}}` : written === '\\/' ? '/' : written,
  );
}

/** Why a pattern of a schema cannot be judged in linear time; undefined when it can. */
export function describePatternTrouble(source: string): string | undefined {
  try {
    compilePattern(translatePattern(source));
    return undefined;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return error.message;
  }
}
