// What `http.yaml` does, by hand: url, count.
import { request } from 'undici';

const [url, count] = process.argv.slice(2);
const cpu = process.cpuUsage();
const startedAt = performance.now();
for (let index = 1; index <= Number(count); index++) {
  const { statusCode, body } = await request(`${url}/orders/${index}`);
  const order = await body.json();
  if (!(statusCode === 200 && order.total === 59.98 && order.items.length === 1)) throw new Error(`order ${index}`);
}
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt }));
process.exit(0);
