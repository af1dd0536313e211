import type { Value } from '../../expr/index.ts';
import { readId } from '../read/look.ts';
import type { Caused } from '../read/read-effects.ts';
import { foldName } from '../words/field-name.ts';
import { typeOfReference } from '../words/type-name.ts';
import type { Seen } from './find-contradictions.ts';
import type { NamedId } from './known-ids.ts';

/** A record that the flow caused and that refers to something else than the flow. */
export interface Stranger {
  readonly caused: Caused;
  /** The field as it is written there. */
  readonly name: string;
  readonly value: Value;
  /** The last that the flow knows under this name. */
  readonly known: NamedId;
}

/** Finds references to things that the flow was never told of, under names that it has ids by: the order of another user. */
export function findStrangers(
  caused: readonly Caused[],
  { said, known }: Pick<Seen, 'said' | 'known'>,
): readonly Stranger[] {
  if (caused.length === 0) return [];
  const told = new Set<string>();
  for (const { root, id } of said.sayings) if (!caused.some(({ look }) => look === root.look)) told.add(id);
  return caused.flatMap((one) =>
    Object.entries(one.record).flatMap(([name, value]): readonly Stranger[] => {
      const id = typeOfReference(name) === undefined ? undefined : readId(value);
      const last = known.listNamed(foldName(name)).at(-1);
      const isStrange = id !== undefined && last !== undefined && !known.has(id) && !told.has(id);
      return isStrange ? [{ caused: one, name, value, known: last }] : [];
    }),
  );
}
