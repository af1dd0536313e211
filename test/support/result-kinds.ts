import { describeType, isKeyedMap, isList, isMap, type Value } from '../../src/expr/index.ts';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import type { ResultKind } from '../../src/model/action/result.ts';

/** @throws when a result is not what the fields of its action say */
export function checkResult(...about: Parameters<typeof listKindMistakes>): void {
  const mistakes = listKindMistakes(...about);
  if (mistakes.length > 0) throw new Error(`the result is not what the action says: ${mistakes.join('; ')}`);
}

/** `status: expected number, got string`. */
function listKindMistakes(
  { result: { keys, keysOf } }: Pick<ActionDefinition<never>, 'result'>,
  authored: unknown,
  result: Readonly<Record<string, Value>>,
): readonly string[] {
  const kinds: Readonly<Record<string, ResultKind>> = { ...keys, ...keysOf?.(authored) };
  const names = new Set([...Object.keys(kinds), ...Object.keys(result)]);
  return [...names].flatMap((name) => {
    const [kind, value] = [kinds[name], result[name]];
    if (kind === undefined) return [`${name}: is not a key of the action`];
    if (value === undefined) return [`${name}: is missing`];
    return isOfKind(value, kind) ? [] : [`${name}: expected ${kind}, got ${describeType(value)}`];
  });
}

function isOfKind(value: Value, kind: ResultKind): boolean {
  if (kind === 'any' || (value === null && kind.endsWith('?'))) return true;
  return kind === 'true' ? value === true : kind.replace('?', '') === kindOf(value);
}

function kindOf(value: Value): string {
  if (isList(value)) return 'array';
  if (isMap(value) || isKeyedMap(value)) return 'map';
  const type = describeType(value);
  return type === 'int' || type === 'float' ? 'number' : type;
}
