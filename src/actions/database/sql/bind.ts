import { isList, type Value } from '../../../expr/index.ts';
import { findNearest, listNames } from '../../../util/suggest.ts';
import { suggestForPosition } from './foreign-parameter.ts';
import { findIn, listEmptyTests } from './list-tests.ts';
import { listNullItems, listNullLiterals, listNullTests } from './null-tests.ts';
import type { SqlStatement } from './sql-split.ts';
import { splitStatements } from './sql-split.ts';
import type { SqlDialect, SqlToken } from './sql-token.ts';
import { listWords } from './sql-word.ts';

/** `params`: a list binds `$1` or `?`, a map binds `:name`. */
export type Params = readonly Value[] | Readonly<Record<string, Value>>;

/** A statement whose parameters are `$1`, `$2` … (each value once) or, for MySQL, `?` (one value for each). */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly Value[];
  /** What each value is called, where `params` is a map. */
  readonly names: readonly (string | undefined)[];
  readonly verb: string;
  /** Whether its last token is not closed. */
  readonly isOpen: boolean;
  /** The place in the whole query of an offset in `text`. */
  locate(offset: number): number;
}

/** Why a query and its params do not go together; `message` is for people. */
export class BindMistake extends Error {
  override readonly name = 'BindMistake';
  readonly setting: 'query' | 'params';
  readonly help: readonly string[];

  constructor(setting: 'query' | 'params', message: string, help: readonly string[] = []) {
    super(message);
    this.setting = setting;
    this.help = help;
  }
}

export interface BoundQuery {
  readonly statements: readonly BoundStatement[];
  /** Names in a map of params that no statement uses. */
  readonly unused: readonly string[];
  /** Comparisons with NULL, in words. */
  readonly nullTests: readonly string[];
  /** Tests with a list without items, in words. */
  readonly emptyTests: readonly string[];
}

export interface BindOptions {
  readonly dialect?: SqlDialect;
  /** The query's statements, from whoever has split it already. */
  readonly statements?: readonly SqlStatement[];
}

/**
 * Binds the parameters of a query's statements.
 * @throws BindMistake
 */
export function bindQuery(query: string, params: Params | undefined, options: BindOptions = {}): BoundQuery {
  const { dialect = 'postgres', statements = splitStatements(query, dialect) } = options;
  if (query.includes('\0')) throw new BindMistake('query', '`query` holds a NUL character, which SQL cannot hold');
  if (statements.length === 0) throw new BindMistake('query', '`query` holds no statement');
  if (statements.some((statement) => statement.verb === 'DELIMITER')) {
    const help = 'leave it out: bodies between `BEGIN` and `END` are kept together without it';
    throw new BindMistake('query', '`DELIMITER` is a command of the mysql client, not SQL', [help]);
  }
  for (const statement of statements) refuseCopy(query, statement);
  const binder = chooseBinder(query, { statements, dialect }, params);
  const bound = statements.map((statement) =>
    dialect === 'mysql' ? bindQuestions(query, statement, binder) : bindNumbered(query, statement, binder),
  );
  const hasNull = bound.some(({ values }) => values.includes(null));
  const question = { dialect, keyOf: binder.keyOf, isNull: (key: string | number) => binder.valueOf(key) === null };
  const nullTests = hasNull ? statements.flatMap((statement) => listNullTests(query, statement, question)) : [];
  const nullItems = statements.flatMap((statement) => listNullItems(query, statement, binder));
  const nullLiterals = statements.flatMap((statement) => listNullLiterals(query, statement));
  const emptyTests = statements.flatMap((statement) => listEmptyTests(query, statement, binder));
  return {
    statements: bound,
    unused: binder.finish(),
    nullTests: [...nullTests, ...nullItems, ...nullLiterals],
    emptyTests,
  };
}

/** What goes past the rows would be lost, and what is asked for cannot be given. */
function refuseCopy(query: string, { verb, tokens }: SqlStatement): void {
  if (verb !== 'COPY') return;
  const words = listWords(query, tokens).filter(({ depth }) => depth === 0);
  const at = words.findIndex(({ upper }) => upper === 'STDOUT' || upper === 'STDIN');
  const way = words[at - 1]?.upper;
  if (way === 'TO')
    throw new BindMistake('query', '`COPY … TO STDOUT` gives no rows, and its output would be lost', [
      'write a SELECT: its rows are the result',
    ]);
  if (way === 'FROM')
    throw new BindMistake('query', '`COPY … FROM STDIN` has nothing to read here', ['write an INSERT']);
}

