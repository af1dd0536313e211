import { emptyHost } from '../evaluate/function-def.ts';
import { DateValue, parseDuration } from '../values/date.ts';
import { checkZone } from '../values/date-zone.ts';
import { describeType } from '../values/describe.ts';
import { isNumber } from '../values/equality.ts';
import { createRunError, type ExprError } from '../values/error.ts';
import type { NumberValue } from '../values/exact.ts';
import { type BuiltinTable, define, takeText } from './builtin.ts';
import { parseAnyDate, parseDate } from './date-parse.ts';
import { suggestEpoch } from './epoch-hint.ts';

// To read a date takes about this many times as long as to look at an item, in a zone longer.
const readSteps = 200;
const zoneSteps = 200;

/** Functions that make dates and durations. */
export const dateBuiltins: BuiltinTable = {
  now: define(0, 0, (_, frame) => DateValue.fromMilliseconds((frame.host ?? emptyHost).now())),
  date: define(1, 3, (args, frame) => {
    frame.spend(readSteps);
    const [first = null] = args;
    if (isNumber(first) || first instanceof DateValue) throw refuseDate(first);
    const text = takeText('date', args);
    if (args.length === 1) return parseAnyDate(text);
    if (args.length === 2) return parseDate(text, takeText('date', args, 1), 'UTC');
    frame.spend(zoneSteps);
    const zone = checkZone(takeText('date', args, 2));
    return parseDate(text, takeText('date', args, 1), zone);
  }),
  timezone: define(1, 1, (args, frame) => {
    frame.spend(zoneSteps);
    return checkZone(takeText('timezone', args));
  }),
  duration: define(1, 1, (args, frame) => {
    frame.spend(20);
    const text = takeText('duration', args);
    const duration = parseDuration(text);
    if (duration !== undefined) return duration;
    const hint = 'write it like `1h30m`, `1.5s` or `250ms`; the units are ns, us, ms, s, m, h';
    throw createRunError(`${JSON.stringify(text.slice(0, 60))} is not a duration`, hint);
  }),
};

function refuseDate(value: NumberValue | DateValue): ExprError {
  const hint = isNumber(value) ? suggestEpoch(value) : 'it is a date: leave `date(…)` out';
  return createRunError(`\`date\` needs a string, got ${describeType(value)}`, hint);
}
