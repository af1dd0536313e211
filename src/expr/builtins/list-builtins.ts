import { createHasher } from '../compare/hash.ts';
import { describeType } from '../values/describe.ts';
import { isEqual } from '../values/equality.ts';
import { createBudgetError, createRunError } from '../values/error.ts';
import { ExactNumber } from '../values/exact.ts';
import { type Budget, LIMITS } from '../values/limits.ts';
import { isDoubleText } from '../values/numeral.ts';
import { isList, type Value } from '../values/value.ts';
import { type BuiltinTable, define, takeCount, takeList, takeText } from './builtin.ts';
import { sortItems, takeDescending } from './item-order.ts';

/** Functions over lists that have no predicate. */
export const listBuiltins: BuiltinTable = {
  count: define(1, 1, ([list], frame) => countTrue(takeList('count', [list ?? null]), frame)),
  first: define(1, 1, (args) => takeList('first', args)[0] ?? null),
  last: define(1, 1, (args) => takeList('last', args).at(-1) ?? null),
  take: define(2, 2, (args, frame) => {
    const taken = takeList('take', args).slice(0, takeCount('take', args, 1));
    frame.makeItems(taken.length);
    return taken;
  }),
  sort: define(1, 2, (args, frame) => {
    const items = takeList('sort', args);
    return sortItems({
      name: 'sort',
      items,
      keys: items,
      isDescending: takeDescending('sort', args[1]),
      budget: frame,
    });
  }),
  reverse: define(1, 1, (args, frame) => {
    const items = takeList('reverse', args);
    frame.makeItems(items.length);
    return items.toReversed();
  }),
  uniq: define(1, 1, (args, frame) => uniq(takeList('uniq', args), frame)),
  flatten: define(1, 1, (args, frame) => {
    const flat: Value[] = [];
    flattenInto(flat, takeList('flatten', args), { budget: frame, depth: 0 });
    return flat;
  }),
  concat: define(1, Number.POSITIVE_INFINITY, (args, frame) => {
    const lists = args.map((_, index) => takeList('concat', args, index));
    frame.makeItems(lists.reduce((sum, list) => sum + list.length, 0));
    return lists.flat(1);
  }),
  join: define(1, 2, (args, frame) =>
    join(takeList('join', args), args.length > 1 ? takeText('join', args, 1) : '', frame),
  ),
};

function countTrue(list: readonly Value[], budget: Budget): number {
  budget.spend(list.length);
  let count = 0;
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'boolean') {
      throw createRunError(
        `\`count\` without a predicate needs bools, got ${describeType(item)} for item ${index}`,
        'for the number of items write `len(…)`',
      );
    }
    if (item) count++;
  }
  return count;
}

/** Keeps the first of equal items. Values that could be equal stand together, so that long lists are not compared each with each. */
function uniq(list: readonly Value[], budget: Budget): readonly Value[] {
  const seen = new Set<Value>();
  const groups = new Map<number, Value[]>();
  const hash = createHasher(budget);
  budget.spend(5 * list.length);
  const kept = list.filter((given) => {
    // One item for both carriers of a number.
    const item = given instanceof ExactNumber && isDoubleText(given.text) ? Number(given.text) : given;
    if (typeof item !== 'object' || item === null) return seen.size < seen.add(item).size;
    const key = hash(item);
    const group = groups.get(key);
    if (group?.some((other) => isEqual(other, item, budget))) return false;
    if (group) group.push(item);
    else groups.set(key, [item]);
    return true;
  });
  budget.makeItems(kept.length);
  return kept;
}

function flattenInto(flat: Value[], list: readonly Value[], walk: { budget: Budget; depth: number }): void {
  if (walk.depth > LIMITS.dataDepth) throw createBudgetError('the list is nested too deeply to be flattened');
  walk.budget.spend(list.length);
  for (const item of list) {
    if (isList(item)) flattenInto(flat, item, { budget: walk.budget, depth: walk.depth + 1 });
    else {
      walk.budget.makeItems(1);
      flat.push(item);
    }
  }
}

function join(list: readonly Value[], separator: string, budget: Budget): string {
  const texts = list.map((item, index) => {
    if (typeof item === 'string') return item;
    const hint = 'convert them with `map(…, string(#))`';
    throw createRunError(`\`join\` needs strings, got ${describeType(item)} for item ${index}`, hint);
  });
  budget.makeText(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
}