/** Decides what a token stands for. */
interface Binder {
  /** The key of the token's value; undefined: the token is no parameter. */
  keyOf(token: SqlToken): string | number | undefined;
  valueOf(key: string | number): Value;
  /** Complains about params that are left over, or gives the names of those that may be. */
  finish(): readonly string[];
}

function chooseBinder(
  query: string,
  { statements, dialect }: { statements: readonly SqlStatement[]; dialect: SqlDialect },
  params: Params | undefined,
): Binder {
  const tokens = statements.flatMap((statement) => statement.places);
  if (Array.isArray(params)) {
    const isNumbered = tokens.some((token) => token.kind === 'numbered');
    return isNumbered ? createNumberedBinder(query, params) : createQuestionBinder(query, tokens, params);
  }
  if (params !== undefined) return createNamedBinder(query, params as Readonly<Record<string, Value>>);
  // On Postgres a `?` that nothing is bound to is an operator of jsonb.
  const lost = tokens.find(({ kind }) => kind === 'numbered' || (kind === 'question' && dialect === 'mysql'));
  if (lost) {
    const name = query.slice(lost.start, lost.end);
    throw new BindMistake('query', `\`query\` uses \`${name}\`, but there are no \`params\``, ['add `params: [ … ]`']);
  }
  return { keyOf: () => undefined, valueOf: () => null, finish: () => [] };
}

function createNumberedBinder(query: string, params: readonly Value[]): Binder {
  const used = new Set<number>();
  return {
    keyOf(token) {
      if (token.kind !== 'numbered') return undefined;
      const position = Number(query.slice(token.start + 1, token.end));
      if (position < 1 || position > params.length) {
        const message = `\`query\` uses \`$${position}\`, but \`params\` has ${describeCount(params.length)}`;
        throw new BindMistake('params', message, position < 1 ? ['`$1` is the first'] : []);
      }
      used.add(position);
      return position;
    },
    valueOf: (key) => params[Number(key) - 1] ?? null,
    finish() {
      const missing = params.findIndex((_, index) => !used.has(index + 1));
      if (missing === -1) return [];
      const message = `\`params\` has ${describeCount(params.length)}, but \`query\` does not use \`$${missing + 1}\``;
      throw new BindMistake('params', message, ['remove the value, or use it']);
    },
  };
}

function createQuestionBinder(query: string, tokens: readonly SqlToken[], params: readonly Value[]): Binder {
  const places = tokens.filter((token) => token.kind === 'question');
  if (places.length !== params.length) {
    const got = places.length === 0 ? 'uses no `$1` and no `?`' : `has ${places.length} \`?\``;
    const other =
      places.length === 0 ? [suggestMap(query, tokens) ?? suggestForPosition(query) ?? []].flat() : undefined;
    const help = other ?? ['if the `?` is an operator of jsonb, write `$1`, `$2` for the parameters'];
    throw new BindMistake('params', `\`params\` has ${describeCount(params.length)}, but \`query\` ${got}`, help);
  }
  const positions = new Map(places.map((token, index) => [token.start, index + 1]));
  return {
    keyOf: (token) => (token.kind === 'question' ? positions.get(token.start) : undefined),
    valueOf: (key) => params[Number(key) - 1] ?? null,
    finish: () => [],
  };
}

/** Where a query names its parameters. */
function suggestMap(query: string, tokens: readonly SqlToken[]): string | undefined {
  const named = tokens.filter(({ kind }) => kind === 'named').map(({ start, end }) => query.slice(start + 1, end));
  if (named.length === 0) return undefined;
  const entries = [...new Set(named)].map((name) => `${name}: …`);
  return `\`:${named[0]}\` is given by its name: write \`params: {${entries.join(', ')}}\``;
}

