import type { Value } from '../../../expr/index.ts';
import { ActionError } from '../../../model/action/outcome.ts';
import type { Detail } from '../../../model/events.ts';
import type { BoundStatement } from './bind.ts';

/** What a server says about a statement. */
export interface SqlComplaint {
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
  /** More keys of `error`. */
  readonly data: Readonly<Record<string, Value>>;
  /** Where in the statement's text, in UTF-16 units, when the server says it. */
  readonly offset: number | undefined;
  readonly cause: unknown;
}

/** Where a statement comes from. */
export interface SqlSource {
  readonly query: string;
  readonly statement: BoundStatement;
  readonly isOneOfMany: boolean;
}

/** A server's complaint about the SQL, with its place in the query. */
export function describeSqlError(complaint: SqlComplaint, { query, statement, isOneOfMany }: SqlSource): ActionError {
  const { code, message, offset, cause } = complaint;
  const place = offset === undefined ? undefined : findPlace(query, statement.locate(offset));
  const where = place ? ` (line ${place.line}, column ${place.column} of the query)` : '';
  const details = place ? [drawPlace(query, place)] : isOneOfMany ? [drawStatement(query, statement)] : [];
  const more = place ? { query_line: place.line, query_column: place.column } : {};
  return new ActionError(
    { kind: 'sql', code, message: `${message}${where}`, hints: complaint.hints },
    { details, data: { sqlstate: code, ...complaint.data, ...more }, cause },
  );
}

/** A sentence of the server as ours are written. */
export function decapitalize(text: string): string {
  const plain = text.trim().replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(plain) ? plain.charAt(0).toLowerCase() + plain.slice(1) : plain;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function findPlace(query: string, offset: number): Place {
  const before = query.slice(0, offset).split('\n');
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
