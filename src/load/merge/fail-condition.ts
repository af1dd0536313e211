import { compile, ExprError, toDouble } from '../../expr/index.ts';

/** `p(95) > max(base*1.1, base+5)`: when a step has become too slow. */
export interface FailCondition {
  readonly text: string;
  /** `p(95)`, or `fail_rate`. */
  readonly statistic: string;
  /** Whether it is so, by what was measured before and now. */
  holds(value: number, base: number): boolean;
}

const CONDITION = /^\s*(avg|min|med|max|fail_rate|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*(<=|>=|<|>)\s*(.+)$/s;
const EXAMPLE = "for example 'p(95) > max(base*1.1, base+5)', in ms, or 'fail_rate > base + 0.01'";

/** Reads when a comparison fails; gives what is wrong with it. */
export function readFailCondition(
  written: string,
): FailCondition | { readonly message: string; readonly help: string } {
  const text = written.trim();
  const [, statistic = '', percent, operator, limit = ''] = CONDITION.exec(text) ?? [];
  if (operator === undefined || Number(percent ?? 0) > 100)
    return { message: `\`${text}\` is no condition: expected a statistic, \`>\` or \`<\`, and a limit`, help: EXAMPLE };
  try {
    const expression = compile(limit, { names: new Set(['base']) });
    const limitOf = (base: number): number => {
      const value = expression.evaluate(new Map([['base', base]]));
      return typeof value === 'number' ? value : toDouble(value as Parameters<typeof toDouble>[0]);
    };
    // A step may have taken no time at all, or never have failed.
    if (![0, 1].every((base) => Number.isFinite(limitOf(base))))
      return { message: `\`${limit}\` gives no number for a base of 0 or 1`, help: EXAMPLE };
    const compare = COMPARE[operator as keyof typeof COMPARE];
    return { text, statistic: statistic.replaceAll(/\s/g, ''), holds: (value, base) => compare(value, limitOf(base)) };
  } catch (error) {
    if (error instanceof ExprError) return { message: `\`${limit}\`: ${error.message}`, help: EXAMPLE };
    throw error;
  }
}

const COMPARE = {
  '<': (a: number, b: number): boolean => a < b,
  '<=': (a: number, b: number): boolean => a <= b,
  '>': (a: number, b: number): boolean => a > b,
  '>=': (a: number, b: number): boolean => a >= b,
} as const;
