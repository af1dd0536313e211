import { takeInteger } from '../values/access.ts';
import { DateValue, DurationValue, floorDivide } from '../values/date.ts';
import { formatDate, monthNames, takeFields, weekdayNames } from '../values/date-layout.ts';
import { checkZone, resolveLocal } from '../values/date-zone.ts';
import { describeType } from '../values/describe.ts';
import { createRunError } from '../values/error.ts';
import { ExactNumber } from '../values/exact.ts';
import type { Budget } from '../values/limits.ts';
import { findNearestKey } from '../values/nearest.ts';
import { shiftDate } from '../values/operators.ts';
import type { Value } from '../values/value.ts';

/** A call such as `date.Format("2006")`; `origin` is the method that gave the object, if one did. */
interface MethodCall {
  object: Value;
  name: string;
  args: readonly Value[];
  origin: string | undefined;
  budget: Budget;
  /** What is meant by a method of a value that has none; asked only then. */
  suggest(): string | undefined;
}

/** Calls a method of a date or a duration; nothing else has methods. */
export function callMethod(call: MethodCall): Value {
  const { object, name, args, origin } = call;
  if (object instanceof DateValue) return findMethod(dateMethods, call)(object, args);
  if (object instanceof DurationValue) return findMethod(durationMethods, call)(object, args);
  const names = { Month: monthNames, Weekday: weekdayNames }[origin ?? ''];
  if (names !== undefined && typeof object === 'number' && name === 'String') {
    return names[origin === 'Month' ? object - 1 : object] ?? '';
  }
  const hint = object === null ? 'use `?.` where nil is expected' : call.suggest();
  throw createRunError(`${describeType(object)} has no method \`${name}\``, hint);
}

type Method<T> = (object: T, args: readonly Value[]) => Value;

interface MethodTable<T> {
  readonly [name: string]: { count: number; call: Method<T> };
}

function findMethod<T>(table: MethodTable<T>, call: MethodCall): Method<T> {
  const { name, args, object } = call;
  const method = Object.hasOwn(table, name) ? table[name] : undefined;
  if (method === undefined) {
    const nearest = findNearestKey(name, Object.keys(table));
    const hint = nearest === undefined ? call.suggest() : `did you mean \`${nearest}\`?`;
    throw createRunError(`${describeType(object)} has no method \`${name}\``, hint);
  }
  if (method.count !== args.length) {
    const noun = method.count === 1 ? 'argument' : 'arguments';
    throw createRunError(`\`${name}\` takes ${method.count} ${noun}, got ${args.length}`);
  }
  call.budget.spend(estimateSteps(object, args));
  return method.call;
}

/** In a zone its rules are asked; a layout is worked through; most of all costs the zone's short name. */
function estimateSteps(object: Value, args: readonly Value[]): number {
  const hasZone = object instanceof DateValue && object.zone !== 'UTC';
  const [text] = args;
  if (typeof text !== 'string') return hasZone ? 200 : 60;
  return hasZone ? 200 + 15 * text.length + 200 * (text.split('MST').length - 1) : 60 + 10 * text.length;
}

function method<T>(count: number, call: Method<T>): { count: number; call: Method<T> } {
  return { count, call };
}

const nanosecondsPerMillisecond = 1_000_000n;
const zeroDateNanoseconds = -62_135_596_800_000_000_000n;

const dateMethods: MethodTable<DateValue> = {
  Year: method(0, (date) => takeFields(date).year),
  Month: method(0, (date) => takeFields(date).month),
  Day: method(0, (date) => takeFields(date).day),
  Hour: method(0, (date) => takeFields(date).hour),
  Minute: method(0, (date) => takeFields(date).minute),
  Second: method(0, (date) => takeFields(date).second),
  Nanosecond: method(0, (date) => takeFields(date).nanosecond),
  Weekday: method(0, (date) => takeFields(date).weekday),
  YearDay: method(0, (date) => takeFields(date).yearDay),
  Unix: method(0, (date) => Number(floorDivide(date.nanoseconds, 1_000_000_000n))),
  UnixMilli: method(0, (date) => Number(floorDivide(date.nanoseconds, nanosecondsPerMillisecond))),
  UnixMicro: method(0, (date) => toNumber(floorDivide(date.nanoseconds, 1_000n))),
  UnixNano: method(0, (date) => toNumber(date.nanoseconds)),
  Format: method(1, (date, [layout]) => formatDate(date, takeText('Format', layout))),
  String: method(0, (date) => formatDate(date, '2006-01-02 15:04:05.999999999 -0700 MST')),
  UTC: method(0, (date) => new DateValue(date.nanoseconds)),
  In: method(1, (date, [zone]) => new DateValue(date.nanoseconds, checkZone(takeText('In', zone)))),
  AddDate: method(3, addCalendar),
  Add: method(1, (date, [duration]) => shiftDate(date, takeDuration('Add', duration).nanoseconds)),
  Sub: method(1, (date, [other]) => new DurationValue(date.nanoseconds - takeDate('Sub', other).nanoseconds)),
  Before: method(1, (date, [other]) => date.nanoseconds < takeDate('Before', other).nanoseconds),
  After: method(1, (date, [other]) => date.nanoseconds > takeDate('After', other).nanoseconds),
  Compare: method(1, (date, [other]) => compareSpans(date.nanoseconds, takeDate('Compare', other).nanoseconds)),
  Truncate: method(1, (date, [step]) => alignDate(date, 'Truncate', step)),
  Round: method(1, (date, [step]) => alignDate(date, 'Round', step)),
  IsZero: method(0, (date) => date.nanoseconds === zeroDateNanoseconds),
  Equal: method(1, (date, [other]) => date.nanoseconds === takeDate('Equal', other).nanoseconds),
};

