import type { Location } from './events.ts';

/** So far the ends of what is masked around a place are looked for. */
const FARTHEST = 500;

/** A place in masked lines, with where it is there: the carets would no longer fit. */
export function movePlace(masked: Location, before: Location, hide: (text: string) => string): Location {
  const [from, to] = [before, masked].map(({ line, excerpt }) => excerpt?.find((one) => one.line === line)?.text);
  if (from === undefined || to === undefined || from === to) return masked;
  const move = (column: number, step: 1 | -1): number => findOffset(column - 1, step, { from, to, hide }) + 1;
  const column = move(before.column, -1);
  const endColumn = before.endLine === before.line ? Math.max(column + 1, move(before.endColumn, 1)) : before.endColumn;
  return { ...masked, shown: { column, endColumn } };
}

/** Where an offset is in the masked line; of one inside of what is masked where that begins, or ends. */
function findOffset(
  offset: number,
  step: 1 | -1,
  { from, to, hide }: { readonly from: string; readonly to: string; readonly hide: (text: string) => string },
): number {
  for (let at = offset; at >= 0 && at <= from.length && Math.abs(at - offset) < FARTHEST; at += step) {
    const head = hide(from.slice(0, at));
    // What is masked as a whole is not the same when it is cut in two.
    if (head + hide(from.slice(at)) === to) return head.length;
  }
  return Math.min(offset, to.length);
}

/** A location with its lines masked. */
export function maskPlace(place: Location, hide: (text: string) => string): Location {
  const excerpt = place.excerpt?.map(({ line, text }) => ({ line, text: hide(text) }));
  return movePlace({ ...place, excerpt }, place, hide);
}
