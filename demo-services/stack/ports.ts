import { createServer } from 'node:net';
import type { ServiceName } from '../shared/names.ts';

export type PortName = ServiceName | 'postgres' | 'kafka';
export type PortMode = 'usual' | 'free' | 'usual-or-free';

/** The ports that flows have as their defaults. */
export const usualPorts: Record<PortName, number> = {
  'user-service': 5001,
  'product-service': 5002,
  'order-service': 5003,
  'notification-service': 5004,
  postgres: 5432,
  kafka: 9092,
};

const taken = new Set<number>();

/** Finds a port for every name; with `usual`, a busy one is an error that names it. */
export async function choosePorts<Name extends PortName>(
  mode: PortMode,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const entries = await Promise.all(names.map(async (name) => [name, await choosePort(mode, name)] as const));
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** Finds a port below the range that outgoing connections take theirs from. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) return port;
  }
}

async function choosePort(mode: PortMode, name: PortName): Promise<number> {
  const usual = usualPorts[name];
  if (mode === 'free') return findFreePort();
  if (await isFree(usual)) return usual;
  if (mode === 'usual-or-free') return findFreePort();
  throw new Error(`port ${usual}, wanted for \`${name}\`, is busy; stop what listens there or let free ports be used`);
}

async function isFree(port: number): Promise<boolean> {
  // both addresses, because a flow's `localhost` may mean either
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
