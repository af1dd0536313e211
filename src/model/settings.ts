import * as z from 'zod/mini';
import { ExactNumber } from '../expr/index.ts';
import { formatDataSize, parseDataSize } from '../util/data-size.ts';
import { parseDuration } from '../util/duration.ts';
import { type ExpressionAt, isExpressionAt } from './expression-at.ts';
import { LateValue } from './late-value.ts';

/** A length of time as written (`300ms`, `1.5s`, `1h30m`); ms after checking. */
export function duration() {
  return z.pipe(
    z.unknown().check((context) => {
      const message = describeDurationMistake(context.value);
      if (message) context.issues.push({ code: 'custom', message, input: context.value });
    }),
    z.transform((value) => parseDuration(String(value)) ?? 0),
  );
}

/** A length of time that work may take, or a thing lasts: one of no length would end it before it begins. */
export function timeLimit(without = 'the usual one') {
  return duration().check((context) => {
    const message = `expected a time above zero: leave it out for ${without}`;
    if (context.value === 0) context.issues.push({ code: 'custom', message, input: context.value });
  });
}

/** An amount of data as written (`512KB`, `64MB`), at most `most` bytes; bytes after checking. */
export function dataSize(most: number) {
  return z.pipe(
    z.string().check((context) => {
      const bytes = parseDataSize(context.value);
      const message =
        bytes === undefined
          ? 'expected a size such as `512KB` or `64MB`'
          : `expected at most \`${formatDataSize(most).replace(' ', '')}\``;
      if (bytes === undefined || bytes > most) context.issues.push({ code: 'custom', message, input: context.value });
    }),
    z.transform((value) => parseDataSize(value) ?? 0),
  );
}

/** A setting that is an expression; the plan puts the compiled one in the place of its text. */
export function expression() {
  return z.custom<ExpressionAt>(isExpressionAt, 'expected an expression');
}

/** A setting that the action renders while it runs (`late`); in a map that a placeholder gave, it is what stands there. */
export function late() {
  return z.pipe(
    z.unknown(),
    z.transform((value) => (value instanceof LateValue ? value : new LateValue(() => value))),
  );
}

/** Any value that flows carry: null, bool, number (exact ones too), text, array, map. */
export function anyValue() {
  return z.unknown();
}

const WORDY_DURATION =
  /^\s*(\d+(?:\.\d+)?)\s*(ms|milli(?:s|seconds?)|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\s*$/i;

function describeDurationMistake(value: unknown): string | undefined {
  if (typeof value === 'number' || value instanceof ExactNumber)
    return `expected a duration with its unit, got the bare number ${value}: write \`${value}ms\` or \`${value}s\``;
  if (typeof value !== 'string') return 'expected a duration such as `300ms`, `1.5s` or `1h30m`';
  if (parseDuration(value) !== undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim()))
    return `expected a duration with its unit, got the bare number ${value}: write \`${value.trim()}ms\` or \`${value.trim()}s\``;
  const [, number, unit = ''] = WORDY_DURATION.exec(value) ?? [];
  const short = /^mil|^ms/i.test(unit) ? 'ms' : unit.charAt(0).toLowerCase();
  const meant = number === undefined ? '' : `: write \`${number}${short}\``;
  return `expected a duration such as \`300ms\`, \`1.5s\` or \`1h30m\`, got "${value}"${meant}`;
}
