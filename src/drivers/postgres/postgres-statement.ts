import { KeptRows } from '../result-size.ts';
import { encodeQuery, encodeStatement } from './postgres-messages.ts';

/** Values for `$1`, `$2` …: as text, or made of the types (OIDs) that the server says they have. */
export type ParameterTexts = readonly (string | null)[] | ((types: readonly number[]) => readonly (string | null)[]);

/** One statement and its parameters. */
export interface Statement {
  readonly text: string;
  readonly parameters: ParameterTexts;
  /** Rows behind these are read and dropped. */
  readonly maxRows: number;
  /** Whether it is the only one of its session, and opens no transaction: what clears the session is sent along with it. */
  readonly isAlone?: boolean;
}

/** What one statement brought, as text. */
export interface StatementResult {
  /** The server's word: `INSERT 0 1`, `SELECT 3`, `CREATE TABLE`. */
  readonly tag: string;
  readonly fields: readonly { readonly name: string; readonly typeId: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Whether there were more rows than `maxRows`. */
  readonly isCut: boolean;
}

/** The parts of pg's connection that statements use. */
interface Wire {
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): unknown; cork?(): void; uncork?(): void };
  parse(query: { text: string; name: string; types: never[] }, more: boolean): void;
  describe(message: { type: string; name: string }, more: boolean): void;
  sync(): void;
  once(event: string, listener: (message: { dataTypeIDs: number[] }) => void): unknown;
}

type Settle<T> = (error: unknown, value: T | undefined) => void;

export interface StatementRunOptions {
  readonly maxRows: number;
  readonly settle: Settle<StatementResult>;
  /** Called with each row, and at the end. */
  readonly heard: () => void;
  /** A message that is sent along; whoever is the client's next query takes the answer to it. */
  readonly along?: Buffer | undefined;
}

/** A statement as pg's client runs it, without its type parsers and row objects. */
export class StatementRun {
  readonly #text: string;
  readonly #values: readonly (string | null)[];
  readonly #options: StatementRunOptions;
  readonly #kept: KeptRows<(string | null)[]>;
  #fields: { name: string; typeId: number }[] = [];
  #tag = '';
  #isCopied = false;

  constructor(text: string, values: readonly (string | null)[], options: StatementRunOptions) {
    this.#text = text;
    this.#values = values;
    this.#options = options;
    this.#kept = new KeptRows(options.maxRows);
  }

  submit({ stream }: Wire): void {
    const { along } = this.#options;
    // Where the connection is closed, its end is what the client tells of.
    if (!stream.writable) return;
    if (this.#values.length > 0) {
      stream.write(encodeStatement(this.#text, this.#values, along));
      return;
    }
    const bytes = encodeQuery(this.#text);
    stream.write(along === undefined ? bytes : Buffer.concat([bytes, along]));
  }

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#fields = message.fields.map((field) => ({ name: field.name, typeId: field.dataTypeID }));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#options.heard();
    const error = this.#kept.add(fields);
    if (error) this.handleError(error);
  }

  handleCommandComplete(message: { text: string }): void {
    this.#tag = message.text;
  }

  handleEmptyQuery(): void {
    this.#tag = '';
  }

  handlePortalSuspended(connection: Wire): void {
    connection.sync();
  }

  handleCopyInResponse(connection: { sendCopyFail(text: string): void }): void {
    connection.sendCopyFail('COPY FROM STDIN has nothing to read here');
  }

  handleCopyData(): void {
    this.#isCopied = true;
  }

  handleReadyForQuery(): void {
    const { settle, heard } = this.#options;
    const { rows, isCut } = this.#kept;
    heard();
    if (this.#isCopied) settle(new Error('it sent copy data, which gives no rows'), undefined);
    else settle(undefined, { tag: this.#tag, fields: this.#fields, rows, isCut });
  }

  handleError(error: unknown): void {
    this.#options.settle(error, undefined);
  }
}

/** Takes the answer to a statement that was sent along with the one before. */
export class SentAlong extends StatementRun {
  override submit(): void {
    // It is under way.
  }
}

/** Asks the server for the types of a statement's parameters. */
export class ParameterInquiry {
  readonly #text: string;
  readonly #settle: Settle<readonly number[]>;
  #types: readonly number[] = [];

  constructor(text: string, settle: Settle<readonly number[]>) {
    this.#text = text;
    this.#settle = settle;
  }

  submit(connection: Wire): void {
    connection.once('parameterDescription', (message) => {
      this.#types = message.dataTypeIDs;
    });
    connection.stream.cork?.();
    connection.parse({ text: this.#text, name: '', types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
    connection.stream.uncork?.();
  }

  handleRowDescription(): void {
    // The columns come with the answer; they are of no interest here.
  }

  handleReadyForQuery(): void {
    this.#settle(undefined, this.#types);
  }

  handleError(error: unknown): void {
    this.#settle(error, undefined);
  }
}
