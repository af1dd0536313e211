import { Budget, compilePattern, type Node, type NodeOf, takesAll } from '../../../expr/index.ts';

/** What is said of a condition, at the place of a node. */
export interface Said {
  readonly node: Node;
  readonly message: string;
  readonly help: string;
}

const LOOKS_FOR_TEXT: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith']);
const LOOKING: ReadonlySet<string> = new Set(['hasPrefix', 'hasSuffix', 'indexOf', 'lastIndexOf']);

/** `x matches ".*"`, `x contains ""`. */
export function describeAllTexts({ operator, right }: NodeOf<'binary'>): Said | undefined {
  if (LOOKS_FOR_TEXT.has(operator)) return describeEmptyText(right);
  if (operator !== 'matches' || right.kind !== 'literal' || typeof right.value !== 'string') return undefined;
  if (!takesAll(compilePattern(right.value), new Budget())) return undefined;
  return {
    node: right,
    message: 'this holds of every text: the pattern finds something in each, the empty one too',
    help: 'write what the text has to be, from `^` to `$`; that it is a text says `is_string(…)`',
  };
}

/** `hasPrefix(x, "")`, `contains_all(x, [])`, `matches_partial(x, {})`. */
export function describeAllTaken({ name, args: [, wanted] }: NodeOf<'call'>): Said | undefined {
  if (!wanted) return undefined;
  if (LOOKING.has(name)) return describeEmptyText(wanted);
  if (name === 'contains_all' && wanted.kind === 'list' && wanted.items.length === 0)
    return {
      node: wanted,
      message: 'this holds of every list: no items are expected',
      help: 'write the items that it has to have; that it has none says `len(…) == 0`',
    };
  if (name === 'matches_partial' && wanted.kind === 'map' && wanted.entries.length === 0)
    return {
      node: wanted,
      message: 'this holds of every map: no fields are expected',
      help: 'write the fields that it has to have; that it is a map says `is_map(…)`',
    };
  return undefined;
}

function describeEmptyText(node: Node): Said | undefined {
  if (node.kind !== 'literal' || node.value !== '') return undefined;
  return {
    node,
    message: 'this holds of every text: the empty one is in each',
    help: 'write what has to stand there; that a text is empty says `== ""`',
  };
}
