import { describe, expect, it } from 'vitest';
import { formatValue } from '../../src/expr/index.ts';
import { catchError, evaluate } from './support.ts';

const at = 'date("2024-03-05T09:07:08.120Z")';

/** What a layout makes of Tuesday, 5 March 2024, 09:07:08.12. */
const formatted: readonly [string, string][] = [
  ['report_2006-01-02', 'report_2024-03-05'],
  ['_2006', '_2024'],
  ['_2', ' 5'],
  ['_20', ' 50'],
  ['__2', ' 65'],
  ['Monat 01', 'Monat 03'],
  ['Montag Monday Mon', 'Montag Tuesday Tue'],
  ['Januar January Jan', 'Januar March Mar'],
  ['Jan2006', 'Mar2024'],
  ['Jan_2006', 'Mar_2024'],
  ['JanX', 'MarX'],
  ['Money', 'Money'],
  ['20060102T150405', '20240305T090708'],
  ['3:04:05.000 PM', '9:07:08.120 AM'],
  ['15h', '09h'],
  ['002', '065'],
  ['.000 .999 .0009', '.120 .12 .0009'],
];

/** Text, layout, and the date in UTC. */
const parsed: readonly [string, string, string][] = [
  ['9:05', '15:04', '0000-01-01T09:05:00Z'],
  ['09:05', '15:04', '0000-01-01T09:05:00Z'],
  ['2024-05-06 7:08:09', '2006-01-02 15:04:05', '2024-05-06T07:08:09Z'],
  ['report_2024-05-06', 'report_2006-01-02', '2024-05-06T00:00:00Z'],
  ['Monat 05', 'Monat 01', '0000-05-01T00:00:00Z'],
  ['13:00 AM', '15:04 PM', '0000-01-01T13:00:00Z'],
  ['13:00 PM', '15:04 PM', '0000-01-01T13:00:00Z'],
  ['12:30 AM', '3:04 PM', '0000-01-01T00:30:00Z'],
  ['12:30 PM', '3:04 PM', '0000-01-01T12:30:00Z'],
  ['1:30 PM', '15:04 PM', '0000-01-01T13:30:00Z'],
  ['2024 366', '2006 002', '2024-12-31T00:00:00Z'],
  ['2023 365', '2006 002', '2023-12-31T00:00:00Z'],
  ['2024 60', '2006 __2', '2024-02-29T00:00:00Z'],
  ['2023-03-01 060', '2006-01-02 002', '2023-03-01T00:00:00Z'],
  ['10:00 GMT+3', '15:04 MST', '0000-01-01T07:00:00Z'],
  ['10:00 GMT-10', '15:04 MST', '0000-01-01T20:00:00Z'],
  ['10:00 +02', '15:04 MST', '0000-01-01T08:00:00Z'],
  ['10:00 CEST', '15:04 MST', '0000-01-01T10:00:00Z'],
];

const unfit: readonly [string, string][] = [
  ['2023 366', '2006 002'],
  ['2023 000', '2006 002'],
  ['2024 367', '2006 002'],
  ['2023-03-02 060', '2006-01-02 002'],
  ['2023-02-30', '2006-01-02'],
  ['24:00', '15:04'],
  ['13:00 PM', '3:04 PM'],
  ['0:5', '15:04'],
  ['10:00 CESTX', '15:04 MST'],
  ['10:00 GMT+99', '15:04 MST'],
];

