import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import type { ReadySettings } from '../model/companions/service-plan.ts';

const PROBE_MS = 2_000;

/** What a look at a service that may not be ready yet came to: undefined when it is, else what was seen. */
export type Probe = () => Promise<string | undefined>;

/** Makes the look that `ready` asks for; undefined where a line of its output says it. */
export function createProbe({ http, status = 200, tcp }: ReadySettings): Probe | undefined {
  if (http !== undefined) return () => askHttp(http, status);
  return tcp === undefined ? undefined : () => askTcp(tcp);
}

/** Whether somebody listens at the address of `ready` before the service runs, so that it would be taken for the service. */
export async function isTaken({ http, tcp }: ReadySettings): Promise<boolean> {
  const address = tcp ?? (http === undefined ? undefined : addressOf(http));
  return address !== undefined && (await askTcp(address)) === undefined;
}

function addressOf(http: string): string {
  const { hostname, port, protocol } = new URL(http);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

function askHttp(url: string, wanted: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    // A certificate of its own is as good here: what is asked is whether it answers.
    const options = { timeout: PROBE_MS, agent: false, rejectUnauthorized: false };
    const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === wanted ? undefined : `it answered ${answer.statusCode}`);
      request.destroy();
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${PROBE_MS} ms`)));
    request.on('error', (error) => resolve(describeError(error)));
    request.end();
  });
}

function askTcp(address: string): Promise<string | undefined> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({ host: host || 'localhost', port: Number(address.slice(at + 1)), timeout: PROBE_MS });
    const settle = (seen: string | undefined): void => {
      socket.destroy();
      resolve(seen);
    };
    socket.on('connect', () => settle(undefined));
    socket.on('timeout', () => settle(`no connection within ${PROBE_MS} ms`));
    socket.on('error', (error) => settle(describeError(error)));
  });
}

function describeError(error: Error & { code?: string }): string {
  return error.code === 'ECONNREFUSED' ? 'connection refused' : error.message || (error.code ?? 'no connection');
}
