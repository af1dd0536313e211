import type { MysqlAddress } from '../../drivers/mysql/mysql-address.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { Job } from './database.ts';
import type { BoundStatement } from './sql/bind.ts';
import { chooseMysqlParameter, writeMysqlLiteral } from './values/mysql-parameter.ts';

/** A mysql command that does the same; the password is left for mysql to ask for. */
export function writeMysqlByHand(address: MysqlAddress, { query, bound }: Pick<Job, 'query' | 'bound'>): string {
  const hasValues = bound.statements.some((statement) => statement.values.length > 0);
  const texts = hasValues ? bound.statements.flatMap(prepareByHand) : [query.trim()];
  const script = ["SET time_zone = '+00:00'", ...texts].join('; ');
  return [...listWords(address), '-e', script].map(quoteShell).join(' ');
}

function listWords({ host, port, socket, user, password, tlsFiles, database }: MysqlAddress): string[] {
  const place = socket === undefined ? ['--protocol=tcp', '-h', host, '-P', String(port)] : ['-S', socket];
  return [
    'mysql',
    ...place,
    '-u',
    user,
    ...(password === '' ? [] : ['-p']),
    '--default-character-set=utf8mb4',
    ...(tlsFiles.ca === undefined ? [] : [`--ssl-ca=${tlsFiles.ca}`]),
    ...(database === '' ? [] : [database]),
  ];
}

function prepareByHand(statement: BoundStatement, index: number): string[] {
  if (statement.values.length === 0) return [statement.text];
  const names = statement.values.map((_, at) => `@p${index + 1}_${at + 1}`);
  const literals = statement.values.map((value) => writeMysqlLiteral(chooseMysqlParameter(value) ?? null));
  return [
    `SET ${names.map((name, at) => `${name} = ${literals[at]}`).join(', ')}`,
    `PREPARE q${index + 1} FROM ${writeMysqlLiteral({ kind: 'text', text: statement.text })}`,
    `EXECUTE q${index + 1} USING ${names.join(', ')}`,
  ];
}
