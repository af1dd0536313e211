import { createServer } from 'node:net';
import type { ServiceSettings } from '../model/companions/service-plan.ts';

/**
 * The port for a service that is started again: one that was told to take a free port (`PORT: "0"`) takes the one that it said it had,
 * where that is still free, so that whoever knows its address need not learn another. Undefined: as its settings say.
 */
export async function findKeptPort(
  { env = {}, ready, compose, url: fixed }: ServiceSettings,
  url: string | undefined,
): Promise<string | undefined> {
  if (url === undefined || !URL.canParse(url) || ready.log === undefined || compose || fixed !== undefined)
    return undefined;
  const { hostname, port } = new URL(url);
  if (String(env['PORT']) !== '0' || port === '') return undefined;
  return (await isFree(hostname, Number(port))) ? port : undefined;
}

function isFree(hostname: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: hostname.replaceAll(/^\[|\]$/g, ''), port }, () => server.close(() => resolve(true)));
  });
}
