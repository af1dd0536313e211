import type { Budget, Env, Host, Value } from '../expr/index.ts';

/** Where something stands in a path, in UTF-16 units. */
export interface PathPlace {
  readonly offset: number;
  readonly length: number;
}

/** `$` or `@` and what follows it. */
export interface Query extends PathPlace {
  /** Whether it begins at the item (`@`), not at the root (`$`). */
  readonly isRelative: boolean;
  readonly segments: readonly Segment[];
}

/** A step from nodes to nodes; one that is descendant looks at all that stands below them too. */
export interface Segment extends PathPlace {
  readonly isDescendant: boolean;
  readonly selectors: readonly Selector[];
}

export type Selector =
  | {
      readonly kind: 'name';
      readonly key: string;
      /** Whether it also reads an array: `.length` its length, `.0` an item. RFC 9535 finds nothing there. */
      readonly isLoose: boolean;
    }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'wildcard' }
  | Slice
  | { readonly kind: 'filter'; readonly condition: Condition };

export interface Slice {
  readonly kind: 'slice';
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly step: number;
}

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What a filter asks of an item. */
export type Condition = PathPlace &
  (
    | { readonly kind: 'or' | 'and'; readonly parts: readonly Condition[] }
    | { readonly kind: 'not'; readonly part: Condition }
    /** Whether the query leads anywhere. */
    | { readonly kind: 'exists'; readonly query: Query }
    /** Whether the query leads to something that is neither nil nor false. */
    | { readonly kind: 'holds'; readonly query: Query }
    | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
    | { readonly kind: 'pattern'; readonly isWhole: boolean; readonly text: Operand; readonly pattern: Operand }
    | { readonly kind: 'own'; readonly own: OwnExpression }
  );

/** What gives a condition a value, or nothing. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: Value }
  /** Of a query that leads to one value at most. */
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'length'; readonly of: Operand }
  | { readonly kind: 'count' | 'only'; readonly query: Query }
  | ComputedMember
  | { readonly kind: 'own'; readonly own: OwnExpression };

/** A member of the item or the root below a key that is computed, `@["{{NAME}}"]`. */
export interface ComputedMember {
  readonly kind: 'member';
  readonly of: Operand;
  readonly key: Operand;
  /** The same as an expression: it says what is wrong with the key. */
  readonly own: OwnExpression;
}

/** What an expression of a condition is evaluated with. */
export interface ItemScope {
  readonly item: Value;
  readonly root: Value;
  readonly env: Env;
  readonly host: Host;
  readonly budget: Budget;
}

/** An expression of our own language in a condition, over `@` and names of the flow. */
export interface OwnExpression extends PathPlace {
  readonly text: string;
  /** What it reads of the item and the root, so that something missing can be reported from a mistake. */
  readonly queries: readonly Query[];
  /** @throws ExprError when it cannot be evaluated for the item */
  evaluate(scope: ItemScope): Value;
}

/** Whether a query leads to one value at most, by its form alone. */
export function isSingular({ segments }: Pick<Query, 'segments'>): boolean {
  return segments.every(({ isDescendant, selectors }) => {
    const [selector] = selectors;
    return !isDescendant && selectors.length === 1 && (selector?.kind === 'name' || selector?.kind === 'index');
  });
}
