import { formatValue } from '../../expr/index.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Answer, Database, Job } from './database.ts';
import { drawRows } from './values/rows-table.ts';

/** What was asked and answered, and a line for the shell to repeat it. */
export function describeQuery(
  database: Database,
  job: Pick<Job, 'query' | 'bound' | 'texts'>,
  received: { readonly answer: Answer; readonly summary: string } | undefined,
): Exchange {
  const sign = (at: number) => (database.dialect === 'mysql' ? `?${at + 1}` : `$${at + 1}`);
  const values = job.bound.statements.flatMap((statement) =>
    statement.values.map((value, at) => `${sign(at)} = ${formatValue(value)}`),
  );
  return {
    sent: `${job.query.trim()}\nat ${database.name}`,
    sentBody: values.length > 0 ? values.join('\n') : undefined,
    received: received?.summary,
    receivedBody: received && received.answer.rows.length > 0 ? drawRows(received.answer) : undefined,
    byHand: database.writeByHand(job),
  };
}