const durationMethods: MethodTable<DurationValue> = {
  Hours: method(0, ({ nanoseconds }) => Number(nanoseconds) / 3.6e12),
  Minutes: method(0, ({ nanoseconds }) => Number(nanoseconds) / 6e10),
  Seconds: method(0, ({ nanoseconds }) => Number(nanoseconds) / 1e9),
  Milliseconds: method(0, ({ nanoseconds }) => Number(nanoseconds / nanosecondsPerMillisecond)),
  Microseconds: method(0, ({ nanoseconds }) => Number(nanoseconds / 1_000n)),
  Nanoseconds: method(0, ({ nanoseconds }) => Number(nanoseconds)),
  Abs: method(0, ({ nanoseconds }) => new DurationValue(nanoseconds < 0n ? -nanoseconds : nanoseconds)),
  Truncate: method(1, ({ nanoseconds }, [step]) => alignDuration(nanoseconds, 'Truncate', step)),
  Round: method(1, ({ nanoseconds }, [step]) => alignDuration(nanoseconds, 'Round', step)),
  String: method(0, (duration) => duration.toString()),
};

type Alignment = 'Truncate' | 'Round';

/** Moves a date down, or to the nearest, multiple of a step since the first day of the year 1. */
function alignDate(date: DateValue, name: Alignment, step: Value | undefined): DateValue {
  const size = takeDuration(name, step).nanoseconds;
  if (size <= 0n) return date;
  const since = date.nanoseconds - zeroDateNanoseconds;
  const rest = since - floorDivide(since, size) * size;
  const isUp = name === 'Round' && rest * 2n >= size;
  return shiftDate(date, isUp ? size - rest : -rest);
}

/** Cuts a duration to a multiple of a step towards zero, or to the nearest one, halves away from zero. */
function alignDuration(nanoseconds: bigint, name: Alignment, step: Value | undefined): DurationValue {
  const size = takeDuration(name, step).nanoseconds;
  if (size <= 0n) return new DurationValue(nanoseconds);
  const rest = nanoseconds % size;
  const isUp = name === 'Round' && (rest < 0n ? -rest : rest) * 2n >= size;
  const away = nanoseconds < 0n ? -size : size;
  return new DurationValue(nanoseconds - rest + (isUp ? away : 0n));
}

function compareSpans(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whole nanoseconds as a number, exact where a double would round. */
function toNumber(value: bigint): Value {
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : new ExactNumber(String(value));
}

function addCalendar(date: DateValue, [years, months, days]: readonly Value[]): Value {
  const fields = takeFields(date);
  const amounts = [years, months, days].map((amount) => takeInteger(amount ?? null, 'an argument of `AddDate`'));
  const [addedYears = 0, addedMonths = 0, addedDays = 0] = amounts;
  const local = new Date(0);
  local.setUTCFullYear(fields.year + addedYears, fields.month - 1 + addedMonths, fields.day + addedDays);
  local.setUTCHours(fields.hour, fields.minute, fields.second);
  if (Number.isNaN(local.getTime())) throw createRunError('the date is out of range');
  const epochMs = resolveLocal(date.zone, local.getTime());
  return shiftDate(new DateValue(BigInt(epochMs) * nanosecondsPerMillisecond, date.zone), BigInt(fields.nanosecond));
}

function takeText(name: string, value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw createRunError(`\`${name}\` needs a string, got ${describeType(value ?? null)}`);
}

function takeDate(name: string, value: Value | undefined): DateValue {
  if (value instanceof DateValue) return value;
  throw createRunError(`\`${name}\` needs a date, got ${describeType(value ?? null)}`);
}

function takeDuration(name: string, value: Value | undefined): DurationValue {
  if (value instanceof DurationValue) return value;
  throw createRunError(`\`${name}\` needs a duration, got ${describeType(value ?? null)}`);
}
