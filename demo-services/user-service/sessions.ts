import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Queryable } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import { findSession } from './users.ts';

/** Gives a browser the session that its login opened. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  reply.header('set-cookie', `session=${token}; Path=/api/v1; HttpOnly; SameSite=Lax`);
}

/** The user whose session cookie came with the request. */
export async function requireSession(db: Queryable, { headers }: FastifyRequest): Promise<string> {
  const token = /(?:^|;\s*)session=([^;]*)/.exec(headers.cookie ?? '')?.[1];
  const userId = token === undefined ? undefined : await findSession(db, token);
  if (typeof userId !== 'string') throw new HttpProblem(401, 'log in first');
  return userId;
}
