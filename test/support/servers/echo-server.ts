import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer, type TestServer } from './http-server.ts';

/** A request as a server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server that keeps what it gets and answers 204, or as it is reported. */
export interface EchoServer extends TestServer {
  readonly seen: SeenRequest[];
  answer: (request: SeenRequest, response: ServerResponse) => void;
}

/** Starts it on 127.0.0.1. */
export async function startEchoServer(): Promise<EchoServer> {
  const seen: SeenRequest[] = [];
  const server = await startHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks) };
    seen.push(one);
    echo.answer(one, response);
  });
  const echo: EchoServer = { ...server, seen, answer: answerNothing };
  return echo;
}

/** 204, without a body. */
export function answerNothing(_: SeenRequest, response: ServerResponse): void {
  response.writeHead(204).end();
}
