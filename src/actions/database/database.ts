import type { Value } from '../../expr/index.ts';
import type { SqlDatabase } from '../../model/exchange.ts';
import type { Stop } from '../../stop/stop.ts';
import type { BoundQuery, BoundStatement } from './sql/bind.ts';
import type { SqlDialect } from './sql/sql-token.ts';

/** One database of a flow, whichever its kind. */
export interface Database {
  readonly dialect: SqlDialect;
  readonly about: SqlDatabase;
  /** `localhost:5432`. */
  readonly peer: string;
  /** Runs the statements in a session of their own. @throws ActionError for what the server says about the SQL, else as the driver does */
  run(job: Job, stop: Stop): Promise<Answer>;
  /** Reads as often as the work likes in one snapshot: what others change meanwhile is not seen. @throws what the server or the driver says */
  look<T>(stop: Stop, work: (select: Select) => Promise<T>): Promise<T>;
  /** What went wrong, as an ActionError; what it does not know stays as it is. */
  describeFailure(error: unknown, timeoutMs: number): unknown;
  /** The values of a statement's parameters as SQL; `texts` are those that they were bound as, where these are known. */
  writeLiterals(statement: BoundStatement, texts?: readonly (string | null)[]): readonly string[];
}

/** Runs one statement that only reads, with its parameters as texts. */
export type Select = (text: string, parameters?: readonly string[]) => Promise<readonly Row[]>;

/** What one step wants of a database. */
export interface Job {
  readonly query: string;
  readonly bound: BoundQuery;
  /** What its statements end with beside their own text; empty for nothing. */
  readonly comment: string;
  /** Filled with the texts that parameters were bound as, where their type was asked for. */
  readonly texts: Map<BoundStatement, readonly (string | null)[]>;
  readonly maxRows: number;
  /** Takes the rows as they come, so that they may be more than there is memory for; a kind of database that cannot gives them as ever. */
  readonly onRow?: (row: Row) => void;
  /** Told of a key that stands twice in one map of a column's JSON: its value is the last. */
  readonly onTwinKey?: OnTwinKey;
}

export type OnTwinKey = (column: string, key: string) => void;

export type Row = Readonly<Record<string, Value>>;

/** What the statements brought: the rows of the last one, the changed rows of all. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Without what was rolled back; undefined where the server does not say it. */
  readonly changed: number | undefined;
  /** What is not in `changed`, or why it is undefined. */
  readonly uncounted: string | undefined;
  /** That statements before the last gave rows, where it gave none. */
  readonly passedOver: string | undefined;
  /** Whether there were more rows than wanted. */
  readonly isCut: boolean;
  readonly isTransactionOpen: boolean;
  /** The last statement in a word: `create table`. */
  readonly done: string;
  /** Whether the last statement is of the kind that changes rows. */
  readonly isChange: boolean;
}
