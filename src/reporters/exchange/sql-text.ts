import { formatValue } from '../../expr/index.ts';
import type { SqlExchange } from '../../model/exchange.ts';
import type { ExchangeText } from './exchange-text.ts';
import { writeMysql } from './mysql.ts';
import { writePsql } from './psql.ts';
import { drawRows } from './rows-table.ts';

/** A query with what was bound, and its rows. */
export function writeSql(exchange: SqlExchange): ExchangeText {
  const { database, query, statements, response } = exchange;
  const isMysql = database.dialect === 'mysql';
  const sign = (at: number): string => (isMysql ? `?${at + 1}` : `$${at + 1}`);
  const values = statements.flatMap(({ parameters }) =>
    parameters.map(({ value }, at) => `${sign(at)} = ${formatValue(value)}`),
  );
  return {
    sent: `${query.trim()}\nat ${database.name}`,
    sentBody: values.length > 0 ? values.join('\n') : undefined,
    received: response?.summary,
    receivedBody: response?.rows && response.rowCount > 0 ? drawRows(response) : undefined,
    byHand: isMysql ? writeMysql(exchange) : writePsql(exchange),
  };
}
