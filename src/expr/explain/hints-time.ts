/** A date and time written as ISO 8601 has it. */
export interface Moment {
  /** The clock's reading, as milliseconds, as if it were UTC. */
  readonly wallMs: number;
  /** The point in time; absent when the text has no zone. */
  readonly instantMs: number | undefined;
  readonly hasTime: boolean;
  readonly fraction: string;
}

const minute = 60_000;
const hour = 60 * minute;
const layout = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Reads a date as ISO 8601, with or without time and zone; undefined when the text is none. */
export function readMoment(text: string): Moment | undefined {
  const match = text.length > 60 ? null : layout.exec(text.trim());
  const [, day = '', hours, minutes = '0', seconds = '0', fraction = '', zone] = match ?? [];
  const startMs = Date.parse(`${day}T00:00:00Z`);
  if (match === null || Number.isNaN(startMs)) return undefined;
  const clockMs = Number(hours ?? 0) * hour + Number(minutes) * minute + Number(seconds) * 1000;
  const wallMs = startMs + clockMs + Number(`0.${fraction || 0}`) * 1000;
  const offsetMs = zone === undefined ? undefined : readOffset(zone);
  return {
    wallMs,
    instantMs: offsetMs === undefined ? undefined : wallMs - offsetMs,
    hasTime: hours !== undefined,
    fraction,
  };
}

/** What two texts have to do with each other when both are dates. */
export function relateMoments(a: string, b: string, text: string): string | undefined {
  const [x, y] = [readMoment(a), readMoment(b)];
  if ((x === undefined) !== (y === undefined)) return relateLocalDay(x ?? y, x === undefined ? a : b);
  if (x === undefined || y === undefined) return undefined;
  if (x.hasTime !== y.hasTime) {
    const isSameDay = Math.floor(x.wallMs / (24 * hour)) === Math.floor(y.wallMs / (24 * hour));
    return isSameDay ? 'the same day, but one side has a time of day as well' : undefined;
  }
  if (!x.hasTime) return relateDays(x, y);
  if (x.instantMs !== undefined && y.instantMs !== undefined) {
    return relateInstants(x, y, { gapMs: x.instantMs - y.instantMs, text });
  }
  const gap = x.wallMs - y.wallMs;
  if (gap !== 0) return describeZoneGap(gap);
  const hasOneZone = (x.instantMs === undefined) !== (y.instantMs === undefined);
  return hasOneZone
    ? 'the same date and time, but one side has no time zone'
    : 'the same date and time, written differently';
}

/** A date as a country writes it, and the same as ISO 8601 has it. */
function relateLocalDay(moment: Moment | undefined, text: string): string | undefined {
  const [, first, second, year] = /^(\d\d?)[./-](\d\d?)[./-](\d{4})\b/.exec(text) ?? [];
  if (moment === undefined || first === undefined || second === undefined || year === undefined) return undefined;
  const day = new Date(moment.wallMs).toISOString().slice(0, 10);
  const write = (month: string, date: string) => `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const isSame = write(second, first) === day || write(first, second) === day;
  return isSame ? 'it is the same day, written differently' : undefined;
}

function readOffset(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const size = Number(hours ?? 0) * hour + Number(minutes) * minute;
  return sign === '-' ? -size : size;
}

function relateDays(x: Moment, y: Moment): string | undefined {
  const [a, b] = [new Date(x.wallMs), new Date(y.wallMs)];
  const isSwapped = a.getUTCMonth() + 1 === b.getUTCDate() && a.getUTCDate() === b.getUTCMonth() + 1;
  if (isSwapped && a.getUTCFullYear() === b.getUTCFullYear()) return 'the day and the month are swapped';
  const isNextDay = Math.abs(x.wallMs - y.wallMs) === 24 * hour;
  return isNextDay ? 'they are one day apart: near midnight a time zone makes that difference' : undefined;
}

function relateInstants(x: Moment, y: Moment, { gapMs, text }: { gapMs: number; text: string }): string | undefined {
  if (gapMs === 0 && Number(`0.${x.fraction || 0}`) === Number(`0.${y.fraction || 0}`)) {
    return `it is the same point in time, written differently: compare \`date(${text}) == date(…)\``;
  }
  if (Math.abs(gapMs) < 1000 && x.fraction.length !== y.fraction.length) {
    return 'they are the same except for fractions of a second, which one side cut off or rounded';
  }
  const isSameClock = x.wallMs === y.wallMs;
  return isSameClock ? 'the clock times are the same, but the time zones differ' : describeZoneGap(gapMs);
}

function describeZoneGap(gapMs: number): string | undefined {
  const hours = Math.abs(gapMs) / hour;
  if (hours > 14 || hours * 4 !== Math.round(hours * 4)) return undefined;
  return `they are exactly ${hours} h apart: is a time zone lost or applied twice?`;
}
