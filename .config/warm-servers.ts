import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** What the build's own run of a flow speaks to. */
export interface WarmServers {
  readonly httpPort: number;
  readonly postgresPort: number;
  close(): void;
}

/** Starts a server that answers JSON, and one that answers every query as Postgres would: with a row of one text. */
export async function startWarmServers(): Promise<WarmServers> {
  const http = createHttpServer((_request, response) => {
    response
      .setHeader('content-type', 'application/json')
      .end('{"id":"1","token":"tok-8831-warm","total":59.98,"items":[{"price":29.99}]}');
  });
  const postgres = createTcpServer(speakPostgres);
  const httpPort = await listen(http);
  const postgresPort = await listen(postgres);
  return {
    httpPort,
    postgresPort,
    close() {
      http.close();
      postgres.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const SSL_REQUEST = 80_877_103;
const TEXT_TYPE = 25;
const READY = message('Z', Buffer.from('I'));
const ROW_DESCRIPTION = message(
  'T',
  Buffer.concat([int16(1), Buffer.from('id\0'), int32(0), int16(0), int32(TEXT_TYPE), int16(-1), int32(-1), int16(0)]),
);
const ROW = message('D', Buffer.concat([int16(1), int32(1), Buffer.from('1')]));
const DONE = message('C', Buffer.from('SELECT 1\0'));
const ANSWERS: Readonly<Record<string, Buffer>> = {
  P: message('1', Buffer.alloc(0)),
  B: message('2', Buffer.alloc(0)),
  D: ROW_DESCRIPTION,
  E: Buffer.concat([ROW, DONE]),
  C: message('3', Buffer.alloc(0)),
  S: READY,
  Q: Buffer.concat([ROW_DESCRIPTION, ROW, DONE, READY]),
};

/** Enough of the protocol (version 3, no password) to have the client's code for queries compiled. */
function speakPostgres(socket: Socket): void {
  let received = Buffer.alloc(0);
  let isStarted = false;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const head = isStarted ? 1 : 0;
      if (received.length < head + 4) return;
      const end = head + received.readInt32BE(head);
      if (received.length < end) return;
      const frame = received.subarray(0, end);
      received = received.subarray(end);
      if (isStarted) socket.write(ANSWERS[String.fromCharCode(frame[0] ?? 0)] ?? Buffer.alloc(0));
      else if (frame.readInt32BE(4) === SSL_REQUEST) socket.write('N');
      else {
        isStarted = true;
        const parameter = message('S', Buffer.from('server_version\x0018.0\0'));
        socket.write(Buffer.concat([message('R', int32(0)), parameter, message('K', Buffer.alloc(8)), READY]));
      }
    }
  });
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
