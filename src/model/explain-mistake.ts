import { type Env, type Explanation, ExprError, type Host } from '../expr/index.ts';
import type { Problem } from './events.ts';
import { describePart } from './explained.ts';

interface Explainable {
  explain(env: Env, host: Host): Explanation | undefined;
}

/**
 * The values of what cannot be evaluated, or gives what nobody can use, and what may be meant by it, in the words of assertions; of what
 * costs too much, or was never evaluated, what the error says.
 */
export function explainMistake(
  compiled: Explainable,
  error: unknown,
  { env, host }: { readonly env: Env; readonly host: Host },
): Pick<Problem, 'explained' | 'clues'> {
  const isRun = !(error instanceof ExprError) || error.kind === 'run';
  const { parts = [], hints = [], quotes = [] } = (isRun && compiled.explain(env, host)) || {};
  const own = error instanceof ExprError && error.hint !== undefined ? [error.hint] : [];
  const said = error instanceof ExprError ? error.message : undefined;
  return {
    ...(parts.length > 0 && { explained: { error: said, parts: parts.map(describePart) } }),
    clues:
      hints.length > 0
        ? hints.map((text) => ({ text, isQuote: quotes.includes(text) }))
        : own.map((text) => ({ text, isQuote: true })),
  };
}
