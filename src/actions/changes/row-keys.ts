import * as z from 'zod/mini';
import type { Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { KeySource, KeySourceWorld } from '../../model/load/reconcile.ts';
import { anyValue } from '../../model/settings.ts';
import type { Stop } from '../../stop/stop.ts';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { BindMistake, type BoundQuery, bindQuery, type Params } from '../database/sql/bind.ts';
import { dependsOnType, writeParameter } from '../database/values/parameter-text.ts';
import { runWithin } from '../settings/deadline.ts';

const READ_MS = 600_000;
const ROWS_AT_ONCE = 20_000;

export const rowKeySettings = z.object({
  connection: z.string(),
  query: z.string(),
  params: z.optional(z.union([z.array(anyValue()), z.record(z.string(), anyValue())])),
});

/** Reads all rows of a query with each look. @throws ActionError */
export async function openRowKeys(
  { connection, query, params }: z.output<typeof rowKeySettings>,
  { clock, resources, directory }: KeySourceWorld,
): Promise<KeySource> {
  const report = { note: () => undefined };
  const database = await openDatabase(connection, { resources, clock, facts: { directory }, report });
  const bound = bind(query, params as Params | undefined, database);
  return {
    name: `rows of ${database.about.name}`,
    isWhole: true,
    async look(onThing, until) {
      const read = async (stop: Stop): Promise<void> => {
        try {
          await readAll({ database, query, bound }, onThing, stop);
        } catch (error) {
          throw error instanceof ActionError ? error : database.describeFailure(error, READ_MS);
        }
      };
      await runWithin(READ_MS, { clock, stop: until }, read);
      return [];
    },
  };
}

interface Reading {
  readonly database: Database;
  readonly query: string;
  readonly bound: BoundQuery;
}

/** Postgres gives its rows in parts and MySQL one by one, so that they may be more than there is memory for. */
async function readAll({ database, query, bound }: Reading, onThing: (row: Value) => void, stop: Stop): Promise<void> {
  const [statement] = bound.statements;
  const isPlain = statement?.values.every((value) => value !== null && !dependsOnType(value));
  if (!statement || !isPlain || database.dialect !== 'postgres') {
    const job = { query, bound, comment: '', texts: new Map(), maxRows: Number.POSITIVE_INFINITY, onRow: onThing };
    for (const row of (await database.run(job, stop)).rows) onThing(row);
    return;
  }
  await database.look(stop, async (select) => {
    const parameters = statement.values.map((value) => String(writeParameter(value)));
    await select(`DECLARE testmesh_keys NO SCROLL CURSOR FOR ${statement.text}`, parameters);
    for (;;) {
      const rows = await select(`FETCH ${ROWS_AT_ONCE} FROM testmesh_keys`);
      for (const row of rows) onThing(row);
      if (rows.length < ROWS_AT_ONCE) return;
    }
  });
}

function bind(query: string, params: Params | undefined, { dialect }: Database): BoundQuery {
  try {
    const bound = bindQuery(query, params, { dialect });
    if (bound.statements.length === 1) return bound;
    const message = 'expected one statement as `query`, whose rows have the keys';
    throw new ActionError({ kind: 'authoring', code: 'TM322', message, hints: [] });
  } catch (error) {
    if (!(error instanceof BindMistake)) throw error;
    throw new ActionError({ kind: 'authoring', code: 'TM322', message: error.message, hints: error.help });
  }
}
