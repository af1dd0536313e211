import type { ActionSettings, SeenKeys } from '../../model/action/settings.ts';
import type { NameRef } from '../../model/plan.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { Compiled } from '../compile/renderable.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { placeOfKey } from './check-result-key.ts';

/** Checks what is read of the names that a setting sees besides the flow's: `request.params.id` in the answer of a stub. */
export function checkSeenKeys(
  { seenRefs, authored }: Pick<Compiled, 'seenRefs' | 'authored'>,
  { seen }: Pick<ActionSettings, 'seen'>,
  findings: Findings,
): void {
  if (!seen) return;
  for (const { ref, at } of seenRefs) {
    const keys = seen(authored, at)[ref.name];
    if (keys) checkKeys(ref, keys, findings);
  }
}

function checkKeys({ name, path, span }: NameRef, all: SeenKeys, findings: Findings): void {
  let keys = all;
  let place = span;
  let before = name;
  for (const key of path) {
    if (typeof key !== 'string') return;
    place = placeOfKey(place, key);
    if (!Object.hasOwn(keys, key)) {
      findings.warn(CODES.neverThere, `\`${before}\` has no \`${key}\``, place, [
        suggest(before, key, Object.keys(keys)),
      ]);
      return;
    }
    const next = keys[key];
    if (!next) return;
    keys = next;
    before = `${before}.${key}`;
  }
}

function suggest(before: string, key: string, keys: readonly string[]): string {
  const nearest = findNearest(key, keys);
  if (nearest !== undefined) return `did you mean \`${before}.${nearest}\`?`;
  return keys.length > 0 ? `it has ${listNames(keys, 20)}` : 'it is empty there';
}