/** Without a layout. */
const common: readonly [string, string][] = [
  ['2019-05-06T12:00:00.000+0000', '2019-05-06T12:00:00Z'],
  ['2019-05-06T12:00:00+0200', '2019-05-06T10:00:00Z'],
  ['2019-05-06T12:00:00.123456789-02:30', '2019-05-06T14:30:00.123456789Z'],
  ['2019-05-06T12:00:00.000', '2019-05-06T12:00:00Z'],
  ['2019-05-06T12:00:00', '2019-05-06T12:00:00Z'],
  ['2019-05-06T12:00', '2019-05-06T12:00:00Z'],
  ['2019-05-06 12:00:00.5', '2019-05-06T12:00:00.5Z'],
  ['2019-05-06 12:00:00,5Z', '2019-05-06T12:00:00.5Z'],
  ['2019-05-06 12:00:00+02', '2019-05-06T10:00:00Z'],
  ['2019-05-06 12:00:00.25+00', '2019-05-06T12:00:00.25Z'],
  ['2019-05-06 12:00', '2019-05-06T12:00:00Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
  ['2019-05-06T12:00:00Z', '2019-05-06T12:00:00Z'],
  ['2024-02-29', '2024-02-29T00:00:00Z'],
];

const none = [
  '2023-02-29',
  '2024-13-01',
  '2024-01-00',
  '2024-01-01T24:00',
  '2024-01-01t10:00:00z',
  '2024-01-01T10',
  '',
];

describe('dates', () => {
  it.each(formatted)('are written by the layout %j', (layout, text) => {
    expect(evaluate(`${at}.Format(${JSON.stringify(layout)})`)).toBe(text);
  });

  it.each(parsed)('are read from %j by %j', (text, layout, date) => {
    expect(String(evaluate(`date(${JSON.stringify(text)}, ${JSON.stringify(layout)})`))).toBe(date);
  });

  it.each(unfit)('are not read from %j by %j', (text, layout) => {
    const error = catchError(() => evaluate(`date(${JSON.stringify(text)}, ${JSON.stringify(layout)})`));
    expect(error.message).toContain('is not a date in the layout');
  });

  it('are not read by a layout of another language, which is written here', () => {
    const error = catchError(() => evaluate('date("2024-03-05", "YYYY-MM-DD")'));
    expect(error.hint).toContain('write `2006-01-02`; ');
  });

  it.each([
    ['1700000000', '1700000000 in seconds since 1970 is 2023-11-14T22:13:20Z: '],
    ['1700000000000', '1700000000000 in milliseconds since 1970 is 2023-11-14T22:13:20Z: '],
    ['1700000000000000', '1700000000000000 in microseconds since 1970 is 2023-11-14T22:13:20Z: '],
    ['1700000000000000000', '1700000000000000000 in nanoseconds since 1970 is 2023-11-14T22:13:20Z: '],
    ['1700000000.5', '1700000000.5 in seconds since 1970 is 2023-11-14T22:13:20Z: '],
    ['"1700000000"', '1700000000 in seconds since 1970 is 2023-11-14T22:13:20Z: '],
  ])('are made of the number %s, and compared with it, by what the hint says', (number, begin) => {
    const { hint = '' } = catchError(() => evaluate(`date(${number})`));
    expect(hint).toContain(begin);
    const [sum = '', comparison = ''] = [...hint.matchAll(/`(.*?)`/g)].map(([, code = '']) =>
      code.replace(/\bn\b/, number),
    );
    expect(String(evaluate(sum))).toMatch(/^2023-11-14T22:13:20(\.5)?Z$/);
    expect(evaluate(comparison.replace('text', '"2023-11-14T22:13:20Z"'))).toBe(!number.includes('.'));
  });

  it('are not made of dates and of numbers that are no times', () => {
    expect(catchError(() => evaluate('date(now())')).hint).toBe('it is a date: leave `date(…)` out');
    expect(catchError(() => evaluate('date(1e30)')).hint).toBeUndefined();
    expect(catchError(() => evaluate('date("20240131")')).hint).toContain('write it like `2006-01-02`');
  });

  it.each(common)('are read from %s', (text, date) => {
    expect(String(evaluate(`date("${text}")`))).toBe(date);
  });

  it.each(none)('are not read from %j', (text) => {
    expect(catchError(() => evaluate(`date("${text}")`)).message).toContain('is not a date');
  });
});

it.each([
  ['date("2024-05-01T23:10:00+02:00")', '2024-05-01T21:10:00Z (23:10:00+02:00)'],
  ['date("2024-05-01T23:10:00+02:00").In("Asia/Tokyo")', '2024-05-01T21:10:00Z (2024-05-02T06:10:00+09:00)'],
  ['date("2024-05-01T23:10:00Z")', '2024-05-01T23:10:00Z'],
  ['date("2024-01-01T12:00:00Z").In("Europe/London")', '2024-01-01T12:00:00Z'],
])('%s is shown in UTC, and as the clock of its zone shows it', (source, shown) => {
  expect(formatValue(evaluate(source))).toBe(shown);
});
