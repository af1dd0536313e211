import { describeWithStack } from '../../support/stack/stack.ts';
import { testUnchangedTables } from './unchanged-tables.ts';

describeWithStack('tables of Postgres that are to stay as they are', ({ databaseUrl }) => {
  testUnchangedTables(() => databaseUrl, {
    quote: (name) => `"${name}"`,
    pairs: [
      ['real', '1.1', '1.1000001'],
      ['double precision', '0.1', '0.10000000000000002'],
      ['numeric', '1.0', '1.00'],
      ['bigint', '9007199254740992', '9007199254740993'],
      ['bytea', "'\\x00ff'", "'\\x00fe'"],
      ['timestamptz', "'2026-01-01 00:00:00.000001Z'", "'2026-01-01 00:00:00.000002Z'"],
      ['json', '\'{"a":1}\'', '\'{"a": 1}\''],
      ['jsonb', '\'{"a":1}\'', '\'{"a":null}\''],
      ['text[]', "'{a,b}'", "'{a,NULL}'"],
      ['text', "''", 'NULL'],
    ],
  });
});
