import type { FastifyInstance } from 'fastify';
import type { Database } from './database.ts';
import type { DefectName } from './defects.ts';
import type { ServiceName } from './names.ts';
import type { Readiness } from './readiness.ts';

export interface HealthSources {
  name: ServiceName;
  readiness: Readiness;
  database: Database;
  defect: DefectName | undefined;
}

/** Adds `GET /health`, and keeps the other routes at 503 until the service has been ready once. */
export function addHealth(app: FastifyInstance, { name, readiness, database, defect }: HealthSources): void {
  const planted = defect === undefined ? {} : { defect };
  app.get('/health', async (_request, reply) => {
    const waitingFor = readiness.waitingFor();
    if (waitingFor.length === 0 && !(await answersQuery(database))) waitingFor.push('database');
    if (waitingFor.length === 0) return { status: 'healthy', service: name, database: 'connected', ...planted };
    return reply.code(503).send({ status: 'starting', service: name, waiting_for: waitingFor, ...planted });
  });
  app.addHook('onRequest', async (request, reply) => {
    if (readiness.hasBeenReady() || request.url === '/health') return;
    await reply.code(503).send({ error: `${name} is starting: it waits for ${readiness.waitingFor().join(', ')}` });
  });
}

async function answersQuery(database: Database): Promise<boolean> {
  const timedOut = AbortSignal.timeout(1_000);
  const isLate = new Promise<boolean>((resolve) => timedOut.addEventListener('abort', () => resolve(false)));
  const isAnswered = database.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return Promise.race([isAnswered, isLate]);
}
