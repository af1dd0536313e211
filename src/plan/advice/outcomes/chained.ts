import type { Node, NodeOf } from '../../../expr/index.ts';
import { evaluateConstant, readsSomething, turn } from './always-holds.ts';
import type { Said } from './holds-of-all.ts';

/** What a chain says of two values that are both written out: in `status >= 200 < 300` the second half is `200 < 300`. */
export function describeChained({ operators, operands }: NodeOf<'comparison'>, source: string): readonly Said[] {
  const cut = ({ offset, length }: Node): string => source.slice(offset, offset + length);
  for (const [index, operator] of operators.entries()) {
    const [left, right] = [operands[index], operands[index + 1]];
    if (!left || !right || readsSomething(left) || readsSomething(right)) continue;
    const half = `${cut(left)} ${operator} ${cut(right)}`;
    const outcome = evaluateConstant(half);
    if (typeof outcome !== 'boolean') continue;
    const message = `\`${half}\` ${outcome ? 'always holds' : 'can never hold'}: a chain compares each value with the next one`;
    const range = operands.length === 3 ? writeRange(operators, operands.map(cut), index) : undefined;
    const help = range === undefined ? 'write each comparison by itself, joined by `and`' : `write \`${range}\``;
    return [{ node: right, message, help }];
  }
  return [];
}

/** What is read between its two limits: `200 <= status < 300`. */
function writeRange(
  [first = '', second = '']: readonly string[],
  [a = '', b = '', c = '']: readonly string[],
  constant: number,
): string | undefined {
  const [low, lower, value, upper, high] =
    constant === 1 ? [b, turn(first), a, second, c] : [a, first, c, turn(second), b];
  return lower[0] === upper[0] ? `${low} ${lower} ${value} ${upper} ${high}` : undefined;
}
