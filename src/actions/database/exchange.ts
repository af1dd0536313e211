import { nameDatabase, type PostgresAddress } from '../../drivers/postgres-address.ts';
import { formatValue, stringifyJson, type Value } from '../../expr/index.ts';
import type { Exchange } from '../../model/events.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { BoundQuery, BoundStatement } from './bind.ts';
import { writeParameter } from './parameter-text.ts';

const SHOWN_ROWS = 20;

export interface Sent {
  readonly address: PostgresAddress;
  readonly query: string;
  readonly bound: BoundQuery;
  /** The texts that parameters were bound as, where their type was asked for. */
  readonly texts: ReadonlyMap<BoundStatement, readonly (string | null)[]>;
}

export interface Received {
  readonly summary: string;
  readonly rows: readonly Value[];
}

/** What was asked and answered, and a psql line to repeat it. */
export function describeQuery(sent: Sent, received: Received | undefined): Exchange {
  const { address, query, bound } = sent;
  const values = bound.statements.flatMap((statement) =>
    statement.values.map((value, at) => `$${at + 1} = ${formatValue(value)}`),
  );
  return {
    sent: `${query.trim()}\nat ${nameDatabase(address)}`,
    sentBody: values.length > 0 ? values.join('\n') : undefined,
    received: received?.summary,
    receivedBody: received && received.rows.length > 0 ? describeRows(received.rows) : undefined,
    byHand: writePsql(sent),
  };
}

/** A psql command that does the same; the password is left for psql to ask for. */
export function writePsql({ address, query, bound, texts }: Sent): string {
  const words = ['psql', quoteShell(describeAddress(address))];
  const hasValues = bound.statements.some((statement) => statement.values.length > 0);
  const commands = hasValues
    ? bound.statements.flatMap((statement, index) => prepareByHand(statement, index, texts.get(statement)))
    : [query.trim()];
  for (const command of commands) words.push('-c', quoteShell(command));
  return words.join(' ');
}

function prepareByHand(statement: BoundStatement, index: number, texts?: readonly (string | null)[]): string[] {
  if (statement.values.length === 0) return [statement.text];
  const name = `q${index + 1}`;
  const values = (texts ?? statement.values.map((value) => writeParameter(value))).map(quoteLiteral);
  return [`PREPARE ${name} AS ${statement.text}`, `EXECUTE ${name}(${values.join(', ')})`];
}

function quoteLiteral(text: string | null): string {
  if (text === null) return 'NULL';
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

function describeAddress(address: PostgresAddress): string {
  const sslmode = address.tls === 'disable' ? '' : `?sslmode=${address.tls}`;
  const user = encodeURIComponent(address.user);
  const database = encodeURIComponent(address.database);
  if (!address.host.startsWith('/'))
    return `postgresql://${user}@${hostOf(address)}:${address.port}/${database}${sslmode}`;
  const socket = `host=${encodeURIComponent(address.host)}&port=${address.port}`;
  return `postgresql://${user}@/${database}?${socket}`;
}

function hostOf({ host }: PostgresAddress): string {
  return host.includes(':') ? `[${host}]` : host;
}

function describeRows(rows: readonly Value[]): string {
  const shown = rows.slice(0, SHOWN_ROWS).map((row) => stringifyJson(row));
  if (rows.length > SHOWN_ROWS) shown.push(`… and ${rows.length - SHOWN_ROWS} more`);
  return shown.join('\n');
}
