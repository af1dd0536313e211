import { describeType, isKeyedMap, isList, isMap, stringifyJson, type Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';

/** A value as the text that Redis keeps: maps and lists as JSON. @throws ActionError for nil, which Redis does not have */
export function writeValue(value: Value, setting: string): string {
  if (typeof value === 'string') return value;
  if (isList(value) || isMap(value) || isKeyedMap(value)) return stringifyJson(value);
  if (value !== null) return String(value);
  const message = `\`${setting}\`: expected a value, got ${describeType(value)}`;
  throw new ActionError({ kind: 'authoring', message, hints: ['Redis has no nil: remove the key with `redis.del`'] });
}
