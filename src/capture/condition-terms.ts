import type { Value } from '../expr/index.ts';

import { RefusalError } from './path-reader.ts';
import { type Condition, isSingular, type Operand, type OwnExpression, type PathPlace, type Query } from './query.ts';

/** A part of a condition before it is known whether it is compared, tested or given to a function. */
export type Term = PathPlace &
  (
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'literal'; readonly value: Value }
    | { readonly kind: 'own'; readonly own: OwnExpression }
    | FunctionValue
    | { readonly kind: 'test'; readonly name: string; readonly condition: Condition }
  );

interface FunctionValue {
  readonly kind: 'function';
  readonly name: string;
  readonly operand: Operand;
}

/** Takes a term for a value. @throws RefusalError when it is none, or may be several */
export function toOperand(term: Term): Operand {
  const { offset, length } = term;
  switch (term.kind) {
    case 'literal':
      return { kind: 'literal', value: term.value };
    case 'own':
      return { kind: 'own', own: term.own };
    case 'function':
      return term.operand;
    case 'test': {
      const hint = `leave the comparison out: \`${term.name}(…)\`, or \`!${term.name}(…)\``;
      throw new RefusalError(`\`${term.name}\` is true or false by itself`, { offset, length, hint });
    }
    case 'query': {
      if (isSingular(term.query)) return { kind: 'query', query: term.query };
      const hint = 'filter them, for example `@.tags[?@ == "a"]`, or count them: `count(@.tags[*]) > 1`';
      throw new RefusalError('this may be several values, which cannot be compared', { offset, length, hint });
    }
    default:
      return term satisfies never;
  }
}
