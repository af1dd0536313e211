import { groupBy } from '../../util/group-by.ts';
import type { Saying } from '../read/look.ts';
import { foldName } from '../words/field-name.ts';

/** All that is said of one thing. */
export interface Thing {
  readonly type: string;
  readonly id: string;
  readonly sayings: readonly Saying[];
}

const MIN_KEYS = 4;

/** Puts together what is said of one thing: under one id, and of one type. */
export function groupThings(sayings: readonly Saying[]): readonly Thing[] {
  const byId = groupBy(sayings, ({ id }) => id);
  return [...byId].flatMap(([id, all]) => groupByType(id, all));
}

function groupByType(id: string, all: readonly Saying[]): readonly Thing[] {
  const counts = new Map<string, number>();
  for (const { types } of all) for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  // An event about `shop_order` is about the `order` of others.
  const isLikelier = (a: string, b: string): boolean => (counts.get(a) ?? 0) > (counts.get(b) ?? 0);
  const groups = groupBy(all, ({ types }) =>
    types.length === 0 ? undefined : types.reduce((best, other) => (isLikelier(other, best) ? other : best)),
  );
  for (const saying of all) {
    if (saying.types.length > 0) continue;
    const alike = [...groups.values()].find((group) => group.some((other) => isAlike(saying, other)));
    alike?.push(saying);
  }
  return [...groups].map(([type, group]) => ({
    ...{ type, id },
    sayings: group.sort((a, b) => a.root.look.index - b.root.look.index),
  }));
}

/** Whether two records have the same keys, and so many that they are of one type, though the place of one does not say so. */
function isAlike(a: Saying, b: Saying): boolean {
  const [left, right] = [listKeys(a), listKeys(b)];
  return left.size >= MIN_KEYS && left.size === right.size && [...left].every((key) => right.has(key));
}

function listKeys({ record }: Saying): ReadonlySet<string> {
  return new Set(Object.keys(record).map(foldName));
}
