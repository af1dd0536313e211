import { scanSql } from './sql-scan.ts';
import type { SqlDialect } from './sql-token.ts';
import { listWords, type SqlWord } from './sql-word.ts';

const CHANGES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
/** Elsewhere Postgres takes no statement that changes rows within WITH. */
const MAY_CHANGE_WITHIN: ReadonlySet<string> = new Set(['WITH', 'CREATE']);
/** What runs code of the server's own, which may change rows: Postgres' answer to it has no count. */
export const RUNS_CODE = /^(?:DO|CALL)$/;
/** Of `SEARCH … SET name` and `CYCLE … USING name`, which end what a name of WITH stands for. */
const BEFORE_NAME: ReadonlySet<string> = new Set(['SET', 'USING']);
const BEGINS: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'TABLE', ...CHANGES]);

/** Whether a statement of this text has another within its WITH that changes rows. */
export function changesWithin({ text, verb }: { text: string; verb: string }, dialect: SqlDialect): boolean {
  if (dialect === 'mysql' || !MAY_CHANGE_WITHIN.has(verb) || !/\bwith\b/i.test(text)) return false;
  const words = listWords(text, scanSql(text, dialect));
  return words.some((_, at) => isBody(words, at) && CHANGES.has(findVerb(words, at + 1) ?? ''));
}

/** Whether a statement that begins with WITH changes rows, be it by itself or within. */
export function changesInWith(statement: { text: string; verb: string }, dialect: SqlDialect): boolean {
  const words = listWords(statement.text, scanSql(statement.text, dialect));
  return CHANGES.has(findVerb(words, 0) ?? '') || changesWithin(statement, dialect);
}

/** Whether a parenthesis opens here what a name of WITH stands for: `AS (`, `AS NOT MATERIALIZED (`. */
function isBody(words: readonly SqlWord[], at: number): boolean {
  const before = words[at - 1];
  return (
    words[at]?.text === '(' && before?.kind === 'word' && (before.upper === 'AS' || before.upper === 'MATERIALIZED')
  );
}

/** What a statement does that begins here, behind a WITH of its own. */
function findVerb(words: readonly SqlWord[], from: number): string | undefined {
  const first = words.findIndex(({ text }, at) => at >= from && text !== '(');
  const start = words[first];
  if (start?.kind !== 'word') return undefined;
  if (start.upper !== 'WITH') return start.upper;
  const verb = words.find(({ kind, upper, depth }, at) => {
    const isBehind = words[at - 1]?.text === ')' || BEFORE_NAME.has(words[at - 2]?.upper ?? '');
    return at > first && kind === 'word' && depth === start.depth && isBehind && BEGINS.has(upper);
  });
  return verb?.upper;
}
