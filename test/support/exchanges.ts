import type { Header, HttpExchange, HttpReceived } from '../../src/model/exchange.ts';

/** A request as `GET http://…`, with what it sent. */
export function sendHttp(line: string, sent: { headers?: Record<string, string>; body?: string } = {}): HttpExchange {
  const [method = '', url = ''] = line.split(' ');
  const headers: Header[] = Object.entries(sent.headers ?? {}).map(([name, value]) => ({ name, value }));
  const body = sent.body === undefined ? {} : { body: { kind: 'text', text: sent.body } as const };
  return { protocol: 'http', request: { method, url, headers, ...body }, way: {} };
}

/** The request with its answer. */
export function answerHttp(exchange: HttpExchange, response: Partial<HttpReceived> = {}): HttpExchange {
  const timings = { dnsMs: 0, connectMs: 0, tlsMs: 0, waitMs: 9, receiveMs: 1, totalMs: 10 };
  const size = response.body?.length ?? 0;
  return { ...exchange, response: { status: 200, headers: [], size, timings, ...response } };
}
