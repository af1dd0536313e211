import type { MysqlServerError } from '../../drivers/mysql/mysql-errors.ts';
import type { BoundStatement } from './sql/bind.ts';
import { removeComment } from './sql/sql-comment.ts';
import { decapitalize, type SqlComplaint } from './sql/sql-error.ts';

const MANUAL = /^You have an error in your SQL syntax; check the manual .{0,80} right syntax to use near/;
const BAD_VALUE = new Set([1292, 1366, 1525]);

/** What a MySQL or MariaDB server says about a statement, with what its text says of table, column and constraint. */
export function readMysqlComplaint(error: MysqlServerError, statement: BoundStatement, comment: string): SqlComplaint {
  const { errno, code: name } = error;
  const message = removeComment(error.message, comment);
  return {
    code: error.sqlState,
    message: decapitalize(message.replace(MANUAL, 'syntax error near')),
    hints: listHints(errno, message),
    data: { errno, ...(name === undefined ? {} : { error_name: name }), ...readParts(message) },
    offset: findOffset(message, statement.text),
    cause: error,
  };
}

function listHints(errno: number, message: string): string[] {
  if (BAD_VALUE.has(errno) && /'\d{4}-\d\d-\d\dT[\d:.]+Z'/.test(message))
    return ["MySQL's times have no `Z`: write `TRIM(TRAILING 'Z' FROM :name)`"];
  return errno === 1064 && /near '\$\d/.test(message) ? ['write `?` or `:name` for a value'] : [];
}

function readParts(message: string): Record<string, string> {
  const key = /for key '([^']*)'/.exec(message)?.[1];
  const foreign = /\(`([^`]*)`\.`([^`]*)`, CONSTRAINT `([^`]*)`/.exec(message);
  const column = /(?:column|field) ((?:[`'][^`']+[`']\.?)+)/i
    .exec(message)?.[1]
    ?.split(/[`'.]+/)
    .at(-2);
  const check = /CONSTRAINT `([^`]*)` failed/.exec(message)?.[1];
  const constraint = key ?? foreign?.[3] ?? check;
  return {
    ...(foreign?.[2] === undefined ? {} : { table: foreign[2] }),
    ...(column === undefined ? {} : { column }),
    ...(constraint === undefined ? {} : { constraint }),
  };
}

/** A syntax error names the line, and the text from where the server lost the thread. */
function findOffset(message: string, text: string): number | undefined {
  const match = /near '([\s\S]*?)(?:\.\.\.)?' at line (\d+)$/.exec(message);
  if (!match) return undefined;
  const [, rest = '', lineText = ''] = match;
  if (rest === '') return text.length;
  const lineStart = text
    .split('\n')
    .slice(0, Number(lineText) - 1)
    .join('\n').length;
  const at = text.indexOf(rest, lineStart);
  return at === -1 ? undefined : at;
}
