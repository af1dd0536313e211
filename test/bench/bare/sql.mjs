// What `sql.yaml` does, by hand: connection, count.
import pg from 'pg';

const [connectionString, count] = process.argv.slice(2);
const cpu = process.cpuUsage();
const startedAt = performance.now();
const client = new pg.Client({ connectionString });
await client.connect();
for (let index = 1; index <= Number(count); index++) {
  const { rows } = await client.query("select $1::int as id, 'paid' as status, now() as at", [index]);
  if (!(rows.length === 1 && rows[0].id === index)) throw new Error(`row ${index}`);
  // A session lasts one step.
  await client.query('DISCARD ALL');
}
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt }));
await client.end();
