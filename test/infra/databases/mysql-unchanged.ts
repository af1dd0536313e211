import { beforeAll } from 'vitest';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { describeTables, useMariadb } from './mariadb.ts';
import { testUnchangedTables } from './unchanged-tables.ts';

describeTables('tables of MariaDB that are to stay as they are', () => {
  let connection: string;

  beforeAll(async () => {
    const server = await useMariadb();
    const root = `mysql://root@127.0.0.1:${server.port}`;
    connection = `${root}/watched`;
    const own = createFakeIo();
    await runAction(databaseQuery, { connection: root, query: 'CREATE DATABASE watched' }, own);
    await own.close();
  });

  testUnchangedTables(() => connection, {
    quote: (name) => `\`${name}\``,
    pairs: [
      ['FLOAT', '1.1', '1.1000001'],
      ['DOUBLE', '0.1', '0.10000000000000002'],
      ['DECIMAL(30,20)', '1', '1.00000000000000000001'],
      ['BIGINT UNSIGNED', '18446744073709551614', '18446744073709551615'],
      ['VARBINARY(9)', "x'00ff'", "x'00fe'"],
      ['BLOB', "x'ff00'", "x'ff01'"],
      ['BIT(9)', "b'100000000'", "b'100000001'"],
      ['DATETIME(6)', "'2026-01-01 00:00:00.000001'", "'2026-01-01 00:00:00.000002'"],
      ['TIME(3)', "'-00:00:00.001'", "'00:00:00.001'"],
      ['JSON', '\'{"a":1}\'', '\'{"a":2}\''],
      ['POINT', 'POINT(1, 2)', 'POINT(1, 3)'],
      ['VARCHAR(9)', "''", 'NULL'],
      ['VARCHAR(9) CHARACTER SET latin1', "'é'", "'è'"],
    ],
  });
});
