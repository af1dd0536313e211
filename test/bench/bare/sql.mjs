// What `sql.yaml` does, by hand: connection, count.
import pg from 'pg';

const [connectionString, count] = process.argv.slice(2);
const cpu = process.cpuUsage();
const startedAt = performance.now();
const pool = new pg.Pool({ connectionString });
for (let index = 1; index <= Number(count); index++) {
  const { rows } = await pool.query("select $1::int as id, 'paid' as status, now() as at", [index]);
  if (!(rows.length === 1 && rows[0].id === index)) throw new Error(`row ${index}`);
}
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt }));
await pool.end();
