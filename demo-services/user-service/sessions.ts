import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Queryable } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import { findSession } from './users.ts';

/** Gives a browser the session that its login opened. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  reply.header('set-cookie', `session=${token}; Path=/api/v1; HttpOnly; SameSite=Lax`);
}

/** The user whose session cookie came with the request. */
export function requireSession(db: Queryable, { headers }: FastifyRequest): Promise<string> {
  return requireUser(db, /(?:^|;\s*)session=([^;]*)/.exec(headers.cookie ?? '')?.[1]);
}

/** The user whose token came in the header `Authorization`. */
export function requireToken(db: Queryable, { headers }: FastifyRequest): Promise<string> {
  return requireUser(db, /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1]);
}

async function requireUser(db: Queryable, token: string | undefined): Promise<string> {
  const userId = token === undefined ? undefined : await findSession(db, token);
  if (typeof userId !== 'string') throw new HttpProblem(401, 'log in first');
  return userId;
}
