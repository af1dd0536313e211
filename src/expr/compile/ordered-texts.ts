/** What two texts both are by the way they are written, though their characters are not in that order. */
export interface OtherOrder {
  /** In the plural: `dates`. */
  readonly noun: string;
  /** Below 0 where the first comes first. */
  readonly order: number;
  /** That of the dates, or times, for `date(…)`; absent where no function reads such texts. */
  readonly layout?: string | undefined;
}

type Key = readonly number[];

interface Form {
  readonly noun: string;
  readonly layout?: string;
  /** What such texts are ordered by; undefined for any other text. */
  readonly read: (text: string) => Key | undefined;
}

const LONGEST = 60;
/** The time of day behind a date, if any. */
const TIME = String.raw`(?:[ T](\d\d?):(\d\d)(?::(\d\d))?)?`;

const FORMS: readonly Form[] = [
  readDays(String.raw`(?<d>\d\d?)\.(?<m>\d\d?)\.(?<y>\d{4})`, '02.01.2006'),
  readDays(String.raw`(?<d>\d\d?)/(?<m>\d\d?)/(?<y>\d{4})`, '02/01/2006'),
  readDays(String.raw`(?<m>\d\d?)/(?<d>\d\d?)/(?<y>\d{4})`, '01/02/2006'),
  readDays(String.raw`(?<d>\d\d?)-(?<m>\d\d?)-(?<y>\d{4})`, '02-01-2006'),
  readDays(String.raw`(?<y>\d{4})-(?<m>\d\d?)-(?<d>\d\d?)`, '2006-1-2'),
  { noun: 'dates', layout: 'Mon, 02 Jan 2006 15:04:05 MST', read: readNamedDay },
  { noun: 'times', layout: '15:04', read: (text) => readParts(/^(\d\d?):(\d\d)$/, text) },
  { noun: 'times', layout: '15:04:05', read: (text) => readParts(/^(\d\d?):(\d\d):(\d\d)$/, text) },
  { noun: 'times', layout: '3:04 PM', read: readHalfDay },
  { noun: 'versions', read: readVersion },
];

/** What two texts both are, with the order that they are in as such; of dates of which the day may be the month there are two. */
export function listOrders(a: string, b: string): readonly OtherOrder[] {
  if (a.length > LONGEST || b.length > LONGEST || !/\d/.test(a)) return [];
  return FORMS.flatMap(({ noun, layout, read }) => {
    const [x, y] = [read(a), read(b)];
    const order = x && y ? compareKeys(x, y) : undefined;
    // What follows the numbers of a version has an order of its own.
    return order === undefined || (order === 0 && !layout) ? [] : [{ noun, layout, order }];
  });
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, part] of a.entries()) {
    const difference = part - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function readDays(source: string, layout: string): Form {
  const pattern = new RegExp(`^${source}${TIME}$`);
  const read = (text: string): Key | undefined => {
    const match = pattern.exec(text);
    const { y, m, d } = match?.groups ?? {};
    if (!match || Number(m) > 12 || Number(d) > 31) return undefined;
    return [y, m, d, ...match.slice(4)].map((part) => Number(part ?? 0));
  };
  return { noun: 'dates', layout, read };
}

/** `Mon, 02 Feb 2026 10:00:00 GMT`, as headers have it. */
function readNamedDay(text: string): Key | undefined {
  const time = /^[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : [time];
}

function readParts(pattern: RegExp, text: string): Key | undefined {
  return pattern.exec(text)?.slice(1).map(Number);
}

function readHalfDay(text: string): Key | undefined {
  const [, hour, minute, half] = /^(\d\d?):(\d\d) ?([ap])m$/i.exec(text) ?? [];
  if (half === undefined) return undefined;
  return [(Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0), Number(minute)];
}

/** `1.10.0`, `v1.10`, `1.10.0-rc.1`: its numbers alone. */
function readVersion(text: string): Key | undefined {
  const [, numbers] = /^(?:v(?=\d+\.\d)|(?=\d+\.\d+\.\d))((?:\d+\.)*\d+)(?:[-+].*)?$/.exec(text) ?? [];
  return numbers?.split('.').map(Number);
}
