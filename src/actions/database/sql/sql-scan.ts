import { scanMysqlToken } from './sql-scan-mysql.ts';
import { scanPostgresToken } from './sql-scan-postgres.ts';
import type { SqlDialect, SqlToken } from './sql-token.ts';

/** Splits SQL as its server reads it; the tokens cover all of the text. What is not closed reaches to the end. */
export function scanSql(text: string, dialect: SqlDialect = 'postgres'): SqlToken[] {
  const scanToken = dialect === 'mysql' ? scanMysqlToken : scanPostgresToken;
  const tokens: SqlToken[] = [];
  let start = 0;
  while (start < text.length) {
    const [kind, end] = scanToken(text, start, tokens.at(-1)?.kind);
    tokens.push({ kind, start, end });
    start = end;
  }
  return tokens;
}
