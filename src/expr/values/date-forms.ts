const FORM = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const LONGEST = 40;

/** Whether both texts are a date with a time by ISO 8601, with other zones or another precision: then their characters are not in the order of the times. */
export function haveOtherForms(a: string, b: string): boolean {
  const [x, y] = [readForm(a), readForm(b)];
  return x !== undefined && y !== undefined && x !== y;
}

/** The zone, the number of digits, and what stands between day and time. */
function readForm(text: string): string | undefined {
  const match = text.length > LONGEST ? null : FORM.exec(text);
  if (!match) return undefined;
  const [whole, fraction = '', zone = ''] = match;
  const digits = whole.length - zone.length;
  return `${whole[10]} ${digits} ${fraction.length} ${/^(?:z|[+-]00(?::?00)?)$/i.test(zone) ? 'Z' : zone}`;
}
