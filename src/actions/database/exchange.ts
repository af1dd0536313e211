import type { SqlExchange } from '../../model/exchange.ts';
import { hideByName, MASK } from '../../util/hidden-fields.ts';
import type { Answer, Database, Job } from './database.ts';
import { readSelect } from './read-select.ts';

/** What was asked and answered. */
export function describeQuery(
  database: Database,
  job: Pick<Job, 'query' | 'bound' | 'texts'>,
  received: { readonly answer: Answer; readonly summary: string } | undefined,
): SqlExchange {
  const statements = job.bound.statements.map((statement) => {
    const literals = database.writeLiterals(statement, job.texts.get(statement));
    const parameters = statement.values.map((value, at) => {
      const name = statement.names[at];
      const literal = literals[at] ?? 'NULL';
      const isHidden = name !== undefined && hideByName(name, value) !== value;
      return { name, value, literal: isHidden ? `'${MASK}'` : literal };
    });
    return { text: statement.text, parameters, reads: readSelect(statement, database.dialect) };
  });
  return {
    protocol: 'sql',
    database: database.about,
    query: job.query,
    statements,
    response: received && describeReceived(received),
  };
}

function describeReceived({ answer, summary }: { readonly answer: Answer; readonly summary: string }) {
  const { columns, rows, changed } = answer;
  return { summary, columns, rows, rowCount: rows.length, changed };
}
