import type { StepTrace } from '../../../model/action/step-trace.ts';
import type { SqlDatabase } from '../../../model/exchange.ts';
import type { Job } from '../database.ts';
import type { BoundStatement } from './bind.ts';

/** Statements that work on data. What defines something may be kept by its server as it was written, with every comment. */
const ON_DATA: ReadonlySet<string> = new Set(
  'SELECT WITH VALUES TABLE INSERT UPDATE DELETE MERGE REPLACE CALL EXPLAIN'.split(' '),
);

/** How MySQL repeats the text from where it lost the thread: cut, and MariaDB shows that. */
const NEAR = /near '([\s\S]*?)(\.\.\.)?(' at line \d+)$/;

/** What statements of a query end with, so that what a database logs is found by the flow's trace; empty for none. */
export function chooseComment(
  { host, port, socket }: SqlDatabase,
  { query, bound }: Pick<Job, 'query' | 'bound'>,
  trace: StepTrace,
): string {
  if (!trace.reaches(socket === undefined ? host : 'localhost', port) || query.includes('traceparent=')) return '';
  if (!bound.statements.some(mayBeCommented)) return '';
  return ` /*traceparent='${trace.traceparent}'*/`;
}

/** The text of a statement as it is sent: nothing before the comment moves. */
export function addComment(statement: BoundStatement, comment: string): string {
  return comment !== '' && mayBeCommented(statement) ? statement.text + comment : statement.text;
}

function mayBeCommented({ verb, isOpen }: BoundStatement): boolean {
  return ON_DATA.has(verb) && !isOpen;
}

/** What a server says about a statement, without the comment, of which it may repeat the beginning alone. */
export function removeComment(message: string, comment: string): string {
  if (comment === '') return message;
  const whole = message.replaceAll(comment, '').replaceAll(comment.trimStart(), '');
  const [, near = '', dots = '', rest = ''] = NEAR.exec(message) ?? [];
  if (whole !== message || rest === '') return whole;
  for (let length = comment.length - 1; length >= 2; length--) {
    for (const part of [comment.slice(0, length), comment.slice(1, length)])
      if (near.endsWith(part)) return message.slice(0, -(part + dots + rest).length) + rest;
  }
  return message;
}
