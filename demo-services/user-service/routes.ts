import type { FastifyInstance } from 'fastify';
import { inTransaction } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { readTrace } from '../shared/trace.ts';
import { isUuid } from '../shared/uuid.ts';
import { findSession, findUser, findUserByEmail, insertUser, listUsers, openSession } from './users.ts';

const email = { type: 'string', format: 'email' };
const userBody = {
  type: 'object',
  required: ['email', 'name'],
  properties: { email, name: { type: 'string', pattern: '\\S' } },
};
const loginBody = { type: 'object', required: ['email'], properties: { email } };

export function addRoutes(app: FastifyInstance, { database, outbox }: Parts): void {
  app.post<{ Body: { email: string; name: string } }>(
    '/api/v1/users',
    { schema: { body: userBody } },
    async (request, reply) => {
      const { user, event } = await inTransaction(database, async (tx) => {
        const user = await insertUser(tx, request.body.email, request.body.name);
        if (user === undefined) throw new HttpProblem(409, 'user with this email already exists');
        const { id: user_id, email, name } = user;
        const trace = readTrace(request.headers);
        return { user, event: await outbox.add(tx, 'user.created', { user_id, email, name }, trace) };
      });
      await outbox.publish(event);
      return reply.code(201).send(user);
    },
  );

  app.get<{ Params: { id: string } }>('/api/v1/users/:id', async (request) => {
    if (!isUuid(request.params.id)) throw new HttpProblem(400, 'the user id must be a UUID');
    const user = await findUser(database, request.params.id);
    if (user === undefined) throw new HttpProblem(404, 'user not found');
    return user;
  });

  app.get('/api/v1/users', async () => ({ users: await listUsers(database) }));

  app.post<{ Body: { email: string } }>('/api/v1/auth/login', { schema: { body: loginBody } }, async (request) => {
    const user = await findUserByEmail(database, request.body.email);
    if (user === undefined) throw new HttpProblem(401, 'user not found');
    const { token, event } = await inTransaction(database, async (tx) => {
      const token = await openSession(tx, user['id']);
      const login = { user_id: user['id'], email: user['email'] };
      return { token, event: await outbox.add(tx, 'user.login', login, readTrace(request.headers)) };
    });
    await outbox.publish(event);
    return { token, user };
  });

  app.get('/api/v1/auth/verify', async (request) => {
    const token = request.headers.authorization?.replace(/^Bearer\s+/i, '').trim();
    if (token === undefined || token === '') throw new HttpProblem(401, 'the header `Authorization` is missing');
    const userId = await findSession(database, token);
    return userId === undefined ? { valid: false } : { valid: true, user_id: userId };
  });
}
