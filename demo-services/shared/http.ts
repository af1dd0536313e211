import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifySchemaValidationError,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { readTrace } from './trace.ts';

/** A problem that the caller hears of: status and text of the answer. */
export class HttpProblem extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Makes a server whose every error is `{error: "<text>"}`, whose bodies are checked without being converted, and which logs each request with its trace. */
export function createServer(log: Logger): FastifyInstance {
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    schemaErrorFormatter: (errors) => new HttpProblem(400, describeIssue(errors[0])),
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url, headers } = request;
    if (url !== '/health') log.info({ method, url, status: reply.statusCode, ...readTrace(headers) }, 'answered');
    done();
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `no route ${request.method} ${request.url}` }),
  );
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { status, text } = describeProblem(error);
    if (status >= 500) log.error({ err: error, method: request.method, url: request.url }, text);
    return reply.code(status).send({ error: text });
  });
  return app;
}

function describeIssue(issue: FastifySchemaValidationError | undefined): string {
  if (issue === undefined) return 'the request is not valid';
  const path = issue.instancePath.slice(1).replaceAll('/', '.');
  const missing = issue.params['missingProperty'];
  if (typeof missing === 'string') return `\`${path === '' ? missing : `${path}.${missing}`}\` is required`;
  if (issue.keyword === 'pattern') return `\`${path}\` must not be blank`;
  return `${path === '' ? 'the body' : `\`${path}\``} ${issue.message ?? 'is not valid'}`;
}

function describeProblem(error: FastifyError): { status: number; text: string } {
  if (error instanceof HttpProblem) return { status: error.status, text: error.message };
  // PostgreSQL's class 22: a value that no column can hold
  if (/^22\w{3}$/.test(error.code ?? '')) return { status: 400, text: error.message };
  if (isDatabaseAway(error))
    return { status: 503, text: `the database cannot be reached: ${error.message || error.code}` };
  const status = error.statusCode ?? 500;
  return { status, text: status < 500 ? error.message : 'internal error' };
}

function isDatabaseAway(error: FastifyError): boolean {
  const isRefused = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|57P0\d|08\w{3})$/.test(error.code ?? '');
  return isRefused || /^(timeout exceeded when trying to connect|Connection terminated)/.test(error.message);
}
