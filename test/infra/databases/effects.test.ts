import { afterAll, beforeAll } from 'vitest';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { testTableEffects } from './effects-tables.ts';

/** Its own, for tests beside it make and drop tables of the usual one. */
const SCHEMA = 'fx_effects';

describeWithStack('effects on tables of Postgres', ({ databaseUrl }) => {
  const run = async (query: string): Promise<void> => {
    const io = createFakeIo();
    await runAction(databaseQuery, { connection: databaseUrl, query }, io);
    await io.close();
  };
  beforeAll(() => run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`));
  afterAll(() => run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`));

  const ownUrl = (): string => {
    const url = new URL(databaseUrl);
    url.searchParams.set('options', `-csearch_path=${SCHEMA}`);
    return url.href;
  };
  testTableEffects(ownUrl, SCHEMA);
});
