import type { PostgresAddress } from '../../drivers/postgres/postgres-address.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { Job } from './database.ts';
import type { BoundStatement } from './sql/bind.ts';
import { writeParameter } from './values/parameter-text.ts';

/** A psql command that does the same; the password is left for psql to ask for. */
export function writePsql({
  address,
  query,
  bound,
  texts,
}: Pick<Job, 'query' | 'bound' | 'texts'> & { address: PostgresAddress }): string {
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
