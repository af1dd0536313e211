import type { BoundStatement } from './sql/bind.ts';
import { scanSql } from './sql/sql-scan.ts';
import type { SqlDialect } from './sql/sql-token.ts';

/** Rows changed since the transaction began, or since a savepoint in it. */
interface Mark {
  readonly savepoint: string | undefined;
  /** undefined: nobody knows. */
  count: number | undefined;
}

const COMMITS = new Set(['COMMIT', 'END']);
const CONTROLS = new Set(['ROLLBACK', 'ABORT', 'SAVEPOINT', 'RELEASE', 'XA']);

/** Counts the rows that a session's statements changed for good: what is rolled back was not. */
export class ChangeCount {
  readonly #dialect: SqlDialect;
  readonly #open: Mark[] = [];
  #kept: number | undefined = 0;

  constructor(dialect: SqlDialect) {
    this.#dialect = dialect;
  }

  /** What is kept so far, where it is known; changes of a transaction that is still open are not. */
  get value(): number | undefined {
    return this.#kept;
  }

  /** Takes in a statement that was run, with the rows that it changed and whether a transaction is open after it. */
  add(statement: Pick<BoundStatement, 'text' | 'verb'>, changed: number | undefined, isOpen: boolean): void {
    const { verb } = statement;
    if (CONTROLS.has(verb)) this.#control(listWords(statement.text, this.#dialect));
    else if (COMMITS.has(verb) || (this.#dialect === 'mysql' && (verb === 'BEGIN' || verb === 'START'))) this.#keep();
    const last = this.#open.at(-1);
    if (last) last.count = plus(last.count, changed);
    else this.#open.push({ savepoint: undefined, count: changed });
    if (!isOpen) this.#keep();
  }

  #control(words: readonly string[]): void {
    const [first, second] = words.map((word) => word.toUpperCase());
    const name = readName(words.at(-1) ?? '', this.#dialect);
    if (first === 'SAVEPOINT') this.#open.push({ savepoint: name, count: 0 });
    else if (first === 'RELEASE') this.#release(name);
    else if (first === 'XA' && second !== 'ROLLBACK') return;
    else if (words.some((word) => word.toUpperCase() === 'TO')) this.#rollBackTo(name);
    else this.#open.length = 0;
  }

  #release(name: string): void {
    const at = this.#find(name);
    const before = this.#open[at - 1];
    if (!before) return;
    before.count = plus(before.count, sum(this.#open.splice(at)));
  }

  #rollBackTo(name: string): void {
    const mark = this.#open[this.#find(name)];
    if (!mark) return;
    mark.count = 0;
    this.#open.length = this.#open.indexOf(mark) + 1;
  }

  #find(name: string): number {
    return this.#open.findLastIndex(({ savepoint }) => savepoint === name);
  }

  #keep(): void {
    this.#kept = plus(this.#kept, sum(this.#open.splice(0)));
  }
}

function sum(marks: readonly Mark[]): number | undefined {
  return marks.reduce<number | undefined>((total, { count }) => plus(total, count), 0);
}

/** What is added to the unknown is unknown. */
function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function listWords(text: string, dialect: SqlDialect): readonly string[] {
  return scanSql(text, dialect)
    .filter(({ kind }) => kind !== 'space' && kind !== 'comment')
    .map(({ start, end }) => text.slice(start, end));
}

/** Names in quotes are as written; MySQL makes no difference between letters. */
function readName(word: string, dialect: SqlDialect): string {
  const bare = word.replace(/^(["`])(.*)\1$/s, '$2');
  return bare === word || dialect === 'mysql' ? bare.toLowerCase() : bare;
}
