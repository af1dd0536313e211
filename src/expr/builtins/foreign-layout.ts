import { layoutPattern } from '../values/date-layout.ts';

/** Parts of layouts of other languages, as they are written here. */
const parts: { readonly [part: string]: string } = {
  YYYY: '2006',
  yyyy: '2006',
  YY: '06',
  yy: '06',
  MMMM: 'January',
  MMM: 'Jan',
  MM: '01',
  DD: '02',
  dd: '02',
  HH: '15',
  hh: '03',
  mm: '04',
  SS: '05',
  ss: '05',
  '%Y': '2006',
  '%y': '06',
  '%m': '01',
  '%d': '02',
  '%H': '15',
  '%I': '03',
  '%M': '04',
  '%S': '05',
  '%F': '2006-01-02',
  '%T': '15:04:05',
};
const partPattern = /%[A-Za-z]|([A-Za-z])\1+/g;

/** How a layout of another language (`YYYY-MM-DD`, `%Y-%m-%d`) is written here; undefined for one that is a layout. */
export function suggestLayout(layout: string): string | undefined {
  const isForeign = /%[A-Za-z]|[Yy]{4}|\b(?:DD|HH|MM)\b/.test(layout);
  if (layout === '' || (!isForeign && layout.search(layoutPattern) !== -1)) return undefined;
  const found = layout.match(partPattern) ?? [];
  const isKnown = found.length > 0 && found.every((part) => Object.hasOwn(parts, part));
  const written = layout.replace(partPattern, (part) => parts[part] ?? part);
  const rule = 'a layout writes the date 2 January 2006, 15:04:05: `2006-01-02`, `15:04:05`';
  return isKnown ? `write \`${written}\`; ${rule}` : rule;
}
