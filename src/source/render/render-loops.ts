import type { ExplainedItem, ExplainedLoop, ExplainedPart } from '../../model/explained.ts';
import { cutColumns, measureColumns } from '../../util/cells.ts';
import type { Paint } from '../../util/paint.ts';
import { renderPartValue, renderValue } from './render-value.ts';

const MAX_LOOPS = 3;
const MAX_PATH_COLUMNS = 44;
const MAX_TEXT_COLUMNS = 100;
const MAX_PARTS = 4;
const MAX_PART_COLUMNS = 70;
const MAX_ITEM_COLUMNS = 100;
const INDENT = '  ';

/** Draws the items that made calls such as `all(list, …)` what they are: where they stand, what the predicate saw, and the item. */
export function renderLoops(loops: readonly ExplainedLoop[], paint: Paint): readonly string[] {
  return loops.slice(0, MAX_LOOPS).flatMap((loop) => renderLoop(loop, paint));
}

function renderLoop(loop: ExplainedLoop, paint: Paint): readonly string[] {
  const { items } = loop;
  const paths = items.map((item) => cutColumns(item.path, MAX_PATH_COLUMNS));
  const width = Math.max(0, ...paths.map(measureColumns));
  const lines = items.flatMap((item, index) => {
    const path = paths[index] ?? '';
    const gap = ' '.repeat(width - measureColumns(path) + 2);
    const seen = renderSeen(item, paint);
    return [
      `${INDENT}${renderMark(item, paint)} ${path}${gap} ${seen}`,
      ...item.loops.flatMap((inner) => renderLoop(inner, paint)).map((line) => `${INDENT}${INDENT}${line}`),
    ];
  });
  const [first] = items;
  const note = loop.value === undefined && first ? `ends with an error at ${first.path}` : describeLoop(loop);
  return [`${cutColumns(loop.text, MAX_TEXT_COLUMNS)}   ${paint.dim(note)}`.trimEnd(), ...lines];
}

function renderMark({ isMatch }: ExplainedItem, paint: Paint): string {
  if (isMatch === undefined) return ' ';
  return isMatch ? paint.green('✓') : paint.red('✗');
}

/** `.price = int -1   in map {"sku": "B", "price": -1}`; the item alone when the predicate looks at nothing else. */
function renderSeen({ parts, value }: ExplainedItem, paint: Paint): string {
  const reported = parts.filter((part) => part.text !== '#').slice(0, MAX_PARTS);
  const item = renderValue(value, MAX_ITEM_COLUMNS);
  if (reported.length === 0) return paint.cyan(item);
  return `${reported.map((part) => renderPart(part, paint)).join(', ')}   ${paint.dim(`in ${item}`)}`;
}

function renderPart(part: ExplainedPart, paint: Paint): string {
  return `${cutColumns(part.text, MAX_PATH_COLUMNS)} = ${paint.cyan(renderPartValue(part, MAX_PART_COLUMNS))}`;
}

/** `holds for 1 of 3 items`, or the item that decided. */
function describeLoop({ itemCount, seenCount, matchCount, items }: ExplainedLoop): string {
  const [first] = items;
  const all = `${itemCount} ${itemCount === 1 ? 'item' : 'items'}`;
  if (items.every((item) => item.isMatch === undefined))
    return items.length < itemCount ? `the first ${items.length} of ${all}` : '';
  if (first && seenCount < itemCount) {
    return `${first.isMatch ? 'holds' : 'does not hold'} for the ${nameOrdinal(first.index + 1)} of ${all}`;
  }
  const held = matchCount === 0 ? `holds for none of ${all}` : `holds for ${matchCount} of ${all}`;
  const missed = seenCount - matchCount;
  const isMixed = items.some((item) => item.isMatch) && items.some((item) => !item.isMatch);
  const total = isMixed ? seenCount : first?.isMatch ? matchCount : missed;
  return items.length < total ? `${held}; the first:` : held;
}

function nameOrdinal(count: number): string {
  const ending = count % 100 > 10 && count % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
