import { ActionError } from '../../../model/action/outcome.ts';
import type { Location } from '../../../model/events.ts';

/** The same error at the line of the query that it is about, where it says one and the query's lines are those of the file. */
export function placeInFile(error: ActionError, query: string, setting: Location): ActionError {
  const { problem, details, data, cause } = error;
  const { query_line: line, query_column: column } = data;
  if (typeof line !== 'number' || typeof column !== 'number') return error;
  const location = findQueryPlace(setting, query, { line, column }) ?? setting;
  return new ActionError({ ...problem, location }, { details, data, cause });
}

function findQueryPlace(
  setting: Location,
  query: string,
  { line, column }: { readonly line: number; readonly column: number },
): Location | undefined {
  const { file, excerpt = [] } = setting;
  const [first = ''] = query.split('\n');
  // A block begins on the line below its `|`, a quoted text on its own.
  const isHead = (at: number): boolean => at === setting.line || at === setting.line + 1;
  const head = first === '' ? undefined : excerpt.find((one) => isHead(one.line) && one.text.includes(first));
  if (!head || (head.line === setting.line && line > 1)) return undefined;
  const at = head.line + line - 1;
  const from = head.text.indexOf(first) + column;
  const place = { file, line: at, column: from, endLine: at, endColumn: from + 1 };
  const lines = excerpt.filter((one) => one.line === at - 1 || one.line === at);
  return lines.some((one) => one.line === at) ? { ...place, excerpt: lines } : place;
}
