// A service as yours may be: it takes orders, and asks the user service who it is that orders.
import { createServer } from 'node:http';

const { PORT = '5003', USER_SERVICE_URL = 'http://localhost:5001' } = process.env;

const server = createServer(async (request, response) => {
  const { traceparent = '' } = request.headers;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const order = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    const user = await fetch(`${USER_SERVICE_URL}/users/${order.user}`, {
      headers: { traceparent }, // so that testmesh knows which flow it was
      signal: AbortSignal.timeout(500),
    });
    if (user.status >= 500) throw new Error(`it answered ${user.status}`);
    if (user.ok) answer(201, { item: order.item, for: (await user.json()).name });
    else answer(422, { error: 'who is that?' });
  } catch (error) {
    console.log(`the user service does not answer: ${error.cause?.code ?? error.message}`);
    answer(503, { error: 'try again later' });
  }
});

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
