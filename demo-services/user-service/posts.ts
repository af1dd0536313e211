import type { FastifyInstance } from 'fastify';
import { createdColumn, idColumn } from '../shared/columns.ts';
import type { Queryable, Row } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { isUuid } from '../shared/uuid.ts';
import { requireToken } from './sessions.ts';

export const postTable = `
  CREATE TABLE IF NOT EXISTS posts (
    ${idColumn}, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, title text NOT NULL, body text NOT NULL, ${createdColumn}
  );`;

interface NewPost {
  readonly title: string;
  readonly body: string;
}

const body = {
  type: 'object',
  required: ['title', 'body'],
  properties: { title: { type: 'string', pattern: '\\S' }, body: { type: 'string' } },
};

/** Posts of users: written and read by whoever has logged in, with the token that the login gave. */
export function addPostRoutes(app: FastifyInstance, { database }: Parts): void {
  app.post<{ Body: NewPost }>('/api/v1/posts', { schema: { body } }, async (request, reply) => {
    const userId = await requireToken(database, request);
    return reply.code(201).send(await insertPost(database, userId, request.body));
  });

  app.get<{ Params: { id: string } }>('/api/v1/posts/:id', async (request) => {
    await requireToken(database, request);
    const { id } = request.params;
    const post = isUuid(id) ? await findPost(database, id) : undefined;
    if (post === undefined) throw new HttpProblem(404, 'post not found');
    return post;
  });
}

async function insertPost(db: Queryable, userId: string, { title, body }: NewPost): Promise<Row | undefined> {
  const insert = 'INSERT INTO posts (user_id, title, body) VALUES ($1, $2, $3) RETURNING *';
  return (await db.query(insert, [userId, title, body])).rows[0];
}

async function findPost(db: Queryable, id: string): Promise<Row | undefined> {
  return (await db.query('SELECT * FROM posts WHERE id = $1', [id])).rows[0];
}
