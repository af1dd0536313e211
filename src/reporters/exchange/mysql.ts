import type { SqlDatabase, SqlExchange, SqlSent } from '../../model/exchange.ts';
import { quoteShell } from '../../util/shell-quote.ts';

/** A mysql command that does the same; the password is left for mysql to ask for. */
export function writeMysql({ database, query, statements }: SqlExchange): string {
  const hasValues = statements.some(({ parameters }) => parameters.length > 0);
  const texts = hasValues ? statements.flatMap(prepare) : [query.trim()];
  const script = ["SET time_zone = '+00:00'", ...texts].join('; ');
  return [...listWords(database), '-e', script].map(quoteShell).join(' ');
}

function listWords({ host, port, socket, user, hasPassword, ca, database }: SqlDatabase): readonly string[] {
  const place = socket === undefined ? ['--protocol=tcp', '-h', host, '-P', String(port)] : ['-S', socket];
  return [
    ...['mysql', ...place, '-u', user],
    ...(hasPassword ? ['-p'] : []),
    '--default-character-set=utf8mb4',
    ...(ca === undefined ? [] : [`--ssl-ca=${ca}`]),
    ...(database === '' ? [] : [database]),
  ];
}

function prepare({ text, parameters }: SqlSent, index: number): readonly string[] {
  if (parameters.length === 0) return [text];
  const names = parameters.map((_, at) => `@p${index + 1}_${at + 1}`);
  return [
    `SET ${parameters.map(({ literal }, at) => `${names[at]} = ${literal}`).join(', ')}`,
    `PREPARE q${index + 1} FROM '${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    `EXECUTE q${index + 1} USING ${names.join(', ')}`,
  ];
}
