import { databaseQuery } from './src/actions/database_query.ts';
import { httpRequest } from './src/actions/http_request.ts';
import { createFakeIo } from './test/support/fake-io.ts';
const connection = 'postgresql://root:admin@127.0.0.1:55439/postgres';
const sql = 'select * from perf where id = $1';
const mode = process.argv[2];
const times: number[] = [];
const loop = async (one: () => Promise<unknown>) => { await one(); const c = process.cpuUsage(); for (let i = 0; i < 200; i++) await one(); const u = process.cpuUsage(c); console.log(mode, ((u.user + u.system) / 1000).toFixed(0)); };
if (mode === 'bare') {
  const { default: pg } = await import('pg');
  const client = new pg.Client(connection); await client.connect();
  await loop(() => client.query(sql, [1])); await client.end();
} else if (mode === 'ours') {
  const io = createFakeIo();
  await loop(() => databaseQuery.run({ connection, query: sql, params: [1] } as never, io)); await io.close();
}
