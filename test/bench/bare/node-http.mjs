// What the flows of `size` do, by hand, with nothing but Node: url, count.
import { Agent, get } from 'node:http';

const [url, count] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function fetchOrder(index) {
  return new Promise((resolve, reject) => {
    get(`${url}/orders/${index}`, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    }).on('error', reject);
  });
}

for (let index = 1; index <= Number(count); index++) {
  const { status, body } = await fetchOrder(index);
  if (!(status === 200 && body.total === 59.98 && body.items.length === 1)) throw new Error(`order ${index}`);
}
agent.destroy();
