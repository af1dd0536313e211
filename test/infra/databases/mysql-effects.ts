import { beforeAll } from 'vitest';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { testTableEffects } from './effects-tables.ts';
import { describeTables, useMariadb } from './mariadb.ts';

describeTables('effects on tables of MariaDB', () => {
  let connection: string;

  beforeAll(async () => {
    const server = await useMariadb();
    const root = `mysql://root@127.0.0.1:${server.port}`;
    connection = `${root}/effects`;
    const own = createFakeIo();
    await runAction(databaseQuery, { connection: root, query: 'CREATE DATABASE effects' }, own);
    await own.close();
  });

  testTableEffects(() => connection, 'effects');
});
