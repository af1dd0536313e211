import type { FastifyInstance } from 'fastify';
import { inTransaction, type Queryable, type Row } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { readTrace, type Trace } from '../shared/trace.ts';
import { isUuid } from '../shared/uuid.ts';
import { requireSession, setSessionCookie } from './sessions.ts';
import * as users from './users.ts';

interface NewUser {
  email: string;
  name: string;
}

const email = { type: 'string', format: 'email' };
const name = { type: 'string', pattern: '\\S' };

export function addRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, hasDefect } = parts;
  const address = hasDefect('user_email_unchecked') ? { type: 'string' } : email;
  const userBody = { type: 'object', required: ['email', 'name'], properties: { email: address, name } };
  const loginBody = { type: 'object', required: ['email'], properties: { email } };

  app.post<{ Body: NewUser }>('/api/v1/users', { schema: { body: userBody } }, async (request, reply) =>
    reply.code(201).send(await createUser(parts, request.body, readTrace(request.headers))),
  );

  app.get<{ Params: { id: string } }>('/api/v1/users/:id', async (request) => {
    const { id } = request.params;
    if (!isUuid(id)) throw new HttpProblem(400, 'the user id must be a UUID');
    const find = hasDefect('user_read_another') ? users.findUserBefore : users.findUser;
    const user = await find(database, id);
    if (user === undefined) throw new HttpProblem(404, 'user not found');
    return user;
  });

  app.get('/api/v1/users', async () => ({
    users: await users.listUsers(database, hasDefect('user_list_capped') ? 20 : undefined),
  }));

  app.post<{ Body: { email: string } }>(
    '/api/v1/auth/login',
    { schema: { body: loginBody } },
    async (request, reply) => {
      const login = await logIn(parts, request.body.email, readTrace(request.headers));
      setSessionCookie(reply, String(login['token']));
      return login;
    },
  );

  app.get('/api/v1/auth/session', async (request) => ({ user_id: await requireSession(database, request) }));

  app.get('/api/v1/auth/verify', async (request) => {
    const token = request.headers.authorization?.replace(/^Bearer\s+/i, '').trim();
    if (token === undefined || token === '') throw new HttpProblem(401, 'the header `Authorization` is missing');
    const userId = await users.findSession(database, token);
    return userId === undefined ? { valid: false } : { valid: true, user_id: userId };
  });
}

async function createUser({ database, outbox, hasDefect }: Parts, given: NewUser, trace: Trace): Promise<Row> {
  const email = hasDefect('user_email_lowered') ? given.email.toLowerCase() : given.email;
  const name = hasDefect('user_name_mojibake') ? Buffer.from(given.name).toString('latin1') : given.name;
  if (hasDefect('user_event_too_early')) {
    await outbox.publish(await outbox.add(database, 'user.created', { user_id: null, email, name }, trace));
  }
  const create = async (tx: Queryable): Promise<{ user: Row; events: Row[] }> => {
    const inserted = await users.insertUser(tx, email, name);
    const user = inserted ?? (hasDefect('user_overwritten') ? await users.renameUser(tx, email, name) : undefined);
    if (user === undefined) throw new HttpProblem(409, 'user with this email already exists');
    const created = { user_id: user['id'], email: user['email'], name: user['name'] };
    return { user, events: await outbox.add(tx, 'user.created', created, trace) };
  };
  const { user, events } = await inTransaction(database, create, { abandon: hasDefect('user_not_committed') });
  await outbox.publish(events);
  return user;
}

let firstToken: string | undefined;

async function logIn({ database, outbox, hasDefect }: Parts, email: string, trace: Trace): Promise<Row> {
  const user = await users.findUserByEmail(database, email);
  if (user === undefined) throw new HttpProblem(401, 'user not found');
  const { token, events } = await inTransaction(database, async (tx) => {
    const owner = hasDefect('login_token_of_another') ? await users.findUserBefore(tx, user['id']) : user;
    const token = await users.openSession(tx, owner?.['id']);
    const login = { user_id: user['id'], email: user['email'] };
    return { token, events: await outbox.add(tx, 'user.login', login, trace) };
  });
  await outbox.publish(events);
  firstToken ??= token;
  return { token: hasDefect('login_token_reused') ? firstToken : token, user };
}
