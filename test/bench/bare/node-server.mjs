// What a stub does, by hand, with nothing but Node: reads a request to its end and answers with JSON. Prints its port.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const { id } = JSON.parse(Buffer.concat(parts).toString('utf8'));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ id, status: 'paid' }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
