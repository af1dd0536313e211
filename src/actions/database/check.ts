import { readPostgresAddress } from '../../drivers/postgres-address.ts';
import type { ConfigFinding } from '../../model/action.ts';
import { listNames } from '../../util/suggest.ts';
import { hasPlaceholder, isRecord } from '../shared/authored.ts';
import { BindMistake, bindQuery, type Params } from './bind.ts';
import { splitStatements } from './sql-split.ts';

/** Verbs of statements that only look, so that nothing is judged without an assertion. */
const LOOKING = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'EXPLAIN']);

/** What can be said about the settings of a query before the run. */
export function checkDatabaseSettings(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  return [...checkConnection(authored['connection']), ...checkParams(authored['query'], authored['params'])];
}

/** Whether the query does something by itself (an INSERT), as far as can be seen before the run. */
export function changesSomething(authored: unknown): boolean {
  const query = isRecord(authored) ? authored['query'] : undefined;
  if (typeof query !== 'string') return true;
  return splitStatements(query).some(
    (statement) => !LOOKING.has(statement.verb) || writesInWith(query, statement.verb),
  );
}

function writesInWith(query: string, verb: string): boolean {
  return verb === 'WITH' && /\b(insert\s+into|update|delete\s+from|merge\s+into)\b/i.test(query);
}

function checkConnection(connection: unknown): ConfigFinding[] {
  if (typeof connection !== 'string' || hasPlaceholder(connection)) return [];
  const read = readPostgresAddress(connection);
  if ('address' in read) return [];
  return [{ severity: 'error', code: 'TM321', path: ['connection'], message: read.mistake, help: read.help }];
}

function checkParams(query: unknown, params: unknown): ConfigFinding[] {
  const isBindable = params === undefined || typeof params === 'object';
  if (typeof query !== 'string' || hasPlaceholder(query) || !isBindable) return [];
  try {
    const { unused } = bindQuery(query, (params ?? undefined) as Params | undefined);
    return unused.length === 0 ? [] : [describeUnused(unused)];
  } catch (error) {
    if (!(error instanceof BindMistake)) throw error;
    const path = error.setting === 'params' && params !== undefined ? ['params'] : ['query'];
    return [{ severity: 'error', code: 'TM322', path, message: error.message, help: error.help }];
  }
}

function describeUnused(names: readonly string[]): ConfigFinding {
  const message = `\`query\` does not use ${listNames(names)} of \`params\``;
  return { severity: 'warning', code: 'TM323', path: ['params', names[0] ?? ''], isKey: true, message };
}
