import type { SqlDatabase, SqlExchange, SqlSent } from '../../model/exchange.ts';
import { quoteShell } from '../../util/shell-quote.ts';

/** A psql command that does the same; the password is left for psql to ask for. */
export function writePsql({ database, query, statements }: SqlExchange): string {
  const hasValues = statements.some(({ parameters }) => parameters.length > 0);
  const commands = hasValues ? statements.flatMap(prepare) : [query.trim()];
  return ['psql', quoteShell(describeDatabase(database)), ...commands.flatMap((one) => ['-c', quoteShell(one)])].join(
    ' ',
  );
}

function prepare({ text, parameters }: SqlSent, index: number): readonly string[] {
  if (parameters.length === 0) return [text];
  const name = `q${index + 1}`;
  return [`PREPARE ${name} AS ${text}`, `EXECUTE ${name}(${parameters.map(({ literal }) => literal).join(', ')})`];
}

function describeDatabase({ host, port, socket, database, user, tls }: SqlDatabase): string {
  const [who, what] = [encodeURIComponent(user), encodeURIComponent(database)];
  if (socket !== undefined) return `postgresql://${who}@/${what}?host=${encodeURIComponent(socket)}&port=${port}`;
  const sslmode = tls === 'disable' ? '' : `?sslmode=${tls}`;
  return `postgresql://${who}@${host.includes(':') ? `[${host}]` : host}:${port}/${what}${sslmode}`;
}