function createNamedBinder(query: string, params: Readonly<Record<string, Value>>): Binder {
  const used = new Set<string>();
  return {
    keyOf(token) {
      if (token.kind === 'numbered') {
        const message = `\`query\` uses \`${query.slice(token.start, token.end)}\`, but \`params\` is a map`;
        throw new BindMistake('params', message, ['write `:name` in the query, or give a list']);
      }
      if (token.kind !== 'named') return undefined;
      const name = query.slice(token.start + 1, token.end);
      if (Object.hasOwn(params, name)) {
        used.add(name);
        return name;
      }
      if (query[token.start - 1] === '[') return undefined;
      const nearest = findNearest(name, Object.keys(params));
      throw new BindMistake('params', `\`query\` uses \`:${name}\`, which \`params\` does not have`, [
        nearest ? `did you mean \`:${nearest}\`?` : `\`params\` has ${listNames(Object.keys(params))}`,
      ]);
    },
    valueOf: (key) => params[key] ?? null,
    finish: () => Object.keys(params).filter((name) => !used.has(name)),
  };
}

function bindNumbered(query: string, statement: SqlStatement, binder: Binder): BoundStatement {
  const positions = new Map<string | number, number>();
  const bound: Bound = { values: [], names: [] };
  const words = findListTests(query, statement, binder);
  const tokens = words.size > 0 ? statement.tokens : statement.places;
  return rewrite(query, { ...statement, places: tokens }, bound, (token) => {
    const word = words.get(token);
    if (word !== undefined) return word;
    const key = binder.keyOf(token);
    if (key === undefined) return undefined;
    let position = positions.get(key);
    if (position === undefined) {
      position = add(bound, key, binder.valueOf(key));
      positions.set(key, position);
    }
    return `$${position}`;
  });
}

/** Where a list is all that stands in `IN (…)`, the words of an array in the place of `IN` and `NOT IN`: so any number of items will do, none too. */
function findListTests(query: string, statement: SqlStatement, binder: Binder): ReadonlyMap<SqlToken, string> {
  const words = new Map<SqlToken, string>();
  for (const token of statement.places) {
    const key = binder.keyOf(token);
    if (key === undefined || !isList(binder.valueOf(key))) continue;
    const { not, word } = findIn(query, statement, token) ?? {};
    if (word) words.set(word, not ? '<> ALL' : '= ANY');
    if (not) words.set(not, '');
  }
  return words;
}

/** MySQL has no arrays: a list that is all that stands in `IN (…)` is bound item by item. */
function bindQuestions(query: string, statement: SqlStatement, binder: Binder): BoundStatement {
  const bound: Bound = { values: [], names: [] };
  return rewrite(query, statement, bound, (token) => {
    const key = binder.keyOf(token);
    if (key === undefined) return undefined;
    const value = binder.valueOf(key);
    if (!isList(value) || !findIn(query, statement, token)) {
      add(bound, key, value);
      return '?';
    }
    for (const item of value) add(bound, key, item);
    return value.length === 0 ? 'SELECT NULL FROM DUAL WHERE FALSE' : value.map(() => '?').join(', ');
  });
}

interface Bound {
  readonly values: Value[];
  readonly names: (string | undefined)[];
}

/** Adds a value; gives how many there are. */
function add({ values, names }: Bound, key: string | number, value: Value): number {
  names.push(typeof key === 'string' ? key : undefined);
  return values.push(value);
}

/** Puts other texts in the place of some tokens, and remembers where the rest came from. */
function rewrite(
  query: string,
  statement: SqlStatement,
  { values, names }: Bound,
  replace: (token: SqlToken) => string | undefined,
): BoundStatement {
  const moves: { readonly to: number; readonly from: number }[] = [{ to: 0, from: statement.start }];
  let text = '';
  let copiedTo = statement.start;
  for (const token of statement.places) {
    const replacement = replace(token);
    if (replacement === undefined) continue;
    text += query.slice(copiedTo, token.start);
    moves.push({ to: text.length, from: token.start });
    text += replacement;
    copiedTo = token.end;
    moves.push({ to: text.length, from: token.end });
  }
  text += query.slice(copiedTo, statement.end);
  const { verb, isOpen } = statement;
  return { text, values, names, verb, isOpen, locate: (offset) => locate(moves, offset) };
}

function locate(moves: readonly { readonly to: number; readonly from: number }[], offset: number): number {
  const move = moves.findLast(({ to }) => to <= offset);
  return move ? move.from + offset - move.to : offset;
}

function describeCount(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}
