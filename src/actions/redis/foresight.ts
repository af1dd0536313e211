import type { Foresight } from '../../model/action/traits.ts';
import { countOf } from '../../util/count.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';

/** Makes the foresight of an action that counts the keys which it names, under a key of its result. */
export function foreseeCount(resultKey: string): (authored: unknown) => Foresight {
  return (authored) => {
    const key = isRecord(authored) ? authored['key'] : undefined;
    const most = Array.isArray(key) ? new Set(key).size : countOne(key);
    if (most === undefined) return {};
    const why = `${countOf(most, 'key')} ${most === 1 ? 'is' : 'are'} named`;
    return { bounds: { [resultKey]: { atMost: most, why } } };
  };
}

/** One, unless a variable may hold a list. */
function countOne(key: unknown): number | undefined {
  return typeof key === 'string' && !(hasPlaceholder(key) && /^(?:\{\{|\$\{|<<)/.test(key.trim())) ? 1 : undefined;
}
