import type { ServerError } from '../../drivers/postgres-errors.ts';
import type { Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action.ts';
import type { Detail } from '../../model/events.ts';
import type { BoundStatement } from './bind.ts';

/** A server's complaint about the SQL, with its place in the query. */
export function describeSqlError(
  error: ServerError,
  query: string,
  statement: BoundStatement,
  isOneOfMany: boolean,
): ActionError {
  const place = findPlace(error, query, statement);
  const where = place ? ` (line ${place.line}, column ${place.column} of the query)` : '';
  const hints = [error.detail, error.hint].filter((text) => text !== undefined).map(decapitalize);
  if (error.code === '22P02' && /json/.test(error.message))
    hints.push('a list is bound as an array: write `$1::jsonb` to bind it as JSON');
  const details = place ? [drawPlace(query, place)] : isOneOfMany ? [drawStatement(query, statement)] : [];
  const data: Record<string, Value> = { sqlstate: error.code };
  for (const key of ['detail', 'hint', 'schema', 'table', 'column', 'constraint', 'where'] as const) {
    if (error[key] !== undefined) data[key] = error[key];
  }
  if (place) Object.assign(data, { query_line: place.line, query_column: place.column });
  return new ActionError(
    { kind: 'sql', code: error.code, message: `${error.message}${where}`, hints },
    { details, data, cause: error },
  );
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function findPlace(error: ServerError, query: string, statement: BoundStatement): Place | undefined {
  const position = Number(error.position);
  if (!Number.isInteger(position) || position < 1) return undefined;
  // Postgres counts characters, JavaScript UTF-16 units.
  const units = [...statement.text].slice(0, position - 1).join('').length;
  const before = query.slice(0, statement.locate(units)).split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

function drawPlace(query: string, { line, column }: Place): Detail {
  const lines = query.split('\n');
  const from = Math.max(1, line - 2);
  const width = String(line).length;
  const drawn = lines
    .slice(from - 1, line)
    .map((text, index) => `${String(from + index).padStart(width)} | ${text.replaceAll('\t', ' ')}`);
  return { title: 'query', lines: [...drawn, `${' '.repeat(width)} | ${' '.repeat(column - 1)}^`] };
}

function drawStatement(query: string, statement: BoundStatement): Detail {
  const start = statement.locate(0);
  const line = query.slice(0, start).split('\n').length;
  return { title: 'statement', lines: statement.text.split('\n').map((text, index) => `${line + index} | ${text}`) };
}

function decapitalize(text: string): string {
  const plain = text.trim().replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(plain) ? plain.charAt(0).toLowerCase() + plain.slice(1) : plain;
}
