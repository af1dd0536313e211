import { type Term, toOperand } from './condition-terms.ts';
import { checkPattern } from './i-regexp.ts';
import { RefusalError } from './path-reader.ts';
import type { Operand, PathPlace, Query } from './query.ts';

/** The functions of RFC 9535, §2.4, with what they take. */
const SIGNATURES: Readonly<
  Record<string, { readonly takes: readonly ('value' | 'nodes')[]; readonly example: string }>
> = {
  length: { takes: ['value'], example: 'length(@.name)' },
  count: { takes: ['nodes'], example: 'count(@.tags[*])' },
  value: { takes: ['nodes'], example: 'value(@..id)' },
  match: { takes: ['value', 'value'], example: 'match(@.name, "A.*")' },
  search: { takes: ['value', 'value'], example: 'search(@.name, "A")' },
};

/** Their names. */
export const STANDARD_FUNCTIONS: ReadonlySet<string> = new Set(Object.keys(SIGNATURES));

/** Makes a call of one of them; undefined when it can only be a function of our own. @throws RefusalError */
export function makeFunction(name: string, terms: readonly Term[], place: PathPlace): Term | undefined {
  const { takes = [], example = '' } = SIGNATURES[name] ?? {};
  if (terms.some(({ kind }, at) => takes[at] === 'nodes' && kind === 'own')) return undefined;
  const hint = `for example \`${example}\``;
  if (terms.length !== takes.length) {
    const expected = takes.length === 1 ? 'one argument' : `${takes.length} arguments`;
    throw new RefusalError(`\`${name}\` takes ${expected}, got ${terms.length}`, { ...place, hint });
  }
  const [first, second] = terms;
  if (!first) return undefined;
  if (takes[0] === 'nodes') {
    const query = takeQuery(name, first, hint);
    return { kind: 'function', name, operand: { kind: name === 'count' ? 'count' : 'only', query }, ...place };
  }
  const text = toOperand(first);
  if (!second) return { kind: 'function', name, operand: { kind: 'length', of: text }, ...place };
  return {
    kind: 'test',
    name,
    condition: { kind: 'pattern', isWhole: name === 'match', text, pattern: takePattern(second), ...place },
    ...place,
  };
}

function takeQuery(name: string, term: Term, hint: string): Query {
  if (term.kind === 'query') return term.query;
  const { offset, length } = term;
  throw new RefusalError(`\`${name}\` takes a query, which begins with \`@\` or \`$\``, { offset, length, hint });
}

function takePattern(term: Term): Operand {
  const operand = toOperand(term);
  if (operand.kind === 'literal' && typeof operand.value === 'string') checkPattern(operand.value, term);
  return operand;
}
