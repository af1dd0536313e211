import type { ConfigFinding } from '../../model/action/settings.ts';
import { listNames } from '../../util/suggest.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';
import { readDatabaseAddress } from './database-address.ts';
import { BindMistake, bindQuery, type Params } from './sql/bind.ts';
import { suggestForParameter } from './sql/foreign-parameter.ts';
import { splitStatements } from './sql/sql-split.ts';
import type { SqlDialect } from './sql/sql-token.ts';
import { changesInWith, changesWithin, RUNS_CODE } from './sql/with-changes.ts';

/** Verbs of statements that only look, so that nothing is judged without an assertion. */
const LOOKING = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'EXPLAIN', 'DESCRIBE', 'DESC']);

/** What can be said about the settings of a query before the run. */
export function checkDatabaseSettings(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const { connection, query, params } = authored;
  return [...checkConnection(connection), ...checkParams(query, params, guessDialects(connection))];
}

/** Whether the query does something by itself (an INSERT), as far as can be seen before the run. */
export function changesSomething(authored: unknown): boolean {
  if (!isRecord(authored) || typeof authored['query'] !== 'string') return true;
  const { query, connection } = authored;
  const [dialect] = guessDialects(connection);
  return splitStatements(query, dialect).some(({ verb, start, end }) => {
    if (verb === 'WITH') return changesInWith({ text: query.slice(start, end), verb }, dialect);
    return !LOOKING.has(verb);
  });
}

/** Whether rows may be changed of which the server does not say how many, as far as can be seen before the run. */
export function mayHideChanges(authored: unknown): boolean {
  if (!isRecord(authored) || typeof authored['query'] !== 'string') return true;
  const { query, connection } = authored;
  const [dialect] = guessDialects(connection);
  return splitStatements(query, dialect).some(
    ({ verb, start, end }) =>
      (dialect === 'postgres' && RUNS_CODE.test(verb)) ||
      changesWithin({ text: query.slice(start, end), verb }, dialect),
  );
}

function checkConnection(connection: unknown): ConfigFinding[] {
  if (typeof connection !== 'string' || hasPlaceholder(connection)) return [];
  const read = readDatabaseAddress(connection);
  if ('address' in read) return [];
  return [{ severity: 'error', code: 'TM321', path: ['connection'], message: read.mistake, help: read.help }];
}

/** Whose SQL it can be: an address that is known in the run alone leaves both open. */
export function guessDialects(connection: unknown): readonly [SqlDialect, ...SqlDialect[]] {
  const scheme = typeof connection === 'string' ? /^([a-z]+):\/\//i.exec(connection)?.[1]?.toLowerCase() : undefined;
  if (scheme === 'mysql' || scheme === 'mariadb') return ['mysql'];
  return scheme === undefined ? ['postgres', 'mysql'] : ['postgres'];
}

function checkParams(query: unknown, params: unknown, dialects: readonly SqlDialect[]): ConfigFinding[] {
  const isBindable = params === undefined || typeof params === 'object';
  if (typeof query !== 'string' || hasPlaceholder(query) || !isBindable) return [];
  // A finding of one kind of SQL counts when the other would have one too.
  const findings = dialects.map((dialect) => checkBinding(query, (params ?? undefined) as Params | undefined, dialect));
  return findings.every((list) => list.length > 0) ? (findings[0] ?? []) : [];
}

function checkBinding(query: string, params: Params | undefined, dialect: SqlDialect): ConfigFinding[] {
  try {
    const { unused } = bindQuery(query, params, { dialect });
    return unused.length === 0 ? [] : [describeUnused(query, unused)];
  } catch (error) {
    if (!(error instanceof BindMistake)) throw error;
    const path = error.setting === 'params' && params !== undefined ? ['params'] : ['query'];
    return [{ severity: 'error', code: 'TM322', path, message: error.message, help: error.help }];
  }
}

function describeUnused(query: string, names: readonly string[]): ConfigFinding {
  const help = names.flatMap((name) => suggestForParameter(query, name) ?? []);
  const message = `\`query\` does not use ${listNames(names)} of \`params\``;
  return { severity: 'warning', code: 'TM323', path: ['params', names[0] ?? ''], isKey: true, message, help };
}
