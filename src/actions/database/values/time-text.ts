const TIMESTAMP =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d)(?::(\d\d))?)?)?$/;

/**
 * A timestamp of Postgres as ISO 8601: with a zone in UTC and with `Z`, without one as it is; ms, or six digits when the
 * microseconds are not 0. What ISO 8601 does not have (`infinity`, BC) stays as it came.
 */
export function readTimestamp(text: string): string {
  const match = TIMESTAMP.exec(text);
  if (!match) return text;
  const [, year = '', month, day, hour, minute, second, fraction = '', sign] = match;
  const micros = fraction.padEnd(6, '0');
  const shown = micros.endsWith('000') ? micros.slice(0, 3) : micros;
  if (sign === undefined) return `${year}-${month}-${day}T${hour}:${minute}:${second}.${shown}`;
  if (match[9] === '00' && match[10] === undefined)
    return `${year}-${month}-${day}T${hour}:${minute}:${second}.${shown}Z`;
  const offsetMs =
    Number(`${sign}1`) *
    (Number(match[9]) * 3_600_000 + Number(match[10] ?? 0) * 60_000 + Number(match[11] ?? 0) * 1000);
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const utc = new Date(date.getTime() - offsetMs);
  if (Number.isNaN(utc.getTime())) return text;
  const pad = (number: number) => String(number).padStart(2, '0');
  const datePart = `${String(utc.getUTCFullYear()).padStart(4, '0')}-${pad(utc.getUTCMonth() + 1)}-${pad(utc.getUTCDate())}`;
  return `${datePart}T${pad(utc.getUTCHours())}:${pad(utc.getUTCMinutes())}:${pad(utc.getUTCSeconds())}.${shown}Z`;
}

const INTERVAL =
  /^(?:(-?\d+) years? ?)?(?:([+-]?\d+) mons? ?)?(?:([+-]?\d+) days? ?)?(?:([+-])?(\d+):(\d\d):(\d\d(?:\.\d+)?))?$/;

/** An interval of Postgres (`1 year 2 mons 3 days 04:05:06.789`) as ISO 8601, as Postgres itself writes it (`P1Y2M3DT4H5M6.789S`). */
export function readInterval(text: string): string {
  const match = text === '' ? null : INTERVAL.exec(text);
  if (!match) return text;
  const [, years, months, days, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const minus = sign === '-' ? '-' : '';
  const date = `${part('', years, 'Y')}${part('', months, 'M')}${part('', days, 'D')}`;
  const time = `${part(minus, hours, 'H')}${part(minus, minutes, 'M')}${part(minus, seconds, 'S')}`;
  if (date === '' && time === '') return 'PT0S';
  return `P${date}${time === '' ? '' : `T${time}`}`;
}

function part(minus: string, digits: string | undefined, unit: string): string {
  const number = digits === undefined ? 0 : Number(digits);
  return number === 0 ? '' : `${minus}${number}${unit}`;
}
