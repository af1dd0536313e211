import type { Env, FunctionDef, Host, NameUse, Value } from '../expr/index.ts';
import { compile, ExprError } from '../expr/index.ts';

/** What a filter is evaluated with. */
export interface FilterScope {
  readonly root: Value;
  readonly env: Env;
  readonly host: Host;
}

/** A compiled `[?…]`. */
export interface Filter {
  /** Names of the flow that the condition reads, at their places in the path. */
  readonly names: readonly NameUse[];
  /** Whether the item satisfies the condition. @throws ExprError when the condition cannot be evaluated for it */
  accepts(item: Value, scope: FilterScope): boolean;
}

/** Stands for `@` in the expression language, which has no such token; as long as it, so that offsets stay what they are. */
const ITEM = '\u0298';

/** Compiles the condition of a filter: an expression over `@` (the item), `$` (what the path begins at) and names of the flow. */
export function compileFilter(
  text: string,
  offset: number,
  functions: ReadonlyMap<string, FunctionDef> | undefined,
): Filter {
  const place = (error: unknown) => placeError(error, offset);
  try {
    const expression = compile(replaceItem(text), functions ? { functions } : {});
    const names = expression.names.filter((use) => use.name !== ITEM && use.name !== '$');
    return {
      names: names.map((use) => ({ ...use, offset: use.offset + offset })),
      accepts(item, scope) {
        try {
          return isMatch(expression.evaluate(createEnv(item, scope), scope.host));
        } catch (error) {
          throw place(error);
        }
      },
    };
  } catch (error) {
    throw place(error);
  }
}

/** A condition that is no comparison asks whether something is there: `[?@.isbn]`. */
function isMatch(value: Value): boolean {
  return typeof value === 'boolean' ? value : value !== null;
}

function createEnv(item: Value, scope: FilterScope): Env {
  return {
    get(name) {
      if (name === ITEM) return item;
      return name === '$' ? scope.root : scope.env.get(name);
    },
    keys: () => scope.env.keys(),
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

function placeError(error: unknown, offset: number): unknown {
  if (!(error instanceof ExprError)) return error;
  const { kind, message, length } = error;
  const restore = (words: string) => words.replaceAll(ITEM, '@');
  const hint = error.hint === undefined ? undefined : restore(error.hint);
  return new ExprError(kind, restore(message), { offset: error.offset + offset, length, hint });
}
