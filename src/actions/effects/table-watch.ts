import type { ActionIo, PrepareIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Stop } from '../../stop/stop.ts';
import { lookAgain } from '../changes/look-again.ts';
import { listRowDifferences } from '../changes/row-differences.ts';
import { lookAtGone, lookAtTable, type TableLook } from '../changes/table-look.ts';
import { listTables, type WatchedTable } from '../changes/watched-table.ts';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { listenToOwnChanges, type OwnChangeListener, type OwnQuery } from '../database/own-changes.ts';
import { runWithin } from '../settings/deadline.ts';
import { type ChosenTables, chooseTables, keyOf, listUnreadable, type TableChoice } from './choose-tables.ts';
import { type RowEffect, toRowEffect } from './effect.ts';
import { RowLedger } from './row-ledger.ts';

export interface TableWatchOptions extends TableChoice {
  readonly connection: string;
  readonly maxRows: number;
  /** Of one look, ms. */
  readonly timeoutMs: number;
}

type WatchIo = Pick<ActionIo, 'stop' | 'clock'>;
type Looks = ReadonlyMap<string, TableLook>;

/** Looks at tables again and again, and tells what the flow's own queries change from what others do. */
export class TableWatch implements OwnChangeListener {
  readonly #database: Database;
  readonly #options: TableWatchOptions;
  readonly #others = new Map<string, RowLedger>();
  readonly #own = new Map<string, RowLedger>();
  #last: Looks = new Map();
  #turn: Promise<unknown> = Promise.resolve();
  #leave: () => void = () => undefined;
  /** Why it could not look beside a query of the flow. */
  #trouble: unknown;

  private constructor(database: Database, options: TableWatchOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** Looks for the first time. @throws ActionError when a table is not there, or cannot be read */
  static async open(options: TableWatchOptions, io: PrepareIo): Promise<TableWatch> {
    const database = await openDatabase(options.connection, io);
    const watch = new TableWatch(database, options);
    watch.#last = await watch.#look(io, (unreadable) => {
      for (const name of unreadable) io.report.note(`\`${name}\` may not be read: what happens to it is not seen`);
    });
    watch.#leave = await listenToOwnChanges(watch, io);
    return watch;
  }

  /** Looks once more. @throws ActionError */
  async look(io: WatchIo): Promise<void> {
    await this.#queue(async () => {
      if (this.#trouble !== undefined) throw this.#trouble;
      await this.#take(this.#others, io);
    });
  }

  /** Lets a query of the flow run; what is another way behind it than right before it is the flow's own. */
  around<T>({ connection, io }: OwnQuery, work: () => Promise<T>): Promise<T> {
    // What is undone is over when it is judged; where it never was, nobody asks any more.
    if (connection !== this.#options.connection || io.step.address.startsWith('teardown/')) return work();
    return this.#queue(async () => {
      await this.#takeQuietly(this.#others, io);
      try {
        return await work();
      } finally {
        await this.#takeQuietly(this.#own, io);
      }
    });
  }

  /** Looks no more when the flow runs a query. */
  stop(): void {
    this.#leave();
  }

  /** What others did, and what the flow did itself. */
  listEffects(): { readonly others: readonly RowEffect[]; readonly own: readonly RowEffect[] } {
    return { others: this.#toEffects(this.#others), own: this.#toEffects(this.#own) };
  }

  /** Names of the tables as they are reported, each with whether its rows were only counted. */
  get tables(): ReadonlyMap<string, { readonly isCounted: boolean; readonly key: string }> {
    return new Map([...this.#last].map(([key, { table, rows }]) => [table.name, { isCounted: !rows, key }]));
  }

  #toEffects(ledgers: ReadonlyMap<string, RowLedger>): readonly RowEffect[] {
    return [...ledgers].flatMap(([key, ledger]) => {
      const table = this.#last.get(key)?.table;
      if (!table) return [];
      return ledger.differences.map((difference) => toRowEffect(table.name, difference, table.key));
    });
  }

  /** One after the other: two looks of which each is the other's before would count things twice. */
  #queue<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work);
    this.#turn = next.catch(() => undefined);
    return next;
  }

  /** A query of the flow runs whether its tables can be looked at or not. */
  async #takeQuietly(ledgers: Map<string, RowLedger>, io: WatchIo): Promise<void> {
    try {
      await this.#take(ledgers, io);
    } catch (error) {
      this.#trouble ??= error;
    }
  }

  async #take(ledgers: Map<string, RowLedger>, io: WatchIo): Promise<void> {
    const looks = await this.#look(io);
    for (const [key, after] of looks) {
      const before = this.#last.get(key) ?? lookAtGone(after.table, after);
      const ledger = ledgers.get(key) ?? new RowLedger(after.table.key !== undefined);
      ledger.add(listRowDifferences(before, after));
      ledgers.set(key, ledger);
    }
    this.#last = looks;
  }

  #look(io: WatchIo, onUnreadable?: (names: readonly string[]) => void): Promise<Looks> {
    const { timeoutMs } = this.#options;
    return runWithin(timeoutMs, io, async (stop) => {
      try {
        return await lookAgain(() => this.#lookAtAll(stop, onUnreadable));
      } catch (error) {
        throw error instanceof ActionError ? error : this.#database.describeFailure(error, timeoutMs);
      }
    });
  }

  #lookAtAll(stop: Stop, onUnreadable?: (names: readonly string[]) => void): Promise<Looks> {
    const { dialect } = this.#database;
    const { maxRows } = this.#options;
    return this.#database.look(stop, async (select) => {
      const tables = await listTables(dialect, select);
      const chosen = this.#choose(tables);
      onUnreadable?.(listUnreadable(chosen, tables));
      const looks = new Map<string, TableLook>();
      for (const [key, table] of chosen)
        looks.set(key, await lookAtTable(table, { select, dialect, maxRows, before: this.#last.get(key) }));
      // A table that is gone has no rows any more.
      for (const [key, before] of this.#last) if (!looks.has(key)) looks.set(key, lookAtGone(before.table, before));
      return looks;
    });
  }

  /** Later also tables that were made meanwhile. */
  #choose(tables: readonly WatchedTable[]): ChosenTables {
    const { dialect } = this.#database;
    if (this.#last.size === 0) return chooseTables(this.#options, { tables, dialect });
    const schemas = new Set([...this.#last.values()].map(({ table }) => table.schema));
    const isOther = ({ schema, isView, isReadable }: WatchedTable): boolean =>
      this.#options.withOthers && schemas.has(schema) && !isView && isReadable;
    const still = tables.filter((table) => this.#last.has(keyOf(table)) || isOther(table));
    return new Map(still.map((table) => [keyOf(table), this.#last.get(keyOf(table))?.table ?? table]));
  }
}
