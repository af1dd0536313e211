import type { Env, Expression, FunctionDef, NameUse, Node } from '../expr/index.ts';
import { compile, ExprError } from '../expr/index.ts';
import type { ItemScope, OwnExpression, PathPlace, Query, Segment, Selector } from './query.ts';
import { VALUE_FUNCTIONS } from './value-functions.ts';

/** Stands for `@` in the expression language, which has no such token; as long as it, so that offsets stay what they are. */
const ITEM = '\u0298';

/** Compiles an expression of our own language that stands at `offset` in the path. @throws ExprError at its place there */
export function compileOwn(
  text: string,
  offset: number,
  functions: ReadonlyMap<string, FunctionDef> | undefined,
): Expression {
  try {
    return compile(replaceItem(text), {
      placeholders: true,
      functions: new Map([...(functions ?? []), ...VALUE_FUNCTIONS]),
    });
  } catch (error) {
    throw restoreError(error, (place) => ({ ...place, offset: place.offset + offset }));
  }
}

/** The names of the flow that an expression reads, at their places in the path. @throws ExprError at what only looks like one */
export function listOwnNames(expression: Expression, offset: number): readonly NameUse[] {
  const names = expression.names.filter(({ name }) => name !== ITEM && name !== '$');
  const odd = names.find(({ name }) => name.startsWith(ITEM));
  if (odd)
    throw new ExprError(
      'syntax',
      `\`@${odd.name.slice(1)}\` is unknown: the item is \`@\`, a member of it \`@.name\``,
      {
        offset: odd.offset + offset,
        length: odd.length,
      },
    );
  return names.map((use) => ({ ...use, offset: use.offset + offset }));
}

/** Makes a compiled expression one of a condition; what goes wrong in it is reported at the place of the whole. */
export function toOwn(expression: Expression, about: Omit<OwnExpression, 'evaluate'>): OwnExpression {
  return {
    ...about,
    evaluate(scope) {
      try {
        return expression.evaluate(createEnv(scope), scope.host, scope.budget);
      } catch (error) {
        throw restoreError(error, () => about);
      }
    },
  };
}

/** Reads a chain of members, such as `@.price` or `$["max"][0]`, as the query that it is; undefined when it is something else. */
export function toQuery(node: Node, textOffset: number, isOptionalTaken = false): Query | undefined {
  const offset = node.offset + textOffset;
  const { length } = node;
  if (node.kind === 'name') {
    const isRelative = node.name === ITEM;
    return isRelative || node.name === '$' ? { isRelative, segments: [], offset, length } : undefined;
  }
  if (node.kind === 'chain') return isOptionalTaken ? toQuery(node.body, textOffset, true) : undefined;
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  const selector = toSelector(node);
  if (!selector || (node.isOptional && !isOptionalTaken)) return undefined;
  const owner = toQuery(node.object, textOffset, isOptionalTaken);
  if (!owner) return undefined;
  const place = { offset: node.at + textOffset, length: node.atLength };
  const segment: Segment = { isDescendant: false, selectors: [selector], ...place };
  return { isRelative: owner.isRelative, segments: [...owner.segments, segment], offset, length };
}

function toSelector(node: Extract<Node, { kind: 'member' | 'index' }>): Selector | undefined {
  if (node.kind === 'member') return { kind: 'name', key: node.name, isLoose: false };
  if (node.index.kind !== 'literal') return undefined;
  const { value } = node.index;
  if (typeof value === 'string') return { kind: 'name', key: value, isLoose: false };
  return typeof value === 'number' && Number.isSafeInteger(value) ? { kind: 'index', index: value } : undefined;
}

function createEnv({ item, root, env }: ItemScope): Env {
  return {
    get(name) {
      if (name === ITEM) return item;
      return name === '$' ? root : env.get(name);
    },
    keys: () => env.keys(),
    explainMissing: (name, key) => env.explainMissing?.(name, key),
  };
}

function replaceItem(text: string): string {
  let quote: string | undefined;
  let replaced = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    replaced += char === '@' && quote === undefined ? ITEM : char;
    if (quote === undefined) quote = char === '"' || char === "'" || char === '`' ? char : undefined;
    else if (char === '\\' && quote !== '`') replaced += text[++at] ?? '';
    else if (char === quote) quote = undefined;
  }
  return replaced;
}

function restoreError(error: unknown, move: (place: PathPlace) => PathPlace): unknown {
  if (!(error instanceof ExprError)) return error;
  const restore = (words: string) => words.replaceAll(ITEM, '@');
  const hint = error.hint === undefined ? undefined : restore(error.hint);
  const { offset, length } = move(error);
  return new ExprError(error.kind, restore(error.message), { offset, length, hint });
}
