// A server that does as little as a server can, so that who puts load on it is what is measured: prints its address, then how many requests came for each line it reads.
import { createServer } from 'node:net';

const USER = write({ id: 'u-1', name: 'Ada', email: 'ada@example.com', active: true });
const ORDER = write({ id: 'o-1', status: 'paid', total: 59.98, items: [{ sku: 'A1', price: 29.99, quantity: 2 }] });
const EMPTY_LINE = Buffer.from('\r\n\r\n');
let count = 0;

const server = createServer({ noDelay: true }, (socket) => {
  let held = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    held = answer(socket, bytes);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('data', () => process.stdout.write(`${count}\n`)).on('end', () => process.exit(0));

/** Answers the requests that are whole; gives what is left. */
function answer(socket, bytes) {
  const end = bytes.indexOf(EMPTY_LINE);
  if (end === -1) return bytes;
  const head = bytes.latin1Slice(0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (bytes.length < end + 4 + length) return bytes;
  count++;
  const isLast = /connection: close/i.test(head);
  const { kept, last } = head.charCodeAt(0) === 71 ? USER : ORDER;
  if (isLast) socket.end(last);
  else socket.write(kept);
  return bytes.subarray(end + 4 + length);
}

function write(value) {
  const body = JSON.stringify(value);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\ndate: Mon, 30 Nov 2026 11:00:00 GMT\r\n`;
  return {
    kept: Buffer.from(`${head}connection: keep-alive\r\nkeep-alive: timeout=72\r\n\r\n${body}`),
    last: Buffer.from(`${head}connection: close\r\n\r\n${body}`),
  };
}
